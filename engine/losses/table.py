"""The table of losses, by the names that sessions use.

    loss = LOSSES["huber"](delta=0.5)
    loss.value(prediction, target)        loss.gradient(prediction, target)

A new loss is one class in `elementwise` or `from_logits`, and its name below.
"""

from engine.losses.elementwise import (
    BinaryCrossEntropy,
    Focal,
    Hinge,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanSquaredError,
)
from engine.losses.from_logits import SigmoidCrossEntropy, SoftmaxCrossEntropy
from engine.losses.loss import Loss

LOSSES: dict[str, type[Loss]] = {
    "mse": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "huber": Huber,
    "log_cosh": LogCosh,
    "bce": BinaryCrossEntropy,
    "hinge": Hinge,
    "focal": Focal,
    "softmax_cross_entropy": SoftmaxCrossEntropy,
    "sigmoid_cross_entropy": SigmoidCrossEntropy,
}
