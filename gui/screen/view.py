"""A view is the middle of the window: panels, and for each a function that fills it from the moment.

A view keeps nothing of the run. It is shown a `Moment` and fills what differs from the moment
before; `gui.screen.fills` says when. When the language, the theme or the size of the text changes, the
window makes a new view.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from math import inf
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple, TypeVar
from weakref import ref

from msgspec import convert, to_builtins
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from engine.changes import config_at
from engine.config import Config, Problem, replaced
from engine.gradient_check import GradientCheck, worst
from engine.recording import Recording
from gui.form.choices import kept_choice
from gui.form.field import fields_of
from gui.look.theme import Theme
from gui.plots.panel import Panel
from gui.screen.check_button import CheckButton, Checked
from gui.screen.fills import Fill, Fills, Key, Urgency
from gui.screen.finding import Finding, Tell, show_finding
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
from gui.screen.playback import Follow
from gui.screen.questions import Answer, Questions, same
from gui.screen.terms import Term

__all__ = [  # what pages are made with
    "Ghost",
    "Key",
    "Live",
    "Moment",
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

WidgetT = TypeVar("WidgetT", bound=QWidget)
Question = tuple[Any, ...]  # a function, and its arguments
Asked = Callable[[Any], Question | None]
Opens = Callable[[Any], int | None]  # of the moment: a step, if it is known
CHECK = "check"


class Room(NamedTuple):
    """The size of a view, in pixels at the ordinary size of text."""

    width: float
    height: float


class View(QWidget):
    """Base of the views. A view draws; it never computes what the engine can."""

    config_type: ClassVar[type[Config]] = Config
    options_type: ClassVar[type[Config]] = Config
    pace: ClassVar[float] = inf  # steps a second to begin with; inf follows the engine
    kept_by_plots: ClassVar[Sequence[str]] = ()  # options that a plot shows already when they change
    asks_anew: ClassVar[bool] = (
        False  # of another run all is asked anew: what stands of the one before may go
    )

    edited = Signal(object)  # a new config, from something dragged in a plot
    options_changed = Signal(object)  # another look; the run stays
    step_chosen = Signal(int)  # show this step
    experiment_wanted = Signal(str, object)  # show another experiment, with this config
    live_changed = Signal()  # what `formulas` tells differs from the last moment

    def __init__(self, theme: Theme, options: Config, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.options: Any = options
        self.questions = Questions(self)  # what takes more than a millisecond of the engine is asked
        self.fills = Fills(self, self.questions)
        self._bars: list[OptionsBar] = []
        self._roomy: list[QWidget] = []  # what has the room under them
        self._tells = True  # whether they are to be seen
        self.checked: Checked | None = None  # what the last check of this run's gradients found
        self.finding: Finding | None = None  # the sentence over the plots
        self._opens_on: Opens | None = None
        self._check_button: CheckButton | None = None
        self.questions.answered.connect(self._take_answer)
        self.questions.expired.connect(self.fills.show_anew)
        self.questions.expired.connect(self.clear)
        self._has_begun = False  # whether a frame was shown
        self.memo = Memo()
        self._unseen = {name: getattr(self.options_type(), name) for name in self.kept_by_plots}
        self.build(theme)

    # What a view declares

    def build(self, theme: Theme) -> None:
        """Make the plots, say by what each is filled, and lay them out."""

    def options_bar(self, *parts: Part, lists: Sequence[str] = ()) -> OptionsBar:
        """A bar of options, by name, and of other widgets (`OptionsBar`)."""
        made = OptionsBar(self.theme, self.options, parts, lists, self)
        made.changed.connect(self.change)
        if self.theme.presenting:
            made.hide()
        self._bars.append(made)
        return made

    def tell(self, finding: Tell, *, of: str = "", opens_on: Opens | None = None) -> None:
        """Say in one sentence over the plots what is found at the moment.

        `finding`, a function of a module, is given the moment (and with `of` an answer, as in `fill`).
        `opens_on`, such a function too, gives the step that shows what the page is about: a new page plays
        until it is there, and rests. None: the run has not come far enough to know.
        """
        self._opens_on = opens_on
        self.finding = Finding(self.theme, finding)
        now = Urgency.NOW
        self.fills.every.append(Fill(self.finding, show_finding, now, now, every, of=of, prompt=True))

    def opens_on(self, at: Moment[Any, Any]) -> int | None:
        """The step on which a new page rests; None while that is not known, and where it is the last one."""
        return self._opens_on(at) if self._opens_on is not None else None

    def on(self, signal: Any, react: Callable[..., object]) -> None:
        """Let `react`, which holds nothing of the view, be called with the view and what a signal tells."""
        own = ref(self)

        def told(*values: object) -> None:
            view = own()
            if view is not None:
                react(view, *values)

        signal.connect(told)

    def lay_out(self, *widgets: QWidget) -> None:
        """Put widgets above each other, under the sentence; it is the last to be called.

        The room that is left is the splitters', or where there is none, the last widget's.
        """
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if self.finding is not None:
            column.addWidget(self.finding)
        self._roomy = [widget for widget in widgets if isinstance(widget, QSplitter)] or [*widgets[-1:]]
        for widget in widgets:
            column.addWidget(widget, int(widget in self._roomy))
        column.addStretch(0)
        self._arrange()

    def show_plots(self, on: bool) -> None:
        """Show the plots and the sentence, or hide them: they would tell of a run that is gone."""
        if on == self._tells:
            return
        self._tells = on
        for widget in self._roomy:
            widget.setVisible(on)
        if self.finding is not None and not on:
            self.finding.set_text("")
            self.fills.show_anew()

    def fill(
        self,
        widget: WidgetT,
        function: Callable[[WidgetT, Any], None] | Callable[[WidgetT, Any, Any], None],
        urgency: Urgency = Urgency.NOW,
        *,
        by: Key | None = None,
        anew: Urgency | None = None,
        early: bool = False,
        of: str = "",
        prompt: bool = False,
    ) -> None:
        """Fill a widget by a function of a module, called with the widget and the moment.

        `by` tells what it depends on: it is filled again when that has changed, and only while the widget
        is seen. `anew` is the urgency for a run that is another one. With `early` no frame is needed.
        With `of`, the name of a question, the function is called with the answer too, when it has come and
        when the options are others; the moment is the one that was asked about, but with the present options
        and pinned runs. What is `prompt` is drawn at every step of a run that is played, not in turns.
        """
        key = by or (options_of if of else every)
        self.fills.every.append(Fill(widget, function, urgency, anew or urgency, key, early, of, prompt))

    def ask(
        self,
        name: str,
        question: Asked,
        urgency: Urgency = Urgency.NOW,
        *,
        by: Key = this_step,
        early: bool = False,
    ) -> None:
        """Ask the engine's thread for what takes more than a millisecond: `fill` shows its answer.

        `question`, a function of a module, is given the moment and returns a function of the engine with its
        arguments, or None.
        """
        self.fills.every.append(Fill(None, question, urgency, urgency, by, early, name))

    def answer(self, name: str) -> Any:
        """The newest answer to a question of this run, which may be of a moment before; None before it."""
        return self.fills.answer(name)

    def forget_answers(self) -> None:
        """Ask everything anew; what is shown stands until there are answers, or `questions.expired`."""
        self.fills.forget_answers()

    def clear(self) -> None:
        """Show nothing of the run before: another one has no answers yet, for longer than one waits."""

    def check_button(self, tip: str) -> CheckButton:
        """A button that checks the gradients of the moment by `check_question`, and the result."""
        self._check_button = CheckButton(self.theme, tip)
        self._check_button.wanted.connect(self.check_gradients)
        return self._check_button

    def arrange(self, at: Moment[Any, Any], room: Room) -> bool:
        """Show what there is room for and the options ask for; tell whether room is short (`at.tight`)."""
        return False

    def offers(self, at: Moment[Any, Any]) -> Mapping[str, object]:
        """What a run lets one choose (`OptionsBar.offer`)."""
        return {}

    def formulas(self, at: Moment[Any, Any]) -> list[Live] | None:
        """The formulas with their numbers at the moment; None while these are asked: the old ones stand."""
        raise NotImplementedError

    def terms(self, at: Moment[Any, Any]) -> Sequence[Term]:
        """What the terms of its formulas stand for, each named once; a setting with a symbol names itself."""
        return ()

    def check_question(self, at: Moment[Any, Any]) -> Question | None:
        """The function that checks the gradients of a moment, with its arguments."""
        return None

    def checks(self, at: Moment[Any, Any]) -> Sequence[GradientCheck]:
        """What the last check has found, if it was of the step of a moment; else nothing."""
        return self.checked.checks if self.checked is not None and self.checked.at.kept == at.kept else ()

    def when(self, at: Moment[Any, Any]) -> str | None:
        """Where in its run a figure shows it, in words; None where the timeline counts steps."""
        return None

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        """Options and settings as they are to be when the settings go from `before` to `after`.

        What is chosen by its place in a list of the settings stays chosen when the list changes.
        """
        for option in fields_of(type(options)):
            if option.of:
                of = option.of if callable(option.of) else attrgetter(option.of)
                lists = of(before), of(after)
                options = kept_choice(options, option.name, *lists)
        return options, after

    # What is asked of it

    def panels(self) -> list[Panel]:
        """The plots that are now on show, in the order in which they are filled: what can be exported."""
        widgets = [fill.widget for fill in self.fills.every if fill.widget is not None]
        found = [
            panel
            for widget in dict.fromkeys(widgets)
            for panel in ([widget] if isinstance(widget, Panel) else widget.findChildren(Panel))
        ]
        return [panel for panel in found if panel.isVisibleTo(self)]

    @property
    def at(self) -> Any:
        """The moment on show; None before the first."""
        return self.fills.at

    @at.setter
    def at(self, at: Any) -> None:
        self.fills.at = at

    @property
    def waits(self) -> bool:
        """Whether something of it is yet to be drawn for the moment."""
        return self.fills.wait

    def show_moment(self, at: Moment[Any, Any]) -> None:
        """Show a run at a step: what is urgent now, the rest in its time; at first all of it."""
        first, self._has_begun = not self._has_begun, at.last >= 0
        anew = first or at.recording is not self.at.recording
        if self.asks_anew and self.at is not None and at.recording is not self.at.recording:
            self.forget_answers()
        if anew or self._checks_other_than(at):
            self._forget()
        if self.at is None or anew or at.ghosts is not self.at.ghosts:
            self.memo.let_go([at.recording, *(ghost.recording for ghost in at.ghosts)])
        self.options = at.options
        seen = replaced(at.options, **self._unseen) if self._unseen else at.options
        otherwise = first or anew or seen != self.at.options
        self.at = replace(at, options=seen, memo=self.memo, tight=self.at is not None and self.at.tight)
        for bar in self._bars:
            bar.show_options(at.options, self.offers(self.at))
        self._arrange()
        self.fills.look(first, anew, at_once=not self.fills.hurried or otherwise)

    def catch_up(self) -> None:
        """Draw at once what was put off: for a picture that is taken now."""
        self.fills.catch_up()

    def show_motion(self) -> None:
        """Show as a movement, in the plots on show, how one single step has led here."""
        self.fills.draw_waiting()
        for panel in self.panels():
            panel.show_motion()

    def greet(self, steps: bool) -> None:
        """Show, on the first visit, what can be dragged, and without steps how the picture comes about."""
        if not steps:
            self.show_motion()
        for panel in self.panels():
            panel.pulse()

    # What the user does

    def check_gradients(self) -> None:
        """Compare the gradients of the moment on show with numeric differences."""
        question = self.check_question(self.at) if self._has_begun else None
        if question is not None:
            self.questions.ask(CHECK, *question, about=self.at)

    def set_option(self, **changes: object) -> None:
        """Change how one looks at the run, and tell the window."""
        self.options = replaced(self.options, **changes)
        self.options_changed.emit(self.options)
        if self.at is not None:
            self.show_moment(replace(self.at, options=self.options))
            self.live_changed.emit()

    def change(self, changes: Mapping[str, object]) -> None:
        """Change the options that a bar tells of."""
        self.set_option(**changes)

    def edit(self, **changes: object) -> None:
        """Change settings of the start of the run; what is beyond what they can hold changes nothing."""
        try:
            config = replaced(config_at(self.at.config, 0), **changes)
        except Problem:
            return
        self.edited.emit(config)

    def jump(self, step: float) -> None:
        """Show the step nearest to a place on an axis of steps."""
        self.step_chosen.emit(max(0, round(step)))

    # Time and room

    def ask_again(self) -> None:
        """Ask again what depends on more than the moment (the visible part of a plot), if that changed."""
        if self.at is not None:
            self.fills.look(asks=True)

    @property
    def _room(self) -> Room:
        return Room(self.width() / self.theme.scale, self.height() / self.theme.scale)

    def _take_answer(self, answer: Answer) -> None:
        """Show what the engine's thread has found."""
        if answer.key == CHECK:
            self.checked = Checked(answer.about, answer.value)
            if self._check_button is not None:
                self._check_button.show_check(self.checked.at.kept, worst(self.checked.checks))
        else:
            self.fills.take(answer)
        self.live_changed.emit()

    def _checks_other_than(self, at: Moment[Any, Any]) -> bool:
        """Whether other gradients are checked than before, for the options are others: of another network."""
        if self._check_button is None or self.at.options == at.options or at.last < 0:
            return False
        before = self.check_question(replace(at, options=self.at.options))
        return not same(before, self.check_question(at))

    def _forget(self) -> None:
        """Forget the check of another run; of what was asked the picture stays until there is another."""
        self.questions.forget(CHECK)
        self.checked = None
        if self._check_button is not None:
            self._check_button.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        if self.at is not None:
            self.fills.look()

    def _arrange(self) -> None:
        tight = self.arrange(self.at or self._blank, self._room)
        if self.at is not None and self.at.tight != tight:
            self.at = replace(self.at, tight=tight)

    @property
    def _blank(self) -> Moment[Any, Any]:
        """What to lay out for before there is anything to show."""
        return Moment(self.config_type(), self.options, Recording(), 0)


def show_one(chosen: str, parts: Mapping[str, QWidget | Sequence[QWidget]]) -> None:
    """Show one of several parts, by name: a widget each, or some."""
    for name, part in parts.items():
        for widget in [part] if isinstance(part, QWidget) else part:
            widget.setVisible(name == chosen)


@cache
def view_type(name: str) -> type[View]:
    """The view of an experiment: the one class of a view in the file of the same name."""
    module = import_module(f"gui.views.{name}")
    views = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, View)]
    return next(view for view in views if view.__module__ == module.__name__)


def follower(view: type[View]) -> Follow:
    """What a playback asks of a view as its settings change, with options as they stand in a session."""

    def follow(options: dict[str, Any], before: Config, after: Config) -> tuple[dict[str, Any], Config]:
        now = convert(options, view.options_type)
        then, config = view.followed(now, before, after)
        return (options if then == now else to_builtins(then)), config

    return follow
