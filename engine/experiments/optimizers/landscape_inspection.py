"""The details of a frame of *Network landscape*: the table, a point of a path, the gradient on the map."""

from math import nan
from typing import NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS
from engine.experiments.optimizers.landscape import loss_over
from engine.experiments.optimizers.landscape_config import LandscapeConfig, LandscapeTask
from engine.experiments.optimizers.landscape_timeline import Chart, LandscapeSnapshot, timeline
from engine.gradient_check import GradientCheck, check_gradient
from engine.networks.network_landscape import Array
from engine.recording import Recording


class LandscapeResult(NamedTuple):
    """One racer's line of the table at a frame; NaN where a value is unknown."""

    loss: float  # over all training examples
    accuracy: float  # of the held-out examples
    distance: float  # ‖θ − θ₀‖
    in_plane: float  # fraction of the path in the plane, see `in_plane`
    projected: float  # the loss at the projection
    lost: int | None  # the step at which it diverged, if it has


class PointLook(NamedTuple):
    """One point of a path, and its projection."""

    step: int
    coordinates: tuple[float, float]  # α₁, α₂
    distance: float  # ‖θ − θ*‖
    error: float  # ‖θ − θ′‖
    loss: float
    projected: float  # the loss at θ′


class Slope(NamedTuple):
    """The gradient on the plane at a point, and its check with finite differences."""

    gradient: tuple[float, float]  # ∂L/∂α₁, ∂L/∂α₂
    check: GradientCheck


def snapshot_at(recording: Recording, frame: int) -> LandscapeSnapshot:
    """The last snapshot at or before a frame."""
    found: LandscapeSnapshot = recording.snapshot(frame)[1]
    return found


def results(config: LandscapeConfig, recording: Recording, frame: int) -> list[LandscapeResult]:
    """The table, a line for each racer."""
    time, snapshot = timeline(config), snapshot_at(recording, frame)
    point = time.point(frame)
    lines = []
    for i, lost in enumerate(snapshot.lost):
        lost_by_now = lost if lost is not None and lost <= time.at[point] else None
        loss, accuracy, distance = (
            _entry(time.of_training(recording, f"{i}.{name}"), point)
            for name in ("loss", "accuracy", "distance")
        )
        fraction = nan if snapshot.chart is None else in_plane(snapshot.chart, i)
        projected = _entry(time.of_walk(recording, f"{i}.projected"), point) if frame >= time.walk else nan
        lines.append(LandscapeResult(loss, accuracy, distance, fraction, projected, lost_by_now))
    return lines


def _entry(column: Array, point: int) -> float:
    """A value of a column, or NaN if the column is too short."""
    return float(column[point]) if point < len(column) else nan


def in_plane(chart: Chart, racer: int) -> float:
    """The fraction of a path in the plane, 1 − Σ‖θ−θ′‖² / Σ‖θ−θ*‖² over its points; NaN if all are θ*."""
    known = np.isfinite(chart.distance[racer])
    whole = float((chart.distance[racer][known] ** 2).sum())
    left = float((chart.error[racer][known] ** 2).sum())
    return 1.0 - left / whole if whole > 0 else nan


def relative_error(chart: Chart, racer: int) -> Array:
    """‖θ − θ′‖ / ‖θ − θ*‖ at each point of a path; NaN at θ* itself and where the racer has diverged."""
    away = chart.distance[racer]
    relative: Array = np.full(away.shape, nan)
    np.divide(chart.error[racer], away, out=relative, where=away > 0)
    return relative


def look(config: LandscapeConfig, recording: Recording, frame: int, racer: int) -> PointLook | None:
    """The point of a racer at a frame; None without a plane, or if the racer has diverged."""
    time, chart = timeline(config), snapshot_at(recording, frame).chart
    point = time.point(frame)
    if chart is None or not np.isfinite(chart.points[racer, point]).all():
        return None
    alpha, beta = chart.points[racer, point].tolist()
    found = results(config, recording, frame)[racer]
    return PointLook(
        int(time.at[point]),
        (alpha, beta),
        float(chart.distance[racer, point]),
        float(chart.error[racer, point]),
        found.loss,
        found.projected,
    )


def slope(config: LandscapeConfig, task: LandscapeTask, chart: Chart, at: tuple[float, float]) -> Slope:
    """∂L/∂α₁ = ∇L(θ′)·δ₁ and ∂L/∂α₂ = ∇L(θ′)·δ₂, from the network's backward pass, checked on the map."""
    network, data = task
    loss = loss_over(task, chart.plane)
    rows = data.training
    x = data.inputs[rows].astype(np.float64)

    def sides(point: Array) -> np.ndarray:
        forward = network.forward(chart.plane.at(*point.tolist()), x)
        return np.concatenate([cache.z.ravel() > 0 for cache in forward.hidden])

    kinked = ACTIVATIONS[config.activation].kinked and config.layers > 0
    with np.errstate(all="ignore"):
        whole = network.loss_and_gradient(
            chart.plane.at(*at), x, data.targets[rows].astype(np.float64)
        ).gradient
        gradient = chart.plane.axes @ whole
        found = check_gradient(
            lambda point: loss.value(*point.tolist()), gradient, at, sides=sides if kinked else None
        )
    return Slope((float(gradient[0]), float(gradient[1])), found)
