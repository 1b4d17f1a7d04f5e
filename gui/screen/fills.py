"""What a view fills from the moment, and when: at once, soon, or when it is quiet.

While a run is played, one plot is drawn after the other, as there is time for; what is put off meanwhile is
drawn from the moment that is on show by then.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from math import sqrt
from time import perf_counter
from typing import Any
from weakref import ref

from PySide6.QtCore import QObject, QTimerEvent
from PySide6.QtWidgets import QWidget

from gui.plots.panel import Panel, paint_now
from gui.screen.moment import Moment
from gui.screen.questions import Answer, Questions, same

Key = Callable[[Moment[Any, Any]], object]
SEEN_NOW = "options", "ghosts", "tight"  # of the present moment, in one that an answer is about


class Urgency(Enum):
    """When a panel follows the moment: milliseconds, and whether these have to be quiet."""

    NOW = (0, False)  # keeps up with the mouse
    SOON = (60, False)  # slow to draw
    SELDOM = (150, False)  # slower
    SETTLED = (150, True)  # once nothing has changed for as long


@dataclass
class Fill:
    """How a widget is filled, or what is asked, and what it was last filled from."""

    widget: QWidget | None
    function: Callable[..., Any]
    urgency: Urgency
    anew: Urgency  # when the run is another one
    by: Key
    early: bool = False
    of: str = ""  # the answer that is shown, or the name of the question where there is no widget
    prompt: bool = False  # never in turns: it tells of this step
    done: object = field(default_factory=object)  # the key of what it shows
    asked: object = field(default_factory=object)  # the key of what it is to show
    waits: Urgency | None = None
    since: float = 0.0  # when it was filled last, by `perf_counter`
    took: float = 0.0  # seconds that this, and painting it, took then

    def pressing(self, now: float) -> float:
        """How soon it is the turn of what is due."""
        assert self.widget is not None
        return (now - self.since) * sqrt(self.widget.width() * self.widget.height())


class Fills(QObject):
    """All that one view fills and asks. It belongs to the view."""

    def __init__(self, view: QWidget, questions: Questions) -> None:
        super().__init__(view)
        self._view = ref(view)
        self._questions = questions
        self.every: list[Fill] = []
        self.at: Any = None  # the moment on show
        self.hurried = False  # whether a run is played: what is due is not drawn before its turn
        self._answers: dict[str, Answer] = {}
        self._timers: dict[Urgency, int] = {}  # what runs, by what it is for

    @property
    def view(self) -> QWidget:
        """Whose they are; it lives, for they belong to it."""
        view = self._view()
        assert view is not None
        return view

    # Answers

    def answer(self, name: str) -> Any:
        """The newest answer to a question of this run, which may be of a moment before; None before it."""
        found = self._answers.get(name)
        return found.value if found is not None and found.about.recording is self.at.recording else None

    def take(self, answer: Answer) -> None:
        """Show what the engine's thread has found."""
        before = self._answers.get(answer.key)
        self._answers[answer.key] = answer
        self._let_wait(answer.key, False)
        known = before is not None and before.about.recording is answer.about.recording
        self.look(of=answer.key, at_once=not (self.hurried and known))  # the first of a run at once

    def forget_answers(self) -> None:
        """Ask everything anew; what is shown stands until there are answers, or `questions.expired`."""
        self._questions.forget()
        self._answers.clear()
        for fill in self.every:
            if fill.widget is None:
                fill.done = object()

    def show_anew(self) -> None:
        """Fill everything again with the next moment: a page may show nothing until then."""
        for fill in self.every:
            fill.done = object()

    # What is due

    @property
    def wait(self) -> bool:
        """Whether something is yet to be drawn for the moment."""
        return any(fill.waits is not None for fill in self.every)

    def look(
        self,
        first: bool = False,
        anew: bool = False,
        of: str = "",
        at_once: bool | None = None,
        asks: bool = False,
    ) -> None:
        """Fill what is due, or put it off; with `of`, only what shows that answer, or only what is asked.

        `at_once` or, while a run is played, in turns.
        """
        at_once = not self.hurried if at_once is None else at_once
        for fill in self.every:
            if (of and (fill.widget is None or fill.of != of)) or (asks and fill.widget is not None):
                continue
            if (self.at.last < 0 and not fill.early) or not self._is_seen(fill):
                fill.waits = None
                continue
            key = self._key(fill)
            if same(key, fill.done):
                fill.waits = None
                continue
            urgency = fill.anew if anew else fill.urgency
            quiet = urgency.value[1]
            if urgency is Urgency.NOW or fill.waits is Urgency.NOW or first:
                self._draw_or_queue(fill, at_once)
                continue
            fill.waits = urgency
            self._put_off(urgency, again=quiet and not same(key, fill.asked))
            fill.asked = key

    def _draw_or_queue(self, fill: Fill, at_once: bool) -> None:
        """Draw at once, or when it is its turn; to ask takes no time."""
        if at_once or fill.widget is None or fill.prompt:
            self.draw(fill)
        else:
            fill.waits = Urgency.NOW

    def _put_off(self, urgency: Urgency, again: bool) -> None:
        """Draw after a time, that begins `again` or has begun before."""
        if again and urgency in self._timers:
            self.killTimer(self._timers.pop(urgency))
        if urgency not in self._timers:
            self._timers[urgency] = self.startTimer(urgency.value[0])

    def timerEvent(self, event: QTimerEvent) -> None:
        for urgency, timer in [*self._timers.items()]:
            if timer == event.timerId():
                self.killTimer(self._timers.pop(urgency))
                for fill in self.every:
                    if fill.waits is urgency:
                        self._draw_or_queue(fill, not self.hurried)

    def _key(self, fill: Fill) -> object:
        """What a widget depends on."""
        if fill.widget is not None and fill.of:
            return fill.by(self.at), self._answers.get(fill.of)
        return fill.by(self.at)

    def _is_seen(self, fill: Fill) -> bool:
        """Whether there is somebody to see it; what is asked is seen where an answer is."""
        if fill.widget is None:
            shown = [one.widget for one in self.every if one.of == fill.of and one.widget is not None]
            return not shown or any(widget.isVisibleTo(self.view) for widget in shown)
        return fill.widget.isVisibleTo(self.view) and (not fill.of or fill.of in self._answers)

    # Drawing

    def draw(self, fill: Fill) -> None:
        """Fill a widget if it is seen; one that is not stays due."""
        fill.waits = None
        if not self._is_seen(fill):
            return
        fill.done = self._key(fill)
        if fill.widget is None:
            self._ask(fill)
        elif fill.of:
            answer = self._answers[fill.of]
            now = {name: getattr(self.at, name) for name in SEEN_NOW}
            fill.function(fill.widget, replace(answer.about, **now), answer.value)
        else:
            fill.function(fill.widget, self.at)

    def _ask(self, fill: Fill) -> None:
        """Ask a question of the moment, if there is one."""
        question = fill.function(self.at)
        self._let_wait(fill.of, question is not None and fill.of not in self._answers)
        if question is None:
            return
        known = self._answers.get(fill.of)
        number = self._questions.ask(fill.of, *question, about=self.at)
        if known is not None and known.number == number:  # it is asked again, of another moment
            self._answers[fill.of] = replace(known, about=self.at)
            self.look(of=fill.of)  # what shows it is drawn at this moment too

    def _let_wait(self, name: str, waits: bool) -> None:
        """Have the plots of an answer say that it is computed, as long as they are empty for that reason."""
        for fill in self.every:
            if fill.of == name and isinstance(fill.widget, Panel) and fill.widget.awaits != waits:
                fill.widget.awaits = waits
                fill.widget.update()

    def draw_waiting(self) -> None:
        """Draw what was put off."""
        for fill in self.every:
            if fill.waits is not None:
                self.draw(fill)

    def catch_up(self) -> None:
        """Draw at once what was put off or is asked: for a picture that is taken now."""
        for timer in self._timers.values():
            self.killTimer(timer)
        self._timers.clear()
        self.draw_waiting()
        self._questions.settle()

    def take_turns(self, seconds: float) -> None:
        """Draw and paint of what is due as much as there is time for; but something.

        It is the turn of what has waited longest, and of a large plot sooner than of a small one.
        """
        begun = now = perf_counter()
        while due := [fill for fill in self.every if fill.waits is Urgency.NOW]:
            widget = max(due, key=lambda fill: fill.pressing(now)).widget
            fills = [fill for fill in due if fill.widget is widget]
            if now > begun and now - begun + sum(fill.took for fill in fills) > seconds:
                return
            for fill in fills:
                self.draw(fill)
            paint_now(self.view)
            before, now = now, perf_counter()
            for fill in fills:
                fill.since, fill.took = now, (now - before) / len(fills)
