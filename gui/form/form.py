"""The form of an experiment, made from its config: one editor for each field.

A new kind of setting is one editor class and one line in `EDITORS`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from engine.config import Problem
from gui.form.base import Editor, FormSheet, Kit
from gui.form.file_editor import FileEditor
from gui.form.kinds import KindEditor
from gui.form.lists import DistributionEditor, VectorEditor
from gui.form.numeric import IntEditor, PointEditor, RealEditor, SeedEditor
from gui.form.points import PointsEditor
from gui.form.racers import RacersEditor
from gui.form.rows import Rows
from gui.form.schedule import ScheduleEditor
from gui.form.words import (
    ChoiceEditor,
    ClassesEditor,
    ExpressionEditor,
    SwitchEditor,
    TextEditor,
)
from gui.look.language import tr
from gui.look.style import boxes
from gui.look.theme import Stroke, Theme

EDITORS: dict[str, type[Editor]] = {
    "real": RealEditor,
    "int": IntEditor,
    "bool": SwitchEditor,
    "choice": ChoiceEditor,
    "text": TextEditor,
    "expression": ExpressionEditor,
    "seed": SeedEditor,
    "point": PointEditor,
    "file": FileEditor,
    "classes": ClassesEditor,
    "optimizer": KindEditor,
    "schedule": ScheduleEditor,
    "racers": RacersEditor,
    "vector": VectorEditor,
    "points": PointsEditor,
    "distribution": DistributionEditor,
}


class Form(FormSheet):
    """Shows a config and lets the user edit it; `edited` carries each new config, already checked."""

    edited = Signal(object)

    def __init__(
        self,
        config: msgspec.Struct,
        theme: Theme,
        strokes: Callable[[str], Stroke] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make the editors; `strokes` gives the stroke of a racer by its tag (default: the theme's)."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its editors take the focus
        self.setAccessibleName(tr("Settings"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFont(theme.font())
        self.setStyleSheet(_style(theme))
        kit = Kit(theme, EDITORS, strokes or theme.stroke)
        inside = QWidget(self.viewport())
        self.setWidget(inside)  # while it is empty: it is measured then
        self.rows = Rows(config, kit, parent=inside)
        self.rows.edited.connect(self.edited)
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.px(10), theme.px(8), theme.px(8), theme.px(16))
        column.addWidget(self.rows)
        column.addStretch(1)
        self.whole = True
        self.put_in_order()

    @property
    def config(self) -> msgspec.Struct:
        """The config as it is now."""
        return self.rows.config

    def set_config(self, config: msgspec.Struct) -> None:
        """Show another config of the same experiment, without a signal; fast enough for dragging."""
        self.rows.set_config(config)

    def restrict(
        self, only: Collection[str] = (), locked: Collection[str] = (), hidden: Collection[str] = ()
    ) -> None:
        """Show only some settings (all, if `only` is empty), lock some, and hide some, as a lesson asks."""
        self.rows.restrict(only, locked, hidden)

    def show_problem(self, problem: Problem) -> None:
        """Show under the field `problem.where` a problem that was found only when the config was used."""
        self.rows.show_problem(problem)

    def editor(self, name: str) -> Editor:
        """Return the editor of a field."""
        return (self.rows.made if name in self.rows.made else self.rows.editors)[name]

    def found(self, way: str) -> Editor | None:
        """Return the editor of a setting inside others, such as "racers.2.beta"; None if there is none now.

        A part of the form that was never unfolded has no editors yet.
        """
        name, *inner = way.split(".")
        editor = self.rows.made.get(name)
        return editor.inner(inner) if editor is not None else None

    def reveal(self, way: str) -> Editor | None:
        """Bring a setting into sight, whatever it is folded into; None where there is none with this way now.

        The way is as for `found`, but of a list of records it may leave out the place: "racers.beta".
        """
        editor = self.rows.revealed(way.split("."))
        inside = self.widget()
        if editor is not None and inside is not None:
            for widget in (*editor.findChildren(QWidget), editor, inside):  # as high as they will be
                if (layout := widget.layout()) is not None:
                    layout.activate()
            self.ensureWidgetVisible(editor)
        return editor

    def light(self, ways: Iterable[str]) -> None:
        """Light the settings at these places, such as "racers.2.beta", and no others."""
        lit = {id(self.found(way)) for way in ways}
        for editor in self.findChildren(Editor):
            editor.light(id(editor) in lit)

    def show_live(self, ways: Iterable[str]) -> None:
        """Mark the settings at these places, such as "racers[2].beta", as those that may change in a run."""
        live = {id(self.found(way.replace("[", ".").replace("]", ""))) for way in ways}
        for editor in self.findChildren(Editor):
            inside = any(id(one) in live for one in _around(editor))  # a part of what may change as a whole
            editor.show_live(id(editor) in live, bool(live) and not inside)


def _around(widget: QWidget | None) -> Iterator[QWidget]:
    """A widget, what holds it, what holds that, and so on."""
    while widget is not None:
        yield widget
        widget = widget.parentWidget()


def _style(theme: Theme) -> str:
    """Return the style: hairlines instead of boxes; a line edit shows its frame while it has the focus."""
    px = theme.px
    return f"""
    Form, Form > QWidget > QWidget {{ background: transparent; }}
    QLabel#error {{ color: {theme.error}; }}
    QLabel#quiet {{ color: {theme.quiet}; }}
    {boxes(theme)}
    QLineEdit#formula {{ padding: {px(5)}px {px(6)}px; }}
    QFrame#card {{ background: {theme.plot}; border: 1px solid {theme.hairline}; border-radius: {px(6)}px; }}
    QToolButton {{ border: none; border-radius: {px(4)}px; padding: {px(3)}px; }}
    QToolButton:hover, QToolButton:focus {{ background: {theme.hairline}; }}
    QToolButton:focus {{ border: 2px solid {theme.accent}; padding: {px(3) - 2}px; }}
    QToolButton[fold=true] {{ color: {theme.quiet}; }}
    QToolButton#digit {{ border: 1px solid {theme.hairline}; padding: {px(2)}px; }}
    QToolButton#digit:checked {{ background: {theme.accent}; color: {theme.accent_text};
                                 border-color: {theme.accent}; }}
    QToolButton#digit:focus {{ border: 1px solid {theme.text}; padding: {px(2)}px; }}
    """
