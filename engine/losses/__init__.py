"""Losses: how wrong is a prediction, and how should it change?

loss                  what all losses have in common: mean, sum, and their gradient
elementwise           losses entry by entry: squared error, Huber, cross-entropy, hinge, focal and others
from_logits           cross-entropy from logits, with the gradient p − y; labels as distributions
cross_entropies       the kinds of cross-entropy by their names: binary, sparse, multi-label, focal and others
table                 the table of all losses
loss_curves           a loss over its prediction or its logit; where it is flat although wrong
neuron                one neuron with a confident wrong answer: σ′ slows one loss and cancels in another
likelihood            maximum likelihood: which parameters make the data most likely; a line, a coin
polynomials           linear regression on powers of x; which features are learned fast
robust_lines          how far one outlier moves a fitted line, under three losses
fused_losses          a loss and its gradient from one exp, for training
"""

from engine.losses.elementwise import (
    BinaryCrossEntropy,
    Focal,
    Hinge,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanSquaredError,
    TrueClassProbability,
)
from engine.losses.from_logits import SigmoidCrossEntropy, SoftmaxCrossEntropy, one_hot, smoothed
from engine.losses.loss import Loss, Reduction
from engine.losses.table import LOSSES

__all__ = [
    "LOSSES",
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
    "TrueClassProbability",
    "one_hot",
    "smoothed",
]
