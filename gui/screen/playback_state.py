"""What of a playback can be taken back: settings, options, pins, branches, and where its head stood."""

from dataclasses import dataclass, field
from typing import Any

from engine.config import Config
from engine.session import Session


@dataclass(frozen=True)
class Example:
    """A session that ships, as it was opened on a playback; the title is English."""

    title: str
    session: Session

    @property
    def config(self) -> Config:
        """The settings that it opened with."""
        return self.session.config(self.session.open)


@dataclass(frozen=True)
class PlaybackMemo:
    """What of a playback stands in no session: the example that was opened, and what is seen of the plots."""

    example: Example | None = None
    sights: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaybackState:
    """A playback at one moment, in configs only: runs are made again from them, to the last bit.

    Two states are equal when they say the same, wherever the playhead (steps from 0, the start) stood.
    """

    config: Config
    options: dict[str, Any] = field(default_factory=dict)
    pins: tuple[Config, ...] = ()
    branches: tuple[Config, ...] = ()
    example: Example | None = None
    step: int = field(default=0, compare=False)
    playing: bool = field(default=False, compare=False)
