"""Losses ▸ Cross-entropies: one example, and what each kind of cross-entropy makes of it.

A run is one frame: it is computed again while a logit is dragged. Recorded for each kind, such as "focal":
`focal.loss`, in nats, and `focal.pull`, the number by which p − y is multiplied in its gradient.
"""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np

from engine.activations import Array
from engine.config import Config, Problem, number, plain
from engine.experiment import Experiment, Frame
from engine.gradient_check import GradientComparison, compare_gradient
from engine.losses.cross_entropies import CROSS_ENTROPIES, CrossEntropyExample, CrossEntropyKind

MOST = 8  # classes
LARGEST = 1e6  # logit
HEAVIEST = 1e3  # weight


class CrossEntropiesConfig(Config, frozen=True):
    """One example: its logits, and its label as each kind of cross-entropy asks for it."""

    logits: Annotated[
        tuple[float, ...],
        plain(
            "Logits",
            "The outputs of the last layer, one for each class: drag the bars, or type two to eight numbers.",
            kind="vector",
            min_length=2,
            max_length=MOST,
        ),
    ] = (2.0, 1.0, 0.1, -1.0)
    true_class: Annotated[
        int,
        number(
            "True class (1: A)",
            "Which class is the true one: 1 is A, 2 is B, and so on.",
            ge=1,
            le=MOST,
            most="logits",
        ),
    ] = 1
    present: Annotated[
        tuple[float, ...],
        plain(
            "Labels (multi-label)",
            "For each class 1 if it applies, else 0; any number may apply. Classes after the last have 0.",
            kind="vector",
            min_length=1,
            max_length=MOST,
        ),
    ] = (1.0, 0.0, 1.0, 0.0)
    weights: Annotated[
        tuple[float, ...],
        plain(
            "Class weights",
            "How much an example of each class counts (weighted). Classes after the last have 1.",
            kind="vector",
            min_length=1,
            max_length=MOST,
        ),
    ] = (3.0, 1.0, 1.0, 1.0)
    gamma: Annotated[
        float,
        number(
            "Focus",
            "How much less easy examples count; 0 is cross-entropy.",
            symbol="γ",
            ge=0,
            le=10,
            soft=(0, 5),
        ),
    ] = 2.0
    smoothing: Annotated[
        float, number("Smoothing", "Fraction of the label spread over all classes.", symbol="s", ge=0, le=1)
    ] = 0.1

    def __post_init__(self) -> None:
        for k, logit in enumerate(self.logits):
            if not abs(logit) <= LARGEST:
                raise Problem("Must be at most {bound}", where=f"logits[{k}]", bound="1e6")
        for k, label in enumerate(self.present):
            if not 0 <= label <= 1:
                raise Problem("Must be between {low} and {high}", where=f"present[{k}]", low=0, high=1)
        for k, weight in enumerate(self.weights):
            if not 0 <= weight <= HEAVIEST:
                raise Problem("Must be between {low} and {high}", where=f"weights[{k}]", low=0, high=1000)
        if self.true_class > len(self.logits):
            raise Problem("There are only {classes} classes", where="true_class", classes=len(self.logits))

    @property
    def example(self) -> CrossEntropyExample:
        """The example; labels and weights are cut or filled up to the classes."""
        count = len(self.logits)
        present = np.array((*self.present, *(0.0,) * count)[:count])
        weights = np.array((*self.weights, *(1.0,) * count)[:count])
        z = np.array(self.logits, np.float64)
        return CrossEntropyExample(z, self.true_class - 1, present, weights, self.gamma, self.smoothing)


class KindNumbers(NamedTuple):
    """One kind of cross-entropy for the example. Arrays have one number for each of its logits."""

    z: Array
    p: Array  # what its output layer makes of them
    y: Array  # the label as the loss sees it
    terms: Array  # what each class adds to the loss
    loss: float
    weight: float  # the factor before the loss
    pull: float  # the factor before p − y
    gradient: Array  # ∂L/∂z


class CrossEntropiesSnapshot(NamedTuple):
    """The example as every kind sees it."""

    example: CrossEntropyExample
    kinds: dict[str, KindNumbers]


def snapshot(config: CrossEntropiesConfig) -> CrossEntropiesSnapshot:
    """Everything about a config's example."""
    example = config.example
    return CrossEntropiesSnapshot(
        example, {name: numbers_of(kind, example) for name, kind in CROSS_ENTROPIES.items()}
    )


def numbers_of(kind: CrossEntropyKind, example: CrossEntropyExample) -> KindNumbers:
    """One kind of cross-entropy for the example."""
    z = kind.logits(example)
    terms = kind.terms(z, example)
    return KindNumbers(
        z=z,
        p=kind.probabilities(z),
        y=kind.label(example),
        terms=terms,
        loss=float(terms.sum()),
        weight=kind.weight(z, example),
        pull=kind.pull(z, example),
        gradient=kind.gradient(z, example),
    )


def compared(config: CrossEntropiesConfig, name: str) -> GradientComparison:
    """The gradient of one kind beside finite differences of its loss."""
    kind, example = CROSS_ENTROPIES[name], config.example
    z = kind.logits(example)
    return compare_gradient(lambda at: kind.loss(at, example), kind.gradient(z, example), z)


def frames(config: CrossEntropiesConfig) -> Iterator[Frame[CrossEntropiesSnapshot]]:
    """Yield the only frame of the run."""
    shot = snapshot(config)
    scalars = {f"{name}.loss": found.loss for name, found in shot.kinds.items()}
    scalars |= {f"{name}.pull": found.pull for name, found in shot.kinds.items()}
    yield Frame(0, scalars, shot)


EXPERIMENT = Experiment(
    name="losses.cross_entropies",
    title="Cross-entropies",
    config_type=CrossEntropiesConfig,
    frames=frames,
    last_step=lambda config: 0,
    cheap=True,
)
