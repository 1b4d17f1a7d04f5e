"""Optimizers ▸ Moving averages: a noisy series, and its running averages for several β.

Recorded at step t: `series` (x_t), `signal` (x_t without its noise, if that is known) and, for the i-th β,
`i.average`. Step 0 is before the first value.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Annotated, NamedTuple

import numpy as np

from engine.config import Config, Problem, Tagged, choice, number, plain
from engine.data.settings import Digits
from engine.data.training_data import dividing, streams
from engine.experiment import Experiment, Frame
from engine.linear.mini_batches import Batches
from engine.networks.network import Network
from engine.optimizers.adam import Adam
from engine.optimizers.averages import Array, moving_average
from engine.optimizers.descent import SGD
from engine.optimizers.trainer import Learner
from engine.optimizers.walk import at_start, noise, walk
from engine.pieces import result_of
from engine.surfaces.classic import SURFACES

MOST_BETAS = 5
MOST_DRAWN = 400
SHAPES = {
    "wave": "A slow wave",
    "step": "A step",
    "ramp": "A ramp",
    "spike": "One spike",
    "constant": "A constant",
}


class Series(NamedTuple):
    """The values that are averaged, one per step; `signal` is the same without noise, NaN if unknown."""

    values: Array  # [steps]
    signal: Array  # [steps]


class Generated(Tagged, frozen=True, tag="generated"):
    """A simple curve with noise."""

    title = "Generated"
    meaning = "A simple shape with noise on it."
    shape: Annotated[str, choice("Shape", "What is under the noise.", SHAPES)] = "wave"
    noise: Annotated[
        float, number("Noise", "Standard deviation of the noise.", symbol="σ", ge=0, le=100, soft=(0, 2))
    ] = 0.5
    steps: Annotated[int, number("Values", "How many values come.", ge=2, le=5000, soft=(20, 1000))] = 200

    def series(self, seed: int) -> Series:
        """Draw the values."""
        t = np.linspace(0.0, 1.0, self.steps)
        place = np.arange(self.steps)
        shapes = {
            "wave": np.sin(4 * np.pi * t),
            "step": np.where(t < 1 / 3, 0.0, 1.0),
            "ramp": 2 * t,
            "spike": np.where(place == self.steps // 3, 10.0, 0.0),
            "constant": np.ones(self.steps),
        }
        signal = shapes[self.shape]
        return Series(signal + np.random.default_rng(seed).normal(0.0, self.noise, self.steps), signal)


class Drawn(Tagged, frozen=True, tag="drawn"):
    """Values that the user draws with the mouse, or types."""

    title = "Drawn by you"
    meaning = "Draw the values in the plot with the mouse, or type them."
    values: Annotated[
        tuple[float, ...],
        plain("Values", "One value a step.", kind="vector", min_length=2, max_length=MOST_DRAWN),
    ] = (0.0,) * 10 + (1.0,) * 20 + (0.5,) * 20

    def series(self, seed: int) -> Series:
        """Return the values as they are."""
        values = np.array(self.values)
        return Series(values, np.full(len(values), np.nan))


class LossSeries(Tagged, frozen=True, tag="loss"):
    """The loss of every mini-batch while another experiment trains."""

    title = "A loss curve"
    meaning = "The loss recorded in another experiment, with its default settings."
    source: Annotated[
        str,
        choice(
            "From",
            "Which experiment is run.",
            {"classifier": "Image classifier", "race": "Race, SGD with noise"},
        ),
    ] = "classifier"

    def series(self, seed: int) -> Series:
        """Run the other experiment, and return its loss curve."""
        values = _curve(self.source, seed)
        return Series(values, np.full(len(values), np.nan))


@lru_cache(maxsize=8)  # not run again (some tenths of a second) while a β is dragged
def _curve(source: str, seed: int) -> Array:
    """The loss curve of an experiment."""
    return np.array(_classified(seed) if source == "classifier" else _descended(seed))


def _classified(seed: int, epochs: int = 15, size: int = 32) -> list[float]:
    """The mean loss on all training examples, then on every mini-batch while a network learns four digits."""
    data = result_of(dividing(Digits(), 0.3, seed))
    x, target = data.inputs, data.targets
    network, rng = Network((x.shape[1], 32, target.shape[1]), "relu"), streams(seed)[1]
    learner, rows = Learner(Adam(learning_rate=0.01), network.start(rng, "he_normal")), data.training
    losses = [network.loss(learner.theta, x[rows], target[rows])]
    steps = epochs * -(-len(rows) // size)
    for batch in islice(Batches(len(rows), size, "shuffled", rng), steps):
        found = network.loss_and_gradient(learner.theta, x[rows[batch]], target[rows[batch]])
        learner.step(found.gradient)
        losses.append(found.loss)
    return losses


def _descended(seed: int, steps: int = 300) -> list[float]:
    """f at every step of gradient descent on a bowl, with gradient noise."""
    surface, rule, start = SURFACES["bowl"], SGD(learning_rate=0.02), (2.0, 2.0)
    path = walk(rule, surface, at_start(rule, *start), noise(4.0, seed, 1, steps))[1]
    x, y = (np.array([first, *rest]) for first, rest in zip(start, (path.x, path.y), strict=True))
    heights: list[float] = surface.value(x, y).tolist()
    return heights


class AveragesConfig(Config, frozen=True):
    """The series, and the β of its averages."""

    series: Annotated[Generated | Drawn | LossSeries, plain("Series", "The values that are averaged.")] = (
        Generated()
    )
    betas: Annotated[
        tuple[float, ...],
        plain(
            "β",
            "How much of the past each average keeps: 0 ≤ β < 1; up to five, such as 0.5, 0.9, 0.98.",
            kind="vector",
            min_length=1,
            max_length=MOST_BETAS,
        ),
    ] = (0.5, 0.9, 0.98)
    corrected: Annotated[
        bool,
        plain(
            "Bias correction",
            "Divide by 1 − βᵗ, the sum of the weights, so that the start at 0 has no effect.",
        ),
    ] = False
    convention: Annotated[
        str,
        choice(
            "Convention",
            "How the new value is weighed: by 1 − β in the average, by 1 in the sum.",
            {"average": "Average", "sum": "Sum (momentum)"},
        ),
    ] = "average"
    seed: Annotated[
        int,
        plain(
            "Seed",
            "The same seed gives the same noise.",
            kind="seed",
            when=lambda c: not isinstance(c.series, Drawn),
        ),
    ] = 0

    def __post_init__(self) -> None:
        for k, beta in enumerate(self.betas):
            if not 0 <= beta < 1:
                raise Problem("β must be at least 0 and less than 1", where=f"betas[{k}]")


def prepare(config: AveragesConfig) -> Series:
    """The values that are averaged."""
    return config.series.series(config.seed)


def frames(config: AveragesConfig, series: Series) -> Iterator[Frame[None]]:
    """Yield the start, before the first value, and then everything at once."""
    yield Frame(0, {}, None)
    averages = {
        f"{i}.average": moving_average(
            series.values, beta, corrected=config.corrected, convention=config.convention
        )
        for i, beta in enumerate(config.betas)
    }
    yield Frame(len(series.values), {"series": series.values, "signal": series.signal, **averages}, None)


EXPERIMENT = Experiment(
    name="optimizers.averages",
    title="Moving averages",
    config_type=AveragesConfig,
    frames=frames,
    last_step=lambda config, series: len(series.values),
    cheap=True,
    prepare=prepare,
)
