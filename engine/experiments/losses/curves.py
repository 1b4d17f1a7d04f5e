"""Losses ▸ Loss curves: values and slopes of the losses over a prediction or its logit.

A run is one frame: it is computed again while a value is dragged.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.activations import Array, d_sigmoid, sigmoid
from engine.experiment import Experiment, Frame
from engine.experiments.losses.curves_config import ENDS, CurvesConfig
from engine.gradient_check import GradientCheck
from engine.losses.loss_curves import OVER, LossCurve, check_slope, flat_ranges, loss_curve

__all__ = ["ENDS", "EXPERIMENT", "CurvesConfig", "CurvesSnapshot", "DrawnLoss", "frames"]

FINE = 481  # points over the axis
BESIDE = 1e-9  # the distance between a kink and its two sides on the grid


class DrawnLoss(NamedTuple):
    """One loss: its curves, and its numbers at the point."""

    values: Array  # [grid]
    slopes: Array  # [grid]; NaN at a kink
    value: float
    slope: float
    sides: tuple[float, float] | None  # of the slope, where the point is a kink
    kinks: tuple[tuple[float, float, float], ...]  # where, and the slopes left and right of it
    flat: tuple[tuple[float, float], ...]  # where it saturates
    by_prediction: float | None  # ∂L/∂p at the point: over a logit, the first factor of the slope
    check: GradientCheck | None


class CurvesSnapshot(NamedTuple):
    """Everything about the point and the target."""

    grid: Array
    prediction: float  # p at the point
    sigma: float  # σ′ at the point; 1 where the axis is the prediction itself
    losses: dict[str, DrawnLoss]


def frames(config: CurvesConfig) -> Iterator[Frame[CurvesSnapshot]]:
    """Yield the only frame of the run."""
    shot = snapshot(config)
    scalars = {f"{name}.value": found.value for name, found in shot.losses.items()}
    scalars |= {f"{name}.slope": found.slope for name, found in shot.losses.items()}
    yield Frame(0, scalars, shot)


def snapshot(config: CurvesConfig) -> CurvesSnapshot:
    """All losses that can be drawn over this axis."""
    over, y, x = config.over, config.y, config.point
    curves = {name: loss_curve(name, over, y, config.parameters) for name in OVER[over]}
    grid = axis(config, curves)
    logits = over == "logit"
    predictions = sigmoid(grid) if logits else grid
    p = float(sigmoid(np.array(x))) if logits else x
    return CurvesSnapshot(
        grid=grid,
        prediction=p,
        sigma=float(d_sigmoid(np.array(x))) if logits else 1.0,
        losses={name: _drawn(config, name, curve, grid, predictions, p) for name, curve in curves.items()},
    )


def axis(config: CurvesConfig, curves: dict[str, LossCurve]) -> Array:
    """The grid: from end to end, with the point, the target, and every kink and its two sides in it."""
    low, high = ENDS[config.over]
    grid = np.linspace(low, high, FINE)
    if config.over == "probability":  # closer at the ends, where the curves are steep
        grid = 0.5 - 0.5 * np.cos(np.pi * grid)
    kinks = [kink for curve in curves.values() for kink in curve.kinks]
    beside = [kink + side for kink in kinks for side in (-BESIDE, BESIDE)]
    places = [config.point, config.y, config.best, *kinks, *beside]
    return np.union1d(grid, [place for place in places if low <= place <= high])


def _drawn(
    config: CurvesConfig, name: str, curve: LossCurve, grid: Array, predictions: Array, p: float
) -> DrawnLoss:
    """The values and slopes of one loss over the grid, and its numbers at the point."""
    x = config.point
    slopes = curve.slope(grid)
    slopes[np.isin(grid, curve.kinks)] = np.nan
    low, high = ENDS[config.over]
    kinks = [(kink, *sides) for kink in curve.kinks if low <= kink <= high and (sides := curve.sides(kink))]
    over_p = None if name == "hinge" else loss_curve(name, "probability", config.y, config.parameters)
    return DrawnLoss(
        values=curve.value(grid),
        slopes=slopes,
        value=curve.value_at(x),
        slope=curve.slope_at(x),
        sides=curve.sides(x),
        kinks=tuple(kinks),
        flat=flat_ranges(curve, grid, predictions, config.y),
        by_prediction=None if over_p is None else over_p.slope_at(p),
        check=check_slope(curve, config.over, x),
    )


EXPERIMENT = Experiment(
    name="losses.curves",
    title="Loss curves",
    config_type=CurvesConfig,
    frames=frames,
    last_step=lambda config: 0,
    cheap=True,
)
