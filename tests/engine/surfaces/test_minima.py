"""f* of a typed formula: the well-known landscapes, typed, have the minima that the literature gives them."""

import numpy as np
import pytest

from engine.surfaces.choice import OnSurface
from engine.surfaces.classic import SURFACES
from engine.surfaces.minima import minima_of
from tests.engine.surfaces.test_classic import FORMULAS


@pytest.mark.parametrize("name", FORMULAS)
def test_the_lowest_minima_of_a_typed_landscape_are_those_of_the_books(name):
    surface = SURFACES[name]
    reach = max(abs(edge) for side in surface.bounds for edge in side)
    found = minima_of(OnSurface(surface="expression", expression=FORMULAS[name], reach=reach))
    assert len(found) == len(surface.minima)
    np.testing.assert_allclose(sorted(found), sorted(surface.minima), atol=1e-6)


def lowest(expression):
    return sorted(minima_of(OnSurface(surface="expression", expression=expression, reach=3.0)))


@pytest.mark.parametrize(
    ("expression", "minima"),
    [
        ("abs(x) + abs(y)", [(0, 0, 0)]),
        ("abs(abs(x) - 1) + abs(y)", [(-1, 0, 0), (1, 0, 0)]),
        ("abs(x - 1/3) + 3*abs(y - 0.777) + x/5", [(1 / 3, 0.777, 1 / 15)]),
        ("sqrt(x^2 + y^2)", [(0, 0, 0)]),
        ("sqrt(abs(x - 0.3)) + abs(y + 1.7)", [(0.3, -1.7, 0)]),
        ("abs(x - 2*y) + 0.1*(x - 1)^2", [(1, 0.5, 0)]),  # along the valley one direction alone leads down
        ("abs(x^2 - y) + 0.01*(1 - x)^2", [(1, 1, 0)]),  # … and the valley bends
        ("x^2 + abs(y)", [(0, 0, 0)]),
    ],
)
def test_a_minimum_at_a_kink_is_found_by_values_alone(expression, minima):
    np.testing.assert_allclose(lowest(expression), minima, atol=1e-9)


@pytest.mark.parametrize(
    "expression",
    [
        "abs(x)",  # a whole valley
        "x*y",
        "-abs(x)",
        "abs(x - 2*y) + 0.001*(x + y)",  # a valley that falls on beyond the edge
        "log(abs(x) + abs(y))",  # a pole
        "-1/(x^2 + y^2)",
        "1/x",
    ],
)
def test_where_there_is_no_single_lowest_point_it_is_said_not_to_be_known(expression):
    assert lowest(expression) == []
