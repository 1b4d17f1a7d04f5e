"""Logits as bars that are dragged: their axis, and what the mouse makes of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.plots.bars import Bars, BarsPanel

REACH = 5.0  # of the axis of logits, at least


def draw_logits(
    panel: BarsPanel,
    names: Sequence[str],
    z: NDArray[np.floating[Any]],
    true: int | None,
    limits: tuple[float, float] | None,
) -> None:
    """Draw them on an axis that waits until they need another; `limits` are those of now, if they count."""
    largest, (_, reach) = float(abs(z).max()), limits or (0.0, REACH)
    if largest > reach or largest < reach / 20:
        reach = max(REACH, 1.25 * largest)
    panel.set_axes(("", ""), ("z", ""), (-reach, reach))
    panel.set_bars(tuple(names), [Bars("z", "z", z, panel.theme.stroke("logit"))], highlight=true)


def with_dragged(panel: BarsPanel, logits: Sequence[float], index: int, value: float) -> tuple[float, ...]:
    """The logits with one that was dragged: to hundredths, on a long axis to whole numbers."""
    reach = (panel.limits or (0.0, 0.0))[1]
    return tuple(
        round(value, 2 if reach < 100 else 0) if place == index else z for place, z in enumerate(logits)
    )
