"""The part of a playback that *Undo* restores: settings, options, pins, branches, and the step."""

from dataclasses import dataclass, field
from typing import Any

from engine.config import Config
from engine.session import Session


@dataclass(frozen=True)
class Example:
    """An example session, or that of a figure, as it was opened on a playback.

    The title of an example is English, that of a figure is the name of its file.
    """

    title: str
    session: Session
    is_figure: bool = False

    @property
    def config(self) -> Config:
        """The settings with which it was opened."""
        return self.session.config(self.session.open)


@dataclass(frozen=True)
class PlaybackMemo:
    """The part of a playback that is not in a session: the opened example, and the zoom of the plots."""

    example: Example | None = None
    sights: dict[Any, Any] = field(default_factory=dict)


@dataclass(eq=False)
class StopScene:
    """The scene of a lesson's stop, while it is on a playback; what is edited there belongs to it.

    Nothing after the step `held` is shown until the lesson sets it to None: it is to be sketched first.
    """

    held: int | None = None


@dataclass(frozen=True)
class PlaybackState:
    """The state of a playback as configs only: runs are made again from them, identical to the last bit.

    The step of the playhead (from 0, the start) does not count when states are compared, nor does the scene.
    """

    config: Config
    options: dict[str, Any] = field(default_factory=dict)
    pins: tuple[Config, ...] = ()
    branches: tuple[Config, ...] = ()
    example: Example | None = None
    step: int = field(default=0, compare=False)
    playing: bool = field(default=False, compare=False)
    scene: StopScene | None = field(default=None, compare=False)
