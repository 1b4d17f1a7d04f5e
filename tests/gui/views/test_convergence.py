"""The view of the rates: curves and bounds as recorded, a window that the mouse and the keys move."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.config import validated
from engine.convergence.theorems import fitted_slope
from engine.experiments.optimizers.convergence import EXPERIMENT, ConvergenceConfig
from engine.experiments.optimizers.convergence_schedules import Scheduled
from engine.experiments.optimizers.convergence_theorems import NewtonNear, Smooth, Stochastic, Strong
from engine.runner import Runner
from gui.look.language import install
from gui.look.theme import DARK, LECTURE_SCALE, LIGHT
from gui.screen.moment import Moment
from gui.screen.view import Ghost, view_type
from gui.views.optimizers.convergence import ConvergenceOptions, ConvergenceView, finding, span
from tests.gui.plots.conftest import mouse
from tests.gui.views.moments import present_step, ran, told

VIEW, SIZE, STEP = ConvergenceView, (800, 600), 10


def finished(theorem=None):
    return ran(EXPERIMENT, validated(ConvergenceConfig(theorem=theorem or Smooth(steps=100))))


def test_the_view_is_found_by_its_name():
    assert view_type("optimizers.convergence") is ConvergenceView


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    "theorem", [Smooth(broken="step"), Strong(), NewtonNear(broken="far"), Stochastic(), Scheduled()]
)
def test_curves_are_the_recording(show, theme, theorem):
    runner = finished(theorem)
    view = show(runner, 3, theme=theme)
    curves = {curve.key: curve.y for curve in view.gaps.curves}
    first = 1 if theorem.fits == "slope" else 0
    for key, y in curves.items():
        column = f"{key[6:]}.bound" if key.startswith("bound.") else f"{key}.gap"
        assert np.array_equal(y, runner.recording.column(column)[first:], equal_nan=True)
    assert all(live.numbers for live in told(view, 0))


def test_the_table_is_of_the_step(show):
    runner = finished()
    cells = show(runner, 10).rates.lines[0].cells
    column = runner.recording.column("gradient_descent.gap")
    assert cells[2] == "0.05000"  # 1·1²/(2·10)
    assert float(cells[3]) == pytest.approx(column[10] / 0.05, rel=1e-3)
    assert cells[4:] == ("✓", "L d²/(2k)")
    gone = show(finished(Smooth(broken="step", steps=100)), 10).rates.lines[0].cells
    assert gone[4].startswith("✗")


def test_the_mouse_moves_the_window(show, qtbot):
    runner = finished()
    view = show(runner)
    assert span(view.at) == (10.0, 100.0)
    plane, handle = view.gaps.axes().plane, view.gaps.handles[0]
    y = float(view.gaps.y_axis.coordinate(handle.y))
    mouse(view.gaps, "press", plane.point(1.0, y))
    with qtbot.waitSignal(view.options_changed) as told:
        mouse(view.gaps, "move", plane.point(np.log10(30), y))
    mouse(view.gaps, "release", plane.point(np.log10(30), y))
    assert told.args[0].window == pytest.approx((30, 100), abs=1)
    k, gap = np.arange(101.0), runner.recording.column("nesterov.gap")
    first = round(span(view.at)[0])
    assert float(view.rates.lines[1].cells[0].replace("−", "-")) == pytest.approx(
        fitted_slope(k[first:], gap[first:]), abs=1e-3
    )


def test_the_keys_move_the_window_and_the_ends_never_meet(show, qtbot):
    view = show(finished(), window=(99.0, 100.0))
    view.gaps.setFocus()
    qtbot.keyClick(view.gaps, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert span(view.at) == (99.0, 100.0)
    qtbot.keyClick(view.gaps, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert span(view.at)[0] < 99


def test_the_axes_can_be_chosen(show, qtbot):
    view = show(finished())
    assert view.gaps.x_axis.log
    with qtbot.waitSignal(view.options_changed):
        view.bar["axes"].setCurrentIndex(2)
    assert not view.gaps.x_axis.log


def test_the_words_say_what_is_broken(show):
    assert "noise" in show(finished(Smooth(broken="noise"))).words.text()
    assert "Broken" not in show(finished()).words.text()
    assert "&lt; 2μ" in show(finished(NewtonNear()), 3).words.text()


def test_pinned_runs_stand_behind(show):
    runner, pinned = finished(), finished(Smooth(function="chain", steps=50))
    view = show(runner, ghosts=[Ghost(pinned.config, pinned.recording, "chain")])
    assert [curve.name for curve in view.gaps.curves if curve.ghost] == ["chain", ""]


def test_a_level_curve_has_slope_0_and_there_is_no_bound_before_the_first_step(show):
    runner = finished(Smooth(broken="convex", dimension=2))
    view = show(runner, 0)
    assert view.rates.lines[0].cells[:1] == ("0.000",)
    assert view.rates.lines[0].cells[2] == "–"
    assert told(view, 0)[1].numbers.startswith("k = 0:  1.863\nThe bound begins")
    assert " > " in told(view, 500)[1].numbers


def test_a_low_view_leaves_the_names_to_the_table(show):
    view = show(finished())
    assert view.gaps.legend == "auto"
    view.resize(800, 300)
    assert view.gaps.legend == "paper"


def test_no_number_stands_under_a_bound_that_has_not_begun(show):
    runner = finished(Smooth(steps=20))
    view = show(runner, 0)
    assert "The bound begins at k = 1." in told(view, 0)[1].numbers
    assert " ≤ " in told(view, 1)[1].numbers
    far = finished(NewtonNear(broken="far"))
    blocks = told(show(far, 0))
    assert all("≤" in b.numbers or "The bound" in b.numbers or "nothing" in b.numbers for b in blocks[1:-1])


def test_the_start_of_a_run_whose_mean_has_not_begun_is_drawn(show):
    runner = Runner(EXPERIMENT, ConvergenceConfig(theorem=Stochastic(steps=10)))
    runner.drive(0)
    view = show(runner, 0)
    assert np.isnan(view.gaps.curves[0].y).all()


def test_the_slopes_in_the_notes_have_four_digits_and_a_real_minus(show):
    runner = finished()
    _, descent, nesterov, *_ = told(show(runner))[0].numbers.split("\n")
    k, gap = np.arange(10, 101), runner.recording.column("gradient_descent.gap")[10:]
    slope = np.polyfit(np.log(k), np.log(gap), 1)[0]
    assert descent == f"Gradient descent: −{-slope:.4g}"
    assert len(nesterov.rsplit(maxsplit=1)[1]) <= len("−1.2345")


PLAIN = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")


def number_in(text, before, after):
    """The number that stands between two words."""
    return float(text.split(before)[1].split(after)[0].replace("×10", "e").translate(PLAIN))


def sentence(view, step):
    present_step(view, step)
    view.catch_up()
    return view.finding.text


def test_the_sentence_tells_the_slopes_once_the_window_is_passed(show):
    runner = finished()
    view = show(runner, 10)
    start = runner.recording.column("nesterov.gap")[0]
    assert sentence(view, 0).startswith(f"All start at f − f* = {start:#.4g}. How fast")
    gaps = {name: runner.recording.column(f"{name}.gap") for name in ("nesterov", "gradient_descent")}
    half = sentence(view, 50)
    assert f"{1e5 * gaps['nesterov'][50]:.3f}×10⁻⁵ (Nesterov)" in half
    assert half.endswith("every bound has held.")
    k = np.log(np.arange(10, 101))
    p, q = (np.polyfit(k, np.log(gap[10:]), 1)[0] for gap in gaps.values())
    assert sentence(view, 100) == (
        f"f − f* goes like k to the power −{-p:#.4g} (Nesterov) and −{-q:#.4g} (Gradient descent); "
        "every bound has held."
    )


def test_the_sentence_tells_the_factor_and_the_order(show):
    runner = finished(Strong(kappa=100.0, steps=300))
    gaps = {name: runner.recording.column(f"{name}.gap")[30:] for name in ("momentum", "gradient_descent")}
    p, q = (np.exp(np.polyfit(np.arange(30, 301), np.log(gap), 1)[0]) for gap in gaps.values())
    assert f"leaves {p:.4f} of f − f* (Heavy ball) or {q:.4f} (Gradient descent)" in sentence(
        show(runner), 300
    )
    newton = sentence(show(finished(NewtonNear())), 6)
    assert newton.startswith("Each step raises f − f* to the power")
    order = float(newton.split("power ")[1].split()[0])
    assert 1.8 < order < 2.3, "the theorem: quadratic"


NAMES = {
    "gradient_descent": "Gradient descent",
    "momentum": "Heavy ball",
    "nesterov": "Nesterov",
    "newton": "Newton",
    "averaged_iterate": "Mean of the points",
    "falling_rate": "η falling as 1/t",
    "constant_rate": "Constant η",
}


@pytest.mark.parametrize(
    "theorem",
    [
        Smooth(broken="step"),
        Smooth(broken="noise"),
        Strong(broken="flat"),
        NewtonNear(broken="far"),
        Stochastic(broken="biased"),
        Scheduled(broken="early"),
    ],
)
def test_the_sentence_tells_which_bound_breaks(show, theorem):
    runner, above = finished(theorem), {}
    column = runner.recording.column
    for one in (name.removesuffix(".gap") for name in runner.recording.names if name.endswith(".gap")):
        gap, bound = column(f"{one}.gap"), column(f"{one}.bound")
        above[one] = next((k for k in range(len(gap)) if gap[k] > 1.000001 * bound[k]), 10**6)
    broken = min(above, key=above.get)
    first, view = above[broken], show(runner)
    last = sentence(view, theorem.steps)
    assert last.startswith(f"{NAMES[broken]} rose above its bound at step {first}")
    now = column(f"{broken}.gap")[-1] / column(f"{broken}.bound")[-1]
    if np.isfinite(now):
        assert number_in(last, "it is ", " times") == pytest.approx(now, rel=1e-3)
    else:
        assert last.endswith("it has diverged.")
    assert "rose above" not in sentence(view, first - 1)


THEOREMS = [
    *(Smooth(broken=one, steps=30) for one in ("none", "step", "kink", "convex", "noise")),
    *(Strong(broken=one, steps=30) for one in ("none", "step", "flat", "noise")),
    NewtonNear(distance=1e-9),
    NewtonNear(steps=3),
    NewtonNear(broken="far", steps=50),
    *(Stochastic(broken=one, steps=30) for one in ("none", "constant", "biased")),
    Stochastic(scale=100.0, noise=100.0, steps=10),
    Stochastic(noise=0.0, steps=10),
    *(Scheduled(broken=one, steps=30) for one in ("none", "early", "biased")),
]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_there_is_a_sentence_at_every_step_of_every_theorem(qapp, language):
    install(qapp, language)
    try:
        for theorem in THEOREMS:
            runner = finished(theorem)
            for window in ((0.0, 0.0), (0.0, 1.0), (2.0, 3.0)):
                options = ConvergenceOptions(window=window)
                for step in range(runner.recording.last + 1):
                    text = finding(Moment(runner.config, options, runner.recording, step))
                    assert text
                    assert "nan" not in text
                    assert "{" not in text
    finally:
        install(qapp, "en")


def test_a_bound_has_the_colour_of_its_method(show):
    curves = {curve.key: curve for curve in show(finished(Strong(steps=50))).gaps.curves}
    for name in ("gradient_descent", "nesterov", "momentum"):
        assert curves[f"bound.{name}"].stroke.colour == curves[name].stroke.colour
        assert curves[f"bound.{name}"].stroke != curves[name].stroke
    assert len({curve.stroke.colour for curve in curves.values()}) == 3


def test_the_plot_has_most_of_the_room_and_all_of_it_in_a_lecture(show):
    view = show(finished())
    assert view.gaps.height() * view.gaps.width() > 0.6 * view.width() * view.height()
    assert view.panels() == [view.gaps, view.rates]
    presented = show(finished(), theme=replace(LIGHT, scale=LECTURE_SCALE))
    presented.resize(1280, 558)  # in a window of 1280 x 720 pixels
    assert presented.panels() == [presented.gaps]
    assert presented.gaps.legend == "auto", "the names are nowhere else"
