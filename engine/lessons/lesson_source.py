"""The text of a lesson's file as it is written: its head and its stops, each the very lines of the file.

A lesson that is edited is kept so: what is not touched stays as somebody has typed it, to the last byte. It
need not be a whole lesson at every moment.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.lessons.lesson_file import STOP
from engine.lessons.lesson_text import FENCE

FIRST = re.compile(r"line (\d+)")


@dataclass(frozen=True)
class LessonSource:
    """The head and the stops of a lesson, as text."""

    head: str
    stops: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> "LessonSource":
        """Take the text of a file apart, whatever stands in it; `text` puts it together again."""
        parts, fenced = [""], False
        for line in text.splitlines(keepends=True):
            fenced ^= line.startswith(FENCE)
            if not fenced and line.startswith(STOP):
                parts.append("")
            parts[-1] += line
        return cls(parts[0], tuple(parts[1:]))

    @property
    def text(self) -> str:
        """The text of the file."""
        return self.head + "".join(self.stops)

    @property
    def names(self) -> tuple[str, ...]:
        """What stands over each stop."""
        return tuple(stop.partition("\n")[0][len(STOP) :].strip() for stop in self.stops)

    def part(self, index: int) -> str:
        """The text of a stop, counted from 0; −1 is the head."""
        return self.head if index < 0 else self.stops[index]

    def begins(self, index: int) -> int:
        """How many lines stand before a part."""
        before = "" if index < 0 else self.head + "".join(self.stops[:index])
        return len(before.splitlines())

    def at(self, line: int) -> int:
        """The part in which a line (counted from 1) of the file stands."""
        return max((k for k in range(-1, len(self.stops)) if self.begins(k) < line), default=-1)

    def place(self, where: str) -> tuple[int, int]:
        """The part and the line in it, from 1, of a place that an error names: "line 12, column 3"."""
        found = FIRST.match(where)
        line = int(found[1]) if found else 1
        part = self.at(line)
        return part, line - self.begins(part)

    # What an author does

    def with_part(self, index: int, text: str) -> "LessonSource":
        """The same with another text in a part; a text with further headings becomes further stops."""
        parts = [self.head, *self.stops]
        parts[index + 1] = _spaced(text) if index + 1 < len(self.stops) else text
        return LessonSource.of("".join(_apart(parts)))

    def added(self, index: int, text: str) -> "LessonSource":
        """The same with a new stop before the stop `index`."""
        before = [*self.stops[:index]]
        if before and not before[-1].endswith(("\n\n", "\n\r\n")):
            before[-1] = _spaced(before[-1])
        after = self.stops[index:]
        stops = [*before, _spaced(text) if after else text, *after]
        return self._with_stops(stops, [*self._meant[:index], None, *self._meant[index:]])

    def without(self, index: int) -> "LessonSource":
        """The same without a stop."""
        meant = self._meant
        return self._with_stops(
            [*self.stops[:index], *self.stops[index + 1 :]], [*meant[:index], *meant[index + 1 :]]
        )

    def moved(self, index: int, by: int) -> "LessonSource":
        """The same with a stop so many places further down, as far as there are any."""
        to = max(0, min(index + by, len(self.stops) - 1))
        stops, meant = list(self.stops), list(self._meant)
        stops.insert(to, stops.pop(index))
        meant.insert(to, meant.pop(index))
        return self._with_stops(stops, meant)

    @property
    def _meant(self) -> list[str | None]:
        """The experiment of each stop, also where it is that of the stop before; None where none is named."""
        found: list[str | None] = []
        for stop in self.stops:
            found.append(_experiment(stop) or (found[-1] if found else None))
        return found

    def _with_stops(self, stops: Sequence[str], meant: Sequence[str | None]) -> "LessonSource":
        """Other stops; one that took its experiment from the stop before names it where that is another."""
        made, before = list[str](), None
        for stop, name in zip(stops, meant, strict=True):
            own = _experiment(stop)
            if name is not None and own is None and name != before:
                stop = _with_experiment(stop, name)
            before = name or own or before
            made.append(stop)
        head, *rest = _apart([self.head, *made])
        return replace(self, head=head, stops=tuple(rest))


def block_of(stop: str) -> dict[str, Any]:
    """What stands in the block of a stop; nothing where that cannot be read."""
    lines = stop.splitlines()
    begins = next((k for k, line in enumerate(lines) if line.rstrip() == f"{FENCE}toml"), None)
    if begins is None:
        return {}
    ends = next((k for k in range(begins + 1, len(lines)) if lines[k].rstrip() == FENCE), begins)
    try:
        return tomllib.loads("\n".join(lines[begins + 1 : ends]))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def with_block(stop: str, lines: Sequence[str]) -> str:
    """A stop with other lines in its block; one without a block gets one under its heading."""
    found = re.search(rf"(?ms)^{FENCE}toml[ \t]*\r?\n(.*?)^{FENCE}[ \t]*\r?$", stop)
    block = "".join(f"{line}\n" for line in lines)
    if found is not None:
        return stop[: found.start(1)] + block + stop[found.end(1) :]
    heading, end, rest = stop.partition("\n")
    return f"{heading}{end or chr(10)}\n{FENCE}toml\n{block}{FENCE}\n{rest}"


def _experiment(stop: str) -> str | None:
    name = block_of(stop).get("experiment")
    return name if isinstance(name, str) and name else None


def _with_experiment(stop: str, name: str) -> str:
    line = f'experiment = "{name}"'
    return re.sub(
        rf"(?m)^({FENCE}toml[ \t]*)(\r?\n)", lambda found: f"{found[0]}{line}{found[2]}", stop, count=1
    )


def _apart(parts: Sequence[str]) -> list[str]:
    """Each part but the last ends with its line: else the next heading would be a part of it."""
    last = max((k for k, part in enumerate(parts) if part), default=0)
    return [
        f"{part}\n" if part and k < last and not part.endswith("\n") else part for k, part in enumerate(parts)
    ]


def _spaced(text: str) -> str:
    """A part that ends with an empty line."""
    return text.rstrip() + "\n\n"
