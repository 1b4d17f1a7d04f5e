"""What a page says of itself: everything that a view may override, and what it tells the window.

`View` (in `gui.screen.view`) is made from this: it calls these methods when there is another moment.
"""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple
from weakref import ref

from msgspec import convert, to_builtins
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.config import Config
from gui.form.choices import kept_choice
from gui.form.field import fields_of
from gui.look.theme import Theme
from gui.screen.moment import Moment
from gui.screen.notes import Live
from gui.screen.playback import Follow
from gui.screen.terms import Term

Question = tuple[Any, ...]  # a function, and its arguments
Followed = tuple[Config, Config]  # options and settings


class Room(NamedTuple):
    """The size of a view, in pixels at the ordinary size of text."""

    width: float
    height: float


class Page(QWidget):
    """What differs from page to page. It keeps nothing, and a page overrides only what it needs."""

    config_type: ClassVar[type[Config]] = Config
    options_type: ClassVar[type[Config]] = Config
    pace: ClassVar[float] = inf  # steps a second at first; inf follows the engine
    kept_by_plots: ClassVar[Sequence[str]] = ()  # options that are stored in a plot
    asks_anew: ClassVar[bool] = (
        False  # whether, with another run, all is asked again and the old plots may be emptied
    )

    edited = Signal(object)  # a new config, made by a drag in a plot
    options_changed = Signal(object)  # new options; the run stays the same
    step_chosen = Signal(int)  # show this step
    experiment_wanted = Signal(str, object)  # show another experiment, with this config
    live_changed = Signal()  # the result of `formulas` has changed since the last moment

    # Its plots

    def build(self, theme: Theme) -> None:
        """Make the plots, register the functions that fill them, and lay them out."""

    def clear(self) -> None:
        """Show nothing of the run before, because the new one has had no answers for too long."""

    def arrange(self, at: Moment[Any, Any], room: Room) -> bool:
        """Show the widgets that the options ask for and that have room; return whether there is little
        room.
        """
        return False

    def offers(self, at: Moment[Any, Any]) -> Mapping[str, object]:
        """Return what can be chosen in a run (see `OptionsBar.show_options`)."""
        return {}

    def on(self, signal: Any, react: Callable[..., object]) -> None:
        """Connect a signal to `react(view, *values)`; `react` must not refer to the view."""
        own = ref(self)

        def told(*values: object) -> None:
            view = own()
            if view is not None:
                react(view, *values)

        signal.connect(told)

    # Its words

    def formulas(self, at: Moment[Any, Any]) -> list[Live] | None:
        """Return the formulas with their numbers at the moment; None while they are computed: the old ones
        stay.
        """
        raise NotImplementedError

    def terms(self, at: Moment[Any, Any]) -> Sequence[Term]:
        """Return the terms of its formulas, each once; a setting with a symbol declares itself."""
        return ()

    def check_question(self, at: Moment[Any, Any]) -> Question | None:
        """Return the function that checks the gradients of a moment, with its arguments."""
        return None

    def when(self, at: Moment[Any, Any]) -> str | None:
        """Return the place in the run in words, for a figure; None if the timeline counts steps."""
        return None

    @classmethod
    def followed(cls, options: Config, before: Any, after: Any) -> Followed:
        """Return the options and settings after the settings have changed from `before` to `after`.

        A choice of an entry in a list of the settings stays with the entry when the list changes.
        """
        for option in fields_of(type(options)):
            if option.of:
                of = option.of if callable(option.of) else attrgetter(option.of)
                lists = of(before), of(after)
                options = kept_choice(options, option.name, *lists)
        return options, after


def follower(view: type[Page]) -> Follow:
    """Return the function `follow` of a page, with options as they are stored in a session."""

    def follow(options: dict[str, Any], before: Config, after: Config) -> tuple[dict[str, Any], Config]:
        now = convert(options, view.options_type)
        then, config = view.followed(now, before, after)
        return (options if then == now else to_builtins(then)), config

    return follow
