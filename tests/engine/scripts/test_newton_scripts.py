"""Scripts of *Newton's method*: every curve and surface, formulas, and methods that have no step."""

import msgspec
import pytest

from engine.config import Problem
from engine.experiments.optimizers.newton_config import NewtonConfig
from engine.scripts.table import script_of
from engine.surfaces.classic import SURFACES
from engine.surfaces.functions_1d import FUNCTIONS
from tests.engine.scripts.running import FRAMEWORKS, hold

NEWTON = "optimizers.newton"
FORMULAS = (
    "exp(x/2) + cos(2x)",
    "log(cosh(x)) + x/4",
    "sqrt(x) + (x - 2)^2",
    "x",
    "x^2 - x^2 + 3",
    "1/x + x",
)


def cases():
    """All curves and surfaces from their own starts, formulas, and starts from which there is no step."""
    curve, surface = NewtonConfig(), NewtonConfig(scene="surface")
    replace = msgspec.structs.replace
    own = replace(curve, function="expression")
    return [
        *(replace(curve, function=name, curve_start=one.start) for name, one in FUNCTIONS.items()),
        *(replace(surface, surface=name, surface_start=one.start) for name, one in SURFACES.items()),
        *(replace(own, expression=text, curve_start=1.3) for text in FORMULAS),
        replace(curve, function="double_well", curve_start=0.0),
        replace(curve, function="flat_bottom", curve_start=1e-200, damping=0.0),
        replace(curve, function="parabola", curve_start=-2.0, curve_rate=50.0, steps=200),
        replace(surface, surface="monkey_saddle", surface_start=(0.0, 0.0), damping=0.0),
        replace(surface, surface="ackley", surface_start=(0.0, 0.0)),
        replace(surface, surface="rosenbrock", surface_rate=1.0, steps=30),
    ]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_newton_give_the_numbers_of_their_runs(framework, tmp_path):
    hold([(NEWTON, config) for config in cases()], framework, tmp_path)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"scene": "cost"}, "times are measured"),
        ({"function": "expression", "expression": "log(x)", "curve_start": -1.0}, "no finite value"),
    ],
)
def test_what_no_script_repeats_is_refused_with_the_reason(changed, reason):
    with pytest.raises(Problem, match=reason):
        script_of(NEWTON, msgspec.structs.replace(NewtonConfig(), **changed))
