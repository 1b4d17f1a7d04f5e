"""The syllabus: one file per experiment, listed here tab by tab in the order of the window."""

from typing import Any

from engine.experiment import Experiment
from engine.experiments.entropy import binary, fit, gaussian_fit, two_distributions
from engine.experiments.entropy import softmax as softmax_and_sigmoid
from engine.experiments.gradients import clipping, deep_network, dying_relu
from engine.experiments.losses import classifier, curves, likelihood, neuron
from engine.experiments.losses import softmax as softmax_cross_entropy
from engine.experiments.lstm import cell, memory, train
from engine.experiments.optimizers import (
    averages,
    batches,
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
        gaussian_fit.EXPERIMENT,
    ],
    "losses": [
        curves.EXPERIMENT,
        softmax_cross_entropy.EXPERIMENT,
        neuron.EXPERIMENT,
        likelihood.EXPERIMENT,
        classifier.EXPERIMENT,
    ],
    "optimizers": [
        race.EXPERIMENT,
        convergence.EXPERIMENT,
        newton.EXPERIMENT,
        averages.EXPERIMENT,
        batches.EXPERIMENT,
        sparse.EXPERIMENT,
        maps.EXPERIMENT,
        landscape.EXPERIMENT,
    ],
    "lstm": [cell.EXPERIMENT, train.EXPERIMENT, memory.EXPERIMENT],
    "gradients": [deep_network.EXPERIMENT, dying_relu.EXPERIMENT, clipping.EXPERIMENT],
}
EXPERIMENTS = {experiment.name: experiment for tab in CATALOGUE.values() for experiment in tab}
