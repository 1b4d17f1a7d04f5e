"""A moment: everything that a view shows, in one value; with a cache of results computed from it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from engine.changes import config_at
from engine.config import Config
from engine.recording import Recording
from gui.screen.questions import same

ConfigT = TypeVar("ConfigT", bound=Config)
OptionsT = TypeVar("OptionsT", bound=Config)
Made = TypeVar("Made")
KEPT = 6  # results that are kept for each function


@dataclass(frozen=True)
class Ghost:
    """A pinned run, or another branch, to be drawn faintly behind the present one.

    `label` says which settings differ. A branch is drawn from the step `since` on, where the two begin to
    differ.
    """

    config: Any
    recording: Recording
    label: str
    since: int = 0


class Memo:
    """A cache: the latest few results of each function, by their arguments."""

    def __init__(self) -> None:
        self._made: dict[Callable[..., Any], list[tuple[tuple[object, ...], Any]]] = {}

    def once(self, make: Callable[..., Made], *args: object) -> Made:
        """Return `make(*args)`, computed again only for other arguments."""
        results = self._made.setdefault(make, [])
        for k, (known, result) in enumerate(results):
            if same(known, args):
                results.append(results.pop(k))
                return result  # type: ignore[no-any-return]
        made = make(*args)
        results.append((args, made))
        del results[:-KEPT]
        return made

    def let_go(self, kept: Collection[Recording]) -> None:
        """Forget the results for recordings that are no longer on the screen."""
        for results in self._made.values():
            results[:] = [
                (args, made)
                for args, made in results
                if all(any(arg is one for one in kept) for arg in args if isinstance(arg, Recording))
            ]


@dataclass(frozen=True)
class Moment(Generic[ConfigT, OptionsT]):
    """A run with its pinned runs, at a step, and the options of the view."""

    config: ConfigT
    options: OptionsT
    recording: Recording
    step: int
    ghosts: tuple[Ghost, ...] = ()
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)
    tight: bool = False  # whether the view has little room, as the view itself decides

    def once(self, make: Callable[..., Made], *args: object) -> Made:
        """Return `make(*args)`, computed again only for other arguments: they are the key of the cache.

        `make` is a pure function of a module. If its result grows with the run, `recording.last` is an
        argument.
        """
        return self.memo.once(make, *args)

    @property
    def settings(self) -> ConfigT:
        """The settings that hold in this step; at the start those of the first step."""
        settings: ConfigT = self.once(config_at, self.config, self.step)
        return settings

    @property
    def last(self) -> int:
        """The last step there is; −1 before the start is known."""
        return self.recording.last

    def value(self, column: str) -> float:
        """A scalar of this step."""
        return float(self.recording.column(column)[self.step])

    @property
    def data(self) -> Any:
        """The data of the run; None if it has none, or before they are read."""
        return self.recording.data

    @property
    def snapshot(self) -> Any:
        """The snapshot of this step, or of the nearest step before it that was kept."""
        return self.recording.snapshot(self.step)[1]

    @property
    def kept(self) -> int:
        """The step of `snapshot`."""
        return self.recording.snapshot(self.step)[0]


def follows(at: Moment[Any, Any], before: Moment[Any, Any] | None) -> bool:
    """Whether a moment is the next step of the same run, seen in the same way."""
    return (
        before is not None
        and at.recording is before.recording
        and at.step == before.step + 1
        and at.options == before.options
    )


# What a panel may depend on, instead of the whole moment: keys for `View.fill`.


def whole_run(at: Moment[Any, Any]) -> object:
    """Everything but the step: it changes as the run grows."""
    return at.config, at.options, at.recording, at.last, at.ghosts, at.tight


def this_step(at: Moment[Any, Any]) -> object:
    """The step, but not how far the run has been computed."""
    return at.config, at.options, at.recording, at.step, at.tight


def options_of(at: Moment[Any, Any]) -> object:
    """Only the options of the view, and its room."""
    return at.options, at.tight


def nothing(at: Moment[Any, Any]) -> object:
    """Nothing: filled once, or once for each answer."""
    return None


def config_of(at: Moment[Any, Any]) -> object:
    """Only the settings."""
    return at.config


def new_run(at: Moment[Any, Any]) -> object:
    """Only which run it is."""
    return at.recording


def every(at: Moment[Any, Any]) -> object:
    """The whole moment."""
    return at.config, at.options, at.recording, at.last, at.step, at.ghosts, at.tight
