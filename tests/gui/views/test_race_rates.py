"""Each racer at its own best learning rate, on the screen: the plot, the table, the sentence, the button."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.changes import Change
from engine.config import replaced
from engine.experiments.optimizers.race import EXPERIMENT, RaceConfig
from engine.experiments.optimizers.race_rates import RacerSweep, RateSweep, sweeping_rates
from engine.optimizers.table import OPTIMIZERS
from engine.pieces import result_of
from engine.session import load
from gui.app.documents import EXAMPLES
from gui.plots.target import spot_of
from gui.views.optimizers.race import RaceView
from gui.views.optimizers.race_words import turned_round
from tests.gui.views.moments import present, present_step, recorded

run = partial(recorded, EXPERIMENT)
CONFIG = RaceConfig(
    surface="bowl",
    condition=25.0,
    start=(3.0, 1.0),
    steps=40,
    racers=(
        OPTIMIZERS["gradient_descent"](learning_rate=0.01),
        OPTIMIZERS["adam"](learning_rate=0.1),
        OPTIMIZERS["lbfgs"](),
    ),
)
VIEW, BEGIN, LOOK = RaceView, CONFIG, {"layout": "rates"}


def test_each_curve_is_f_at_the_end_with_a_ring_now_and_a_dot_at_the_best(make):
    view = make()
    descent = view.rates.curves[0]
    rates = descent.x
    shrunk = 0.5 * ((3 * (1 - rates) ** 40) ** 2 + 25 * ((1 - 25 * rates) ** 40) ** 2)
    seen = (rates < 0.08) & (shrunk > view.rates.ranges[1][0])
    np.testing.assert_allclose(descent.y[seen], shrunk[seen], rtol=1e-9)
    assert [curve.name for curve in view.rates.curves] == ["Gradient descent", "Adam", "L-BFGS"]
    assert [len(curve.x) for curve in view.rates.curves] == [37, 37, 2]  # L-BFGS has no η: a level line
    rings = {ring.key: ring for ring in view.rates.handles}
    assert set(rings) == {"0", "1"}
    assert rings["0"].x == 0.01
    assert rings["0"].y == pytest.approx(0.5 * ((3 * 0.99**40) ** 2 + 25 * (0.75**40) ** 2), rel=1e-9)
    assert view.rates.marks[0].x == 0.068
    assert view.rates.x_axis.log
    assert view.rates.y_axis.log


def test_where_a_setting_changes_on_the_way_the_titles_say_that_the_sweep_leaves_it_out(make):
    lowered = replaced(CONFIG, changes=(Change(20, "racers[0].learning_rate", 0.001),))
    whole, view = make(), make(lowered)
    assert view.rates.title == whole.rates.title + " · without the changes on the way"
    np.testing.assert_array_equal(view.rates.curves[0].y, whole.rates.curves[0].y)
    assert view.rates.handles[0].y > whole.rates.handles[0].y, "the ring is where this race ends"


def test_with_a_second_setting_the_racer_has_a_map_and_a_cell_gives_it_both(make, qtbot):
    view = make(second=True, racer=1)
    assert view.tried.isVisible()
    assert not view.curves.isVisible()
    assert view.tried.title == "Adam: log₁₀ (f − f*) for each η and β₁"
    betas, *columns = [values for _, values in view.tried.table()]
    assert list(betas) == ["0", "0.5", "0.8", "0.9", "0.95", "0.98", "0.99"]
    assert len(columns) == 37
    lowest = np.fmin.reduce(np.array(columns), axis=1)
    curve = next(curve for curve in view.rates.curves if curve.name == "Adam")
    np.testing.assert_allclose(10**lowest, curve.y, err_msg="the curve is the lowest of each column")
    row, column = view.tried.selection
    assert columns[column][row] == np.nanmin(columns)
    edits = []
    view.edited.connect(edits.append)
    view.tried.selected.emit(2, 24)
    assert (edits[-1].racers[1].beta1, edits[-1].racers[1].learning_rate) == (0.8, 0.1)
    assert edits[-1].racers[0] == CONFIG.racers[0]
    view.set_option(racer=2)  # L-BFGS has no such setting
    assert view.curves.isVisible()
    assert not view.tried.isVisible()


def test_it_is_computed_only_where_it_is_seen(make):
    view = make(layout="contour")
    assert view.questions.newest("rates") == -1
    view.bar["layout"].setCurrentIndex(view.bar["layout"].findData("rates"))
    assert view.questions.newest("rates") >= 0
    assert view.rates.curves


def test_another_step_asks_nothing_and_says_the_same(make):
    view = make()
    asked, said = view.questions.newest("rates"), view.finding.accessibleName()
    present_step(view, 3)
    view.catch_up()
    assert view.questions.newest("rates") == asked
    assert view.finding.accessibleName() == said != ""


def test_one_press_gives_every_racer_its_best_rate_and_changes_nothing_else(make, qtbot):
    view = make()
    assert view.tune.isEnabled()
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.mouseClick(view.tune, Qt.MouseButton.LeftButton)
    (tuned,) = edited.args
    assert tuned.racers[0].learning_rate == 0.068
    assert tuned.racers[2] == CONFIG.racers[2]
    assert replaced(tuned, racers=CONFIG.racers) == CONFIG
    present(view, tuned, run(tuned), 40)
    view.catch_up()
    assert not view.tune.isEnabled()  # nothing is left to choose
    assert view.rates.handles[0].x == view.rates.marks[0].x == 0.068


def test_a_ring_dragged_along_the_axis_changes_that_learning_rate(make, qtbot):
    view = make()
    ring = view.rates.handles[0]
    at, to = (spot_of(view.rates.axes(), one).toPoint() for one in (ring, replace(ring, x=0.03)))
    edits = []
    view.edited.connect(edits.append)
    qtbot.mousePress(view.rates.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(view.rates.viewport(), (at + to) / 2)
    qtbot.mouseMove(view.rates.viewport(), to)
    qtbot.mouseRelease(view.rates.viewport(), Qt.MouseButton.LeftButton, pos=to)
    assert edits[-1].racers[0].learning_rate == pytest.approx(0.03, rel=0.05)
    assert edits[-1].racers[1:] == CONFIG.racers[1:]


def test_the_table_has_now_and_best_and_a_line_chooses_the_racer(make, qtbot):
    view = make()
    found = result_of(sweeping_rates(CONFIG, 1))
    for index, line in enumerate(view.tuned.lines):
        best, place, now, then = line.values
        assert (now, then) == (found.racers[index].now, found.racers[index].lowest)
        assert best == found.best_rate(index)
        assert place.split(" → ") == [str(ranks[index]) for ranks in map(found.ranks, (False, True))]
    assert view.tuned.lines[2].cells[0] == "–"
    view.tuned.selected.emit(2)
    assert view.options.racer == 2


def test_over_several_starts_the_median_counts_and_quartiles_are_drawn_of_one_racer(make):
    view = make(starts="9", racer=1)
    found = result_of(sweeping_rates(CONFIG, 9)).racers[1]
    assert "9" in view.rates.title
    named = {curve.key: curve for curve in view.rates.curves}
    assert set(named) == {"0", "1", "1.25 %", "1.75 %", "2"}
    assert named["1.25 %"].ghost
    np.testing.assert_array_equal(named["1"].y[:20], found.median[:20])
    np.testing.assert_array_equal(named["1.75 %"].y[:20], np.sort(found.ends, axis=1)[:20, 6])


def test_a_second_setting_is_asked_for_in_the_bar_told_and_set_with_the_rate(make, qtbot):
    view = make(replaced(CONFIG, steps=15))
    with qtbot.waitSignal(view.options_changed):
        view.bar["second"].click()
    found = result_of(sweeping_rates(view.at.config, 1, True))
    assert view.tuned.head[:2] == ("best η", "second")
    best, second = view.tuned.lines[1].values[:2]
    assert (best, second) == (found.best_rate(1), found.best_second(1))
    assert second is not None
    assert view.tuned.lines[1].cells[1].startswith("β₁ ")
    assert [line.cells[1] for line in view.tuned.lines[::2]] == ["–", "–"]  # descent and L-BFGS have none
    assert view.rates.title.endswith("with the best β or ρ")
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.mouseClick(view.tune, Qt.MouseButton.LeftButton)
    assert (edited.args[0].racers[1].learning_rate, edited.args[0].racers[1].beta1) == (best, second)


def test_both_are_exported_as_numbers(make):
    view = make(starts="9", racer=0)
    assert {view.rates, view.tuned, view.curves} == set(view.panels())
    heads = [name for name, _ in view.rates.table()]
    assert {"Gradient descent", "Gradient descent · 25 %", "Adam", "L-BFGS"} <= set(heads)
    table = dict(view.tuned.table())
    assert table["name"] == ["Gradient descent", "Adam", "L-BFGS"]
    assert table["best η"][0] == 0.068
    assert table["best η"][2] is None


def test_who_diverged_has_its_ring_at_the_upper_edge(make):
    config = with_rate(CONFIG, 0.5)
    view = make(config)
    ring = next(ring for ring in view.rates.handles if ring.key == "0")
    assert ring.y == np.inf
    assert spot_of(view.rates.axes(), ring).y() == view.rates.axes().plane.rect.top()


def with_rate(config, rate):
    return replaced(
        config, racers=(OPTIMIZERS["gradient_descent"](learning_rate=rate), *config.racers[1:]), steps=600
    )


def test_a_press_before_the_rates_are_there_is_not_lost(make, qtbot, monkeypatch):
    """The ring was dragged a moment ago: the rates of the new run are still computed."""
    view = make()
    moved = replaced(CONFIG, racers=(OPTIMIZERS["gradient_descent"](learning_rate=0.02), *CONFIG.racers[1:]))
    with monkeypatch.context() as patch:
        patch.setattr(view.questions, "_engine", Busy())
        present(view, moved, run(moved), 40)
    assert view.answer("rates") is None
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.mouseClick(view.tune, Qt.MouseButton.LeftButton)
    assert edited.args[0].racers[0].learning_rate == 0.068


class Busy:
    """An engine's thread that takes every question and has answered none yet."""

    def ask(self, question):
        return True


def test_one_rate_for_all_is_not_fair(make):
    config = load(EXAMPLES / "one-rate-for-all-is-not-fair.nabla.json").config("optimizers.race")
    view = make(config)
    assert {racer.learning_rate for racer in config.racers} == {0.01}
    assert view.finding.accessibleName() == (
        "After 300 steps Gradient descent is lowest. At their best rates it is Adam: 4 of 5 ranks change."
    )


def test_racers_without_a_learning_rate_have_nothing_to_tune(make):
    view = make(RaceConfig(steps=20, racers=(OPTIMIZERS["lbfgs"](), OPTIMIZERS["newton"]())))
    assert view.finding.accessibleName() == "No racer here has a learning rate."
    assert not view.tune.isEnabled()
    assert view.rates.handles == ()


def said(*pairs):
    """The sentence, for racers that end at these heights now and at their best rate."""
    racers = tuple(RacerSweep(np.array([[np.nan], [best]]), np.array([now])) for now, best in pairs)
    return turned_round(
        list("ABC")[: len(pairs)], RateSweep(np.array([0.1, 0.2]), np.zeros((1, 2)), 7, racers), CONFIG
    )


def test_the_sentence_says_whether_the_ranking_turns_round():
    nan = float("nan")
    assert said((1, 0.5), (2, 0.1), (3, 0.7)) == (
        "After 7 steps A is lowest. At their best rates it is B: 2 of 3 ranks change."
    )
    assert said((1, 0.1), (2, 0.5), (3, 0.2)) == (
        "After 7 steps A is lowest, at their best rates too. But 2 of 3 ranks change: C goes from 3 to 2."
    )
    assert said((1, 0.1), (2, 0.2), (3, 0.3)) == (
        "After 7 steps A is lowest. At their best rates the ranks are the same."
    )
    assert said((nan, 0.1), (nan, 0.2)) == "At these rates all diverge; with each at its best, A is lowest."
    assert said((nan, nan), (nan, nan)) == "Every racer diverges at every learning rate."
    assert said((1, 0.1)) == "After 7 steps it is lowest with η = 0.2."
