"""The local quadratic model: near x, f is approximated by a parabola q, and a step goes to its vertex.

    q(d) = f + g·d + ½ dᵀM d        vertex where g + M d = 0

g is the gradient of f at x, and d the step from x. The step of each method below goes to the vertex of such a
model; they differ in its curvature M. H is the Hessian of f at x, its matrix of second derivatives, I the
identity, λ the damping, and η the learning rate:

    Newton              M = H             the curvature that f has here
    damped Newton       M = H + λI        a larger one, so the vertex is nearer
    gradient descent    M = I/η           the same everywhere and in all directions: η is a guess of 1/f″

If M has a negative eigenvalue, the vertex is a saddle or a maximum of q, and the step can go uphill.

Reference: Nocedal and Wright, "Numerical Optimization", 2nd ed. 2006, chapters 2 and 3.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.linear_systems import solve

Vector = NDArray[np.floating[Any]]
Shape = Literal["bowl", "saddle", "hill", "flat"]
FLAT = 1e-12  # of the largest curvature: an eigenvalue below it counts as 0


class QuadraticModel(NamedTuple):
    """q around x: value (), gradient (n,), curvature M (n, n)."""

    x: Vector
    value: float
    gradient: Vector
    curvature: Vector

    def at(self, d: Vector) -> Vector:
        """Return q at displacements d, shape (..., n)."""
        quadratic: Vector = 0.5 * np.einsum("...i,ij,...j->...", d, self.curvature, d)
        return self.value + d @ self.gradient + quadratic

    def vertex(self) -> Vector | None:
        """Where q is stationary, shape (n,); None where M is singular."""
        step = solve(self.curvature, self.gradient)
        return None if step is None or not np.isfinite(step).all() else self.x - step


def shape_of(curvature: Vector) -> Shape:
    """The shape of a quadratic function with these second derivatives, [n, n]."""
    values = np.linalg.eigvalsh(curvature)
    if (np.abs(values) <= FLAT * max(float(np.abs(values).max()), 1e-300)).any():
        return "flat"
    if (values > 0).all():
        return "bowl"
    return "hill" if (values < 0).all() else "saddle"


def level_lines(model: QuadraticModel, scale: float = 1.0, points: int = 97) -> list[Vector]:
    """Lines in the plane on which q is constant, shape (points, 2); for `scale` 1 the line through x.

    It is an ellipse around the vertex; for a saddle, both branches of a hyperbola. The value of q on it is
    q(vertex) + scale²·(q(x) − q(vertex)). There is none if q has no vertex, or if x is the vertex.
    """
    vertex = model.vertex()
    if vertex is None or (vertex == model.x).all():
        return []
    values, axes = np.linalg.eigh(model.curvature)
    away = axes.T @ (model.x - vertex)
    level = float(values @ away**2) * scale**2  # Σ μᵢ zᵢ²: eigenvalues μ of M, places z along its axes
    radii = np.sqrt(np.abs(level / values))
    if values[0] * values[1] > 0:
        angle = np.linspace(0.0, 2 * np.pi, points)
        lines = [np.stack((radii[0] * np.cos(angle), radii[1] * np.sin(angle)), axis=1)]
    else:
        turn = np.linspace(-4.0, 4.0, points)
        along, across = (0, 1) if level * values[0] > 0 else (1, 0)
        branch = np.empty((points, 2))
        branch[:, along], branch[:, across] = radii[along] * np.cosh(turn), radii[across] * np.sinh(turn)
        lines = [branch, -branch]
    return [vertex + line @ axes.T for line in lines]


def right_digits(x: Vector, goal: float) -> Vector:
    """How many decimals of x agree with the goal: −log₁₀ |x − goal|, at least 0; ∞ where all do."""
    with np.errstate(divide="ignore"):
        digits: Vector = np.maximum(-np.log10(np.abs(x - goal)), 0.0)
    return digits
