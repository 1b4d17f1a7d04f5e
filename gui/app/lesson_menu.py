"""The menu of the lessons: those that ship, files, and what is done with the one that is open."""

from typing import Protocol

from PySide6.QtWidgets import QMenu, QMenuBar

from gui.app.appearance import Appearance
from gui.app.documents import Documents
from gui.app.handout_dialog import HandoutDialog
from gui.app.lesson_author import LessonAuthor
from gui.app.lesson_files import lesson_files, lesson_title
from gui.app.lesson_guide import LessonGuide, opener
from gui.app.menu_items import Item, add_menu, fill
from gui.look.language import tr
from gui.look.preferences import Preferences


class LessonOwner(Protocol):
    """What this menu asks of its window."""

    preferences: Preferences
    documents: Documents
    appearance: Appearance
    guide: LessonGuide
    author: LessonAuthor


def lessons_menu(window: LessonOwner, bar: QMenuBar) -> None:
    """The lessons that ship, and the way through the one that is open."""
    guide, items = window.guide, list[Item]()
    for path in lesson_files():
        items.append((lesson_title(path, window.appearance.language), "", opener(guide, path)))
    menu = add_menu(bar, tr("&Lessons"), [*items, (tr("&Open lesson…"), "", guide.ask_for_file), None])
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
