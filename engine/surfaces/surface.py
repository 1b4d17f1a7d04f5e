"""What every surface has: a value f(x, y), a gradient and a Hessian.

    gradient  ∇f = (∂f/∂x, ∂f/∂y)                 the direction of steepest ascent; its length is the slope
    Hessian   H  = (∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²)   how the gradient changes with x and y

The same formula is used for two Python floats (one step of an optimizer, less than a microsecond) and for
arrays of any shape (a contour plot, a map). So `sin`, `exp` and others are defined here for both.

Reference: Nocedal and Wright, "Numerical Optimization", 2nd ed. 2006, section 2.1.
"""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]
Real = TypeVar("Real", float, FloatArray)
Result = TypeVar("Result")
Bounds = tuple[tuple[float, float], tuple[float, float]]


class Surface:
    """Base of all surfaces; each class defines `_value`, `_gradient` and `_hessian`.

    `minima` are the global minima as (x, y, f); none where f has no lower bound or they are not known.
    `bounds` ((x0, x1), (y0, y1)) is the part that is drawn, `start` a good starting point for learning, and
    `log_levels` says that contours of log(f − minimum) show more than contours of f. `plain` is a formula as
    the user typed it.
    """

    name: str
    title: str
    latex: str
    plain: str = ""
    meaning: str
    minima: tuple[tuple[float, float, float], ...] = ()
    bounds: Bounds
    start: tuple[float, float]
    log_levels: bool = False

    def value(self, x: Real, y: Real) -> Real:
        """Return f. Two floats give a float; arrays broadcast, and overflow to ∞ without a warning."""
        return self._value(x, y) if type(x) is type(y) is float else _quietly(self._value, x, y)

    def gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        """Return (∂f/∂x, ∂f/∂y), each of the shape of x and y together."""
        return self._gradient(x, y) if type(x) is type(y) is float else _quietly(self._gradient, x, y)

    @property
    def slope(self) -> Callable[[float, float], tuple[float, float]]:
        """`gradient` for two floats, without the check for arrays: for loops of thousands of steps."""
        return self._gradient

    def hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        """Return (∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²), each of the shape of x and y together."""
        return self._hessian(x, y) if type(x) is type(y) is float else _quietly(self._hessian, x, y)

    def _value(self, x: Real, y: Real) -> Real:
        """f, in arithmetic that two floats and two arrays of one shape both understand."""
        raise NotImplementedError

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        """(∂f/∂x, ∂f/∂y), in the same way."""
        raise NotImplementedError

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        """(∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²), in the same way."""
        raise NotImplementedError


def _quietly(formula: Callable[[Any, Any], Result], x: Any, y: Any) -> Result:
    """Apply a formula to arrays without warnings: overflow is part of what the program shows."""
    if np.shape(x) != np.shape(y):
        x, y = np.broadcast_arrays(x, y)
    with np.errstate(all="ignore"):
        return formula(x, y)


def _on_both(scalar: Callable[[float], float], array: Callable[[Any], Any]) -> Callable[[Real], Real]:
    """Join two versions of a function: `math` for floats, where it is ten times faster, NumPy for arrays."""

    def function(x: Any) -> Any:
        if type(x) is not float:
            return array(x)
        try:
            return scalar(x)
        except ValueError:  # `math` raises for sin(∞), where NumPy gives NaN
            return math.nan

    return function


sin = _on_both(math.sin, np.sin)
cos = _on_both(math.cos, np.cos)
exp = _on_both(math.exp, np.exp)
expm1 = _on_both(math.expm1, np.expm1)
sqrt = _on_both(math.sqrt, np.sqrt)
tanh = _on_both(math.tanh, np.tanh)
reciprocal_or_0 = _on_both(
    lambda r: 1.0 / r if r else 0.0, lambda r: np.divide(1.0, r, out=np.zeros_like(r), where=r != 0)
)
