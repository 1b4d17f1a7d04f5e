"""A moment: everything that a view shows, in one value. What is expensive to derive from it is kept."""

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
KEPT = 6  # results of a function


@dataclass(frozen=True)
class Ghost:
    """A pinned run, or another branch, to be drawn faintly behind the present one.

    `label` says which settings differ. A branch is seen from the step `since` on, where the two part.
    """

    config: Any
    recording: Recording
    label: str
    since: int = 0


class Memo:
    """What was made of which arguments: the latest few results of each function."""

    def __init__(self) -> None:
        self._made: dict[Callable[..., Any], list[tuple[tuple[object, ...], Any]]] = {}

    def once(self, make: Callable[..., Made], *args: object) -> Made:
        """Return `make(*args)`, made again only for arguments that are not the same."""
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
        """Forget what was made of recordings that are on the screen no longer."""
        for results in self._made.values():
            results[:] = [
                (args, made)
                for args, made in results
                if all(any(arg is one for one in kept) for arg in args if isinstance(arg, Recording))
            ]


@dataclass(frozen=True)
class Moment(Generic[ConfigT, OptionsT]):
    """A run with its pinned runs, at a step, and how one looks at it."""

    config: ConfigT
    options: OptionsT
    recording: Recording
    step: int
    ghosts: tuple[Ghost, ...] = ()
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)
    tight: bool = False  # whether the view is short of room, by its own measure

    def once(self, make: Callable[..., Made], *args: object) -> Made:
        """Return `make(*args)`, made again only for other arguments: they are the key.

        `make` is a function of a module, pure. What grows with the run is given `recording.last` too.
        """
        return self.memo.once(make, *args)

    @property
    def settings(self) -> ConfigT:
        """The settings in force in this step; at the start those of the first step."""
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
        """What the run learns from; None where it needs nothing, or before it is read."""
        return self.recording.data

    @property
    def snapshot(self) -> Any:
        """What is kept of this step, or of the nearest kept one before it."""
        return self.recording.snapshot(self.step)[1]

    @property
    def kept(self) -> int:
        """The step that `snapshot` is of."""
        return self.recording.snapshot(self.step)[0]


def follows(at: Moment[Any, Any], before: Moment[Any, Any] | None) -> bool:
    """Whether a moment is the next step of the same run, seen in the same way."""
    return (
        before is not None
        and at.recording is before.recording
        and at.step == before.step + 1
        and at.options == before.options
    )


# What a panel may depend on, beside the whole moment: keys for `View.fill`.


def whole_run(at: Moment[Any, Any]) -> object:
    """Everything but the step: as far as the run is known."""
    return at.config, at.options, at.recording, at.last, at.ghosts, at.tight


def this_step(at: Moment[Any, Any]) -> object:
    """The step, but not how far the run has come since."""
    return at.config, at.options, at.recording, at.step, at.tight


def options_of(at: Moment[Any, Any]) -> object:
    """Only how one looks at it, and the room for it."""
    return at.options, at.tight


def nothing(at: Moment[Any, Any]) -> object:
    """Of nothing: once, or once for each answer."""
    return None


def config_of(at: Moment[Any, Any]) -> object:
    """Only the settings."""
    return at.config


def new_run(at: Moment[Any, Any]) -> object:
    """Nothing but which run it is."""
    return at.recording


def every(at: Moment[Any, Any]) -> object:
    """All of it."""
    return at.config, at.options, at.recording, at.last, at.step, at.ghosts, at.tight
