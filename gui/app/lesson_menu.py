"""The menu of the lessons: those that ship, files, and what is done with the one that is open."""

import os
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from engine.files import on_network
from gui.app.appearance import Appearance
from gui.app.documents import Documents
from gui.app.handout_dialog import HandoutDialog
from gui.app.lesson_author import LessonAuthor
from gui.app.lesson_files import lesson_files, lesson_title
from gui.app.lesson_guide import LessonGuide, opener
from gui.app.menu_items import Item, add_menu, fill, without_arguments
from gui.app.presentation import Presentation
from gui.look.language import tr
from gui.look.plain import plain_name
from gui.look.preferences import Preferences


class LessonOwner(Protocol):
    """What this menu asks of its window."""

    preferences: Preferences
    documents: Documents
    appearance: Appearance
    guide: LessonGuide
    author: LessonAuthor
    presentation: Presentation


def lessons_menu(window: LessonOwner, bar: QMenuBar) -> None:
    """The lessons that ship, and the way through the one that is open."""
    guide, items = window.guide, list[Item]()
    for path in lesson_files():
        items.append((lesson_title(path, window.appearance.language), "", opener(guide, path)))
    menu = add_menu(bar, tr("&Lessons"), [*items, (tr("&Open lesson…"), "", guide.ask_for_file)])
    _recent(window, menu)
    menu.addSeparator()
    author, reads = window.author, guide.lesson is not None
    way: list[Item] = [
        (tr("&Next stop"), "PgDown", lambda: guide.move(+1)),
        (tr("&Previous stop"), "PgUp", lambda: guide.move(-1)),
        (tr("&Return to the lesson"), "", guide.return_to_scene),
        (tr("&Handout…"), "", lambda: _make_handout(window)),
        (tr("&Close lesson"), "", guide.close),
        None,
        (tr("&Edit this lesson"), "", author.edit),
    ]
    _fill_if(menu, way, reads)
    fill(
        menu,
        [(tr("New lesson…"), "", author.new), (tr("&Add what is on the screen as a stop"), "", author.add)],
    )
    written: list[Item] = [(tr("&Save lesson"), "", author.save), (tr("Save lesson as…"), "", author.save_as)]
    _fill_if(menu, written, author.source is not None)
    _lecture(window, menu)


def _recent(window: LessonOwner, menu: QMenu) -> None:
    """The lessons that were opened or saved last, as far as they are still there."""
    recent = menu.addMenu(tr("Open &recent lesson"))
    # Another machine is not called only to make a menu.
    paths = [path for path in window.preferences.recent_lessons if on_network(path) or os.path.exists(path)]
    for path in map(Path, paths):
        open_it = without_arguments(opener(window.guide, path))
        recent.addAction(plain_name(path.name).replace("&", "&&")).triggered.connect(open_it)
    recent.setEnabled(bool(paths))


def _lecture(window: LessonOwner, menu: QMenu) -> None:
    """What is done with the lesson in a lecture; a clicker sends B or a full stop for a blank screen."""
    shown = window.presentation
    menu.addSeparator()
    lecture: list[Item] = [
        (tr("&Blank the screen, and back"), "B", shown.blank_or_back),
        (tr("&Pen: draw over the picture"), "P", shown.use_pen),
        (tr("Clear what the pen has &drawn"), "E", shown.clear_pen),
        (tr("Restart the cloc&k"), "", shown.restart_clock),
    ]
    before = len(menu.actions())
    _fill_if(menu, lecture, shown.on)
    menu.actions()[before].setShortcuts([QKeySequence("B"), QKeySequence(".")])
    _fill_if(menu, [(tr("Teacher's &window"), "", shown.show_teacher)], window.guide.lesson is not None)


def _fill_if(menu: QMenu, items: list[Item], on: bool) -> None:
    """Add items that can be chosen, or cannot."""
    before = len(menu.actions())
    fill(menu, items)
    for action in menu.actions()[before:]:
        action.setEnabled(on)


def _make_handout(window: LessonOwner) -> None:
    """Ask for a handout of the lesson that is open."""
    guide = window.guide
    if guide.lesson is not None:
        dialog = HandoutDialog(window.documents.window, guide.lesson, guide.path, window.preferences)
        dialog.said.connect(window.documents.said)
        dialog.open()
