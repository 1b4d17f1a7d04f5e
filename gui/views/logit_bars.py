"""Logits as bars that can be dragged: their axis, and the values after a drag."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.plots.bars import Bars, BarsPanel

REACH = 5.0  # the least end of the axis of logits


def draw_logits(
    panel: BarsPanel,
    names: Sequence[str],
    z: NDArray[np.floating[Any]],
    true: int | None,
    limits: tuple[float, float] | None,
) -> None:
    """Show logits on an axis that changes only if they do not fit; `limits` are the present ones, or None."""
    largest, (_, reach) = float(abs(z).max()), limits or (0.0, REACH)
    if largest > reach or largest < reach / 20:
        reach = max(REACH, 1.25 * largest)
    panel.set_axes(("", ""), ("z", ""), (-reach, reach))
    panel.set_bars(tuple(names), [Bars("z", "z", z, panel.theme.stroke("logit"))], highlight=true)


def with_dragged(panel: BarsPanel, logits: Sequence[float], index: int, value: float) -> tuple[float, ...]:
    """Return the logits with one that was dragged, rounded to hundredths; on a long axis to whole numbers."""
    reach = (panel.limits or (0.0, 0.0))[1]
    return tuple(
        round(value, 2 if reach < 100 else 0) if place == index else z for place, z in enumerate(logits)
    )
