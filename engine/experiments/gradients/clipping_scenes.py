"""Losses with exploding gradients: a cliff, a recurrent net of one unit, and a net that learns to remember.

    one unit    hₜ = w·σ(hₜ₋₁) + b,  h₀ = ½,  L = (σ(h₅₀) − 0.7)²       (Pascanu, Mikolov & Bengio, 2013)
    ∂L/∂hₜ₋₁ = ∂L/∂hₜ · w·σ′(hₜ₋₁)       fifty factors: their product is nearly 0, or huge

The net reads ±1 at its first step and noise after it; at the end, its output should be what it read first.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.activations import sigmoid
from engine.networks.layout import ParameterLayout
from engine.recurrent.fast.table import sequence_of
from engine.recurrent.fast.workspace import Sequence
from engine.recurrent.through_time import CELLS
from engine.surfaces.classic import SURFACES

Vector = NDArray[np.float64]
Bounds = tuple[tuple[float, float], tuple[float, float]]


class SceneGradient(NamedTuple):
    """The loss and its gradient."""

    loss: float
    gradient: Vector


class ClippingScene(Protocol):
    """A loss as a function of parameters θ."""

    def start(self) -> Vector:
        """The first θ."""

    def at(self, theta: Vector, step: int) -> SceneGradient:
        """Loss and gradient at θ, on the data of step `step` (from 1)."""

    def loss(self, theta: Vector, step: int) -> float:
        """The loss alone."""


@dataclass(frozen=True)
class PlaneScene:
    """A scene with two parameters, so that its loss can be drawn as a surface."""

    place: tuple[float, float]

    bounds: Bounds = ((0.0, 1.0), (0.0, 1.0))
    names: tuple[str, str] = ("x", "y")

    def start(self) -> Vector:
        """The start that the user has set."""
        return np.array(self.place)

    def value(self, x: Any, y: Any) -> Any:
        """The loss at (x, y), numbers or arrays."""
        raise NotImplementedError

    def at(self, theta: Vector, step: int) -> SceneGradient:
        """Loss and gradient; the same at every step."""
        raise NotImplementedError

    def loss(self, theta: Vector, step: int) -> float:
        """The loss alone."""
        return float(self.value(*map(float, theta)))


@dataclass(frozen=True)
class CliffScene(PlaneScene):
    """A bowl with a wall in it."""

    bounds: Bounds = SURFACES["cliff"].bounds

    def value(self, x: Any, y: Any) -> Any:
        """0.1·((x+2)² + y²) + 2·(1 + tanh 25(x−1))."""
        return SURFACES["cliff"].value(x, y)

    def at(self, theta: Vector, step: int) -> SceneGradient:
        """Loss and gradient at θ = (x, y)."""
        x, y = map(float, theta)
        return SceneGradient(float(self.value(x, y)), np.array(SURFACES["cliff"].gradient(x, y)))


UNIT_STEPS, UNIT_GOAL = 50, 0.7


@dataclass(frozen=True)
class OneUnit(PlaneScene):
    """The recurrent net of one unit: θ = (w, b)."""

    bounds: Bounds = ((3.0, 8.0), (-4.0, -1.0))
    names: tuple[str, str] = ("w", "b")

    def value(self, x: Any, y: Any) -> Any:
        """(σ(h₅₀) − 0.7)² for weights x and biases y, of any shape."""
        h = 0.5 + 0.0 * (x + y)
        for _ in range(UNIT_STEPS):
            h = x * sigmoid(np.asarray(h)) + y
        return (sigmoid(np.asarray(h)) - UNIT_GOAL) ** 2

    def at(self, theta: Vector, step: int) -> SceneGradient:
        """Forward through fifty steps, and backward through time."""
        w, b = map(float, theta)
        output = _sigmoid(0.5)
        outputs = []  # σ(h₀), σ(h₁), … before the last one
        for _ in range(UNIT_STEPS):
            outputs.append(output)
            h = w * output + b
            output = 1 / (1 + exp(-h)) if h > -700 else 0.0  # `_sigmoid`, without 22,500 calls for a run
        d_h = 2 * (output - UNIT_GOAL) * output * (1 - output)
        d_w = d_b = 0.0
        for s in reversed(outputs):
            d_w += d_h * s
            d_b += d_h
            d_h *= w * s * (1 - s)
        return SceneGradient((output - UNIT_GOAL) ** 2, np.array([d_w, d_b]))


def _sigmoid(z: float) -> float:
    """σ of one Python float, many times faster than of an array."""
    return 1 / (1 + exp(-z)) if z > -700 else 0.0


@dataclass(frozen=True)
class Net:
    """A plain recurrent net that learns to remember a sign: θ = (the cell's parameters, the readout)."""

    seed: int
    length: int  # steps of a sequence
    gain: float  # the recurrent weights begin as an orthogonal matrix times this
    hidden: int = 16
    batch: int = 32
    noise: float = 0.1

    def start(self) -> Vector:
        """The drawn weights, the recurrent ones times the gain."""
        rng, cell, theta = np.random.default_rng(self.seed), self._sequence.cell, np.zeros(self._layout.count)
        of_cell, readout = self._layout.views(theta)
        of_cell[...] = cell.draw(rng, dtype=np.float64)
        cell.parameters(of_cell).hidden_state.of_state[...] *= self.gain
        readout[...] = rng.normal(size=self.hidden) / self.hidden**0.5
        return theta

    def examples(self, step: int) -> tuple[Vector, Vector]:
        """The batch of a step, the same in every call: x[steps, batch, 1] and the sign at its beginning."""
        return _examples(self.seed, step, self.length, self.batch, self.noise)

    @cached_property
    def _sequence(self) -> Sequence:
        """A workspace for a batch: the same as `engine.recurrent.through_time`, several times faster."""
        return sequence_of(CELLS["rnn"](1, self.hidden), self.length, self.batch, np.float64)

    @cached_property
    def _layout(self) -> ParameterLayout:
        """Where the cell's parameters and the readout are in θ."""
        return ParameterLayout({"cell": (self._sequence.cell.count,), "readout": (self.hidden,)})

    def _error(self, theta: Vector, step: int) -> tuple[Vector, Vector]:
        """The last state h[batch, hidden], and o − sign there, o = r·h."""
        x, sign = self.examples(step)
        of_cell, readout = self._layout.views(theta)
        last = self._sequence.forward(of_cell, x)[-1]
        return last, last @ readout - sign

    def at(self, theta: Vector, step: int) -> SceneGradient:
        """Mean of ½(o − sign)² over the batch, o = r·h at the last step; and its gradient."""
        last, wrong = self._error(theta, step)
        d_output = wrong / self.batch
        d_hidden = np.zeros((self.length, *last.shape))
        d_hidden[-1] = np.outer(d_output, self._layout.view(theta, "readout"))
        gradient = np.concatenate([self._sequence.backward(d_hidden), d_output @ last])
        return SceneGradient(float(0.5 * (wrong @ wrong) / self.batch), gradient)

    def loss(self, theta: Vector, step: int) -> float:
        """The loss alone, without a backward pass."""
        _, wrong = self._error(theta, step)
        return float(0.5 * (wrong @ wrong) / self.batch)


@lru_cache(maxsize=4)  # drawn once for all three runs, and for all points along a step
def _examples(seed: int, step: int, length: int, batch: int, noise: float) -> tuple[Vector, Vector]:
    """x[steps, batch, 1] with a sign at its first step and noise after it, and the sign [batch]."""
    rng = np.random.default_rng((seed, step))
    x = noise * rng.normal(size=(length, batch, 1))
    sign = rng.choice([-1.0, 1.0], size=batch)
    x[0, :, 0] = sign
    for array in (x, sign):
        array.flags.writeable = False
    return x, sign
