"""f* of a typed formula: the well-known landscapes, typed, have the minima that the literature gives them."""

import numpy as np
import pytest

from engine.surfaces.choice import OnSurface
from engine.surfaces.classic import SURFACES
from engine.surfaces.minima import minima_of
from tests.engine.surfaces.test_classic import FORMULAS

TIPS = {"ackley"}  # its minimum is the tip of a cone, without a slope that is 0: f* is said not to be known


@pytest.mark.parametrize("name", FORMULAS)
def test_the_lowest_minima_of_a_typed_landscape_are_those_of_the_books(name):
    surface = SURFACES[name]
    reach = max(abs(edge) for side in surface.bounds for edge in side)
    found = minima_of(OnSurface(surface="expression", expression=FORMULAS[name], reach=reach))
    known = [] if name in TIPS else sorted(surface.minima)
    assert len(found) == len(known)
    np.testing.assert_allclose(sorted(found), known or np.empty((0,)), atol=1e-6)
