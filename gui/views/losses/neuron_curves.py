"""The curves of the two neurons: over z, where they are, and over the steps, how they got there."""

from collections.abc import Sequence

import numpy as np

from engine.activations import Array, sigmoid
from engine.neuron import NEURON_LOSSES
from engine.recording import Recording
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.curves import Curve
from gui.plots.ticks import nice_step
from gui.screen.moment import Ghost

NARROWEST, WIDEST = 8.0, 60.0  # how far z is shown to either side
TANGENT = 0.22  # of the width, to either side


def far_enough(recording: Recording, start: float) -> float:
    """How far the axis of z reaches to either side: over the whole run of both, in round steps."""
    farthest = max(float(np.abs(recording.column(f"{name}.z")).max()) for name in NEURON_LOSSES)
    wanted = 1.15 * max(farthest, abs(start))
    return min(max(NARROWEST, nice_step(wanted, 1) if wanted > 0 else 0.0), WIDEST)


def sigmoid_curve(reach: float) -> tuple[Array, Array]:
    """The sigmoid over the axis of z."""
    grid = np.linspace(-reach, reach, 301)
    return grid, sigmoid(grid)


def tangent(z: float, p: float, sigma: float, reach: float) -> tuple[Array, Array]:
    """A stretch of the tangent of the sigmoid at z, not steeper off the plot than it is high."""
    half = min(TANGENT * reach, 0.3 / max(sigma, 1e-3))
    x = z + np.array([-half, half])
    return x, p + sigma * np.array([-half, half])


def pull_map(target: float, reach: float, theme: Theme) -> list[Curve]:
    """∂L/∂z for every z, of both losses, and 0."""
    grid = np.linspace(-reach, reach, 301)
    curves = [
        Curve(name, tr(loss.title), grid, loss.chain(grid, target).by_z, theme.stroke(name), width=2.0)
        for name, loss in NEURON_LOSSES.items()
    ]
    ends = np.array([-reach, reach])
    return [*curves, Curve("zero", "", ends, np.zeros(2), theme.stroke("bound"), width=1.0)]


def over_steps(recording: Recording, key: str, theme: Theme, label: str | None = None) -> list[Curve]:
    """p or the size of ∂L/∂z of both neurons, at every step; `label` names a pinned run, once."""
    x, curves = np.arange(recording.last + 1.0), []
    for k, (name, loss) in enumerate(NEURON_LOSSES.items()):
        values = recording.column(f"{name}.{key}")
        title = tr(loss.title) if label is None else label if k == 0 else ""
        values = np.abs(values) if key == "by_z" else values
        curves.append(Curve(name, title, x, values, theme.stroke(name), ghost=label is not None, width=2.0))
    return curves


def pinned(ghosts: Sequence[Ghost], key: str, theme: Theme) -> list[Curve]:
    """The same of pinned runs."""
    return [
        curve
        for ghost in ghosts
        if ghost.recording.last >= 1
        for curve in over_steps(ghost.recording, key, theme, ghost.label)
    ]
