"""The three scenes on the screen, driven with the mouse and the keys."""

from functools import partial
from math import inf

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from engine.config import replaced
from engine.experiments.losses.likelihood import EXPERIMENT
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.optimizers.schedules import InverseTimeDecay, LinearDecay
from gui.export.export import picture
from gui.look.theme import DARK, LIGHT
from gui.screen.moment import Ghost
from gui.views.losses.likelihood import LikelihoodView
from tests.gui.views.moments import present, recorded, told

POINTS = LikelihoodConfig(steps=60)
COIN = LikelihoodConfig(scene="coin", tosses=50)
OUTLIER = LikelihoodConfig(scene="outlier")
SCENES = pytest.mark.parametrize("config", [POINTS, COIN, OUTLIER], ids=["points", "coin", "outlier"])


run = partial(recorded, EXPERIMENT)


VIEW, SIZE = LikelihoodView, (680, 600)


@pytest.fixture
def make(make):
    def with_edits(*run, **look):
        view = make(*run, **look)
        view.edits = []
        view.edited.connect(view.edits.append)
        return view

    return with_edits


def place(panel, x, y):
    return panel.axes().plane.point(x, y).toPoint()


def drag(qtbot, panel, at, to):
    qtbot.mousePress(panel.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(panel.viewport(), (at + to) / 2)
    qtbot.mouseMove(panel.viewport(), to)
    qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=to)


def curves(panel):
    return {curve.key: curve for curve in panel.curves}


def test_at_the_end_both_lines_are_the_same(make):
    view = make(LikelihoodConfig())
    both = curves(view.points_data)
    np.testing.assert_allclose(both["descent"].y, both["closed"].y, atol=1e-9)
    x, y = np.array(LikelihoodConfig().points).T
    wanted = np.polyval(np.polyfit(x, y, 1), both["closed"].x)
    np.testing.assert_allclose(both["closed"].y, wanted, atol=1e-10)
    view = make(LikelihoodConfig(), step=0)
    both = curves(view.points_data)
    assert np.abs(both["descent"].y - both["closed"].y).max() > 1


def test_a_point_is_dragged_and_the_axes_wait(make, qtbot):
    view = make(POINTS)
    data = view.points_data
    before = data.ranges
    at = place(data, *POINTS.points[3])
    qtbot.mousePress(data.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(data.viewport(), place(data, 3.5, 5.0))
    assert view.edits[-1].points[3] == pytest.approx((3.5, 5.0), abs=0.05)
    high = replaced(POINTS, points=(*POINTS.points[:-1], (20.0, 40.0)))
    present(view, high, run(high), 0)
    assert data.ranges == before
    qtbot.mouseRelease(data.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert data.ranges[1][1] > 40


def test_points_are_added_and_removed(make, qtbot):
    view = make(POINTS)
    data = view.points_data
    ctrl = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(data.viewport(), Qt.MouseButton.LeftButton, ctrl, pos=place(data, 3.0, 5.5))
    assert view.edits[-1].points[-1] == pytest.approx((3.0, 5.5), abs=0.05)
    qtbot.mouseClick(data.viewport(), Qt.MouseButton.LeftButton, ctrl, pos=place(data, *POINTS.points[5]))
    assert POINTS.points[5] not in view.edits[-1].points
    qtbot.mouseClick(view.add, Qt.MouseButton.LeftButton)
    assert len(view.edits[-1].points) == 13
    data.choose("2")
    qtbot.mouseClick(view.remove, Qt.MouseButton.LeftButton)
    assert POINTS.points[2] not in view.edits[-1].points
    assert len(view.edits) == 4


def test_the_last_points_of_a_curve_stay(make):
    two = replaced(POINTS, points=((0.0, 1.0), (1.0, 3.0)))
    view = make(two)
    assert not view.remove.isEnabled()
    view.points_data.removed.emit("0")
    view.points_data.handle_dragged.emit("0", 1.0, 2.0)  # above the other: no line goes through both
    assert view.edits == []


def test_the_start_is_dragged_on_the_surface(make, qtbot):
    view = make(POINTS)
    recording = view.runner.recording
    surface = view.surface
    fit = recording.data
    bounds = surface.ranges
    drag(qtbot, surface, place(surface, *surface.start), place(surface, 3.2, 4.0))
    basis = fit.basis.line(*view.edits[-1].start)
    assert basis == pytest.approx([3.2, 4.0], abs=0.15)
    present(view, view.edits[-1], run(view.edits[-1]), 0)
    assert surface.ranges == bounds  # it stands still meanwhile


@pytest.mark.parametrize("features", ["scaled", "orthogonal"])
def test_the_arrow_keys_never_stick_at_a_start_that_has_been_rounded(make, qtbot, features):
    """The config holds intercept and slope, the axes are others: each press is a step on them."""
    view = make(replaced(POINTS, features=features))
    surface, ways = view.surface, ((Qt.Key.Key_Up, 1, 1), (Qt.Key.Key_Left, 0, -1), (Qt.Key.Key_Down, 1, -1))
    for key, axis, way in [one for one in ways for _ in range(3)]:
        before = surface.start
        qtbot.keyClick(surface, key)
        present(view, view.edits[-1], run(view.edits[-1]), 0)
        assert way * (surface.start[axis] - before[axis]) > 0.01, (key, before, surface.start)
        assert surface.start[1 - axis] == pytest.approx(before[1 - axis], abs=1e-3)


def test_the_path_ends_at_the_star_and_a_click_on_it_goes_there(make, qtbot):
    view = make(LikelihoodConfig())
    recording = view.runner.recording
    surface = view.surface
    path = surface.paths[0].xy
    np.testing.assert_allclose(path[-1], surface.minima[0], atol=1e-9)
    assert surface.minima[0] == pytest.approx(tuple(recording.data.best.theta))
    with qtbot.waitSignal(view.step_chosen) as chosen:
        qtbot.mouseClick(surface.viewport(), Qt.MouseButton.LeftButton, pos=place(surface, *path[5]))
    assert abs(chosen.args[0] - 5) <= 1


def test_a_curve_has_its_steepest_and_its_flattest_direction(make):
    view = make(replaced(POINTS, degree=4))
    recording = view.runner.recording
    surface = view.surface
    assert surface.start is None
    assert surface.minima[0] == (0.0, 0.0)
    best = recording.data.best
    steep, *_, flat = best.curvatures(12, 0.5)
    assert surface._value_at(0.1, 0.0) == pytest.approx(0.5 * steep * 0.01)
    assert surface._value_at(0.0, 0.1) == pytest.approx(0.5 * flat * 0.01)


def test_a_click_on_the_steps_goes_there(make, qtbot):
    view = make(POINTS)
    descent = view.descent
    plane = descent.axes().plane
    at = QPointF(float(plane.px(40.0)), plane.rect.center().y()).toPoint()
    with qtbot.waitSignal(view.step_chosen) as chosen:
        qtbot.mouseClick(descent.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert abs(chosen.args[0] - 40) <= 1


def test_numbers_of_the_line(make):
    view = make(LikelihoodConfig())
    recording = view.runner.recording
    gauss, closed, step, speed = told(view, recording.last)
    assert gauss.check.passed
    assert gauss.numbers.count("0.5151") == 2
    assert "1.218 + 0.5271·x" in closed.numbers
    assert "κ(X) = 1.589" in closed.numbers
    assert "1.218 + 0.5271·x" in step.numbers
    assert "0.4998" in speed.numbers
    assert len(told(view, 0)) == 4
    view = make(LikelihoodConfig(noise="learned"))
    recording = view.runner.recording
    assert len(told(view, 3)) == 5
    view = make(LikelihoodConfig(noise="learned", features="raw", schedule=LinearDecay(total_steps=4)))
    _, _, step, of_sigma, _, factor, rate, speed = told(view, 3)  # the fourth step has a quarter of 0.1
    assert factor.numbers.endswith("= 0.2500")
    assert rate.numbers == "0.1·0.2500 = 0.02500"
    assert speed.numbers.startswith("now η_t = 0.02500, at most ")
    assert all(r"\eta_t" in block.latex for block in (step, of_sigma, rate, speed))
    assert "at this rate ∞ steps for each digit" in told(view, 4)[-1].numbers
    view = make(LikelihoodConfig(features="raw", schedule=InverseTimeDecay(decay_rate=1.0), steps=8))
    assert told(view, 5)[-1].numbers.endswith("it grows in this step"), "0.1/6 > 0.0154"
    assert "at this rate" in told(view, 6)[-1].numbers, "0.1/7 < 0.0154"


@pytest.mark.parametrize(
    "changes",
    [
        {"features": "raw"},
        {"features": "raw", "degree": 5, "learning_rate": 100.0},
        {"noise": "learned", "points": ((0.0, 1.0), (1.0, 3.0)), "steps": 1000},
        {"noise": "learned", "learning_rate": 50.0},
        {"points": ((-1e6, 1e6), (1e6, -1e6), (0.0, 1.0)), "features": "raw"},
        {"points": ((0.0, 2.0), (0.0, 2.0), (1e-6, 2.0))},
        {"degree": 5, "features": "raw", "points": tuple((9e5 + k, float(k % 2)) for k in range(6))},
    ],
)
@pytest.mark.parametrize("step", [0, 20, inf])
def test_extreme_settings_show_no_number_that_is_none(make, changes, step):
    view = make(replaced(LikelihoodConfig(), **changes), step)
    recording = view.runner.recording
    blocks = told(view, int(min(step, recording.last)))
    assert not any(word in block.numbers for block in blocks for word in ("nan", "inf"))
    for panel in view.panels():
        assert not picture(panel, (300, 200)).isNull()


def test_the_coin_is_dragged(make, qtbot):
    view = make(COIN)
    panel = view.likelihood
    rings = {one.key: one for one in panel.handles}
    drag(qtbot, panel, place(panel, 0.5, rings["guess"].y), place(panel, 0.3, 0.1))
    assert view.edits[-1].guess == pytest.approx(0.3, abs=0.015)
    frequency = view.frequency
    drag(qtbot, frequency, place(frequency, 50, 0.7), place(frequency, 50, 0.2))
    assert view.edits[-1].p == pytest.approx(0.2, abs=0.015)  # a pixel is 0.01


def test_highest_and_lowest_stand_at_one_q(make):
    view = make(COIN, step=20)
    recording = view.runner.recording
    heads = recording.column("heads")[20]
    lowest, highest = view.mirror.marks
    assert lowest.x == highest.x == view.likelihood.marks[0].x == heads / 20
    mirror = curves(view.mirror)
    assert mirror["cross_entropy"].y.min() == pytest.approx(lowest.y)
    np.testing.assert_allclose(mirror["likelihood"].y, -mirror["cross_entropy"].y, rtol=1e-9)


def test_numbers_of_the_coin(make):
    view = make(COIN, step=20)
    recording = view.runner.recording
    heads = int(recording.column("heads")[20])
    own, maximum, same = told(view, 20)
    assert own.check.passed
    assert f"k = {heads},  n = 20" in own.numbers
    assert "−13.86" in own.numbers  # 20 ln ½
    assert f"{4 * (heads - 10):.2f}".replace("-", "−") in maximum.numbers
    assert "= 0.6931 =" in same.numbers
    assert "Nothing" in told(view, 0)[0].numbers


@pytest.mark.parametrize(("p", "guess"), [(0.0, 1.0), (1.0, 0.0), (0.0, 0.0), (1.0, 1.0)])
@pytest.mark.parametrize("step", [0, 1, 50])
def test_certain_coins(make, p, guess, step):
    view = make(replaced(COIN, p=p, guess=guess), step)
    text = "\n".join(block.numbers for block in told(view, step))
    assert "nan" not in text
    assert ("∞" in text) == (p != guess and step > 0)
    for panel in view.panels():
        assert not picture(panel, (300, 200)).isNull()


def test_the_outlier_is_dragged_in_both_plots(make, qtbot):
    view = make(OUTLIER)
    data = view.outlier_data
    drag(qtbot, data, place(data, 8.2, 0.5), place(data, 7.0, 3.0))
    assert view.edits[-1].outlier == pytest.approx((7, 3), abs=0.06)
    sweep = view.sweep
    drag(qtbot, sweep, place(sweep, 0.5, sweep.handles[0].y), place(sweep, 10.0, 0.4))
    assert view.edits[-1].outlier == pytest.approx((8.2, 10), abs=0.2)
    drag(qtbot, data, place(data, *OUTLIER.points[0]), place(data, 1.0, 2.0))
    assert view.edits[-1].points[0] == pytest.approx((1, 2), abs=0.06)
    data.removed.emit("outlier")
    assert len(view.edits[-1].points) == 12


def test_only_one_line_follows_the_outlier(make):
    view = make(OUTLIER)
    slopes = {key: curve.y for key, curve in curves(view.sweep).items()}
    assert np.ptp(slopes["mse"]) > 5 * max(np.ptp(slopes["mae"]), np.ptp(slopes["huber"]))
    assert len(view.pulls.marks) == 3


def test_numbers_of_the_outlier(make):
    view = make(OUTLIER)
    squared, absolute, huber, _ = told(view, 0)
    assert all(block.check.passed for block in (squared, absolute, huber))
    x, y = np.array([*OUTLIER.points, OUTLIER.outlier]).T
    slope, intercept = np.polyfit(x, y, 1)
    assert f"{intercept:.3f} + {slope:.4f}·x" in squared.numbers
    assert "ψ(r) = −1.000" in absolute.numbers
    assert "ψ(r) = −0.5000" in huber.numbers
    amid = replaced(OUTLIER, points=((0.0, 0.0), (0.0, 1.0), (1.0, 0.0)), outlier=(1.0, 1.0))
    view = make(amid)
    assert "as good" in told(view, 0)[1].numbers


def test_scenes_change(make):
    view = make(POINTS)
    assert len(view.panels()) == 3
    for config in (COIN, OUTLIER, POINTS):
        before = view.panels()
        present(view, config, run(config), inf)
        assert len(view.panels()) == 3
        assert not set(view.panels()) & set(before)
        assert view.bar.isVisible() == (config is not COIN)
        assert told(view)


@SCENES
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_picture_with_a_pinned_run(make, config, theme):
    moved = replaced(config, outlier=(3.0, 9.0), learning_rate=0.03, p=0.3)
    others = [Ghost(one, run(one), "other") for one in (moved, POINTS, COIN, OUTLIER)]
    view = make(config, theme=theme, ghosts=others)
    for panel in view.panels():
        assert not picture(panel, (400, 300)).isNull()
    assert any(curve.ghost for panel in view.panels()[:1] for curve in panel.curves)


def test_the_sentence_tells_how_far_the_descent_is_from_the_least_squares(make):
    x, y = np.array(POINTS.points).T
    wanted = np.polyval(np.polyfit(x, y, 1), x)
    for step, begin, end in (
        (0, "The descent on the likelihood starts ", " away from the least-squares curve."),
        (
            30,
            "After 30 steps the descent on the likelihood is within ",
            " of the least-squares curve.",
        ),
    ):
        view = make(POINTS, step=step)
        descent = curves(view.points_data)["descent"]
        away = np.abs(np.interp(x, descent.x, descent.y) - wanted).max()
        mantissa, _, power = view.finding.text.removeprefix(begin).removesuffix(end).partition("×10")
        power = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
        assert float(mantissa) * 10.0**power == pytest.approx(away, rel=1e-3)
    wild = make(replaced(POINTS, learning_rate=100.0, steps=1000))
    recording = wild.runner.recording
    assert wild.finding.text == (
        f"After {recording.last} steps the descent has diverged: its learning rate is too large."
    )


def test_the_sentence_counts_the_heads_and_names_the_slopes(make):
    view = make(COIN)
    recording = view.runner.recording
    heads = int(recording.column("heads")[50])
    assert view.finding.text.startswith(f"{heads} heads in 50 tosses: q = {heads / 50:g} is likeliest")
    assert "Before the first toss" in make(COIN, step=0).finding.text
    view = make(OUTLIER)
    x, y = np.array([*OUTLIER.points, OUTLIER.outlier]).T
    with_it, without = np.polyfit(x, y, 1)[0], np.polyfit(x[:-1], y[:-1], 1)[0]
    assert view.finding.text.startswith(
        f"The outlier turns the slope of the squares from {without:.4g} to {with_it:.4g}; absolute error has "
    )
    ends = curves(view.outlier_data)["residuals"].y.reshape(-1, 3)[:, :2]
    order = np.lexsort((y, x))
    np.testing.assert_allclose(ends[:, 0], y[order])
    np.testing.assert_allclose(ends[:, 1], np.polyval(np.polyfit(x, y, 1), x[order]))
