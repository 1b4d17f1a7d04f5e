"""Well-known surfaces with an obstacle: a saddle, many minima, flat ground, a cliff; derivatives by hand.

On each of them a descent can stop at a point that is not the lowest, or move very slowly, or be thrown far
away. In the table `SURFACES` of `classic` they stand after the bowls and valleys.

Reference: Jamil and Yang, "A literature survey of benchmark functions for global optimization
problems", 2013 (arXiv:1308.4008).
"""

import math
from dataclasses import dataclass

from engine.surfaces.classic import register
from engine.surfaces.surface import Real, Surface, cos, exp, expm1, reciprocal_or_0, sin, sqrt, tanh


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
