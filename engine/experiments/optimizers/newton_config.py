"""The settings of *Optimizers ▸ Newton's method*: a curve, a surface, or many unknowns; and the methods."""

from functools import lru_cache
from typing import Annotated

from engine.config import Config, Problem, choice, number, plain
from engine.optimizers.descent import GradientDescent
from engine.optimizers.schedules import ConstantRate, Schedule, schedule_field
from engine.surfaces.classic import SURFACES
from engine.surfaces.expression import reader as expressions
from engine.surfaces.functions_1d import FUNCTIONS, Function1D, from_text
from engine.surfaces.surface import Surface

SCENES = {"curve": "A curve", "surface": "A surface", "cost": "Many unknowns"}
CURVES = {name: function.title for name, function in FUNCTIONS.items()} | {
    "expression": "Your own expression"
}
LANDSCAPES = {name: surface.title for name, surface in SURFACES.items()}


def on_curve(config: "NewtonConfig") -> bool:
    """Whether there is one unknown."""
    return config.scene == "curve"


def on_surface(config: "NewtonConfig") -> bool:
    """Whether there are two unknowns."""
    return config.scene == "surface"


def of_cost(config: "NewtonConfig") -> bool:
    """Whether there are many unknowns, and the time of a step is measured."""
    return config.scene == "cost"


class NewtonConfig(Config, frozen=True):
    """The function, the start, the damping, and the learning rate of gradient descent."""

    scene: Annotated[str, choice("Scene", "One unknown, two, or many: what is looked at.", SCENES)] = "curve"
    function: Annotated[str, choice("Function", "The curve to descend.", CURVES, when=on_curve)] = (
        "exponential"
    )
    expression: Annotated[
        str,
        plain(
            "f(x)",
            "A formula in x, such as x**4 - 3*x; it is differentiated exactly.",
            kind="expression",
            max_length=expressions.MAX_LENGTH,
            when=lambda c: c.function == "expression",
        ),
    ] = "sin(3*x) + 0.3*x**2"
    reach: Annotated[
        float,
        number(
            "Reach",
            "The plot shows x from minus this to plus this.",
            scale="log",
            gt=0,
            le=1e6,
            soft=(0.1, 100),
            when=lambda c: c.function == "expression",
        ),
    ] = 3.0
    curve_start: Annotated[
        float,
        number(
            "Start",
            "Where all begin; drag it on the curve.",
            symbol="x₀",
            ge=-1e6,
            le=1e6,
            soft=(-5, 5),
            when=on_curve,
        ),
    ] = FUNCTIONS["exponential"].start
    surface: Annotated[str, choice("Surface", "The landscape to descend.", LANDSCAPES, when=on_surface)] = (
        "rosenbrock"
    )
    surface_start: Annotated[
        tuple[float, float],
        plain("Start", "Where all begin; drag it on the contours.", kind="point", when=on_surface),
    ] = SURFACES["rosenbrock"].start
    damping: Annotated[
        float,
        number(
            "Damping",
            "Added to every curvature by damped Newton; the other Newton has none.",
            symbol="λ",
            ge=0,
            le=1e6,
            soft=(0, 20),
            when=lambda c: not of_cost(c),
        ),
    ] = 1.0
    curve_rate: Annotated[
        float,
        number(
            "Learning rate",
            "Of gradient descent. Newton needs none.",
            symbol="η",
            gt=0,
            le=100,
            scale="log",
            soft=(1e-3, 10),
            when=on_curve,
        ),
    ] = 0.1
    surface_rate: Annotated[
        float,
        number(
            "Learning rate",
            "Of gradient descent. Newton needs none.",
            symbol="η",
            gt=0,
            le=100,
            scale="log",
            soft=(1e-4, 1),
            when=on_surface,
        ),
    ] = 0.002
    schedule: Annotated[Schedule, schedule_field(lambda c: not of_cost(c))] = ConstantRate()
    steps: Annotated[
        int,
        number(
            "Steps",
            "How many steps each method has.",
            ge=1,
            le=200,
            scale="log",
            when=lambda c: not of_cost(c),
        ),
    ] = 12
    largest: Annotated[
        int,
        number(
            "Most unknowns",
            "Sizes n from 8 up to this are measured, each √2 times the last.",
            symbol="n",
            ge=32,
            le=2048,
            scale="log",
            when=of_cost,
        ),
    ] = 1024
    examples: Annotated[
        int,
        number(
            "Examples",
            "Of the logistic regression whose weights are sought.",
            symbol="m",
            ge=1,
            le=2000,
            when=of_cost,
        ),
    ] = 200
    repeats: Annotated[
        int,
        number(
            "Repeats",
            "Each time is the shortest of up to so many repeats.",
            ge=1,
            le=20,
            more=True,
            when=of_cost,
        ),
    ] = 3
    seed: Annotated[
        int,
        plain(
            "Seed",
            "The same seed gives the same matrices; the times always differ a little.",
            kind="seed",
            more=True,
            when=of_cost,
        ),
    ] = 0

    @property
    def learning_rate(self) -> float:
        """The learning rate of gradient descent, for a curve or for a surface."""
        return self.curve_rate if self.scene == "curve" else self.surface_rate

    @property
    def descent(self) -> GradientDescent:
        """The rule of gradient descent, with the learning rate of the scene."""
        return GradientDescent(learning_rate=self.learning_rate, schedule=self.schedule)

    def __post_init__(self) -> None:
        """Refuse a formula that cannot be read; the value `column` says where."""
        if self.function == "expression":
            try:
                _read(self.expression, self.reach)
            except Problem as problem:
                raise expressions.of_field(problem, "expression") from problem


@lru_cache(maxsize=32)  # while the start is dragged, the same text is read again with every new config
def _read(text: str, reach: float) -> Function1D:
    """The curve of a formula in x."""
    return from_text(text, reach)


def function_of(config: NewtonConfig) -> Function1D:
    """The curve of a config."""
    if config.function == "expression":
        return _read(config.expression, config.reach)
    return FUNCTIONS[config.function]


def surface_of(config: NewtonConfig) -> Surface:
    """The surface of a config."""
    return SURFACES[config.surface]
