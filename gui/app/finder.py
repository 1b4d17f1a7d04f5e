"""Finds things for the user: opens the glossary, and goes to an experiment and to one of its settings."""

from typing import Protocol, cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from gui.app.appearance import Appearance
from gui.app.glossary_dialog import GlossaryDialog, field_at
from gui.app.status_line import StatusLine
from gui.form.base import Editor
from gui.look.language import tr
from gui.screen.screen import Screen
from gui.screen.spots import stops_in

LIT = 1800  # ms for which a setting that was gone to stands out


class FinderStage(Protocol):
    """What a finder asks of its window."""

    appearance: Appearance
    status_line: StatusLine

    @property
    def on_screen(self) -> Screen: ...
    def show_experiment(self, name: str) -> None: ...
    def show_form(self, on: bool) -> None: ...


class Finder(QObject):
    """Whatever is chosen in what it opens, it brings to the screen."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)

    @property
    def _window(self) -> QWidget:
        """The window. Qt's parent, not a reference: the two would hold each other for ever."""
        return cast(QWidget, self.parent())

    @property
    def _stage(self) -> FinderStage:
        """The window, as what is asked of it."""
        return cast(FinderStage, self.parent())

    # The glossary

    @property
    def glossary(self) -> GlossaryDialog | None:
        """The glossary, where it is open."""
        dialogs = self._window.findChildren(GlossaryDialog)
        return next((dialog for dialog in dialogs if dialog.isVisible()), None)

    def open_glossary(self) -> None:
        """Open the glossary at its first entry."""
        self.show_entry("")

    def show_entry(self, key: str) -> None:
        """Open the glossary, if it is not open, at an entry."""
        dialog = self.glossary
        if dialog is None:
            dialog = GlossaryDialog(self._window, self._stage.appearance.theme)
            dialog.place_chosen.connect(self._leave_glossary)
            self._stage.appearance.changed.connect(dialog.close)
            dialog.show()
        dialog.show_entry(key)
        dialog.raise_()
        dialog.activateWindow()

    def _leave_glossary(self, experiment: str, way: str) -> None:
        if self.glossary is not None:
            self.glossary.close()
        self._window.activateWindow()
        self.go_to(experiment, way)

    # Places

    def go_to(self, experiment: str, way: str = "") -> None:
        """Bring an experiment to the screen and give the focus to one of its settings, which stands out."""
        stage = self._stage
        stage.show_experiment(experiment)
        if not way:
            return
        stage.show_form(True)
        editor = stage.on_screen.form.reveal(way)
        if editor is None:
            field = field_at(experiment, way)
            title = tr(field.title) if field is not None else way
            stage.status_line.say(tr("“{title}” is not shown with the present settings.", title=title))
            return
        stops = stops_in(editor)
        if stops:
            stops[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        light(editor)


def light(editor: Editor) -> None:
    """Let a setting stand out for a moment."""
    editor.light(True)
    QTimer.singleShot(LIT, editor, lambda: editor.light(False))
