"""The surfaces of the race: functions f(x, y), each with its derivatives by hand below it.

    value      f
    gradient   ∂f/∂x, ∂f/∂y
    Hessian    ∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²

What they have in common is in `surface`. A new surface is one class in this file; `register` adds it to the
table `SURFACES`.

Reference: Jamil and Yang, "A literature survey of benchmark functions for global optimization
problems", 2013 (arXiv:1308.4008).
"""

import math
from dataclasses import dataclass
from typing import TypeVar

from engine.surfaces.surface import Real, Surface, cos, exp, expm1, reciprocal_or_0, sin, sqrt, tanh

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


@register
@dataclass(frozen=True)
class Saddle(Surface):
    """The simplest saddle: it rises along x and falls along y, to −∞."""

    name = "saddle"
    title = "Saddle"
    latex = r"f = x^2 - y^2"
    meaning = "Descent is slow near the saddle and then leaves it; Newton's method goes to it."
    bounds = ((-2.0, 2.0), (-2.0, 2.0))
    start = (-1.5, 0.01)

    def _value(self, x: Real, y: Real) -> Real:
        return x * x - y * y

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        return 2.0 * x, -2.0 * y

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        zero = 0.0 * x
        return zero + 2.0, zero, zero - 2.0


@register
@dataclass(frozen=True)
class MonkeySaddle(Surface):
    """Three valleys meet at the origin (for a monkey's two legs and its tail); the Hessian is 0 there."""

    name = "monkey_saddle"
    title = "Monkey saddle"
    latex = r"f = x^3 - 3xy^2"
    meaning = "At the origin gradient and Hessian are both 0: no quadratic model shows the way down."
    bounds = ((-2.0, 2.0), (-2.0, 2.0))
    start = (1.5, 0.01)

    def _value(self, x: Real, y: Real) -> Real:
        return x * (x * x - 3.0 * y * y)

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        return 3.0 * (x * x - y * y), -6.0 * x * y

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        return 6.0 * x, -6.0 * y, -6.0 * x


@register
@dataclass(frozen=True)
class Rastrigin(Surface):
    """Rastrigin's function, 1974: a bowl with local minima in a regular grid."""

    name = "rastrigin"
    title = "Rastrigin"
    latex = r"f = 20 + x^2 - 10\cos\left(2\pi x\right) + y^2 - 10\cos\left(2\pi y\right)"
    meaning = "A local minimum near every whole number: momentum may carry the point through a few of them."
    minima = ((0.0, 0.0, 0.0),)
    bounds = ((-5.12, 5.12), (-5.12, 5.12))
    start = (3.3, -2.4)

    def _value(self, x: Real, y: Real) -> Real:
        return 20.0 + x * x - 10.0 * cos(math.tau * x) + y * y - 10.0 * cos(math.tau * y)

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        c = 10.0 * math.tau
        return 2.0 * x + c * sin(math.tau * x), 2.0 * y + c * sin(math.tau * y)

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        c = 10.0 * math.tau**2
        return 2.0 + c * cos(math.tau * x), 0.0 * x, 2.0 + c * cos(math.tau * y)


@register
@dataclass(frozen=True)
class Ackley(Surface):
    """Ackley's function, 1987: a cone 20(1 − e^(−r/5)), r² = ½(x² + y²), covered with ripples.

    At the tip of the cone, the minimum, there is no derivative: the gradient is taken as 0 there, and the
    Hessian as that of the ripples alone.
    """

    name = "ackley"
    title = "Ackley"
    latex = (
        r"f = 20 - 20e^{-0.2\sqrt{\frac{1}{2}\left(x^2 + y^2\right)}}"
        r" + e - e^{\frac{1}{2}\left(\cos 2\pi x + \cos 2\pi y\right)}"
    )
    meaning = "Ripples on a wide funnel with a sharp tip: steps of fixed length never reach it exactly."
    minima = ((0.0, 0.0, 0.0),)
    bounds = ((-5.0, 5.0), (-5.0, 5.0))
    start = (3.3, -2.6)

    @staticmethod
    def _parts(x: Real, y: Real) -> tuple[Real, Real, Real]:
        """Return r, e^(−r/5) and the ripples' exponential."""
        r = sqrt(0.5 * (x * x + y * y))
        return r, exp(-0.2 * r), exp(0.5 * (cos(math.tau * x) + cos(math.tau * y)))

    def _value(self, x: Real, y: Real) -> Real:
        _, cone, ripple = self._parts(x, y)
        return 20.0 * (1.0 - cone) + (math.e - ripple)

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        r, cone, ripple = self._parts(x, y)
        slope = 2.0 * cone * reciprocal_or_0(r)
        ripple = math.pi * ripple
        return slope * x + ripple * sin(math.tau * x), slope * y + ripple * sin(math.tau * y)

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        r, cone, ripple = self._parts(x, y)
        inverse = reciprocal_or_0(r)
        u, v, curvature = x * inverse, y * inverse, 0.2 + inverse
        sx, sy = sin(math.tau * x), sin(math.tau * y)
        cx, cy = cos(math.tau * x), cos(math.tau * y)
        wave = math.pi**2 * ripple
        hxx = cone * (2.0 * inverse - u * u * curvature) + wave * (2.0 * cx - sx * sx)
        hyy = cone * (2.0 * inverse - v * v * curvature) + wave * (2.0 * cy - sy * sy)
        return hxx, -cone * u * v * curvature - wave * sx * sy, hyy


@register
@dataclass(frozen=True)
class StyblinskiTang(Surface):
    """Styblinski and Tang, 1990: a double well in each coordinate, −39.16616570377141 deep."""

    name = "styblinski_tang"
    title = "Styblinski–Tang"
    latex = r"f = \frac{1}{2}\left(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y\right)"
    meaning = "Four basins of different depth: descent ends in the one it starts in, seldom the deepest."
    minima = ((-2.903534027771177, -2.903534027771177, -78.33233140754282),)
    bounds = ((-5.0, 5.0), (-5.0, 5.0))
    start = (0.5, -0.5)

    def _value(self, x: Real, y: Real) -> Real:
        u, v = x * x, y * y
        return 0.5 * (u * u - 16.0 * u + 5.0 * x + v * v - 16.0 * v + 5.0 * y)

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        return 2.0 * x * x * x - 16.0 * x + 2.5, 2.0 * y * y * y - 16.0 * y + 2.5

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        return 6.0 * x * x - 16.0, 0.0 * x, 6.0 * y * y - 16.0


@register
@dataclass(frozen=True)
class Plateau(Surface):
    """A Gaussian well in a plain: at distance r the slope is r e^(−r²/2), almost 0 for large r."""

    name = "plateau"
    title = "Plateau"
    latex = r"f = 1 - e^{-\frac{1}{2}\left(x^2 + y^2\right)}"
    meaning = "Far out the gradient vanishes and descent stalls; methods that divide by its size still move."
    minima = ((0.0, 0.0, 0.0),)
    bounds = ((-4.0, 4.0), (-4.0, 4.0))
    start = (-2.8, 2.0)

    def _value(self, x: Real, y: Real) -> Real:
        return -expm1(-0.5 * (x * x + y * y))

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        well = exp(-0.5 * (x * x + y * y))
        return x * well, y * well

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        well = exp(-0.5 * (x * x + y * y))
        return (1.0 - x * x) * well, -x * y * well, (1.0 - y * y) * well


@register
@dataclass(frozen=True)
class Cliff(Surface):
    """A flat bowl around (−2, 0) with a step of height 4 at x = 1, fifty times as steep as the bowl.

    At the minimum the step adds exactly 0 in float64. In recurrent networks, gradients explode at such walls
    (Pascanu, Mikolov and Bengio, 2013).
    """

    name = "cliff"
    title = "Cliff"
    latex = (
        r"f = \frac{1}{10}\left(\left(x + 2\right)^2 + y^2\right)"
        r" + 2\left(1 + \tanh 25\left(x - 1\right)\right)"
    )
    meaning = "One gradient on the wall is so large that the step goes far away; clipping prevents this."
    minima = ((-2.0, 0.0, 0.0),)
    bounds = ((-5.0, 5.0), (-4.0, 4.0))
    start = (2.0, 2.5)

    def _value(self, x: Real, y: Real) -> Real:
        a = x + 2.0
        return 0.1 * (a * a + y * y) + 2.0 * (1.0 + tanh(25.0 * (x - 1.0)))

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        t = tanh(25.0 * (x - 1.0))
        return 0.2 * (x + 2.0) + 50.0 * (1.0 - t * t), 0.2 * y

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        t = tanh(25.0 * (x - 1.0))
        zero = 0.0 * y
        return 0.2 - 2500.0 * t * (1.0 - t * t), zero, zero + 0.2
