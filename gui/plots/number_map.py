"""A heat map of numbers of any size: written with a few digits, coloured by their logarithms where asked."""

from collections.abc import Sequence

import numpy as np

from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.described import Columns
from gui.plots.heatmap import HeatmapPanel
from gui.plots.scale import FloatArray

DIGITS = 3


class NumberMap(HeatmapPanel):
    """Cells with numbers, which may be many decades apart. A cell without one is empty."""

    _logarithmic = False

    def set_numbers(
        self, values: FloatArray, rows: Sequence[str], columns: Sequence[str], *, log: bool = False
    ) -> None:
        """Show values (rows, columns) with their labels; with `log` the colours follow log₁₀ of them."""
        self._logarithmic = log
        if log:
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.log10(values)
        known = values[np.isfinite(values)]
        self.set_matrix(values, rows, columns, limit=float(known.max()) if known.size else None)

    def table(self) -> Columns:
        """The labels of the rows, then the numbers, column by column."""
        head, *rest = super().table()
        return [head, *((name, self._number(np.asarray(column, float))) for name, column in rest)]

    def _number(self, values: FloatArray) -> FloatArray:
        return np.power(10.0, values) if self._logarithmic else values

    def _ways(self, values: list[float]) -> list[list[str]]:
        return [[self._text(value, digits) for value in values] for digits in (DIGITS, DIGITS - 1)]

    def _written(self, value: float) -> str:
        return self._text(value, DIGITS)

    def _text(self, value: float, digits: int) -> str:
        """Return the number of a cell with a few digits; nothing where there is none."""
        number = float(self._number(np.array(value)))
        if np.isnan(number):
            return ""
        return tr("diverged") if np.isinf(number) else short_text(number, digits)
