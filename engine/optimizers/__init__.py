"""Optimizers: rules that minimise a function step by step.

equation              a line of a rule, as it is shown and as it is computed
rate_schedule         the learning rate of step t as η times a factor; warm-up
schedules             the learning rate over time: why it should fall, and how
update_rule           what all optimizers share: x, gradient, state → x, state
descent               gradient descent; what momentum does; what Nesterov changes
iterate_averaging     the average of the points as the answer: ASGD
averages              running averages: how β weights the past; why the bias is corrected
resilient             only the signs of the slopes: Rprop
adaptive              a step length for each coordinate: AdaGrad, RMSProp, AdaDelta
adam                  momentum and a step length for each coordinate; why the bias is corrected
adam_relatives        Nadam, AMSGrad, Lion
adam_scales           Adamax, AdaBelief, Yogi: another scale in the denominator
rectified             RAdam: the mean square is not used before it is reliable
matrices              which entries of θ form a weight matrix
muon                  momentum made orthogonal, by Newton–Schulz or exactly
conventions           momentum and Nesterov as other books and programs write them
conventions_of_adam   Adam with ε at other places; weight decay in the gradient, or beside it
conventions_of_rmsprop  RMSProp beside Adam: the same v, with and without m and correction
evaluations           what a run costs: values, gradients and Hessians
line_search           how far to go along a direction
newton                Newton: step to the stationary point of the local quadratic model
line_search_methods   L-BFGS and conjugate gradients: curvature estimated from gradients
table                 the table of all optimizers
walk                  the run of one optimizer on a surface, step by step
walk_by_price         … evaluation by evaluation: a step that costs more takes longer
trainer               the same rules on long vectors, in place, and without subnormal numbers
"""

from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.adam_relatives import AMSGrad, Lion, Nadam
from engine.optimizers.adaptive import AdaDelta, AdaGrad, RMSProp
from engine.optimizers.descent import SGD, AveragedMomentum, GradientDescent, Momentum, Nesterov
from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.optimizers.newton import DampedNewton, Newton
from engine.optimizers.schedules import SCHEDULES, Schedule
from engine.optimizers.table import OPTIMIZERS, FirstOrder, Optimizer, SecondOrder

__all__ = [
    "LBFGS",
    "OPTIMIZERS",
    "SCHEDULES",
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
    "Schedule",
    "SecondOrder",
]
