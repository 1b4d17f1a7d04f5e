"""The table of optimizers, by the names that sessions use.

    rule = OPTIMIZERS["adam"](learning_rate=0.1)
    state = rule.start(x)
    x, state = rule.update(x, gradient, state)        # the gradient is always the one at x

The rules are in five files, best read in this order: `descent` (plain, and with momentum), `adaptive` (a
step length for each coordinate), `adam` (both), `adam_relatives` and `adam_scales`. A new rule is one class
in one of them and its name below; forms, sessions and tests find it in this table.

The *second order* methods (`newton`, `line_search_methods`) are called in the same way, but x is a whole
vector, and instead of one gradient they take an objective.

Reference: Goodfellow, Bengio and Courville, "Deep Learning", 2016, chapter 8.
"""

from typing import Any, get_args

from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.adam_relatives import AMSGrad, Lion, Nadam
from engine.optimizers.adam_scales import AdaBelief, Adamax, Yogi
from engine.optimizers.adaptive import AdaDelta, AdaGrad, RMSProp
from engine.optimizers.descent import SGD, AveragedMomentum, GradientDescent, Momentum, Nesterov
from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.optimizers.newton import DampedNewton, Newton

FirstOrder = (
    GradientDescent
    | SGD
    | Momentum
    | AveragedMomentum
    | Nesterov
    | AdaGrad
    | AdaDelta
    | RMSProp
    | Adam
    | AdamW
    | Nadam
    | AMSGrad
    | Lion
    | Adamax
    | AdaBelief
    | Yogi
)
SecondOrder = Newton | DampedNewton | LBFGS | ConjugateGradient
Optimizer = FirstOrder | SecondOrder
OPTIMIZERS: dict[str, type[Any]] = {rule.__struct_config__.tag: rule for rule in get_args(Optimizer)}
