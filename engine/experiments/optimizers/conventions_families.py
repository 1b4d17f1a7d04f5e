"""The families of *Optimizers ▸ Conventions*: a method with all the forms in which it is written.

`first` and `second` are the two forms that are compared. Both are given the same numbers: whether that is the
same method is what the page shows.
"""

from typing import Annotated, Any, ClassVar

from engine.config import Tagged, choice, number
from engine.optimizers.adam import Adam, WeightDecay
from engine.optimizers.conventions import (
    DampenedMomentum,
    MomentumInside,
    NesterovInside,
    NesterovLookAhead,
    NesterovShifted,
)
from engine.optimizers.conventions_of_adam import AdamHat, AdamInsideRoot, Coupled, DecayedRule, Decoupled
from engine.optimizers.conventions_of_rmsprop import SquareAlone
from engine.optimizers.descent import AveragedMomentum, GradientDescent, Momentum, Nesterov
from engine.optimizers.update_rule import Beta, Beta1, Beta2, GradientRule, LearningRate
from engine.optimizers.update_rule import Epsilon as SmallEpsilon

MOMENTUM = {
    "heavy_ball": "Heavy ball",
    "averaged": "Averaged",
    "inside": "Learning rate inside",
    "dampened": "Dampened",
}
NESTEROV = {
    "look_ahead": "Look-ahead",
    "sutskever": "Sutskever's",
    "shifted": "Shifted variable",
    "framework": "Shifted, η outside",
}
ADAM = {
    "outside": "ε outside the root",
    "hat": "ε̂ hat",
    "inside": "ε inside the root",
    "uncorrected": "No bias correction",
}
RMSPROP = {
    "rmsprop": "RMSProp",
    "corrected": "RMSProp, corrected",
    "mean": "RMSProp with m",
    "adam": "Adam",
}
DECAY = {
    "coupled": "Coupled (L2)",
    "decoupled": "Decoupled, times η",
    "constant": "Decoupled, not times η",
}
METHODS = {"gradient_descent": "Gradient descent", "momentum": "Momentum", "adam": "Adam"}
FIRST = "First form", "The convention of the path that is drawn first."
SECOND = "Second form", "The convention that is compared with it."

Epsilon = Annotated[
    float,
    number(
        "Epsilon",
        "Prevents a division by zero. Usually tiny; large enough here to be seen.",
        symbol="ε",
        gt=0,
        le=100,
        scale="log",
        soft=(1e-8, 10),
    ),
]


class Family(Tagged, frozen=True):
    """Base of the families: the titles of their forms, and the rule of each."""

    title: ClassVar[str]
    meaning: ClassVar[str]
    forms: ClassVar[dict[str, str]]
    first: str = ""
    second: str = ""
    learning_rate: LearningRate = 0.01

    def rule(self, form: str) -> GradientRule:
        """The rule of a form, with the numbers as they are."""
        raise NotImplementedError


class MomentumFamily(Family, frozen=True, tag="momentum"):
    """Momentum, as a sum, as an average, with the learning rate inside the velocity, or dampened."""

    title = "Momentum"
    meaning = "Where the factor 1 − β and the learning rate stand."
    forms = MOMENTUM
    first: Annotated[str, choice(*FIRST, MOMENTUM)] = "heavy_ball"
    second: Annotated[str, choice(*SECOND, MOMENTUM)] = "averaged"
    learning_rate: LearningRate = 0.001
    beta: Beta = 0.9
    dampening: Annotated[
        float,
        number(
            "Dampening",
            "By how much less than 1 each new gradient counts.",
            symbol="d",
            ge=0,
            lt=1,
            when=lambda c: "dampened" in (c.first, c.second),
        ),
    ] = 0.5

    def rule(self, form: str) -> GradientRule:
        """The rule of a form, with the numbers as they are."""
        both: dict[str, Any] = {"learning_rate": self.learning_rate, "beta": self.beta}
        rules: dict[str, GradientRule] = {
            "heavy_ball": Momentum(**both),
            "averaged": AveragedMomentum(**both),
            "inside": MomentumInside(**both),
            "dampened": DampenedMomentum(**both, dampening=self.dampening),
        }
        return rules[form]


class NesterovFamily(Family, frozen=True, tag="nesterov"):
    """Nesterov's momentum, which stores the point itself or the look-ahead point."""

    title = "Nesterov"
    meaning = "Which of two points is stored, and where the learning rate stands."
    forms = NESTEROV
    first: Annotated[str, choice(*FIRST, NESTEROV)] = "look_ahead"
    second: Annotated[str, choice(*SECOND, NESTEROV)] = "framework"
    learning_rate: LearningRate = 0.001
    beta: Beta = 0.9

    def rule(self, form: str) -> GradientRule:
        """The rule of a form, with the numbers as they are."""
        both: dict[str, Any] = {"learning_rate": self.learning_rate, "beta": self.beta}
        rules: dict[str, GradientRule] = {
            "look_ahead": NesterovLookAhead(**both),
            "sutskever": NesterovInside(**both),
            "shifted": NesterovShifted(**both),
            "framework": Nesterov(**both),
        }
        return rules[form]


class AdamFamily(Family, frozen=True, tag="adam"):
    """Adam, with ε at four places."""

    title = "Adam's ε"
    meaning = "Where ε is added, and whether the means are corrected."
    forms = ADAM
    first: Annotated[str, choice(*FIRST, ADAM)] = "outside"
    second: Annotated[str, choice(*SECOND, ADAM)] = "hat"
    learning_rate: LearningRate = 0.1
    epsilon: Epsilon = 3.0
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999

    def rule(self, form: str) -> GradientRule:
        """The rule of a form, with the numbers as they are."""
        names = "learning_rate", "beta1", "beta2", "epsilon"
        all_four: dict[str, Any] = {name: getattr(self, name) for name in names}
        rules: dict[str, GradientRule] = {
            "outside": Adam(**all_four),
            "hat": AdamHat(**all_four),
            "inside": AdamInsideRoot(**all_four),
            "uncorrected": Adam(**all_four, bias_correction=False),
        }
        return rules[form]


class RMSPropFamily(Family, frozen=True, tag="rmsprop"):
    """From RMSProp to Adam: with and without m, with and without the correction for the beginning at 0."""

    title = "RMSProp and Adam"
    meaning = "The same mean square v; Adam has a mean m of the gradient too, and corrects both."
    forms = RMSPROP
    first: Annotated[str, choice(*FIRST, RMSPROP)] = "rmsprop"
    second: Annotated[str, choice(*SECOND, RMSPROP)] = "adam"
    learning_rate: LearningRate = 0.02
    epsilon: SmallEpsilon = 1e-8
    beta1: Annotated[
        float,
        number(
            "First-moment decay",
            "Weight of the past in the running mean.",
            symbol="β₁",
            ge=0,
            lt=1,
            when=lambda c: has_mean(c.first) or has_mean(c.second),
        ),
    ] = 0.9
    beta2: Beta2 = 0.99

    def rule(self, form: str) -> GradientRule:
        """The rule of a form, with the numbers as they are."""
        numbers: dict[str, Any] = {
            "learning_rate": self.learning_rate,
            "beta2": self.beta2,
            "epsilon": self.epsilon,
            "bias_correction": is_corrected(form),
        }
        return Adam(**numbers, beta1=self.beta1) if has_mean(form) else SquareAlone(**numbers)


def has_mean(form: str) -> bool:
    """Whether a form between RMSProp and Adam has a running mean of the gradient."""
    return form in ("mean", "adam")


def is_corrected(form: str) -> bool:
    """Whether a form between RMSProp and Adam corrects its means for their beginning at 0."""
    return form in ("corrected", "adam")


class DecayFamily(Family, frozen=True, tag="decay"):
    """Weight decay, added to the gradient or beside it."""

    title = "Weight decay"
    meaning = "Whether the decay is part of the gradient, and whether η multiplies it."
    forms = DECAY
    method: Annotated[str, choice("Optimizer", "The rule that is decayed.", METHODS)] = "adam"
    first: Annotated[str, choice(*FIRST, DECAY)] = "coupled"
    second: Annotated[str, choice(*SECOND, DECAY)] = "decoupled"
    learning_rate: LearningRate = 0.1
    weight_decay: WeightDecay = 0.5
    beta: Annotated[
        float,
        number(
            "Momentum factor",
            "How much of the last velocity is kept at each step.",
            symbol="β",
            ge=0,
            lt=1,
            when=lambda c: c.method == "momentum",
        ),
    ] = 0.9
    beta1: Annotated[
        float,
        number(
            "First-moment decay",
            "Weight of the past in the running mean.",
            symbol="β₁",
            ge=0,
            lt=1,
            when=lambda c: c.method == "adam",
        ),
    ] = 0.9

    @property
    def memoryless(self) -> bool:
        """Whether the optimizer is plain gradient descent: by its name, or as momentum with β = 0."""
        return self.method == "gradient_descent" or (self.method == "momentum" and self.beta == 0)

    def rule(self, form: str) -> GradientRule:
        """The rule of a form, with the numbers as they are."""
        methods: dict[str, DecayedRule] = {
            "gradient_descent": GradientDescent(),
            "momentum": Momentum(beta=self.beta),
            "adam": Adam(beta1=self.beta1),
        }
        method, rate, decay = methods[self.method], self.learning_rate, self.weight_decay
        if form == "coupled":
            return Coupled(learning_rate=rate, optimizer=method, weight_decay=decay)
        times = form == "decoupled"
        return Decoupled(learning_rate=rate, optimizer=method, weight_decay=decay, times_rate=times)


AnyFamily = MomentumFamily | NesterovFamily | AdamFamily | RMSPropFamily | DecayFamily
