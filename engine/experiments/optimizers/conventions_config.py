"""The settings of *Optimizers ▸ Conventions*: a surface, a start, and two forms of one method.

A family is a method with all the forms in which it is written; `first` and `second` are the two that are
compared. Both are given the same numbers: whether that is the same method is what the page shows.
"""

from typing import Annotated, Any, ClassVar

from engine.config import Tagged, choice, number, plain
from engine.optimizers.adam import Adam, WeightDecay
from engine.optimizers.conventions import (
    DampenedMomentum,
    MomentumInside,
    NesterovInside,
    NesterovLookAhead,
    NesterovShifted,
)
from engine.optimizers.conventions_of_adam import AdamHat, AdamInsideRoot, Coupled, DecayedRule, Decoupled
from engine.optimizers.descent import AveragedMomentum, GradientDescent, Momentum, Nesterov
from engine.optimizers.update_rule import Beta, Beta1, Beta2, GradientRule, LearningRate
from engine.surfaces.choice import OnSurface
from engine.surfaces.classic import SURFACES

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
            "How much of the last velocity is kept at each step; Adam's β₁.",
            symbol="β",
            ge=0,
            lt=1,
            when=lambda c: c.method != "gradient_descent",
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
            "adam": Adam(beta1=self.beta),
        }
        method, rate, decay = methods[self.method], self.learning_rate, self.weight_decay
        if form == "coupled":
            return Coupled(learning_rate=rate, optimizer=method, weight_decay=decay)
        times = form == "decoupled"
        return Decoupled(learning_rate=rate, optimizer=method, weight_decay=decay, times_rate=times)


class ConventionsConfig(OnSurface, frozen=True):
    """One surface, one start, and a method in two forms."""

    start: Annotated[
        tuple[float, float],
        plain("Start", "Where both begin; drag it on the contours.", kind="point"),
    ] = SURFACES["rosenbrock"].start
    family: Annotated[
        MomentumFamily | NesterovFamily | AdamFamily | DecayFamily,
        plain("Method", "The method whose forms are compared."),
    ] = MomentumFamily()
    factor: Annotated[
        float,
        number(
            "Change of η",
            "From a step on, the learning rate is this many times as large; 1: it stays.",
            symbol="c",
            scale="log",
            ge=0.001,
            le=100,
            soft=(0.01, 10),
        ),
    ] = 1.0
    change_at: Annotated[
        int,
        number(
            "Changes at step",
            "The first step with the other learning rate.",
            symbol="k",
            ge=2,
            le=10_000,
            soft=(2, 200),
            when=lambda c: c.factor != 1,
        ),
    ] = 30
    steps: Annotated[
        int,
        number("Steps", "How many steps both take.", scale="log", ge=1, le=10_000, soft=(10, 2000)),
    ] = 150

    @property
    def changes(self) -> bool:
        """Whether the learning rate changes within the run."""
        return self.factor != 1 and self.change_at <= self.steps
