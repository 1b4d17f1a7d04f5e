"""The table of optimizers, by the names that sessions use.

    rule = OPTIMIZERS["adam"](learning_rate=0.1)
    state = rule.start(x)
    x, state = rule.update(x, gradient, state)        # the gradient is always the one at x

The rules are in eight files, best read in this order: `descent` (plain, and with momentum),
`iterate_averaging`, `resilient` and `adaptive` (a step length for each coordinate), `adam` (both),
`adam_relatives`, `adam_scales` and `rectified`. A new rule is one class in one of them and its name below;
forms, sessions and tests find it in this table.

Networks have one more, `muon`, which needs to know which of the weights form matrices (`NetworkRule`): a
point of a surface has none.

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
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.optimizers.muon import Muon
from engine.optimizers.newton import DampedNewton, Newton
from engine.optimizers.rectified import RAdam
from engine.optimizers.resilient import Rprop

FirstOrder = (
    GradientDescent
    | SGD
    | ASGD
    | Momentum
    | AveragedMomentum
    | Nesterov
    | Rprop
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
    | RAdam
)
NetworkRule = FirstOrder | Muon
SecondOrder = Newton | DampedNewton | LBFGS | ConjugateGradient
Optimizer = FirstOrder | SecondOrder
OPTIMIZERS: dict[str, type[Any]] = {rule.__struct_config__.tag: rule for rule in get_args(Optimizer)}
