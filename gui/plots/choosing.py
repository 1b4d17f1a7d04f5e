"""Choosing one thing of a plot: by a click, with the arrow keys, or by the page; a frame is around it."""

from typing import Any

from PySide6.QtCore import QPointF


class Choosing:
    """A mixin of a panel with a signal `selected`, which carries what the user has chosen.

    A thing is an index, or a tuple of indices: the signal then carries each of them.
    """

    selection: Any = None  # the thing that is chosen, or None

    def select(self: Any, thing: Any) -> None:
        """Frame a thing, or none."""
        self.selection = thing
        self.update()

    def _choose(self: Any, thing: Any) -> None:
        """Frame what the user has chosen, and emit it."""
        self.select(thing)
        self.selected.emit(*(thing if isinstance(thing, tuple) else (thing,)))

    def _chosen_at(self: Any, place: QPointF) -> Any:
        """Return the thing that a click at a place chooses, or None."""
        return self._found_at(place)

    def _click(self, place: QPointF) -> None:
        if (thing := self._chosen_at(place)) is not None:
            self._choose(thing)
