"""The settings of *Losses ▸ Likelihood and least squares*: the points, the coin, the outlier."""

import math
from typing import Annotated

from engine.config import Config, Problem, choice, number, plain, replaced
from engine.losses.polynomials import FEATURES
from engine.optimizers.descent import GradientDescent
from engine.optimizers.schedules import ConstantRate, Schedule, schedule_field

SCENES = {"points": "Line or polynomial", "coin": "Coin", "outlier": "Outlier"}
NOISE = {"fixed": "Given", "learned": "Learned with the line"}
MOST_POINTS, FARTHEST = 60, 1e6
Points = tuple[tuple[float, float], ...]
POINTS: Points = (
    (0.5, 1.3), (1.2, 2.4), (2.0, 1.9), (2.9, 2.6), (3.7, 3.6), (4.4, 3.1),
    (5.3, 4.4), (6.1, 4.0), (6.8, 4.9), (7.7, 5.6), (8.6, 5.2), (9.4, 6.5),
)  # fmt: skip


def of_points(config: "LikelihoodConfig") -> bool:
    """Whether the scene fits a curve to points."""
    return config.scene == "points"


def of_outlier(config: "LikelihoodConfig") -> bool:
    """Whether the scene has an outlier."""
    return config.scene == "outlier"


def of_coin(config: "LikelihoodConfig") -> bool:
    """Whether the scene is the coin."""
    return config.scene == "coin"


class LikelihoodConfig(Config, frozen=True):
    """Three scenes; each shows only the settings that it uses."""

    scene: Annotated[
        str, choice("Scene", "A curve through points, a coin, or a point that is wrong.", SCENES)
    ] = "points"
    # the line
    degree: Annotated[
        int,
        number("Degree", "The highest power of x in the curve; 1 is a line.", ge=1, le=5, when=of_points),
    ] = 1
    features: Annotated[
        str,
        choice(
            "Features",
            "The functions of x that the curve is a sum of. All three give the same curves, and the closed"
            " form finds the same one; gradient descent needs few steps or many.",
            FEATURES,
            when=of_points,
        ),
    ] = "scaled"
    learning_rate: Annotated[
        float,
        number(
            "Learning rate",
            "How far a step of gradient descent goes.",
            symbol="η",
            gt=0,
            le=100,
            scale="log",
            soft=(1e-4, 1),
            when=of_points,
        ),
    ] = 0.1
    schedule: Annotated[Schedule, schedule_field(of_points)] = ConstantRate()
    steps: Annotated[
        int,
        number(
            "Steps",
            "How many steps gradient descent has.",
            ge=1,
            le=1000,
            scale="log",
            soft=(10, 1000),
            when=of_points,
        ),
    ] = 200
    noise: Annotated[
        str,
        choice(
            "Noise σ",
            "The line does not depend on σ, but the length of the steps does. σ can be given, or learned in"
            " the same steps, as ln σ.",
            NOISE,
            more=True,
            when=of_points,
        ),
    ] = "fixed"
    sigma: Annotated[
        float,
        number(
            "σ, or where it starts",
            "The standard deviation of the noise around the curve.",
            symbol="σ",
            ge=0.01,
            le=100,
            scale="log",
            soft=(0.1, 10),
            more=True,
            when=of_points,
        ),
    ] = 0.5
    start: Annotated[
        tuple[float, float],
        plain(
            "Start: intercept, slope",
            "The line with which gradient descent begins; drag its ring on the likelihood surface.",
            kind="point",
            more=True,
            when=of_points,
        ),
    ] = (6.0, -0.4)
    # the outlier
    outlier: Annotated[
        tuple[float, float],
        plain("Outlier", "One point more; drag it in the plot.", kind="point", when=of_outlier),
    ] = (8.2, 0.5)
    delta: Annotated[
        float,
        number(
            "Threshold",
            "Errors larger than this count linearly.",
            symbol="δ",
            gt=0,
            le=1e6,
            scale="log",
            soft=(0.05, 10),
            when=of_outlier,
        ),
    ] = 0.5
    points: Annotated[
        Points,
        plain(
            "Data points",
            "x and y of each point. Drag the points in the plot; a click with Ctrl there adds one, and on a"
            " point it removes it.",
            kind="points",
            min_length=2,
            max_length=MOST_POINTS,
            more=True,
            when=lambda c: not of_coin(c),
        ),
    ] = POINTS
    # the coin
    p: Annotated[
        float,
        number(
            "Chance of heads",
            "The true probability of heads; the fit does not know it.",
            symbol="p",
            ge=0,
            le=1,
            when=of_coin,
        ),
    ] = 0.7
    guess: Annotated[
        float,
        number(
            "Your guess",
            "A q to compare with the tosses. Drag its ring.",
            symbol="q",
            ge=0,
            le=1,
            when=of_coin,
        ),
    ] = 0.5
    tosses: Annotated[
        int,
        number(
            "Tosses",
            "How often the coin is tossed; each toss is a step of the timeline.",
            symbol="n",
            ge=1,
            le=10_000,
            scale="log",
            soft=(1, 1000),
            when=of_coin,
        ),
    ] = 100
    seed: Annotated[int, plain("Seed", "Another seed, other tosses.", kind="seed", when=of_coin)] = 6

    def __post_init__(self) -> None:
        """Refuse points that are too far out, and fewer different x than the curve needs."""
        for name, places in (("points", self.points), ("outlier", (self.outlier,)), ("start", (self.start,))):
            if not all(math.isfinite(v) and abs(v) <= FARTHEST for place in places for v in place):
                raise Problem("Coordinates go from −{far} to {far}", where=name, far=f"{FARTHEST:.0f}")
        needed = self.degree + 1 if self.scene == "points" else 2
        if self.scene != "coin" and len({x for x, _ in self.points}) < needed:
            raise Problem(
                "A curve of degree {degree} needs points at {needed} different x",
                where="points",
                degree=needed - 1,
                needed=needed,
            )

    @property
    def descent(self) -> GradientDescent:
        """The rule that descends to the curve."""
        return GradientDescent(learning_rate=self.learning_rate, schedule=self.schedule)

    @property
    def start_names(self) -> tuple[str, str]:
        """The intercept and the slope of a line."""
        return "θ₀", "θ₁"


def with_point(config: LikelihoodConfig, index: int, x: float, y: float) -> LikelihoodConfig:
    """Move a point; an index one past the last adds a point."""
    points = list(config.points)
    points[index : index + 1] = [(_kept(x), _kept(y))]
    return replaced(config, points=tuple(points))


def without_point(config: LikelihoodConfig, index: int) -> LikelihoodConfig:
    """Remove a point."""
    return replaced(config, points=config.points[:index] + config.points[index + 1 :])


def with_outlier(config: LikelihoodConfig, x: float, y: float) -> LikelihoodConfig:
    """Move the outlier."""
    return replaced(config, outlier=(_kept(x), _kept(y)))


def with_start(config: LikelihoodConfig, intercept: float, slope: float, digits: int = 3) -> LikelihoodConfig:
    """Change the line with which gradient descent begins; so many digits of it are kept."""
    start = (float(f"{_kept(intercept):.{digits}g}"), float(f"{_kept(slope):.{digits}g}"))
    return replaced(config, start=start)


def _kept(value: float) -> float:
    """A coordinate, kept within the bounds."""
    return min(max(value, -FARTHEST), FARTHEST)
