"""The text of a lesson while it is written: the part that is shown, what is typed into it, the way back."""

from collections.abc import Callable

from engine.lessons.lesson_source import LessonSource

KEPT = 100  # states of the stops that can be taken back


class LessonWriting:
    """A lesson in parts, of which one is shown: a stop, counted from 0, or the head, −1.

    What is typed into a part may make further stops of it, once it is taken for good.
    """

    def __init__(self, source: LessonSource, part: int = 0) -> None:
        self.settled = source  # without what is typed into the part that is shown
        self.part = part
        self._typed: str | None = None
        self._before: list[tuple[LessonSource, int]] = []

    @property
    def source(self) -> LessonSource:
        """The whole text as it is now."""
        return self.settled if self._typed is None else self.settled.with_part(self.part, self._typed)

    @property
    def shown(self) -> str:
        """The text of the part that is shown, with what is typed into it."""
        return self.settled.part(self.part) if self._typed is None else self._typed

    @property
    def undoes(self) -> bool:
        """Whether there is a change of the stops to take back."""
        return bool(self._before)

    def type(self, text: str) -> None:
        """Let the part that is shown have this text."""
        as_it_was = text == self.settled.part(self.part).replace("\r\n", "\n")
        self._typed = None if as_it_was else text

    def settle(self) -> LessonSource:
        """Take what was typed for good; return the whole text."""
        self.settled, self._typed = self.source, None
        return self.settled

    def choose(self, part: int) -> None:
        """Show another part."""
        self.part = max(-1, min(part, len(self.settle().stops) - 1))

    # The stops

    def add(self, stop: str) -> None:
        """Add a stop after the one that is shown; from the head, at the end."""
        source = self.settle()
        at = self.part + 1 if self.part >= 0 else len(source.stops)
        self._change(source.added(at, stop), at)

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Change the text of the stop that is shown."""
        source = self.settle()
        self._change(source.with_part(self.part, change(source.stops[self.part])), self.part)

    def move(self, by: int) -> bool:
        """Move the stop that is shown by so many places; return whether there is such a place."""
        source, there = self.settle(), self.part + by
        moves = 0 <= there < len(source.stops)
        if moves:
            self._change(source.moved(self.part, by), there)
        return moves

    def remove(self) -> bool:
        """Remove the stop that is shown; return whether it may go: one stop stays."""
        source = self.settle()
        goes = self.part >= 0 and len(source.stops) > 1
        if goes:
            self._change(source.without(self.part), min(self.part, len(source.stops) - 2))
        return goes

    def _change(self, source: LessonSource, part: int) -> None:
        """Have other stops; what was before can be taken back."""
        self._before = [*self._before, (self.settled, self.part)][-KEPT:]
        self.settled, self._typed, self.part = source, None, part

    def undo(self) -> None:
        """Take the last change of the stops back."""
        if self._before:
            (self.settled, self.part), self._typed = self._before.pop(), None

    def line_of(self, where: str) -> tuple[int, int, int]:
        """Find a place that an error names: its line in what is shown, or 0; its part, and its line there."""
        source = self.source
        part, line = source.place(where)
        here = line + source.begins(part) - self.settled.begins(self.part)
        return here if 0 < here <= len(self.shown.splitlines()) else 0, part, line
