"""The syllabus: the experiments, tab by tab in the order of the window.

entropy               how surprising, and how much more surprising under a wrong model
losses                how wrong a prediction is, and what its gradient does in training
optimizers            how a gradient becomes a step
lstm                  recurrent networks: one cell, training on sequences, how long a cell remembers
gradients             gradients that vanish or explode, and units that get none

An experiment is one file, at its end `EXPERIMENT`. If it is long, its settings are in a file `…_config`, and
what is computed only for the step that is on the screen in `…_inspection`.
"""

from typing import Any

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
