"""A view is the middle of the window: panels, and for each a function that fills it from the moment.

A view stores nothing of the run. It gets a `Moment` and fills the panels whose content differs from that of
the moment before; `gui.screen.fills` says when. When the language, the theme or the size of the text changes,
the window makes a new view.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.changes import config_at
from engine.config import Config, Problem, replaced
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from gui.look.theme import Theme
from gui.screen.check_button import CheckButton, Checked, GradientsCheck
from gui.screen.filled import FilledPage
from gui.screen.fills import Fill, Key, Urgency
from gui.screen.finding import Finding, Tell, show_finding
from gui.screen.hero import PageColumn, show_one
from gui.screen.moment import (
    Ghost,
    Memo,
    Moment,
    config_of,
    every,
    new_run,
    nothing,
    options_of,
    this_step,
    whole_run,
)
from gui.screen.notes import Live
from gui.screen.options_bar import OptionsBar, Part
from gui.screen.page import Followed, Question, Room, follower
from gui.screen.questions import Answer

__all__ = [  # what pages are made with
    "Followed",
    "Ghost",
    "Key",
    "Live",
    "Moment",
    "Question",
    "Room",
    "Urgency",
    "View",
    "config_of",
    "every",
    "follower",
    "new_run",
    "nothing",
    "options_of",
    "show_one",
    "this_step",
    "view_type",
    "whole_run",
]

Opens = Callable[[Any], int | None]  # called with the moment; returns a step, if it is known


class View(FilledPage):
    """The base of the views. A view draws; it never computes what the engine can compute."""

    def __init__(self, theme: Theme, options: Config, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.options: Any = options
        self._bars: list[OptionsBar] = []
        self._column: PageColumn | None = None
        self.gradient_check = GradientsCheck(self.questions)
        self.finding: Finding | None = None  # the sentence over the plots
        self._opens_on: Opens | None = None
        self.questions.answered.connect(self._take_answer)
        self.questions.drawn.connect(self.fills.paint)
        self._has_begun = False  # whether a frame was shown
        self.memo = Memo()
        self._unseen = {name: getattr(self.options_type(), name) for name in self.kept_by_plots}
        self.build(theme)

    # What a view declares

    def options_bar(self, *parts: Part, lists: Sequence[str] = ()) -> OptionsBar:
        """Return a bar of options, by name, and of other widgets (see `OptionsBar`)."""
        made = OptionsBar(self.theme, self.options, parts, lists, self)
        made.changed.connect(self.change)
        if self.theme.presenting:
            made.hide()
        self._bars.append(made)
        return made

    def tell(self, finding: Tell, *, of: str = "", opens_on: Opens | None = None) -> None:
        """Show one sentence over the plots with the main result at the moment.

        `finding`, a function of a module, gets the moment (and with `of` an answer, as in `fill`).
        `opens_on`, also such a function, returns the step that shows the main result: a new page plays up to
        it, and stops. It returns None while the run is not far enough to know the step.
        """
        self._opens_on = opens_on
        self.finding = Finding(self.theme, finding)
        now = Urgency.NOW
        self.fills.every.append(Fill(self.finding, show_finding, now, now, every, of=of, prompt=True))

    def opens_on(self, at: Moment[Any, Any]) -> int | None:
        """Return the step at which a new page stops; None while it is not known, or if it is the last one."""
        return self._opens_on(at) if self._opens_on is not None else None

    def lay_out(self, *widgets: QWidget) -> None:
        """Put widgets below each other, under the sentence; to be called last.

        The free room goes to the splitters, or without a splitter, to the last widget.
        """
        self._column = PageColumn(self, self.finding, widgets)
        self._arrange()

    def show_plots(self, on: bool) -> None:
        """Show the plots and the sentence, or hide them, because they belong to a run that is gone."""
        if self._column is not None and self._column.show_plots(on):
            self.fills.show_anew()

    def check_button(self, tip: str) -> CheckButton:
        """Return a button that checks the gradients of the moment by `check_question` and shows the
        result.
        """
        button = self.gradient_check.button = CheckButton(self.theme, tip)
        button.wanted.connect(self.check_gradients)
        return button

    def checks(self, at: Moment[Any, Any]) -> Sequence[GradientCheck]:
        """Return the results of the last check, if it was at the step of a moment; else nothing."""
        return self.gradient_check.at(at)

    @property
    def checked(self) -> Checked | None:
        """The last gradient check of this run."""
        return self.gradient_check.checked

    # What the window calls

    def show_moment(self, at: Moment[Any, Any]) -> None:
        """Show a run at a step: urgent widgets now, others later; at first all of them."""
        first, self._has_begun = not self._has_begun, at.last >= 0
        anew = first or at.recording is not self.at.recording
        if self.asks_anew and self.at is not None and at.recording is not self.at.recording:
            self.forget_answers()
        if anew or self.gradient_check.other(self.check_question, at, self.at.options):
            self.gradient_check.forget()
        if self.at is None or anew or at.ghosts is not self.at.ghosts:
            self.memo.let_go([at.recording, *(ghost.recording for ghost in at.ghosts)])
        self.options = at.options
        seen = replaced(at.options, **self._unseen) if self._unseen else at.options
        otherwise = first or seen != self.at.options
        self.at = replace(at, options=seen, memo=self.memo, tight=self.at is not None and self.at.tight)
        for bar in self._bars:
            bar.show_options(at.options, self.offers(self.at))
        self._arrange()
        at_once = not self.fills.hurried or otherwise or anew
        self.fills.look(first, anew, at_once=at_once, otherwise=otherwise)

    def show_motion(self) -> None:
        """Show in the visible plots, as an animation, how the last single step led here."""
        self.fills.draw_waiting()
        for panel in self.panels():
            panel.show_motion()

    def greet(self, steps: bool) -> None:
        """On the first visit, show by an animation what can be dragged; without steps also how the picture is
        made.
        """
        if not steps:
            self.show_motion()
        for panel in self.panels():
            panel.pulse()

    # Actions of the user

    def check_gradients(self) -> None:
        """Compare the gradients of the moment with numeric differences."""
        if self._has_begun:
            self.gradient_check.ask(self.check_question(self.at), self.at)

    def set_option(self, **changes: object) -> None:
        """Change options of the view, and tell the window."""
        self.options = replaced(self.options, **changes)
        self.options_changed.emit(self.options)
        if self.at is not None:
            self.show_moment(replace(self.at, options=self.options))
            self.live_changed.emit()

    def change(self, changes: Mapping[str, object]) -> None:
        """Change the options that a bar has emitted."""
        self.set_option(**changes)

    def edit(self, **changes: object) -> None:
        """Change settings of the run; values that are not allowed change nothing."""
        try:
            config = replaced(config_at(self.at.config, 0), **changes)
        except Problem:
            return
        self.edited.emit(config)

    def jump(self, step: float) -> None:
        """Show the step nearest to a place on an axis of steps."""
        self.step_chosen.emit(max(0, round(step)))

    # Time and room

    @property
    def room(self) -> Room:
        """The size of the view."""
        return Room(self.width() / self.theme.scale, self.height() / self.theme.scale)

    def _take_answer(self, answer: Answer) -> None:
        """Show an answer of the engine's thread."""
        if not self.gradient_check.take(answer):
            self.fills.take(answer)
        self.live_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        if self.at is not None:
            self.fills.look()

    def _arrange(self) -> None:
        """Let the page arrange its widgets; before there is a run, for an empty one."""
        at = self.at or Moment(self.config_type(), self.options, Recording(), 0)
        tight = self.arrange(at, self.room)
        if self.at is not None and self.at.tight != tight:
            self.at = replace(self.at, tight=tight)


@cache
def view_type(name: str) -> type[View]:
    """Return the view of an experiment: the only view class in the file of the same name."""
    module = import_module(f"gui.views.{name}")
    views = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, View)]
    return next(view for view in views if view.__module__ == module.__name__)
