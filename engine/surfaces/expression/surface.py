"""The user's own formula as a surface: differentiated exactly, with a hole where it has no value.

    f = sin(3x)·y      ∂f/∂x = 3 cos(3x)·y      ∂f/∂y = sin(3x)      …

References: as in `parser`, which reads the formula, and in `derivatives`, which differentiates it.
"""

from dataclasses import dataclass

from engine.surfaces.expression.reader import Expression
from engine.surfaces.surface import Bounds, Real, Surface


@dataclass(frozen=True)
class ExpressionSurface(Surface):
    """The user's own formula as a surface; its minima are unknown until they are searched."""

    expression: Expression
    latex: str
    bounds: Bounds
    start: tuple[float, float]
    plain: str = ""

    name = "expression"
    title = "Your own expression"
    meaning = "Any formula in x and y, differentiated exactly; where it has no value the surface has a hole."

    def _value(self, x: Real, y: Real) -> Real:
        return self.expression.value(x, y)

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        return self.expression.gradient(x, y)

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        return self.expression.hessian(x, y)


def from_expression(expression: Expression, reach: float) -> ExpressionSurface:
    """Make a surface of a parsed formula, shown over −reach … reach in both coordinates."""
    side = (-reach, reach)
    return ExpressionSurface(
        expression,
        latex=f"f = {expression.latex}",
        plain=f"f = {expression.text}",
        bounds=(side, side),
        start=(0.6 * reach, 0.5 * reach),
    )
