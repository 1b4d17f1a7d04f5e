"""The menus: one table says what there is, with which keys; the list of shortcuts is read off it."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QMessageBox

from engine.files import on_network
from gui.app.appearance import Appearance
from gui.app.documents import Documents
from gui.app.examples import example_files, example_title, opens_at
from gui.app.finder import Finder
from gui.app.keyboard import go_to_part
from gui.app.lesson_author import LessonAuthor
from gui.app.lesson_guide import LessonGuide
from gui.app.lesson_menu import lessons_menu
from gui.app.link import LinkStage, copy_link, paste_link
from gui.app.menu_items import add_menu, bare, fill, without_arguments
from gui.app.middle import Middle
from gui.app.navigation import PageTitle, tab_names, tab_of, tab_titles
from gui.app.presentation import Presentation
from gui.app.shortcuts_dialog import ShortcutsDialog, other_keys
from gui.app.undo_actions import UndoActions
from gui.export.exporter import Exporter
from gui.look.language import LANGUAGES, tr
from gui.look.plain import plain_name
from gui.look.preferences import Preferences


class Owner(LinkStage, Protocol):
    """What the menus ask of their window."""

    preferences: Preferences
    documents: Documents
    appearance: Appearance
    undo_actions: UndoActions
    exporter: Exporter
    guide: LessonGuide
    finder: Finder
    author: LessonAuthor
    presentation: Presentation
    middle: Middle
    form_seen: SignalInstance
    notes_seen: SignalInstance

    def set_defaults(self) -> None: ...
    def open_sweep(self) -> None: ...
    def open_script(self) -> None: ...
    def show_form(self, on: bool) -> None: ...
    def show_notes(self, on: bool) -> None: ...
    def set_full_screen(self, on: bool) -> None: ...
    def isFullScreen(self) -> bool: ...
    def menuBar(self) -> QMenuBar: ...
    def close(self) -> bool: ...


def build(window: Owner) -> QMenuBar:
    """The menu bar, in the installed language: of whatever experiment is on the screen."""
    bar = QMenuBar()
    documents = window.documents
    file = add_menu(bar, tr("&File"), [
        (tr("&New session"), "Ctrl+N", documents.new),
        (tr("&Open…"), "Ctrl+O", documents.open),
    ])  # fmt: skip
    _recent(window, file)
    fill(file, [
        (tr("&Save"), "Ctrl+S", documents.save),
        (tr("Save &as…"), "Ctrl+Shift+S", documents.save_as),
        None,
        (tr("&Export…"), "Ctrl+E", lambda: window.exporter.export()),
        (tr("Save a&rrays…"), "", lambda: window.exporter.save_arrays()),
        (tr("Save as scrip&t…"), "", window.open_script),
        (tr("&Copy picture"), "Ctrl+Shift+C", lambda: window.exporter.copy_picture()),
        (tr("Copy &data"), "Ctrl+Shift+D", lambda: window.exporter.copy_data()),
        (tr("Copy lin&k"), "Ctrl+Shift+K", lambda: window.documents.said.emit(copy_link(window))),
        None,
        (tr("&Quit"), "Ctrl+Q", window.close),
    ])  # fmt: skip
    edit = bar.addMenu(tr("&Edit"))
    edit.addActions([window.undo_actions.undo, window.undo_actions.redo])
    paste = (tr("&Paste a link"), "Ctrl+V", lambda: window.documents.said.emit(paste_link(window)))
    fill(edit, [None, paste])
    add_menu(bar, tr("&Run"), [
        (tr("&Run or pause"), "F5", lambda: window.middle.on_screen.transport.toggle()),
        (tr("&Step"), "" if window.presentation.on else ".", lambda: window.playback.single_step(+1)),
        (tr("Step &back"), ",", lambda: window.playback.single_step(-1)),
        (tr("R&eset"), "Shift+F5", lambda: window.playback.reset()),
        (tr("&New seed"), "Ctrl+R", lambda: window.middle.on_screen.transport.draw_seed()),
        (tr("&Default settings"), "Ctrl+Shift+R", window.set_defaults),
        None,
        (tr("&Pin this run"), "Ctrl+P", lambda: window.playback.pin()),
        (tr("Remove pinned runs"), "Ctrl+Shift+P", lambda: window.playback.unpin()),
        None,
        (tr("S&weep…"), "Ctrl+Shift+W", window.open_sweep),
    ])  # fmt: skip
    _view_menu(window, bar)
    lessons_menu(window, bar)
    _examples_menu(window, bar)
    add_menu(
        bar,
        tr("&Help"),
        [
            (tr("&Find…"), "Ctrl+K", window.finder.open_palette),
            (tr("Contents by &question…"), "", window.finder.open_questions),
            (tr("&Glossary"), "Shift+F1", window.finder.open_glossary),
            (tr("&Shortcuts"), "F1", lambda: _show_shortcuts(window)),
            (tr("&About Nabla"), "", lambda: _show_about(window)),
        ],
    )
    return bar


def entitle(window: Owner) -> None:
    """In a lecture, say in the line of the menus which experiment this is.

    A window hands the corner of its menu bar on to the next one, so it is filled once that is there.
    """
    bar = window.menuBar()
    if (before := bar.cornerWidget()) is not None:
        before.hide()
        before.deleteLater()
    if window.appearance.lecture:
        title = PageTitle(window.middle.on_screen.playback.experiment.name, bar)
        bar.setCornerWidget(title)
        title.show()  # the bar may be there already


def _examples_menu(window: Owner, bar: QMenuBar) -> None:
    """The sessions that ship, tab by tab."""
    examples, files = bar.addMenu(tr("E&xamples")), example_files()
    for tab, title in zip(tab_names(), tab_titles(), strict=True):
        menu = examples.addMenu(title)
        for path in files:
            if tab_of(opens_at(path)) == tab:
                action = menu.addAction(tr(example_title(path)))
                action.triggered.connect(_opener(window, path, example=True))
        menu.menuAction().setVisible(not menu.isEmpty())


def _view_menu(window: Owner, bar: QMenuBar) -> None:
    menu = bar.addMenu(tr("&View"))
    appearance, screen = window.appearance, window.middle.on_screen
    themes = {"light": tr("&Light"), "dark": tr("&Dark"), "system": tr("As the &system")}
    keys = {"light": "Ctrl+L", "dark": "Ctrl+D", "en": "Ctrl+Alt+E", "zh_CN": "Ctrl+Alt+Z"}
    _choices(menu, themes, appearance.theme_choice, appearance.set_theme, keys)
    menu.addSeparator()
    _choices(menu, LANGUAGES, appearance.language, appearance.set_language, keys)
    menu.addSeparator()
    _switch(menu, tr("Le&cture"), "Ctrl+Shift+L", appearance.lecture, appearance.set_lecture)
    _switch(menu, tr("&Present on the full screen"), "F11", window.isFullScreen(), window.set_full_screen)
    calm = _switch(menu, tr("Less &motion"), "", appearance.calm, appearance.set_calm)
    appearance.calmed.connect(calm.setChecked)
    menu.addSeparator()
    form = _switch(menu, tr("S&ettings"), "F8", not screen.form.isHidden(), window.show_form)
    window.form_seen.connect(form.setChecked)
    notes = _switch(menu, tr("Formulas and &notes"), "F9", not screen.notes.isHidden(), window.show_notes)
    window.notes_seen.connect(notes.setChecked)
    menu.addSeparator()
    fill(
        menu,
        [
            (tr("Next part of the window"), "F6", lambda: go_to_part(window.middle, 1)),
            (tr("Part before"), "Shift+F6", lambda: go_to_part(window.middle, -1)),
            None,
        ],
    )
    for index, title in enumerate(tab_titles()):
        action = menu.addAction(tr("Go to {tab}", tab=title), partial(_go_to_tab, window, index))
        action.setShortcut(QKeySequence(f"Ctrl+{index + 1}"))


def _go_to_tab(window: Owner, index: int) -> None:
    window.middle.tabs.setCurrentIndex(index)


def _recent(window: Owner, menu: QMenu) -> None:
    recent = menu.addMenu(tr("Open &recent"))
    # Another machine is not called only to make a menu.
    paths = [Path(path) for path in window.preferences.recent if on_network(path) or os.path.exists(path)]
    for path in paths:
        recent.addAction(plain_name(path.name).replace("&", "&&")).triggered.connect(_opener(window, path))
    recent.setEnabled(bool(paths))


def _opener(window: Owner, path: Path, example: bool = False) -> Callable[[], object]:
    return lambda: window.documents.open_path(path, example)


def _choices(
    menu: QMenu, texts: dict[str, str], chosen: str, choose: Callable[[str], None], keys: dict[str, str]
) -> None:
    group = QActionGroup(menu)
    for value, text in texts.items():
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(value == chosen)
        action.setShortcut(QKeySequence(keys.get(value, "")))
        action.triggered.connect(without_arguments(partial(choose, value)))
        group.addAction(action)


def _switch(menu: QMenu, text: str, keys: str, on: bool, switch: Callable[[bool], None]) -> QAction:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(on)
    action.setShortcut(QKeySequence(keys))
    action.triggered.connect(switch)
    return action


def shortcuts(bar: QMenuBar) -> list[tuple[str, str]]:
    """(keys, what they do) of every action in the menus."""
    found = []
    for menu in (action.menu() for action in bar.actions()):
        if isinstance(menu, QMenu):
            found += [_shortcut(action) for action in menu.actions() if not action.shortcut().isEmpty()]
    return found


def _shortcut(action: QAction) -> tuple[str, str]:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return keys, action.data() or bare(action.text())


def _show_shortcuts(window: Owner) -> None:
    rows = shortcuts(window.menuBar())
    rows += other_keys()
    ShortcutsDialog(window.documents.window, rows).open()


def _show_about(window: Owner) -> None:
    words = tr(
        "A laboratory for the foundations of deep learning: move one thing, and see what the formula does."
    )
    digits = tr("The handwritten digits are from the UCI set by E. Alpaydin and C. Kaynak (CC BY 4.0).")
    QMessageBox.about(window.documents.window, "Nabla", f"<h2>∇ Nabla</h2><p>{words}</p><p>{digits}</p>")
