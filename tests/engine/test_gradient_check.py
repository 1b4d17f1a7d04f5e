"""The check passes what is right, catches what is nearly right, and says where."""

import numpy as np
import pytest

from engine.gradient_check import central_difference, check_gradient


def rosenbrock(p: np.ndarray) -> float:
    x, y = p
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def slope(p: np.ndarray) -> np.ndarray:
    x, y = p
    return np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


def test_a_right_gradient_passes() -> None:
    point = np.array([-1.2, 1.0])
    check = check_gradient(rosenbrock, slope(point), point)
    assert check.passed
    assert check.count == 2
    assert check.max_relative_error < 1e-8
    assert point.tolist() == [-1.2, 1.0]


@pytest.mark.parametrize(
    ("factor", "passed"), [(1 + 1e-7, True), (1 + 1e-5, False), (-1.0, False), (0.0, False)]
)
def test_one_wrong_coordinate_is_found(factor: float, passed: bool) -> None:
    x = np.linspace(-2, 2, 12).reshape(3, 4)
    gradient = 3 * x**2
    gradient[1, 3] *= factor
    check = check_gradient(lambda z: (z**3).sum(), gradient, x)
    assert check.passed is passed
    if not passed:
        assert check.worst_index == 7
        assert check.numeric == pytest.approx(3 * x[1, 3] ** 2, rel=1e-6)


def test_large_coordinates_take_larger_steps() -> None:
    x = np.array([1e6, 1e-6])
    assert check_gradient(lambda z: (z * z).sum(), 2 * x, x).passed
    assert central_difference(lambda z: float(z[0] ** 2), x, 0) == pytest.approx(2e6, rel=1e-9)


def test_a_choice_of_coordinates_depends_on_the_seed_alone() -> None:
    x = np.linspace(1, 2, 500)
    seen: list[list[int]] = []
    for seed in (5, 5, 6):
        touched: set[int] = set()

        def f(z: np.ndarray, touched: set[int] = touched) -> float:
            touched.update(np.flatnonzero(z != x).tolist())
            return float((z * z).sum())

        assert check_gradient(f, 2 * x, x, at_most=20, seed=seed).count == 20
        seen.append(sorted(touched))
    assert seen[0] == seen[1] != seen[2]


def test_a_difference_across_a_kink_is_left_out() -> None:
    x = np.array([1e-7, 3.0])
    gradient = np.array([1.0, 1.0])

    def relu_sum(z: np.ndarray) -> float:
        return float(np.maximum(z, 0).sum())

    assert not check_gradient(relu_sum, gradient, x).passed
    check = check_gradient(relu_sum, gradient, x, sides=lambda z: z > 0)
    assert check.passed
    assert check.count == 1
    nothing = check_gradient(relu_sum, gradient[:1], x[:1], sides=lambda z: z > 0)
    assert not nothing.passed
    assert nothing.count == 0


def test_what_is_not_finite_fails() -> None:
    assert not check_gradient(lambda z: np.nan, [1.0], [0.0]).passed
    assert not check_gradient(lambda z: z.sum(), [np.inf], [0.0]).passed
    with pytest.raises(ValueError, match="does not go with"):
        check_gradient(lambda z: z.sum(), [1.0, 2.0], [0.0])
