"""The syllabus: the experiments, tab by tab in the order of the window.

entropy               how surprising, and how much more surprising under a wrong model
losses                how wrong a prediction is, and what its gradient does in training
optimizers            how a gradient becomes a step
lstm                  recurrent networks: one cell, training on sequences, how long a cell remembers
gradients             gradients that vanish or explode, and units that get none

An experiment is one file, at its end `EXPERIMENT`. If it is long, its settings are in a file `…_config`, and
what is computed only for the step that is on the screen in `…_inspection`.
"""

from difflib import SequenceMatcher
from typing import Any

from engine.config import Problem
from engine.data.plain import plain_name
from engine.experiment import Experiment
from engine.experiments.entropy import binary, fit, gaussian_fit, three_classes, two_distributions
from engine.experiments.entropy import softmax as softmax_and_sigmoid
from engine.experiments.gradients import clipping, deep_network, dying_relu, mistakes
from engine.experiments.losses import classifier, cross_entropies, curves, likelihood, neuron
from engine.experiments.losses import softmax as softmax_cross_entropy
from engine.experiments.lstm import cell, memory, train
from engine.experiments.optimizers import (
    averages,
    batches,
    conventions,
    convergence,
    landscape,
    maps,
    newton,
    race,
    sparse,
)

CATALOGUE: dict[str, list[Experiment[Any, Any]]] = {
    "entropy": [
        two_distributions.EXPERIMENT,
        binary.EXPERIMENT,
        softmax_and_sigmoid.EXPERIMENT,
        fit.EXPERIMENT,
        three_classes.EXPERIMENT,
        gaussian_fit.EXPERIMENT,
    ],
    "losses": [
        curves.EXPERIMENT,
        softmax_cross_entropy.EXPERIMENT,
        cross_entropies.EXPERIMENT,
        neuron.EXPERIMENT,
        likelihood.EXPERIMENT,
        classifier.EXPERIMENT,
    ],
    "optimizers": [
        race.EXPERIMENT,
        convergence.EXPERIMENT,
        newton.EXPERIMENT,
        averages.EXPERIMENT,
        conventions.EXPERIMENT,
        batches.EXPERIMENT,
        sparse.EXPERIMENT,
        maps.EXPERIMENT,
        landscape.EXPERIMENT,
    ],
    "lstm": [cell.EXPERIMENT, train.EXPERIMENT, memory.EXPERIMENT],
    "gradients": [
        deep_network.EXPERIMENT,
        dying_relu.EXPERIMENT,
        clipping.EXPERIMENT,
        mistakes.EXPERIMENT,
    ],
}
EXPERIMENTS = {experiment.name: experiment for tab in CATALOGUE.values() for experiment in tab}
SHORTEST, LONGEST = 3, 60  # characters of a name that are compared
NEAR = 0.7  # the least likeness of a name that may have been meant
SAME, PART = 1.0, 0.99  # the likeness of the same name, and of a part of it


def experiment_of(name: str) -> Experiment[Any, Any]:
    """The experiment of a name, such as "optimizers.race".

    Raises:
        Problem: there is none; it tells the names that are near, with or without that of the tab.
    """
    if name in EXPERIMENTS:
        return EXPERIMENTS[name]
    shown, near = repr(plain_name(name)), " / ".join(_near(name[:LONGEST]))
    if near:
        raise Problem("There is no experiment {name}. Did you mean {near}?", name=shown, near=near)
    raise Problem("There is no experiment {name}.", name=shown)


def _near(name: str) -> list[str]:
    """The names that are most like another one."""
    wanted = name.lower()
    likeness = {known: _likeness(wanted, known) for known in EXPERIMENTS}
    best = max(likeness.values())
    return [known for known, found in likeness.items() if found == best >= NEAR]


def _likeness(wanted: str, known: str) -> float:
    """How much a name is like that of an experiment, or like the part of it after the tab."""
    short = known.partition(".")[2]
    if wanted in (known, short):
        return SAME
    if len(wanted) >= SHORTEST and wanted in known:
        return PART
    return max(SequenceMatcher(None, wanted, one, autojunk=False).ratio() for one in (known, short))
