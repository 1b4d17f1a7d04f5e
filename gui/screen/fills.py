"""How a view fills its widgets from the moment, and when: at once, soon, or when nothing changes any more.

While a run is played, the plots are drawn one after the other, as time allows; a plot that had to wait is
drawn from the moment that is shown when its turn comes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from math import sqrt
from time import perf_counter
from typing import Any
from weakref import ref

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimerEvent
from PySide6.QtWidgets import QWidget

from gui.plots.painting import reported
from gui.plots.panel import Panel
from gui.screen.moment import Moment
from gui.screen.questions import Answer, Questions, same

Key = Callable[[Moment[Any, Any]], object]
SEEN_NOW = "options", "ghosts", "tight"  # fields of the present moment, put into the moment of an answer


def _place_of(at: Moment[Any, Any]) -> object:
    """What a moment is of, however one looks at it."""
    return at.config, at.recording, at.step


class Urgency(Enum):
    """When a panel follows the moment: after how many milliseconds, and whether without changes in
    between.
    """

    NOW = (0, False)  # keeps up with the mouse
    READ = (50, False)  # numbers: nobody reads them sixty times a second; at once for other options
    SOON = (60, False)  # slow to draw
    SELDOM = (150, False)  # slower
    SETTLED = (150, True)  # once nothing has changed for that time


@dataclass
class Fill:
    """How a widget is filled, or which question is asked, and from what it was filled last."""

    widget: QWidget | None
    function: Callable[..., Any]
    urgency: Urgency
    anew: Urgency  # the urgency for another run
    by: Key
    early: bool = False
    of: str = ""  # the answer that is shown; without a widget, the name of the question
    prompt: bool = False  # whether it is drawn for every moment that is shown; asked in any case
    done: object = field(default_factory=object)  # the key of its present content
    asked: object = field(default_factory=object)  # the key of its wanted content
    waits: Urgency | None = None
    since: float = 0.0  # when it was filled last, by `perf_counter`
    took: float = 0.0  # seconds for filling and painting it then

    @cached_property
    def plots(self) -> list[Panel]:
        """The plots that it fills: the widget, or those in it."""
        if self.widget is None or isinstance(self.widget, Panel):
            return [] if self.widget is None else [self.widget]
        return self.widget.findChildren(Panel)

    def pressing(self, now: float) -> float:
        """Return its priority: the larger, the sooner its turn comes."""
        assert self.widget is not None
        return (now - self.since) * sqrt(self.widget.width() * self.widget.height())


class Fills(QObject):
    """All fills and questions of one view. It belongs to the view."""

    def __init__(self, view: QWidget, questions: Questions) -> None:
        super().__init__(view)
        self._view = ref(view)
        self._questions = questions
        self.every: list[Fill] = []
        self.at: Any = None  # the moment that is shown
        self.hurried = False  # whether a run is played, so that plots are drawn in turns
        self.apart = False  # whether then plots that are `prompt` too are drawn one in each frame
        self._answers: dict[str, Answer] = {}
        self._timers: dict[Urgency, int] = {}  # the running timers, by urgency

    @property
    def view(self) -> QWidget:
        """The view that owns them; it lives as long as they do."""
        view = self._view()
        assert view is not None
        return view

    # Answers

    def answer(self, name: str) -> Any:
        """Return the newest answer to a question of this run, perhaps for an earlier moment; None without
        one.
        """
        found = self._answers.get(name)
        return found.value if found is not None and found.about.recording is self.at.recording else None

    def take(self, answer: Answer) -> None:
        """Show an answer of the engine's thread."""
        before = self._answers.get(answer.key)
        self._answers[answer.key] = answer
        self._let_wait(answer.key, False)
        known = before is not None and before.about.recording is answer.about.recording
        self.look(of=answer.key, at_once=not (self.hurried and known))  # the first answer of a run at once

    def forget_answers(self) -> None:
        """Ask everything again; the plots stay until there are answers, or until `questions.expired`."""
        self._questions.forget()
        self._answers.clear()
        for fill in self.every:
            if fill.widget is None:
                fill.done = object()

    def show_anew(self) -> None:
        """Fill everything again with the next moment; until then a page may show nothing."""
        for fill in self.every:
            fill.done = object()

    # Scheduling

    @property
    def wait(self) -> bool:
        """Whether something is still to be drawn for the moment."""
        return any(fill.waits is not None for fill in self.every)

    @property
    def unfinished(self) -> bool:
        """Whether a plot that is `prompt` is still to be drawn for the moment."""
        return any(fill.prompt and fill.waits is Urgency.NOW for fill in self.every)

    def look(
        self,
        first: bool = False,
        anew: bool = False,
        of: str = "",
        at_once: bool | None = None,
        asks: bool = False,
        otherwise: bool = False,
    ) -> None:
        """Fill everything that has changed, now or later; with `of` only what shows that answer, with `asks`
        only questions.

        `otherwise` says whether it is looked at in another way: with other options. `at_once` says whether
        widgets are filled now, or in turns as while a run is played.
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
            now = urgency is Urgency.NOW or (urgency is Urgency.READ and otherwise)
            if now or fill.waits is Urgency.NOW or first:
                self._draw_or_queue(fill, at_once)
                continue
            fill.waits = urgency
            self._put_off(urgency, again=quiet and not same(key, fill.asked))
            fill.asked = key

    def _draw_or_queue(self, fill: Fill, at_once: bool) -> None:
        """Draw at once, or when its turn comes; questions are always asked at once."""
        next_frame = self.apart and isinstance(fill.widget, Panel)
        if at_once or fill.widget is None or (fill.prompt and not next_frame):
            with reported():  # the others are drawn nevertheless
                self.draw(fill)
        else:
            fill.waits = Urgency.NOW

    def _put_off(self, urgency: Urgency, again: bool) -> None:
        """Draw after a time; with `again` that time begins now, even if it was already running."""
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
        """Return the key of what a widget depends on."""
        if fill.widget is not None and fill.of:
            return fill.by(self.at), self._answers.get(fill.of)
        return fill.by(self.at)

    def _is_seen(self, fill: Fill) -> bool:
        """Whether it is visible; a question counts as visible if a widget that shows its answer is."""
        if fill.widget is None:
            shown = [one.widget for one in self.every if one.of == fill.of and one.widget is not None]
            return fill.prompt or not shown or any(widget.isVisibleTo(self.view) for widget in shown)
        return fill.widget.isVisibleTo(self.view) and (not fill.of or fill.of in self._answers)

    # Drawing

    def draw(self, fill: Fill) -> None:
        """Fill a widget if it is visible; otherwise it is filled later."""
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
        """Ask the question of the moment, if there is one."""
        question = fill.function(self.at)
        self._let_wait(fill.of, question is not None and fill.of not in self._answers)
        if question is None:
            return
        known = self._answers.get(fill.of)
        number = self._questions.ask(fill.of, *question, about=self.at)
        again = known is not None and known.number == number  # the same question
        if known is not None and again and not same(_place_of(known.about), _place_of(self.at)):
            self._answers[fill.of] = replace(known, about=self.at)
            self.look(of=fill.of)  # widgets that show it are drawn for this moment too

    def _let_wait(self, name: str, waits: bool) -> None:
        """Let the plots of an answer say that it is being computed, while they are empty for that reason."""
        for fill in self.every:
            if fill.of == name and isinstance(fill.widget, Panel) and fill.widget.awaits != waits:
                fill.widget.awaits = waits
                fill.widget.update()

    @property
    def plots(self) -> list[Panel]:
        """Every plot, in the order in which they are filled."""
        return [*dict.fromkeys(plot for fill in self.every for plot in fill.plots)]

    def paint(self) -> None:
        """Paint the changes now, every plot once."""
        for plot in self.plots:
            plot.flush()
        QCoreApplication.sendPostedEvents(self.view.window(), QEvent.Type.UpdateRequest.value)

    def draw_waiting(self) -> None:
        """Draw everything that had to wait."""
        for fill in self.every:
            if fill.waits is not None:
                self.draw(fill)

    def catch_up(self) -> None:
        """Answer and draw at once everything that waits, because a picture is taken now."""
        for timer in self._timers.values():
            self.killTimer(timer)
        self._timers.clear()
        self.draw_waiting()
        self._questions.settle()

    def take_turns(self, seconds: float, at_least_one: bool) -> bool:
        """Draw and paint waiting plots as long as there is time; `at_least_one` also if there is none.

        Return False if plots wait and none was drawn. The plot that has waited longest comes first, and a
        large plot before a small one. What is `prompt` comes before all others, and does not count.
        """
        begun = now = perf_counter()
        drawn = others = 0
        while due := [fill for fill in self.every if fill.waits is Urgency.NOW]:
            first = max(due, key=lambda fill: (fill.prompt, fill.pressing(now)))
            fills = [fill for fill in due if fill.widget is first.widget]
            late = now - begun + sum(fill.took for fill in fills) > seconds
            if late and not (at_least_one and not drawn):
                return others > 0
            for fill in fills:
                with reported():
                    self.draw(fill)
            self.paint()
            before, now, drawn, others = now, perf_counter(), drawn + 1, others + (not first.prompt)
            for fill in fills:
                fill.since, fill.took = now, (now - before) / len(fills)
        return True
