"""The settings that choose a surface: a well-known one, or the user's own formula in x and y."""

from dataclasses import replace
from functools import lru_cache
from typing import Annotated

from engine.config import Config, Problem, choice, number, plain
from engine.surfaces.classic import SURFACES, Bowl
from engine.surfaces.expression import reader as expressions
from engine.surfaces.expression.surface import from_expression
from engine.surfaces.surface import Surface

SURFACE_TITLES = {name: surface.title for name, surface in SURFACES.items()} | {
    "expression": "Your own expression"
}


SurfaceName = Annotated[str, choice("Surface", "The landscape to descend.", SURFACE_TITLES)]


class OnSurface(Config, frozen=True):
    """Base of the configs of experiments on a surface."""

    surface: SurfaceName = "rosenbrock"
    condition: Annotated[
        float,
        number(
            "Condition number",
            "How much more the bowl curves along y than along x.",
            symbol="κ",
            scale="log",
            ge=1,
            le=1e4,
            when=lambda c: c.surface == "bowl",
        ),
    ] = 10.0
    expression: Annotated[
        str,
        plain(
            "f(x, y)",
            "A formula in x and y, such as sin(x)*y + x**2; it is differentiated exactly.",
            kind="expression",
            max_length=expressions.MAX_LENGTH,
            when=lambda c: c.surface == "expression",
        ),
    ] = "sin(3*x)*cos(2*y) + 0.3*(x**2 + y**2)"
    reach: Annotated[
        float,
        number(
            "Reach",
            "The plot shows x and y from minus this to plus this.",
            scale="log",
            ge=1e-6,
            le=1e6,
            soft=(0.1, 100),
            when=lambda c: c.surface == "expression",
        ),
    ] = 3.0

    def __post_init__(self) -> None:
        """Refuse a formula that cannot be read.

        Raises:
            Problem: its value `column` says where in the formula.
        """
        if self.surface == "expression":
            try:
                _parsed(self.expression)
            except Problem as problem:
                raise expressions.of_field(problem, "expression") from problem


@lru_cache(maxsize=32)  # while the start is dragged, the same text is read again with every new config
def _parsed(text: str) -> expressions.Expression:
    return expressions.parse(text)


def surface_of(config: OnSurface) -> Surface:
    """Return the surface that a config describes."""
    if config.surface == "expression":
        return from_expression(_parsed(config.expression), config.reach)
    surface = SURFACES[config.surface]
    return replace(surface, condition=config.condition) if isinstance(surface, Bowl) else surface
