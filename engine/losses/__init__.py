"""Losses: how wrong is a prediction, and how should it change?

losses                the losses and their gradients: entry by entry, and from logits (p − y)
loss_curves           a loss over its prediction or its logit; where it is flat although wrong
neuron                one neuron with a confident wrong answer: σ′ slows one loss and cancels in another
likelihood            maximum likelihood: which parameters make the data most likely; a line, a coin
polynomials           linear regression on powers of x; which features are learned fast
robust_lines          how far one outlier moves a fitted line, under three losses
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
