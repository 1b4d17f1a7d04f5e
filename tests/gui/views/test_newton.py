"""The view of Newton's method, driven as a user drives it."""

from dataclasses import replace
from functools import partial
from math import exp, log

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.config import replaced
from engine.experiment import Frame
from engine.experiments.optimizers.newton import EXPERIMENT, METHODS
from engine.experiments.optimizers.newton_config import CURVES, LANDSCAPES, NewtonConfig
from engine.optimizers.schedules import LinearDecay
from engine.recording import Recording
from engine.runner import Runner
from engine.surfaces.functions_1d import FUNCTIONS, from_text
from gui.look.language import install
from gui.look.theme import LECTURE_SCALE, LIGHT
from gui.screen.moment import Moment
from gui.screen.view import Ghost, view_type
from gui.views.optimizers.newton import NewtonOptions, NewtonView
from gui.views.optimizers.newton_curves import FORMULAS, costs
from gui.views.optimizers.newton_finding import finding
from gui.views.optimizers.newton_words import digits_text, time_text
from tests.gui.plots.conftest import mouse, painted
from tests.gui.themes import in_turn
from tests.gui.views.moments import present_step, ran_with, told

finished = partial(ran_with, EXPERIMENT)


VIEW, SIZE = NewtonView, (700, 620)


def test_the_view_is_found_by_its_name():
    assert view_type("optimizers.newton") is NewtonView


@pytest.mark.parametrize(("way", "theme"), in_turn(METHODS))
def test_every_scene_is_drawn(show, theme, way):
    for scene, count in (("curve", 3), ("surface", 3), ("cost", 2)):
        runner = finished(scene=scene, largest=32)
        view = show(runner, 3, theme=theme, of=way)
        assert len(view.panels()) == count
        for panel in view.panels():
            painted(panel)
        for live in told(view, 3):
            assert "nan" not in live.numbers.lower()
            assert live.check is None or live.check.passed


@pytest.mark.parametrize(
    "changes",
    [{"function": name} for name in CURVES] + [{"scene": "surface", "surface": name} for name in LANDSCAPES],
)
def test_every_function_is_drawn_and_told(show, changes):
    runner = finished(**changes)
    view = show(runner, 5)
    for step in (0, 5, 12):
        present_step(view, step)
        text = "\n".join(live.numbers for live in told(view, step))
        assert "nan" not in text.lower()
    painted(view.panels()[0])


def test_the_start_is_dragged_along_the_curve(show, qtbot):
    view = show(finished(), 0)
    axes, handle = view.curve.axes(), view.curve.handles[0]
    mouse(view.curve, "press", axes.plane.point(handle.x, handle.y))
    with qtbot.waitSignal(view.edited) as told:
        mouse(view.curve, "move", axes.plane.point(-1.0, 9.0))
    mouse(view.curve, "release", axes.plane.point(-1.0, 9.0))
    assert told.args[0].curve_start == pytest.approx(-1.0, abs=0.05)


def test_the_start_is_dragged_on_the_contours(show, qtbot):
    view = show(finished(scene="surface"), 0)
    place = view.field.axes().plane.point
    mouse(view.field, "press", place(-1.2, 1.0))
    with qtbot.waitSignal(view.edited) as told:
        mouse(view.field, "move", place(0.5, 2.0))
    mouse(view.field, "release", place(0.5, 2.0))
    assert told.args[0].surface_start == pytest.approx((0.5, 2.0), abs=0.05)


def test_the_button_gives_a_telling_start(show, qtbot):
    view = show(finished(function="well", curve_start=0.1), 0)
    with qtbot.waitSignal(view.edited) as told:
        qtbot.mouseClick(view.button, Qt.MouseButton.LeftButton)
    assert told.args[0].curve_start == 1.5


def test_the_parabola_touches_the_curve_and_its_vertex_is_the_next_place(show, qtbot):
    runner = finished()
    view = show(runner, 2)
    curves = {curve.key: curve for curve in view.curve.curves}
    x = runner.recording.column("newton.x")
    at = lambda key, place: np.interp(place, curves[key].x, curves[key].y)  # noqa: E731
    assert at("parabola", x[2]) == pytest.approx(at("f", x[2]), abs=1e-3)
    assert at("tangent", x[2]) == pytest.approx(at("f", x[2]), abs=1e-3)
    slope = (at("f", x[2] + 0.05) - at("f", x[2] - 0.05)) / 0.1
    tangent = curves["tangent"]
    assert (tangent.y[-1] - tangent.y[0]) / (tangent.x[-1] - tangent.x[0]) == pytest.approx(slope, rel=0.01)
    lowest = curves["parabola"].x[np.argmin(curves["parabola"].y)]
    assert lowest == pytest.approx(x[3], abs=0.03)
    with qtbot.waitSignal(view.options_changed):
        view.bar["of"].setCurrentIndex(METHODS.index("gradient_descent"))
    parabola = next(curve for curve in view.curve.curves if curve.key == "parabola")
    descended = runner.recording.column("gradient_descent.x")[3]
    assert parabola.x[np.argmin(parabola.y)] == pytest.approx(descended, abs=0.03)


@pytest.mark.parametrize("scene", ["curve", "surface"])
def test_the_parabola_of_descent_has_the_rate_of_its_step(show, scene):
    runner = finished(scene=scene, curve_rate=0.4, surface_rate=0.001, schedule=LinearDecay(total_steps=12))
    view = show(runner, 3, of="gradient_descent")
    _, second, step, _, factor, rate, *_ = told(view, 3)
    assert factor.numbers.endswith("= 0.7500")
    assert rate.numbers.split(" = ")[-1] == ("0.3000" if scene == "curve" else "7.500×10⁻⁴")
    assert r"\frac{1}{\eta_t}" in (second if scene == "curve" else step).latex
    if scene == "curve":
        assert "taken for it in this step: 1/η_t = 3.333, everywhere" in second.numbers
        assert r"-\eta_t\," in step.latex
    told_last = " ".join(live.numbers for live in told(view, 12))
    assert "10³⁰⁰" not in told_last
    assert "nan" not in told_last
    assert ("1/η_t = ∞" in told_last) == (scene == "curve")
    present_step(view, 12)
    for panel in view.panels():
        painted(panel)
    constant = [live.latex for live in told(show(runner, 3, of="newton"), 3)]
    assert not any(r"\eta" in latex for latex in constant)


def test_ellipses_lie_around_the_vertex(show):
    runner = finished(scene="surface")
    view = show(runner, 3)
    lines = [path for path in view.field.paths if not path.head]
    x, y = (runner.recording.column(f"newton.{axis}")[4] for axis in "xy")
    assert len(lines) == 3
    assert lines[1].xy[:-1].mean(axis=0) == pytest.approx((x, y), abs=1e-6)
    saddle = show(finished(scene="surface", surface="saddle", surface_start=(-1.0, 0.5)), 0)
    assert len([path for path in saddle.field.paths if not path.head]) == 6, "two branches each"


def test_a_line_of_the_table_is_a_step(show, qtbot):
    view = show(finished(), 0)
    with qtbot.waitSignal(view.step_chosen) as told:
        view.table.selected.emit(4)
    assert told.args == [4]
    assert view.table.lines[4].cells[0] == "4.4", "right decimals after four steps"
    assert [view.table.lines[k].cells[3] for k in (0, 6)] == ["2.00000000000", "0.69314718056"], "ln 2"
    assert view.curve.title == "f(x) = eˣ − 2x, and the parabola of one step"


def test_a_way_that_has_ended_says_why(show):
    runner = finished(function="log_cosh", curve_start=1.12)
    view = show(runner, 12)
    (block,) = told(view, 12)
    assert "singular" in block.numbers


def test_the_curve_has_the_whole_width_from_the_first_picture_on(qtbot):
    view = NewtonView(LIGHT, NewtonOptions())
    qtbot.addWidget(view)
    view.resize(700, 620)
    with qtbot.waitExposed(view):
        view.show()
    assert view.panels() == [view.curve, view.errors, view.table]
    assert view.curve.width() == 700


def test_where_nothing_is_sought_no_error_is_promised(show):
    for expression, title in (
        ("x", "|x − x*|: no stationary point in the picture"),
        ("x**2", "|x − x*|, at least 10⁻¹⁷"),
    ):
        view = show(finished(function="expression", expression=expression), 1)
        assert view.errors.title == title


def test_times_stream_into_the_plot(show):
    runner = Runner(EXPERIMENT, NewtonConfig(scene="cost", largest=64, repeats=1))
    runner.advance()
    view = show(runner, 0)
    assert not len(view.times.curves[0].x)
    runner.advance()
    runner.advance()
    present_step(view, 2)
    assert view.times.curves[0].x.tolist() == [8, 11]
    assert len(view.table.lines) == 2


def test_pinned_runs_stand_behind(show):
    runner, pinned = finished(), finished(curve_start=-1.0)
    view = show(runner, 3, ghosts=[Ghost(pinned.config, pinned.recording, "x₀ −1")])
    assert [curve.name for curve in view.errors.curves if curve.ghost and curve.name] == ["x₀ −1"]

    pinned = finished(scene="surface", surface_start=(0.0, 0.5))
    view = show(finished(scene="surface"), 3, ghosts=[Ghost(pinned.config, pinned.recording, "0, 0.5")])
    assert [path.name for path in view.field.paths if path.ghost] == ["0, 0.5"]
    painted(view.field)
    view = show(runner, 3, ghosts=[Ghost(pinned.config, pinned.recording, "of another scene")])
    assert not any(curve.ghost for curve in view.errors.curves)


def test_digits_and_times_in_words():
    assert [digits_text(error) for error in (1e-3, 0.0, 5.0, float("nan"))] == ["3.0", "all", "0.0", "–"]
    assert [time_text(seconds) for seconds in (4.7e-6, 2.5e-3, 1.5)] == ["4.7 µs", "2.5 ms", "1.5 s"]


def test_time_that_falls_has_a_slope_with_a_real_minus():
    n = np.array([100.0, 200.0, 400.0])
    columns = {"n": n, "gradient": 1 / n, "forming": n**2, "solving": n**3}
    recording = Recording()
    for step in range(4):  # nothing is measured before the first step
        scalars = {name: float(values[max(step - 1, 0)]) for name, values in columns.items()}
        recording.append(Frame(step, scalars, None))
    names = [
        curve.name for curve in costs(Moment(NewtonConfig(scene="cost"), None, recording, 3), LIGHT).curves
    ]
    assert names[:2] == ["measuring the gradient: slope −1.00", "forming H: slope 2.00"]


def sentence(step, of="newton", recording=None, **changes):
    config = replaced(NewtonConfig(), **changes)
    recording = recording or finished(**changes).recording
    return finding(Moment(config, NewtonOptions(of=of), recording, min(step, recording.last)))


def test_the_sentence_tells_where_the_parabola_leads():
    def newton(x):  # of e^x − 2x, whose minimum is ln 2
        return x - (exp(x) - 2) / exp(x)

    x = [2.0]
    while len(x) < 4:
        x.append(newton(x[-1]))
    assert sentence(0) == f"From 2 Newton leaps to {x[1]:.4g}, the vertex of the parabola that fits f there."
    descent = 2.0
    for _ in range(2):
        descent -= 0.1 * (exp(descent) - 2)
    assert sentence(2) == (
        f"At step 2 Newton is {x[2] - log(2):.4f} from x*, Gradient descent {descent - log(2):.4f}. "
        f"The next parabola takes Newton to {x[3] - log(2):.6f}."
    )
    assert sentence(12).startswith("Newton has been at rest in a minimum since step 5; Gradient descent is ")
    assert "Gradient descent is 0.5369 from x*, Newton 0.1388" in sentence(2, of="gradient_descent")


def test_the_sentence_tells_a_maximum_and_a_saddle_from_a_minimum():
    wells = {"function": "double_well", "curve_start": 0.35}
    assert sentence(0, **wells).startswith("From 0.35 Newton sets out uphill to ")
    assert "Newton has been at rest on a maximum since step" in sentence(12, **wells)
    assert "Damped Newton has been at rest in a minimum" in sentence(
        40, of="damped_newton", steps=40, **wells
    )
    saddle = {"scene": "surface", "surface": "saddle", "surface_start": (-1.0, 0.5)}
    leap = "From (−1, 0.5) Newton leaps to (0, 0), the vertex of the parabola that fits f there."
    assert sentence(0, **saddle) == leap
    assert sentence(3, **saddle).startswith("Newton has been at rest on a saddle point since step 1; ")
    assert sentence(0, function="double_well", curve_start=0.0) == "Newton stays at 0: f is level there."


def test_the_sentence_tells_who_could_not_go_on():
    assert "Newton could not go on at step" in sentence(12, function="log_cosh", curve_start=1.12)
    straight = {"function": "expression", "expression": "x"}
    assert "its parabola has no vertex" in sentence(0, **straight)
    assert "Gradient descent is at f = 1.900" in sentence(1, **straight)  # 2 − 0.1·1
    assert "no method can take a step" in sentence(
        0, function="expression", expression="log(x)", curve_start=-1.0
    )


def test_the_sentence_of_the_cost_counts_up_to_a_million():
    recording = Recording()
    recording.append(Frame(0, {}, None))
    for step, n in enumerate((32.0, 1000.0), start=1):
        recording.append(Frame(step, {"n": n, "gradient": 1e-3, "forming": 2e-3, "solving": 7e-3}, None))
    cost = {"scene": "cost", "recording": recording}
    assert sentence(0, **cost).startswith("One Newton step is timed for 8 unknowns")
    assert sentence(1, **cost) == "With 32 unknowns one Newton step takes 10 ms."
    # 7 ms × 1000³ = 7,000,000 s: 81 days
    assert sentence(2, **cost) == (
        "With 1000 unknowns one Newton step takes 10 ms; with a million, at n³, about 0.2 years."
    )


CORNERS = [
    *({"function": name} for name in CURVES),
    *({"scene": "surface", "surface": name} for name in LANDSCAPES),
    *({"function": "expression", "expression": text} for text in ("x", "1", "log(x)", "exp(50*x)", "abs(x)")),
    {"curve_rate": 100.0},
    {"steps": 1},
    {"damping": 0.0},
    {"function": "cycle", "curve_start": 1.0},
    {"scene": "surface", "surface_start": (1.0, 1.0)},
]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_there_is_a_sentence_in_every_corner(qapp, language):
    install(qapp, language)
    try:
        for corner in CORNERS:
            recording = finished(**corner).recording
            for way in METHODS:
                for step in {0, 1, 2, recording.last}:
                    text = sentence(step, way, recording, **corner)
                    assert text.endswith("." if language == "en" else "。")
                    assert "nan" not in text
                    assert "{" not in text
    finally:
        install(qapp, "en")


def test_it_opens_on_a_step_whose_parabola_leads_far(show):
    view = show(finished(), 0)
    assert view.opens_on(view.at) == 1  # 0.65 of 6 units; the next one goes 0.33
    view = show(finished(function="parabola"), 0)
    assert view.opens_on(view.at) == 0
    view = show(finished(scene="surface"), 0)
    assert view.opens_on(view.at) is None


@pytest.mark.parametrize("scene", ["curve", "surface", "cost"])
def test_a_lecture_shows_the_picture_without_the_options(show, scene):
    view = show(finished(scene=scene, largest=32), 3, theme=replace(LIGHT, scale=LECTURE_SCALE))
    assert view.bar.isHidden()
    assert len(view.panels()) == (1 if scene == "cost" else 2)


@pytest.mark.parametrize("name", FORMULAS)
def test_the_title_has_the_formula_of_the_curve(name):
    powers = str.maketrans({"ˣ": "**x", "²": "**2", "³": "**3", "⁴": "**4", "−": "-"})
    text = FORMULAS[name].translate(powers).replace("2x", "2*x").replace("ln cosh x", "log(cosh(x))")
    x = np.array([-1.1, 0.3, 1.7])
    np.testing.assert_allclose(from_text(text, 2.0).value(x), FUNCTIONS[name].value(x), rtol=1e-12)
    assert set(FORMULAS) == set(FUNCTIONS)
