"""What of a page can be taken back: its settings, options and pinned runs, and where the playhead stood."""

from dataclasses import dataclass, field
from typing import Any

from engine.config import Config


@dataclass(frozen=True)
class Example:
    """A session that ships, as it was opened on a page; the title is English."""

    title: str
    config: Config


@dataclass(frozen=True)
class PageState:
    """A page at one moment, in configs only: runs are made again from them, to the last bit.

    Two states are equal when they say the same, wherever the playhead (steps from 0, the start) stood.
    """

    config: Config
    options: dict[str, Any] = field(default_factory=dict)
    pins: tuple[Config, ...] = ()
    example: Example | None = None
    step: int = field(default=0, compare=False)
    playing: bool = field(default=False, compare=False)
