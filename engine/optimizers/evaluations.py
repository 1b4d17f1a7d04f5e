"""What a run costs: how often it computes f, its gradient and its Hessian.

Two methods that take the same number of steps need not do the same work: a step of gradient descent is one
gradient, a line search tries several points, Newton's method also needs the Hessian. To compare them each
kind of evaluation has a price, in units of one gradient:

    f(x)      1
    ∇f(x)     1
    ∇²f(x)    n, the number of coordinates: each column costs about as much as a gradient

These prices never make a line search look cheaper than it is: a value costs no more than a gradient; and a
gradient, computed by a backward pass, costs no more than a few values, for any number of coordinates.

References: W. Baur and V. Strassen, "The complexity of partial derivatives", Theoretical Computer Science 22,
1983; Griewank and Walther, "Evaluating Derivatives", 2nd ed. 2008, chapter 4.
"""

from typing import NamedTuple


class Evaluations(NamedTuple):
    """How often f, its gradient and its Hessian were computed."""

    values: int = 0
    gradients: int = 0
    hessians: int = 0

    @property
    def total(self) -> int:
        """The number of all evaluations."""
        return self.values + self.gradients + self.hessians

    def price(self, coordinates: int = 2) -> int:
        """The price in gradients: a Hessian counts as many gradients as there are coordinates."""
        return self.values + self.gradients + coordinates * self.hessians

    def plus(self, more: "Evaluations") -> "Evaluations":
        """The sum of two counts."""
        values, gradients, hessians = more
        return Evaluations(self.values + values, self.gradients + gradients, self.hessians + hessians)
