"""The settings of *Optimizers ▸ Maps*: one optimizer; its runs differ in their starts or in its settings."""

import math
from typing import Annotated, Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.config import Problem, choice, number, plain, replaced
from engine.optimizers.descent import Momentum
from engine.optimizers.table import Optimizer
from engine.optimizers.update_rule import GradientRule
from engine.surfaces.choice import OnSurface, SurfaceName, surface_of
from engine.surfaces.classic import Bowl, Surface

Array = NDArray[np.float64]
KINDS = {"basins": "Basins of attraction", "rates": "Steps to converge"}
SECOND_SETTINGS = {
    "own": "Its second setting",
    "beta2": "β₂",
    "condition": "Condition number κ",
    "start": "Start along x",
}
RESOLUTIONS = {"64": "64 × 64", "128": "128 × 128", "256": "256 × 256", "512": "512 × 512"}
# The second setting of a rule: the first of these that it has.
OWN = ("beta", "beta1", "rho", "decay", "damping", "epsilon")


class MapAxis(NamedTuple):
    """What runs along an edge of a map: `name` is a field of the optimizer or the config, or "x", "y",
    "start".

    A `complement` axis shows 1 − value: on a log axis of it, values of 0.9, 0.99, 0.999 are evenly spaced.
    """

    name: str
    label: str
    low: float
    high: float
    log: bool = False
    complement: bool = False

    def at(self, fraction: Array | float) -> Array:
        """The number on the axis at a fraction between 0 and 1 of its length."""
        fraction = np.asarray(fraction, np.float64)
        if self.log:
            return np.asarray(self.low * (self.high / self.low) ** fraction)
        return np.asarray(self.low + fraction * (self.high - self.low))

    def fraction(self, value: float) -> float:
        """The position of a value of the field, as a fraction of the axis; the inverse of `setting`."""
        return self.fraction_shown(1 - value if self.complement else value)

    def fraction_shown(self, shown: float) -> float:
        """The position of a number that is written on the axis; the inverse of `at`."""
        if self.log:
            return math.log(shown / self.low) / math.log(self.high / self.low) if shown > 0 else -math.inf
        return (shown - self.low) / (self.high - self.low)

    def setting(self, fraction: Array | float) -> Array:
        """The value of the field at a fraction of the axis."""
        shown = self.at(fraction)
        return 1 - shown if self.complement else shown


SECOND_AXES = {
    "beta": MapAxis("beta", "β", 0.0, 1.0),
    "beta1": MapAxis("beta1", "β₁", 0.0, 1.0),
    "beta2": MapAxis("beta2", "1 − β₂", 1e-4, 1.0, log=True, complement=True),
    "rho": MapAxis("rho", "1 − ρ", 1e-4, 1.0, log=True, complement=True),
    "decay": MapAxis("decay", "d", 1e-4, 10.0, log=True),
    "damping": MapAxis("damping", "λ", 1e-3, 1e3, log=True),
    "epsilon": MapAxis("epsilon", "ε", 1e-12, 1.0, log=True),
    "condition": MapAxis("condition", "κ", 1.0, 1e4, log=True),
}


def of_rates(config: "MapsConfig") -> bool:
    """Whether the runs differ in their settings."""
    return config.kind == "rates"


class MapsConfig(OnSurface, frozen=True):
    """One optimizer on one surface; the pixels of the map are its runs."""

    surface: SurfaceName = "himmelblau"
    kind: Annotated[
        str, choice("Map", "What the runs differ in: their starts, or their settings.", KINDS)
    ] = "basins"
    optimizer: Annotated[Optimizer, plain("Optimizer", "Whose runs are mapped.")] = Momentum(
        learning_rate=0.01, beta=0.9
    )
    start: Annotated[
        tuple[float, float],
        plain("Start", "Where the chosen run begins; drag the ring on the map.", kind="point"),
    ] = (-2.0, 2.0)
    rate_from: Annotated[
        float,
        number(
            "η from",
            "The learning rate at the left edge.",
            scale="log",
            gt=0,
            le=1000,
            soft=(1e-6, 1),
            when=of_rates,
        ),
    ] = 1e-4
    rate_to: Annotated[
        float,
        number(
            "η to",
            "The learning rate at the right edge.",
            scale="log",
            gt=0,
            le=1000,
            soft=(1e-4, 100),
            when=of_rates,
        ),
    ] = 1.0
    second: Annotated[
        str,
        choice(
            "Upward", "What changes from the bottom of the map to its top.", SECOND_SETTINGS, when=of_rates
        ),
    ] = "own"
    steps: Annotated[
        int, number("Steps", "How many steps each run has.", scale="log", ge=1, le=20_000, soft=(10, 5000))
    ] = 300
    radius: Annotated[
        float,
        number(
            "Radius",
            "A run has arrived where it stays this close to a stationary point.",
            symbol="r",
            scale="log",
            gt=0,
            le=1e3,
            soft=(1e-6, 1),
        ),
    ] = 0.05
    resolution: Annotated[
        str, choice("Resolution", "How many runs there are along each side.", RESOLUTIONS, more=True)
    ] = "256"

    @property
    def side(self) -> int:
        """How many runs there are along each side."""
        return int(self.resolution)

    def __post_init__(self) -> None:
        """Refuse a formula that cannot be read, and a map of settings that the optimizer does not have.

        Raises:
            Problem: with the field and what to choose instead.
        """
        super().__post_init__()
        if self.kind != "rates":
            return
        title = type(self.optimizer).title
        if not hasattr(self.optimizer, "learning_rate"):
            raise Problem(
                "{title} has no learning rate; map where its starts end instead", where="kind", title=title
            )
        if self.rate_from >= self.rate_to:
            raise Problem("Must be less than {bound}", where="rate_from", bound=f"{self.rate_to:g}")
        if self.second == "beta2" and not hasattr(self.optimizer, "beta2"):
            raise Problem("{title} has no β₂", where="second", title=title)
        if self.second == "condition" and self.surface != "bowl":
            raise Problem("Only the bowl has a condition number", where="second")


def axes_of(config: MapsConfig) -> tuple[MapAxis, MapAxis]:
    """The axes along the bottom and along the left edge."""
    (x0, x1), (y0, y1) = surface_of(config).bounds
    if config.kind == "basins":
        return MapAxis("x", "x", x0, x1), MapAxis("y", "y", y0, y1)
    second = config.second
    if second == "own":
        own = (name for name in OWN if hasattr(config.optimizer, name))
        second = next(own, "condition" if config.surface == "bowl" else "start")
    up = MapAxis("start", "x₀", x0, x1) if second == "start" else SECOND_AXES[second]
    return MapAxis("learning_rate", "η", config.rate_from, config.rate_to, log=True), up


def with_pixel(config: MapsConfig, across: float, up: float) -> MapsConfig:
    """The config whose own run (its start, its optimizer) is the pixel at fractions of the two axes."""
    changes: dict[str, Any] = {}
    x, y = config.start
    for axis, fraction in zip(axes_of(config), (across, up), strict=True):
        value = float(axis.setting(fraction))
        if axis.name in ("x", "start"):
            x = value
        elif axis.name == "y":
            y = value
        elif axis.name == "condition":
            changes["condition"] = value
        else:
            rule = changes.get("optimizer", config.optimizer)
            changes["optimizer"] = msgspec.structs.replace(rule, **{axis.name: value})
    return replaced(config, **changes, start=(x, y))


def pixel_of(config: MapsConfig) -> tuple[float, float]:
    """The fractions of the two axes at which the config's own run is; outside 0…1 if it is not on the map."""
    x, y = config.start
    own = {"x": x, "start": x, "y": y, "condition": config.condition}
    across, up = (
        axis.fraction(own[axis.name] if axis.name in own else getattr(config.optimizer, axis.name))
        for axis in axes_of(config)
    )
    return across, up


def run_key(config: MapsConfig) -> MapsConfig:
    """The settings on which the map depends: all except the choice of the pixel that is the own run."""
    return with_pixel(config, 0.5, 0.5)


class Setup(NamedTuple):
    """The surface, the rule and the starts for the runs of some pixels."""

    surface: Surface
    rule: Optimizer
    x: Array
    y: Array


def setup_of(config: MapsConfig, across: Array, up: Array) -> Setup:
    """The runs at fractions (across, up) of the two axes, shape (n,) each.

    A hyperparameter in which they differ is an array of shape (2n,): for all x, and then for all y.
    """
    surface, rule = surface_of(config), config.optimizer
    x, y = (np.full(across.shape, place) for place in config.start)
    for axis, fraction in zip(axes_of(config), (across, up), strict=True):
        value = axis.setting(fraction)
        if axis.name in ("x", "start"):
            x = value
        elif axis.name == "y":
            y = value
        elif axis.name == "condition":
            surface = Bowl(value)  # type: ignore[arg-type]  # a bowl for each run
        else:
            rule = msgspec.structs.replace(rule, **{axis.name: np.concatenate((value, value))})
    return Setup(surface, rule, x, y)


def searches(rule: Optimizer) -> bool:
    """Whether a rule uses a line search, so that its runs cannot be computed together."""
    return not isinstance(rule, GradientRule) and not hasattr(rule, "damping") and rule.name != "newton"
