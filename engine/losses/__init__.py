"""Losses: how wrong is a prediction, and which way to mend it.

losses                the losses and their gradients: entry by entry, and from logits (p − y)
loss_curves           a loss over its prediction or its logit; where it is flat although wrong
neuron                one neuron, sure of the wrong answer: why σ′ stops one loss and cancels in another
likelihood            which parameters make what was seen most likely; the line, the coin
polynomials           a line in more features, and which of them are learned fast
robust_lines          how far one wrong point may pull, under three losses
fused_losses          a loss and its gradient from one exp, for training
"""

from engine.losses.losses import (
    LOSSES,
    Belief,
    BinaryCrossEntropy,
    Focal,
    Hinge,
    Huber,
    LogCosh,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    Reduction,
    SigmoidCrossEntropy,
    SoftmaxCrossEntropy,
    one_hot,
    smoothed,
)

__all__ = [
    "LOSSES",
    "Belief",
    "BinaryCrossEntropy",
    "Focal",
    "Hinge",
    "Huber",
    "LogCosh",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Reduction",
    "SigmoidCrossEntropy",
    "SoftmaxCrossEntropy",
    "one_hot",
    "smoothed",
]
