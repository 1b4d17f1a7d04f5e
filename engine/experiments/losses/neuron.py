"""Losses ▸ Sigmoid: one neuron with a confident wrong start learns by squared error and by cross-entropy.

Recorded at every step for each loss, such as "squared_error": its `weight` and `bias`, `z`, `p`, `loss`, and
the factors of the chain rule: `by_p` (∂L/∂p), `sigma` (σ′), `by_z` (∂L/∂z). All steps are computed at once.
"""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np

from engine.activations import Array, sigmoid
from engine.config import Config, number
from engine.experiment import Experiment, Frame
from engine.gradient_check import GradientCheck, check_gradient
from engine.losses.neuron import NEURON_LOSSES, error, train
from engine.optimizers.descent import GradientDescent
from engine.optimizers.schedules import ConstantRate, Schedule, schedule_field
from engine.recording import Recording
from engine.training import frames_at_once


class NeuronConfig(Config, frozen=True):
    """The start of both neurons, their target, and the learning rates."""

    weight: Annotated[
        float, number("Weight", "The weight at the start.", symbol="w", ge=-100, le=100, soft=(-5, 5))
    ] = 2.0
    bias: Annotated[
        float, number("Bias", "The bias at the start.", symbol="b", ge=-100, le=100, soft=(-10, 10))
    ] = 2.0
    target: Annotated[
        float,
        number(
            "Target",
            "What the neuron should answer; between 0 and 1 it is a soft label.",
            symbol="y",
            ge=0,
            le=1,
        ),
    ] = 0.0
    learning_rate: Annotated[
        float,
        number(
            "Learning rate",
            "How far a step goes against the gradient.",
            symbol="η",
            gt=0,
            le=1000,
            scale="log",
            soft=(0.001, 10),
        ),
    ] = 0.15
    schedule: Annotated[Schedule, schedule_field()] = ConstantRate()
    factor: Annotated[
        float,
        number(
            "Squared error: η ×",
            "The squared error's own learning rate is η times this: is a larger one all it needs?",
            gt=0,
            le=1e6,
            scale="log",
            soft=(1, 1e5),
        ),
    ] = 1.0
    steps: Annotated[
        int,
        number(
            "Steps", "How many steps both neurons are trained.", ge=1, le=2000, scale="log", soft=(10, 2000)
        ),
    ] = 300
    tolerance: Annotated[
        float,
        number(
            "Recovered within",
            "A neuron has recovered when |p − y| is less than this.",
            gt=0,
            le=1,
            soft=(0.01, 0.5),
        ),
    ] = 0.25
    input: Annotated[
        float,
        number(
            "Input", "The one input, always the same.", symbol="x", ge=-10, le=10, soft=(-3, 3), more=True
        ),
    ] = 1.0

    @property
    def start(self) -> float:
        """z = w·x + b of both neurons before the first step."""
        return self.weight * self.input + self.bias

    def rate(self, name: str) -> float:
        """The learning rate of a loss, before the schedule changes it."""
        return self.learning_rate * (self.factor if name == "squared_error" else 1.0)

    def descent(self, name: str) -> GradientDescent:
        """The rule by which a neuron learns: gradient descent with the learning rate of its loss."""
        return GradientDescent(learning_rate=self.rate(name), schedule=self.schedule)


class NeuronRecovery(NamedTuple):
    """The first step at which |p − y| is below the tolerance, or None; and whether it stays below."""

    step: int | None
    stays: bool


class NeuronInspection(NamedTuple):
    """One neuron at one step."""

    weight: float
    bias: float
    z: float
    p: float
    loss: float
    by_p: float  # ∂L/∂p
    sigma: float  # σ′(z)
    by_z: float  # ∂L/∂z
    check: GradientCheck  # of (∂L/∂w, ∂L/∂b)


Recoveries = dict[str, NeuronRecovery]  # of each loss: the snapshot


def frames(config: NeuronConfig) -> Iterator[Frame[Recoveries]]:
    """Yield the start, then all steps at once."""
    columns: dict[str, Array] = {}
    recoveries: Recoveries = {}
    for name, loss in NEURON_LOSSES.items():
        path = train(
            loss.d_z,
            config.weight,
            config.bias,
            config.input,
            config.target,
            config.descent(name).rates(1),
            config.steps,
        )
        z = path.weight * config.input + path.bias
        chain = loss.chain(z, config.target)
        measured = {
            "weight": path.weight,
            "bias": path.bias,
            "z": z,
            "p": sigmoid(z),
            "loss": loss.value(z, config.target),
            **chain._asdict(),
        }
        columns |= {f"{name}.{key}": values for key, values in measured.items()}
        recoveries[name] = recovery(error(z, config.target), config.tolerance)
    yield from frames_at_once(columns, recoveries, config.steps)


def recovery(errors: Array, tolerance: float) -> NeuronRecovery:
    """When |p − y|, from p − y at each step, is first below the tolerance, and whether it stays below."""
    within = np.abs(errors) < tolerance
    if not within.any():
        return NeuronRecovery(None, False)
    first = int(within.argmax())
    return NeuronRecovery(first, bool(within[first:].all()))


def inspect(config: NeuronConfig, recording: Recording, step: int, name: str) -> NeuronInspection:
    """The factors of one neuron's gradient at a step, and its check with finite differences of the loss."""
    loss, x = NEURON_LOSSES[name], config.input
    found = {
        key: float(recording.column(f"{name}.{key}")[step])
        for key in ("weight", "bias", "z", "p", "loss", "by_p", "sigma", "by_z")
    }

    def value(at: Array) -> Array:
        return loss.value(at[0] * x + at[1], config.target)

    gradient, at = (x * found["by_z"], found["by_z"]), (found["weight"], found["bias"])
    return NeuronInspection(**found, check=check_gradient(value, gradient, at))


EXPERIMENT = Experiment(
    name="losses.neuron",
    title="Sigmoid: cross-entropy or squared error",
    config_type=NeuronConfig,
    frames=frames,
    last_step=lambda config: config.steps,
    cheap=True,
)
