"""A view is the middle of the window: it shows one experiment's recording at one step.

It is given everything it shows and keeps only how it is looked at (`options`). When the language, the
theme or the size of the text changes, the window makes a new one from the same recording.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from math import inf
from typing import Any, ClassVar

from msgspec import convert, to_builtins
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.config import Config, replaced
from engine.recording import Recording
from gui.notes import Live
from gui.page import Follow
from gui.plots.panel import Panel
from gui.questions import Questions
from gui.theme import Theme


@dataclass(frozen=True)
class Ghost:
    """A pinned run, to be drawn faintly behind the present one; `label` says which settings differ."""

    config: Config
    recording: Recording
    label: str


class View(QWidget):
    """Base of the views. A view draws; it never computes what the engine can."""

    options_type: ClassVar[type[Config]] = Config
    pace: ClassVar[float] = inf  # steps a second to begin with; inf follows the engine

    edited = Signal(object)  # a new config, from something dragged in a plot
    options_changed = Signal(object)  # looked at otherwise; the run stays
    step_chosen = Signal(int)  # show this step
    experiment_wanted = Signal(str, object)  # show another experiment, with this config
    live_changed = Signal()  # what `live` tells is otherwise than at the last `draw`

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__()
        self.theme = theme
        self.options = options
        self.questions = Questions(self)  # what takes more than a millisecond of the engine is asked

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        """Options and settings as they are to be when the settings go from `before` to `after`.

        What is chosen by its place in a list stays chosen when the list changes (`gui.choices`).
        """
        return options, after

    def panels(self) -> list[Panel]:
        """The plots that are now on show, in reading order: what can be exported."""
        raise NotImplementedError

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        """Prepare for a run of `config`; called before its first `draw`, and when ghosts change."""
        raise NotImplementedError

    def draw(self, recording: Recording, step: int) -> None:
        """Show the run as it was at `step`."""
        raise NotImplementedError

    def catch_up(self) -> None:
        """Draw at once what was put off or asked: for a picture that is taken now."""
        self.questions.settle()

    def live(self, recording: Recording, step: int) -> list[Live] | None:
        """The formulas with their numbers at `step`; None while they are asked for: the old ones stand."""
        raise NotImplementedError

    def moment(self, recording: Recording, step: int) -> str | None:
        """Where in its run a figure shows it, in words; None where the timeline counts steps."""
        return None

    def set_option(self, **changes: object) -> None:
        """Change how one looks at the run, and tell the window."""
        self.options = replaced(self.options, **changes)
        self.options_changed.emit(self.options)


def view_type(name: str) -> type[View]:
    """The view of an experiment: the class `VIEW` in the file of the same name."""
    return import_module(f"gui.views.{name}").VIEW  # type: ignore[no-any-return]


def follower(view: type[View]) -> Follow:
    """What a page asks of a view as its settings change, with options as they stand in a session."""

    def follow(options: dict[str, Any], before: Config, after: Config) -> tuple[dict[str, Any], Config]:
        now = convert(options, view.options_type)
        then, config = view.followed(now, before, after)
        return (options if then == now else to_builtins(then)), config

    return follow
