"""Scripts of *Race*: every rule with every schedule, every surface, formulas, noise, changes, ends."""

import subprocess
import sys
from itertools import cycle
from typing import get_args

import msgspec
import pytest

from engine.changes import Change
from engine.config import Problem
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.adam import Adam
from engine.optimizers.adam_relatives import Lion, Nadam
from engine.optimizers.adaptive import RMSProp
from engine.optimizers.descent import SGD, AveragedMomentum, GradientDescent, Momentum, Nesterov
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.optimizers.newton import DampedNewton, Newton
from engine.optimizers.resilient import Rprop
from engine.optimizers.schedules import SCHEDULES, ConstantRate
from engine.optimizers.table import FirstOrder
from engine.scripts.race_rounding import last_repeatable
from engine.scripts.table import script_of
from engine.stop_rules import SlopeBelow, TimeIsUp, ValueBelow
from engine.surfaces.classic import SURFACES
from tests.engine.scripts.running import FRAMEWORKS, hold

RACE = "optimizers.race"
SEARCHING = (Newton(), DampedNewton(damping=20.0, learning_rate=0.5), LBFGS(), ConjugateGradient())
SWITCHES = (
    SGD(decay=0.1),
    AveragedMomentum(bias_correction=True),
    Adam(bias_correction=False),
    RMSProp(centered=True, momentum=0.5),
    Rprop(backtracking=True),
    Momentum(beta=0.0),
    Nesterov(beta=0.0),
    ASGD(averaging_start=2),
)
FORMULAS = (
    "exp(-x^2 - y^2) + 0.1x^2 + 0.1y^2 + relu(x)/4",
    "max(x, y) + x^2 + y^2 + log(2 + cos(y))",
    "sqrt(x^2 + y^2 + 1) + sigmoid(x*y) + |y|",
    "log(cosh(x)) + softplus(y) + y^2 - 1/cosh(y)",
    "(x^2)^(1/3) + y^4 + atan(y/(1 + x^2))",
    "x^y + (x - 2)^2 + y^2 + min(x^2, 1)",
    "log(exp(2) + exp(x)) + y^2 - x/2 + sign(x) + tanh(y)",
    "exp(-1/x^2) + (y - pi/4)^2 + asin(x/9) + 2^y - 1.5*cosh(x/9)",
)


def by_schedules():
    """Every rule with every schedule, in one race for each schedule."""
    races = []
    for schedule in SCHEDULES.values():
        warm = schedule(warmup_steps=0 if schedule is ConstantRate else 3)
        rules = tuple(msgspec.structs.replace(rule(), schedule=warm) for rule in get_args(FirstOrder))
        races.append(RaceConfig(surface="booth", start=(-8.0, -6.0), racers=rules, steps=12))
    return [*races, RaceConfig(surface="booth", start=(-8.0, -6.0), racers=SWITCHES, steps=12)]


def on_surfaces():
    """Every surface and formula, with few rules of one gradient and those that need more."""
    rules = cycle((GradientDescent(learning_rate=1e-3), Nesterov(learning_rate=1e-3), Lion(), Rprop()))
    races = [
        RaceConfig(surface=name, start=surface.start, racers=(next(rules), *SEARCHING), steps=12)
        for name, surface in SURFACES.items()
    ]
    return races + [
        RaceConfig(
            surface="expression",
            expression=text,
            start=(0.7, 0.6),
            racers=(next(rules), *SEARCHING),
            steps=10,
        )
        for text in FORMULAS
    ]


def with_changes():
    """Noise, changes, prices, ends, and racers that cannot go on."""
    beale = RaceConfig(surface="beale", start=(1.0, 1.5), steps=30, seed=4)
    replace = msgspec.structs.replace
    rules = (
        Nesterov(learning_rate=0.001),
        Nadam(),
        Momentum(learning_rate=0.001, beta=0.0),
        *(Adam(learning_rate=0.1), ASGD(), RMSProp()),
    )
    changes = (
        Change(5, "racers[0].learning_rate", 0.0005),
        *(Change(5, "racers[1].beta2", 0.9), Change(6, "racers[2].beta", 0.9)),
        *(Change(7, "racers[3].beta2", 0.9), Change(7, "racers[3].learning_rate", 0.05)),
        *(Change(8, "racers[4].averaging_start", 10), Change(9, "racers[5].momentum", 0.5)),
    )
    own = (Change(9, "racers[1].damping", 3.0), Change(9, "racers[2].memory", 2))
    steep = (GradientDescent(learning_rate=1.0), Newton(), LBFGS())
    return [
        replace(beale, racers=rules, changes=changes),
        replace(beale, racers=rules, noise=0.5, changes=(Change(3, "noise", 0.0), Change(9, "noise", 0.1))),
        replace(beale, racers=SEARCHING, noise=0.2, changes=(Change(9, "noise", 0.1),)),
        replace(beale, racers=SEARCHING, noise=0.2, changes=(Change(9, "noise", 0.0),)),
        replace(beale, racers=(ConjugateGradient(),)),
        replace(beale, racers=(Newton(),), changes=(Change(20, "noise", 0.2),)),
        replace(beale, racers=(*SEARCHING, Momentum(learning_rate=0.001)), budget="evaluations", changes=own),
        replace(beale, racers=SEARCHING, budget="evaluations", noise=0.2, changes=(Change(9, "noise", 0.0),)),
        replace(beale, racers=steep, stop=ValueBelow(limit=0.5)),
        replace(
            beale, racers=steep, stop=SlopeBelow(limit=0.5), changes=(Change(12, "racers[2].memory", 3),)
        ),
        RaceConfig(surface="monkey_saddle", start=(0.0, 0.5), racers=steep, steps=9),
        RaceConfig(surface="bowl", start=(0.0, 0.0), racers=(*steep, Lion()), steps=4),
        RaceConfig(
            surface="saddle", start=(0.5, 0.1), racers=(GradientDescent(learning_rate=9.0),), steps=900
        ),
    ]


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("races", [by_schedules, on_surfaces, with_changes])
def test_scripts_of_races_give_the_numbers_of_their_runs(races, framework, tmp_path):
    hold([(RACE, config) for config in races()], framework, tmp_path)


def test_a_racer_of_pytorch_ends_where_rounding_makes_its_path_another_one():
    """On Rastrigin's hills a long step multiplies differences; on the bowl every step makes them smaller."""
    wild, tame = GradientDescent(learning_rate=0.05), GradientDescent(learning_rate=0.001)
    config = RaceConfig(surface="rastrigin", start=(3.3, -2.4), racers=(wild, tame), steps=60)
    last, whole = last_repeatable(config)
    assert 3 < last < 30
    assert whole == 60
    text = script_of(RACE, config, "torch").text
    assert "This path is chaotic" in text
    assert f"range(1, {last} + 1)" in text
    assert "chaotic" not in script_of(RACE, config).text


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"stop": TimeIsUp()}, "time is up"),
        ({"surface": "expression", "expression": "log(x)", "start": (-1.0, 0.0)}, "no finite value"),
        ({"racers": (LBFGS(),), "changes": (Change(9, "noise", 0.1),)}, "Noise begins"),
    ],
)
def test_a_race_that_no_script_repeats_is_refused_with_the_reason(changed, reason):
    with pytest.raises(Problem, match=reason):
        script_of(RACE, msgspec.structs.replace(RaceConfig(), **changed))


def test_the_noise_is_that_of_the_run_in_the_second_block_too(tmp_path):
    (script,) = hold(
        [(RACE, RaceConfig(surface="bowl", racers=(SGD(),), noise=0.3, steps=1030))], "numpy", tmp_path
    )
    assert "for block in range(2)" in script.text


def test_what_is_printed_names_the_racers_by_their_titles(tmp_path):
    racers = (Momentum(), Adam(learning_rate=0.1), Adam(), GradientDescent())
    text = script_of(RACE, RaceConfig(racers=racers, steps=3)).text
    (tmp_path / "race.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "race.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    names = ["Momentum", "Adam 1", "Adam 2", "Gradient descent"]
    heads = [line for line in done.stdout.splitlines() if "." in line[:2]]
    assert heads == [f"{k}.{what} ({name})" for k, name in enumerate(names) for what in "xyf"]
    assert all(f"# {k}: {name}\n" in text for k, name in enumerate(names))
