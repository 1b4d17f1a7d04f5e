"""Well-known bowls and valleys: functions f(x, y), each with its derivatives by hand; the table of all.

    value      f
    gradient   ∂f/∂x, ∂f/∂y
    Hessian    ∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²

On these surfaces the difficulty is the way to the minimum: a narrow or curved valley, or one not parallel to
the axes. If there are several minima, they are equally low. Surfaces with other difficulties are in
`obstacles`; what all surfaces have in common is in `surface`. A new surface is one class in one of the two
files; `register` adds it to the table `SURFACES`.

Reference: Jamil and Yang, "A literature survey of benchmark functions for global optimization
problems", 2013 (arXiv:1308.4008).
"""

from dataclasses import dataclass
from typing import TypeVar

from engine.surfaces.surface import Real, Surface

__all__ = ["SURFACES", "Bowl", "Surface"]

SurfaceT = TypeVar("SurfaceT", bound=Surface)
SURFACES: dict[str, Surface] = {}


def register(kind: type[SurfaceT]) -> type[SurfaceT]:
    """Make one surface of a class, with the default settings, and put it into the table `SURFACES`."""
    SURFACES[kind.name] = kind()
    return kind


@register
@dataclass(frozen=True)
class Bowl(Surface):
    """A quadratic whose Hessian has the eigenvalues 1 and κ."""

    condition: float = 10.0

    name = "bowl"
    title = "Bowl"
    latex = r"f = \frac{1}{2}\left(x^2 + \kappa y^2\right)"
    meaning = "The larger the condition number, the more plain descent zig-zags across the valley."
    minima = ((0.0, 0.0, 0.0),)
    bounds = ((-4.0, 4.0), (-3.0, 3.0))
    start = (-3.5, 1.5)

    def _value(self, x: Real, y: Real) -> Real:
        return 0.5 * (x * x + self.condition * y * y)

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        return 1.0 * x, self.condition * y  # 1.0 *: a new array, not the caller's own

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        zero = 0.0 * x
        return zero + 1.0, zero, zero + self.condition


@register
@dataclass(frozen=True)
class Rosenbrock(Surface):
    """Rosenbrock's function, 1960: a narrow curved valley; the start is the usual one."""

    name = "rosenbrock"
    title = "Rosenbrock"
    latex = r"f = \left(1 - x\right)^2 + 100\left(y - x^2\right)^2"
    meaning = "Reaching the curved valley is easy; following its flat floor to the minimum is slow."
    minima = ((1.0, 1.0, 0.0),)
    bounds = ((-2.0, 2.0), (-1.0, 3.0))
    start = (-1.2, 1.0)
    log_levels = True

    def _value(self, x: Real, y: Real) -> Real:
        a, b = 1.0 - x, y - x * x
        return a * a + 100.0 * b * b

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        b = y - x * x
        return 2.0 * (x - 1.0) - 400.0 * x * b, 200.0 * b

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        return 2.0 - 400.0 * (y - 3.0 * x * x), -400.0 * x, 0.0 * x + 200.0


@register
@dataclass(frozen=True)
class Beale(Surface):
    """Beale's function, 1958; the start is that of Moré, Garbow and Hillstrom."""

    name = "beale"
    title = "Beale"
    latex = (
        r"f = \left(1.5 - x + xy\right)^2 + \left(2.25 - x + xy^2\right)^2 + \left(2.625 - x + xy^3\right)^2"
    )
    meaning = "Steep walls at the corners and a nearly flat floor: no single learning rate suits both."
    minima = ((3.0, 0.5, 0.0),)
    bounds = ((-4.5, 4.5), (-4.5, 4.5))
    start = (1.0, 1.0)
    log_levels = True

    @staticmethod
    def _terms(x: Real, y: Real) -> tuple[Real, Real, Real]:
        """The three terms whose squares are added."""
        return 1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y

    def _value(self, x: Real, y: Real) -> Real:
        a, b, c = self._terms(x, y)
        return a * a + b * b + c * c

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        a, b, c = self._terms(x, y)
        gx = 2.0 * (a * (y - 1.0) + b * (y * y - 1.0) + c * (y * y * y - 1.0))
        return gx, 2.0 * x * (a + 2.0 * y * b + 3.0 * y * y * c)

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        a, b, c = self._terms(x, y)
        ax, bx, cx = y - 1.0, y * y - 1.0, y * y * y - 1.0
        ay, by, cy = x, 2.0 * x * y, 3.0 * x * y * y
        hxx = 2.0 * (ax * ax + bx * bx + cx * cx)
        hxy = 2.0 * (ax * ay + bx * by + cx * cy + a + 2.0 * y * b + 3.0 * y * y * c)
        hyy = 2.0 * (ay * ay + by * by + cy * cy + 2.0 * x * b + 6.0 * x * y * c)
        return hxx, hxy, hyy


@register
@dataclass(frozen=True)
class Himmelblau(Surface):
    """Himmelblau's function, 1972: four equal minima around a maximum near (−0.271, −0.923)."""

    name = "himmelblau"
    title = "Himmelblau"
    latex = r"f = \left(x^2 + y - 11\right)^2 + \left(x + y^2 - 7\right)^2"
    meaning = "Four equal minima: start and method decide which one is reached."
    minima = (
        (3.0, 2.0, 0.0),
        (-2.805118086952745, 3.131312518250573, 0.0),
        (-3.779310253377747, -3.283185991286170, 0.0),
        (3.584428340330492, -1.848126526964404, 0.0),
    )
    bounds = ((-5.0, 5.0), (-5.0, 5.0))
    start = (0.0, 0.0)
    log_levels = True

    def _value(self, x: Real, y: Real) -> Real:
        a, b = x * x + y - 11.0, x + y * y - 7.0
        return a * a + b * b

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        a, b = x * x + y - 11.0, x + y * y - 7.0
        return 4.0 * x * a + 2.0 * b, 2.0 * a + 4.0 * y * b

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        a, b = x * x + y - 11.0, x + y * y - 7.0
        return 4.0 * a + 8.0 * x * x + 2.0, 4.0 * (x + y), 4.0 * b + 8.0 * y * y + 2.0


@register
@dataclass(frozen=True)
class Booth(Surface):
    """Booth's function: a tilted quadratic with the eigenvalues 2 and 18."""

    name = "booth"
    title = "Booth"
    latex = r"f = \left(x + 2y - 7\right)^2 + \left(2x + y - 5\right)^2"
    meaning = "A valley not parallel to the axes: methods that scale each coordinate do not help."
    minima = ((1.0, 3.0, 0.0),)
    bounds = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-8.0, -6.0)
    log_levels = True

    def _value(self, x: Real, y: Real) -> Real:
        a, b = x + 2.0 * y - 7.0, 2.0 * x + y - 5.0
        return a * a + b * b

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        return 10.0 * x + 8.0 * y - 34.0, 8.0 * x + 10.0 * y - 38.0

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        zero = 0.0 * x
        return zero + 10.0, zero + 8.0, zero + 10.0
