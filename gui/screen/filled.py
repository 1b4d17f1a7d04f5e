"""A page with all that is filled and asked on it: what it declares in `build`, and what is shown now."""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtWidgets import QWidget

from gui.plots.panel import Panel
from gui.screen.fills import Fill, Fills, Key, Urgency
from gui.screen.moment import every, options_of, this_step
from gui.screen.page import Page, Question
from gui.screen.questions import Questions

WidgetT = TypeVar("WidgetT", bound=QWidget)
Asked = Callable[[Any], Question | None]


class FilledPage(Page):
    """A page whose widgets are filled, and whose questions are asked, by functions of the moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.questions = Questions(self)  # for everything that takes more than a millisecond
        self.fills = Fills(self, self.questions)
        self.questions.expired.connect(self.fills.show_anew)
        self.questions.expired.connect(self.clear)

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
        """Register a function of a module that fills a widget; it is called with the widget and the moment.

        `by` returns what it depends on: the widget is filled again when that has changed, and only while the
        widget is visible. `anew` is the urgency for another run. With `early` it is also called before the
        first frame. With `of`, the name of a question, the function is also given the answer, whenever one
        has come or the options have changed; the moment is that of the question, but with the present options
        and pinned runs. With `prompt` it is called for every moment of a played run that is shown.
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
        told: bool = False,
    ) -> None:
        """Register a question to the engine's thread, for what takes more than a millisecond; `fill` shows
        the answer. One that formulas are `told` of is asked even while no plot shows its answer.

        `question`, a function of a module, gets the moment and returns a function of the engine with its
        arguments, or None.
        """
        self.fills.every.append(Fill(None, question, urgency, urgency, by, early, name, told))

    def answer(self, name: str) -> Any:
        """Return the newest answer to a question of this run, perhaps for an earlier moment; None without
        one.
        """
        return self.fills.answer(name)

    def forget_answers(self) -> None:
        """Ask everything again; the plots stay until there are answers, or until `questions.expired`."""
        self.fills.forget_answers()

    def panels(self) -> list[Panel]:
        """Return the visible plots, in the order in which they are filled: those that can be exported."""
        return [panel for panel in self.fills.plots if panel.isVisibleTo(self)]

    @property
    def at(self) -> Any:
        """The moment that is shown; None before the first."""
        return self.fills.at

    @at.setter
    def at(self, at: Any) -> None:
        self.fills.at = at

    @property
    def waits(self) -> bool:
        """Whether something is still to be drawn for the moment."""
        return self.fills.wait

    def catch_up(self) -> None:
        """Draw at once everything that waits, because a picture is taken now."""
        self.fills.catch_up()

    def ask_again(self) -> None:
        """Ask questions again that depend on more than the moment (the visible part of a plot), if that
        changed.
        """
        if self.at is not None:
            self.fills.look(asks=True)
