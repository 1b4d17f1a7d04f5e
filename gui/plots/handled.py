"""Handles of a plot of curves: rings and points that can be dragged; and how they look on paper."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.curve_names import CurveNames
from gui.plots.room import Pixels
from gui.plots.target import Handle, Target, spot_of, spots_of


class HandledCurves(CurveNames):
    """The part of a panel of curves that has its handles: `targets` has a TargetItem for each."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.handles: tuple[Handle, ...] = ()
        self.targets: list[Target] = []  # the items of the handles
        self._chosen = 0  # the handle that the keys move

    def set_handles(self, handles: Sequence[Handle]) -> None:
        """Show rings that can be dragged."""
        self.handles = tuple(handles)
        self.plot.provide(self.targets, len(handles), lambda: Target(self.theme, handles[0]))
        self._place_targets()
        self.update()

    def _place_targets(self) -> None:
        for target, one in zip(self.targets, self.handles, strict=True):
            target.handle = one
            target.stand(self.x_axis.coordinate_of(one.x), self.y_axis.coordinate_of(one.y))

    def _settle(self) -> None:
        super()._settle()
        self._show_targets()

    def _show_targets(self) -> None:
        """Show the handles; on paper, data and named values are points, and other handles are hidden."""
        told = self.handles if self.marked else self._points_on_paper(self.axes())
        shown = {one.key: one for one in told}
        for target, one in zip(self.targets, self.handles, strict=True):
            target.setVisible(one.key in shown)
            target.handle = shown.get(one.key, one)

    def _points_on_paper(self, axes: Axes) -> list[Handle]:
        """Return the handles that stand for data or named values, as points, if they are visible."""
        rect = axes.plane.rect.adjusted(-1, -1, 1, 1)
        told = [replace(one, dot=True) for one in self.handles if one.dot or one.name]
        spots = [axes.place(one.x, one.y) for one in told]
        return [one for one, spot in zip(told, spots, strict=True) if spot and rect.contains(spot)]

    def hands(self) -> list[tuple[QPointF, str]]:
        rect = self.axes().plane.rect.adjusted(-1, -1, 1, 1)
        spots = zip(spots_of(self.axes(), self.handles), self.handles, strict=True)
        return [(spot, one.free) for spot, one in spots if rect.contains(spot)]

    @property
    def grip(self) -> str | None:
        """Return the key of the handle that the keys move, while this plot has the focus."""
        return self.handles[self._index].key if self.handles and self.hasFocus() else None

    @property
    def _index(self) -> int:
        """Return the index of the handle that the keys move."""
        return min(self._chosen, len(self.handles) - 1)

    def _obstacles(self, axes: Axes) -> list[Pixels]:
        """Return where the handles are, as short vertical lines, for texts to avoid."""
        spots = [spot_of(axes, one) for one in self.handles]
        reach = self.theme.px(12)
        ends = [(spot.x(), spot.y() + side * reach) for spot in spots for side in (-1, 1)]
        return [(np.array([x - reach, x + reach]), np.array([y, y])) for x, y in ends]
