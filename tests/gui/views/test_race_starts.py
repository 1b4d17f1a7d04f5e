"""The race from many starts, on the screen: plots, table and sentence say what was computed."""

from dataclasses import replace
from functools import partial
from math import inf

import numpy as np
import pytest

from engine.config import replaced
from engine.convergence.start_sweep import Outcome
from engine.experiments.optimizers.race import EXPERIMENT, RaceConfig, results
from engine.experiments.optimizers.race_starts import StartSweep, running_from_starts
from engine.optimizers.table import OPTIMIZERS
from engine.pieces import result_of
from engine.session import load
from engine.surfaces.minima import minima_of
from gui.app.documents import EXAMPLES
from gui.look.theme import LECTURE_SCALE, LIGHT
from gui.views.optimizers.race import RaceView
from gui.views.optimizers.race_starts import told
from tests.gui.views.moments import present, recorded

run = partial(recorded, EXPERIMENT)
CONFIG = RaceConfig(
    surface="bowl",
    condition=25.0,
    steps=40,
    tolerance=0.1,
    racers=(
        OPTIMIZERS["gradient_descent"](learning_rate=0.03),
        OPTIMIZERS["gradient_descent"](learning_rate=1.0),  # f grows 576-fold at every step
        OPTIMIZERS["newton"](),
    ),
)
VIEW, BEGIN, LOOK = RaceView, CONFIG, {"layout": "starts", "sample": "25"}


def swept(config=CONFIG, count=25):
    return result_of(running_from_starts(config, minima_of(config), count))


def test_the_runs_of_every_racer_stand_in_order(make):
    view = make()
    descent, wild, newton = view.spread.curves
    found = swept()
    np.testing.assert_array_equal(descent.x, np.linspace(0, 100, 25))
    np.testing.assert_allclose(descent.y, np.sort(found.outcomes[0].ends), rtol=1e-12)
    assert (np.diff(descent.y) >= 0).all()
    assert wild.y.min() > 1e50
    floor = 10.0 ** view.spread.ranges[1][0]
    np.testing.assert_array_equal(newton.y, floor)  # 0 is below every logarithmic axis
    assert view.spread.title == "f − f* after 40 steps, from 25 starts: the runs in order"


def test_the_profile_has_who_arrives_and_how_late(make):
    view = make()
    lines = {curve.key: curve for curve in view.profile.curves}
    assert (lines["2"].y == 100).all()  # Newton arrives in its first step, from everywhere
    assert (lines["1"].y == 0).all()
    arrived = swept().outcomes[0].arrived  # Newton needs 1 step: this is the ratio
    for tau in (2.0, 10.0, 30.0):
        shown = lines["0"].y[np.searchsorted(lines["0"].x, tau, side="right") - 1]
        assert shown == pytest.approx(100 * (np.maximum(arrived, 1) <= tau).mean())
    assert view.profile.x_axis.log
    assert view.profile.title == "Performance profile: f − f* ≤ 0.1"


def test_the_table_and_the_sentence(make):
    view = make()
    found = swept()
    descent, wild, newton = (line.values for line in view.shares.lines)
    assert descent[3] == pytest.approx(np.median(found.outcomes[0].ends))
    assert descent[1] == pytest.approx(100 * np.isfinite(found.outcomes[0].arrived).mean())
    assert (wild[0], wild[1]) == (0.0, 0.0)
    assert newton == (100.0, 100.0, 0.0, 0.0)
    assert view.finding.text == (
        "From 25 starts Newton is first most often, on 100 %, and also arrives most, on 100 %."
    )
    view.shares.selected.emit(2)
    assert view.options.racer == 2


def test_evaluations_are_counted_where_they_are_the_budget(make):
    view = make(replaced(CONFIG, budget="evaluations"))
    assert view.profile.x_axis.name == "τ = evaluations ÷ fewest"
    assert view.spread.title == "f − f* after 40 evaluations, from 25 starts: the runs in order"


def test_it_is_computed_only_where_it_is_seen_and_not_again_for_another_start(make):
    view = make(layout="contour")
    assert view.questions.newest("starts") == -1
    view.bar["layout"].setCurrentIndex(view.bar["layout"].findData("starts"))
    asked = view.questions.newest("starts")
    assert asked >= 0
    assert view.spread.curves
    moved = replaced(CONFIG, start=(0.5, 0.5))
    present(view, moved, run(moved), 3)
    view.catch_up()
    assert view.questions.newest("starts") == asked
    assert view.spread.curves
    view.bar["sample"].setCurrentIndex(view.bar["sample"].findData("100"))
    assert view.questions.newest("starts") > asked
    assert len(view.spread.curves[0].x) == 100


def test_without_a_known_minimum_f_itself_is_shown_and_nobody_arrives(make):
    racers = OPTIMIZERS["gradient_descent"](learning_rate=0.1), OPTIMIZERS["adam"](learning_rate=0.2)
    view = make(RaceConfig(surface="expression", expression="x + y", racers=racers, steps=10))
    assert view.spread.y_axis.name == "f"
    assert not view.profile.curves
    assert view.profile.title == "Performance profile · f* is not known"
    assert view.finding.text == "From 25 starts Adam has the lowest median."
    assert [line.cells[:2] for line in view.shares.lines] == [("–", "–")] * 2


def test_all_of_it_is_exported(make):
    view = make()
    assert {view.spread, view.profile, view.shares} == set(view.panels())
    heads = [name for name, _ in view.spread.table()]
    assert heads[0] == "share of the starts (%)"
    assert {"Gradient descent 1", "Gradient descent 2", "Newton"} <= set(heads)
    table = dict(view.shares.table())
    assert table["name"] == ["Gradient descent 1", "Gradient descent 2", "Newton"]
    assert table["arrived"][2] == 100.0


def test_a_lecture_has_both_plots(make):
    view = make(theme=replace(LIGHT, scale=LECTURE_SCALE))
    assert {view.spread, view.profile} == set(view.panels())


def test_one_start_says_little(make):
    """What the notes say of this example: from its start two arrive whose runs diverge from most starts."""
    config = load(EXAMPLES / "one-start-says-little.nabla.json").config("optimizers.race")
    lines = dict(zip((racer.name for racer in config.racers), results(config, run(config), 300), strict=True))
    view = make(config)
    _first, arrived, lost, _median = range(4)
    shares = dict(
        zip((racer.name for racer in config.racers), (line.values for line in view.shares.lines), strict=True)
    )
    for name in ("momentum", "nesterov"):
        assert lines[name].reached is not None
        assert shares[name][lost] == pytest.approx(80, abs=5)
    assert shares["adam"][lost] == 0
    assert shares["adam"][arrived] < 20


def test_the_same_work_for_all():
    config = load(EXAMPLES / "the-same-work-for-all.nabla.json").config("optimizers.race")
    steps = replaced(config, budget="steps")
    reached = [[line.reached for line in results(one, run(one), one.steps)] for one in (config, steps)]
    kinds = [racer.name for racer in config.racers]
    newton = kinds.index("newton")
    assert reached[0][newton] == 3 * reached[1][newton]
    assert reached[1][newton] == min(one for one in reached[1] if one is not None)
    momentum = kinds.index("momentum")
    assert reached[0][momentum] == reached[1][momentum]  # a step is a gradient


def said(*racers, known=True):
    outcomes = tuple(Outcome(np.array(ends, float), np.array(arrived, float)) for ends, arrived in racers)
    sweep = StartSweep(np.zeros((2, 2)), 9, known, outcomes)
    return told(list("ABC")[: len(racers)], sweep, "0.01")


def test_the_sentence_in_every_case():
    nan = np.nan
    assert said(([0, 5], [4, inf]), ([0, 0], [8, 8])) == (
        "From 2 starts A is first most often, on 50 %; B arrives most often, on 100 %."
    )
    assert said(([0, 0], [4, 9]), ([0, 0], [8, 8])) == (
        "From 2 starts A is first most often, on 50 %, and also arrives most, on 100 %."
    )
    assert said(([3, 5], [inf, inf]), ([2, 2], [inf, inf])) == (
        "From 2 starts none reaches f − f* ≤ 0.01; B has the lowest median."
    )
    assert said(([nan, nan], [inf, inf])) == "From 2 starts most runs of every racer diverge."
    assert said(([1, 2], [inf, inf]), known=False) == "From 2 starts A has the lowest median."
