"""Optimizers: how one walks downhill.

update_rule           what all optimizers share: x, gradient, state → x, state
descent               gradient descent; what momentum is for; what Nesterov changes
averages              what β keeps of the past; why the bias is corrected
adaptive              a step length for each coordinate: AdaGrad, RMSProp, AdaDelta
adam                  momentum and a step length for each coordinate; why the bias is corrected
adam_relatives        Nadam, AMSGrad, Lion
line_search           how far to go along a direction
line_search_methods   L-BFGS and conjugate gradients: curvature learnt from gradients alone
newton                Newton: jump to the stationary point of the local quadratic model
table                 the table of them all
walk                  one of them, step after step over a surface, until it cannot go on
trainer               the same rules on long vectors, in place, and without numbers that are nearly 0
"""

from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.adam_relatives import AMSGrad, Lion, Nadam
from engine.optimizers.adaptive import AdaDelta, AdaGrad, RMSProp
from engine.optimizers.descent import SGD, AveragedMomentum, GradientDescent, Momentum, Nesterov
from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.optimizers.newton import DampedNewton, Newton
from engine.optimizers.table import OPTIMIZERS, FirstOrder, Optimizer, SecondOrder

__all__ = [
    "LBFGS",
    "OPTIMIZERS",
    "SGD",
    "AMSGrad",
    "AdaDelta",
    "AdaGrad",
    "Adam",
    "AdamW",
    "AveragedMomentum",
    "ConjugateGradient",
    "DampedNewton",
    "FirstOrder",
    "GradientDescent",
    "Lion",
    "Momentum",
    "Nadam",
    "Nesterov",
    "Newton",
    "Optimizer",
    "RMSProp",
    "SecondOrder",
]
