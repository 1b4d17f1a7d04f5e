"""Where float32 and float64 train a deep network differently: numbers that are 0 in one and not in the other.

In float32 a number below about 1e−38 is 0, and the engine sets some larger ones to 0 before. In float64, in
which PyTorch computes here, they stay. Mostly this changes nothing that can be seen. It does where the sign
of such a number decides: of an activation under ReLU, or of a gradient in a rule that uses only its sign.
"""

import numpy as np

from engine.activations import ACTIVATIONS
from engine.config import Problem
from engine.data.training_data import streams
from engine.experiments.gradients.deep_network_config import NetworkSettings
from engine.optimizers.muon import Muon
from engine.scripts.deep_run import DeepRun

ROWS = 64  # examples that are looked at
LEAST_ACTIVATION, LEAST_GRADIENT = 1e-25, 1e-14
LEAST_EPSILON = 1e-10  # a smaller ε does not bound the step of a gradient that is nearly 0
SIGNS = ("rprop", "lion")
ACTIVATIONS_VANISH = (
    "In float32 the activations of network {name} become 0 in a late layer, in PyTorch with float64 they do "
    "not, and ReLU answers differently: choose NumPy, or a larger spread"
)
GRADIENT_VANISHES = (
    "In float32 the gradient of network {name} is 0 in an early layer, in PyTorch with float64 it is not, "
    "and this optimizer makes large steps of it: choose NumPy, or another optimizer"
)


def check_vanishing(run: DeepRun) -> None:
    """Refuse networks whose first activations or gradients are 0 in float32 where that changes the run.

    Raises:
        Problem: there is one.
    """
    weights = streams(run.config.seed, 3)[2].spawn(2)
    for (name, settings), rng in zip(run.networks.items(), weights, strict=False):
        smallest, gradient = _smallest(run, settings, rng)
        if ACTIVATIONS[settings.activation].kinked and smallest < LEAST_ACTIVATION:
            raise Problem(ACTIVATIONS_VANISH, where="spread", name=name.upper())
        if gradient < LEAST_GRADIENT and _uses_signs(run.config.optimizer):
            raise Problem(GRADIENT_VANISHES, where="optimizer", name=name.upper())


def _smallest(run: DeepRun, settings: NetworkSettings, rng: np.random.Generator) -> tuple[float, float]:
    """The largest activation, and the largest gradient of a weight, of the layer where they are smallest."""
    network = settings.network(run.config.depth, run.config.width)
    rows = run.data.training[:ROWS]
    x, target = run.data.inputs[rows].astype(np.float64), run.data.labels[rows, None].astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        theta = network.start(rng, settings.draw(), np.float64)
        found = network.loss_and_gradient(theta, x, target)
        activations = [float(np.abs(cache.a).max()) for cache in found.forward.hidden]
        gradients = [float(np.abs(layer.weights).max()) for layer in network.layers(found.gradient)]
    return min(activations), min(gradients)


def _uses_signs(rule: object) -> bool:
    """Whether a rule makes large steps of gradients that are nearly 0."""
    if isinstance(rule, Muon):
        return True
    return getattr(rule, "name", "") in SIGNS or getattr(rule, "epsilon", 1.0) < LEAST_EPSILON
