"""The race on the screen, driven with the mouse: the start, the paths, the curve, the table."""

from dataclasses import replace
from functools import partial
from math import inf

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from engine.config import replaced
from engine.experiments.optimizers.race import EXPERIMENT, RaceConfig
from engine.optimizers.table import OPTIMIZERS
from engine.session import load
from gui.app.documents import EXAMPLES
from gui.export.export import picture
from gui.look.language import install
from gui.look.strokes import racer_names, racer_strokes
from gui.look.theme import DARK, LECTURE_SCALE, LIGHT
from gui.plots.labels import Tags
from gui.screen.moment import Ghost
from gui.views.optimizers.race import LAYOUTS, RaceView
from gui.views.optimizers.race_tracks import NewestInspection
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, present_step, recorded, told

run = partial(recorded, EXPERIMENT)
VIEW, BEGIN = RaceView, RaceConfig(steps=120)


def racers(*pairs):
    return tuple(OPTIMIZERS[name](learning_rate=rate) for name, rate in pairs)


def by_key(panel):
    """The paths in the order of the racers; the inspected one's is drawn last."""
    return sorted(panel.paths, key=lambda path: path.key)


def place(view, x, y):
    return view.field.axes().plane.point(x, y).toPoint()


def test_dragging_the_ring_moves_the_start(make, qtbot):
    view = make()
    edits = []
    view.edited.connect(edits.append)
    at, to = place(view, *view.at.config.start), place(view, 0.5, 2.0)
    qtbot.mousePress(view.field.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(view.field.viewport(), (at + to) / 2)
    qtbot.mouseMove(view.field.viewport(), to)
    qtbot.mouseRelease(view.field.viewport(), Qt.MouseButton.LeftButton, pos=to)
    assert edits
    assert edits[-1].start == pytest.approx((0.5, 2.0), abs=0.03)
    assert edits[-1].racers == view.at.config.racers


def test_a_click_on_empty_ground_puts_the_start_there(make, qtbot):
    view = make()
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.mouseClick(view.field.viewport(), Qt.MouseButton.LeftButton, pos=place(view, 1.6, -0.6))
    assert edited.args[0].start == pytest.approx((1.6, -0.6), abs=0.03)


def test_a_start_beyond_all_numbers_is_no_edit(make, qtbot):
    view = make()
    with qtbot.assertNotEmitted(view.edited):
        view.field.clicked.emit(inf, 0.0)


def test_a_click_on_a_path_explains_that_racer_at_that_step(make, qtbot):
    config = RaceConfig(
        surface="bowl", start=(-4.0, 0.5), steps=60, racers=racers(("gradient_descent", 0.05))
    )
    view = make(config, racer=0)
    recording = view.runner.recording
    steps = []
    view.step_chosen.connect(steps.append)
    x, y = recording.column("0.x")[7], recording.column("0.y")[7]
    qtbot.mouseClick(view.field.viewport(), Qt.MouseButton.LeftButton, pos=place(view, x, y))
    assert steps == [7]


def test_a_click_on_the_curve_jumps_to_its_step(make, qtbot):
    view = make()
    plane = view.curves.axes().plane
    middle = QPointF(plane.rect.center().x(), plane.rect.center().y()).toPoint()
    with qtbot.waitSignal(view.step_chosen) as chosen:
        qtbot.mouseClick(view.curves.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert chosen.args[0] == pytest.approx(60, abs=3)


def test_paths_end_at_the_step_and_curves_go_on(make):
    view = make(step=40)
    recording = view.runner.recording
    path = next(path for path in view.field.paths if path.key == "0")
    assert len(path.xy) == 41
    np.testing.assert_array_equal(path.xy[-1], [recording.column("0.x")[40], recording.column("0.y")[40]])
    assert len(view.curves.curves[0].y) == 121


def test_two_of_a_kind_have_two_names_and_two_strokes():
    twins = racers(("adam", 0.1), ("momentum", 0.1), ("adam", 0.01))
    assert racer_names(twins) == ["Adam 1", "Momentum", "Adam 2"]
    for theme in (LIGHT, DARK):
        first, _, second = racer_strokes(twins, theme)
        assert first.colour != second.colour
        assert first == theme.stroke("adam")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_many_of_a_kind_have_as_many_strokes(name, theme):
    strokes = racer_strokes((OPTIMIZERS[name](),) * 20, theme)
    assert len(set(strokes)) == 20
    assert strokes[0] == theme.stroke(name)


def test_a_racer_that_diverges_is_marked_with_its_step(make):
    config = RaceConfig(steps=50, racers=racers(("gradient_descent", 0.5), ("adam", 0.1)))
    view = make(config, racer=0)
    recording = view.runner.recording
    lost = int(np.isnan(recording.column("0.f")).argmax())
    assert [path.diverged for path in by_key(view.field)] == [True, False]
    assert view.results.lines[0].cells[0] == f"✗ step {lost}"
    blocks = told(view, 50)
    assert f"✗ step {lost}" in blocks[-2].numbers
    assert "diverged" in blocks[-2].numbers
    present_step(view, lost - 1)
    assert not by_key(view.field)[0].diverged
    assert not [block for block in told(view, lost - 1) if "✗" in block.numbers]


def test_the_numbers_of_the_rule_are_those_of_the_step(make):
    config = RaceConfig(
        surface="bowl", condition=2.0, start=(2.0, 1.0), steps=3, racers=racers(("gradient_descent", 0.1))
    )
    view = make(config, step=1, racer=0)
    rule = told(view, 1)[0]
    # ∇f(2, 1) of ½(x² + 2y²) is (2, 2): both coordinates go down by 0.2
    assert rule.numbers.splitlines() == [
        "x:  2.000 − 0.1·2.000 = 1.800",
        "y:  1.000 − 0.1·2.000 = 0.8000",
    ]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_rule_is_explained_with_numbers(make, name):
    config = RaceConfig(surface="booth", start=(-2.0, 3.0), steps=12, racers=(OPTIMIZERS[name](),))
    view = make(config, step=2, racer=0)
    blocks = told(view, 2)
    assert len(blocks) >= 2
    assert all(block.latex or block.numbers for block in blocks)
    assert not any(word in block.numbers for block in blocks for word in ("nan", "inf", "old_"))
    assert blocks[-1].check is not None
    assert blocks[-1].check.passed


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_a_step_of_momentum_and_of_nesterov_stand_side_by_side(make, qtbot, name):
    config = RaceConfig(surface="bowl", start=(-3.0, 2.0), steps=30, racers=racers((name, 0.02)))
    view = make(config, step=10, layout="step", racer=0)
    qtbot.waitUntil(lambda: len(view.anatomy.panels[1].arrows) == 3)
    first, second = (panel.arrows for panel in view.anatomy.panels)
    assert [arrow.name for arrow in first] == ["−ηβv", "−ηg", "step"]
    assert [arrow.name for arrow in second] == ["−ηβv", "−ηg(θ − ηβv)", "step"]
    assert first[0] == second[0], "the velocity leads to the same point"
    assert first[1] != second[1], "the gradient is measured elsewhere"
    for momentum, pull, step in (first, second):
        assert (momentum.dx + pull.dx, momentum.dy + pull.dy) == pytest.approx((step.dx, step.dy))


def test_where_no_minimum_is_known_f_is_shown_and_the_title_says_so(make):
    config = RaceConfig(
        surface="saddle", steps=20, racers=racers(("gradient_descent", 0.1)), start=(0.1, 0.01)
    )
    view = make(config, racer=0)
    assert "f* is not known" in view.curves.title
    assert view.results.lines[0].cells[2] == "–"


def test_of_a_typed_formula_the_lowest_minima_are_found_and_marked(make):
    formula = "(x - 1)^2 + 3(y + ½)^2 - 2"
    config = RaceConfig(
        surface="expression", expression=formula, steps=40, racers=racers(("gradient_descent", 0.1))
    )
    view = make(config, racer=0, layout="both")
    assert view.curves.title.startswith("f − f*")
    assert "not known" not in view.curves.title
    np.testing.assert_allclose(view.field.minima, [(1.0, -0.5)], atol=1e-9)
    assert view.landscape.minima == view.field.minima
    assert view.results.lines[0].cells[2] != "–"
    config = replaced(config, expression="x + y")
    present(view, config, run(config), 1)
    assert view.field.minima == ()
    assert "f* is not known" in view.curves.title


def test_of_many_racers_the_inspected_one_is_named_and_names_leave_room(make, monkeypatch):
    named = []
    write = Tags._write
    monkeypatch.setattr(
        Tags, "_write", lambda tags, spot, text, *rest: (named.append(text), write(tags, spot, text, *rest))
    )
    some = tuple(OPTIMIZERS[name](learning_rate=1e-4) for name in list(OPTIMIZERS)[:12])
    view = make(RaceConfig(racers=(*some, *some), steps=20), racer=3, layout="contour", vectors=False)
    view.resize(420, 420)
    for racer in (3, 14):
        view.set_option(racer=racer)
        named.clear()
        view.field.redraw()
        view.fills.paint()
        assert named[0] == racer_names(view.at.config.racers)[racer]
        assert len(named) < 24
        metrics, rect = QFontMetricsF(view.theme.font()), view.field.axes().plane.rect
        covered = sum((metrics.horizontalAdvance(name) + 8) * (metrics.height() + 1) for name in named)
        assert covered <= rect.width() * rect.height() / 3 + 1


def test_a_formula_with_a_hole_is_drawn(make):
    config = RaceConfig(
        surface="expression",
        expression="log(x) + y**2",
        reach=2.0,
        start=(1.0, 1.0),
        steps=40,
        racers=racers(("gradient_descent", 0.3), ("adam", 0.1)),
    )
    view = make(config, racer=0)
    recording = view.runner.recording
    assert by_key(view.field)[0].diverged
    assert told(view, recording.last)


def test_pinned_runs_are_faint_and_say_what_differs(make):
    pinned = RaceConfig(steps=120, start=(1.0, 2.0))
    ghost = Ghost(pinned, run(pinned), "Start (1, 2)")
    view = make(ghosts=[ghost])
    ghosts = [path for path in view.field.paths if path.ghost]
    assert len(ghosts) == len(pinned.racers)
    names = [curve.name for curve in view.curves.curves if curve.ghost and curve.name]
    assert names == ["pinned: Start (1, 2)"]


def test_the_sentence_is_that_of_the_step_and_of_what_f_is_measured_from(make):
    two = RaceConfig(
        surface="bowl",
        condition=2.0,
        start=(2.0, 1.0),
        steps=60,
        racers=racers(("gradient_descent", 0.1), ("gradient_descent", 0.3)),
    )
    view = make(two, step=0, relative=False)
    assert view.finding.text == "2 methods start where f = 3.000. Who is first at the minimum?"
    # ½(x² + 2y²): a step multiplies x by 1 − η and y by 1 − 2η
    slow, fast = (0.5 * ((2 * (1 - eta) ** 2) ** 2 + 2 * (1 - 2 * eta) ** 4) for eta in (0.1, 0.3))
    present_step(view, 2)
    view.catch_up()
    assert view.finding.text == (
        f"At step 2 Gradient descent 2 is lowest, with f = {fast:.4f}; Gradient descent 1 is highest, "
        f"at {slow:.3f}."
    )
    steps = [
        next(t for t in range(60) if 0.5 * (4 * (1 - eta) ** (2 * t) + 2 * (1 - 2 * eta) ** (2 * t)) <= 1e-3)
        for eta in (0.1, 0.3)
    ]
    present_step(view, 60)
    view.catch_up()
    assert view.finding.text == (
        f"All reached f − f* ≤ 0.001: Gradient descent 2 after {steps[1]} steps, "
        f"Gradient descent 1 after {steps[0]}."
    )


def test_switches_change_the_options_and_the_plots(make, qtbot):
    view = make()
    view.bar["log"].click()
    assert not view.options.log
    assert not view.curves.y_axis.log
    view.bar["relative"].click()
    assert view.curves.title.startswith("f against")
    view.bar["vectors"].click()
    assert view.field.arrows == ()
    for index, layout in enumerate(LAYOUTS):
        view.bar["layout"].setCurrentIndex(index)
        assert view.options.layout == layout
        shown = {panel for panel in (view.field, view.landscape) if not panel.isHidden()}
        assert (
            shown
            == {
                "both": {view.field, view.landscape},
                "contour": {view.field},
                "surface": {view.landscape},
                "step": set(),
                "rates": set(),
                "starts": set(),
            }[layout]
        )
        assert view.anatomy.isHidden() == (layout != "step")
        assert view.rates.isHidden() == view.tuned.isHidden() == (layout != "rates")
        assert view.results.isHidden() == (layout in ("step", "rates", "starts"))
        assert (view.curves in view.panels()) == (layout not in ("step", "starts"))  # no room, and no use


def test_the_surface_is_computed_once_for_many_starts(make):
    view = make()
    field = view.field._field
    for x in np.linspace(-1, 1, 5):
        config = replaced(view.at.config, start=(float(x), 0.0))
        present(view, config, run(config), 120)
    assert view.field._field is field


def test_noise_reaches_every_racer_alike(make):
    config = RaceConfig(
        surface="bowl", noise=0.5, steps=50, racers=racers(("gradient_descent", 0.1), ("sgd", 0.1))
    )
    recording = make(config, racer=0).runner.recording
    np.testing.assert_array_equal(recording.column("0.x"), recording.column("1.x"))


def test_a_click_in_the_table_explains_that_racer(make, qtbot):
    view = make(racer=0)
    table = view.results
    content = table._content(QRectF(table.rect()))
    at = QPointF(content.left() + 40, content.top() + 3.5 * table._step()).toPoint()
    with qtbot.waitSignal(view.options_changed):
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.options.racer == 2
    assert view.bar["racer"].currentText() == "Nesterov"
    assert told(view, 10)[0].title == "Nesterov, step 10"


def test_the_arrow_keys_move_the_start(make, qtbot):
    view = make()
    x, y = view.at.config.start
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.keyClick(view.field, Qt.Key.Key_Right)
    assert edited.args[0].start[0] > x
    assert edited.args[0].start[1] == y


def test_a_picture_taken_at_once_shows_the_step_it_was_asked_for(make):
    view = make(layout="both", racer=4)
    recording = view.runner.recording
    present_step(view, 30)
    view.catch_up()
    for panel in (view.field, view.landscape):
        heads = [path.xy[-1] for path in by_key(panel)]
        expected = [(recording.column(f"{k}.x")[30], recording.column(f"{k}.y")[30]) for k in range(6)]
        np.testing.assert_array_equal(heads, expected)
    step = view.field.arrows[-1]
    moved = [recording.column(f"4.{axis}")[30] - recording.column(f"4.{axis}")[29] for axis in "xy"]
    assert (step.dx, step.dy) == pytest.approx(moved)


def test_the_contours_say_which_vectors_are_to_scale(make):
    view = make(racer=1)
    present_step(view, 30)
    assert view.field.note == "arrows to scale"
    view.set_option(racer=4)
    present_step(view, 30)
    assert view.field.note == "−g, −m: direction only"
    view.bar["vectors"].click()
    present_step(view, 30)
    assert view.field.note == ""
    view.grab()


def test_in_a_small_window_one_step_has_all_the_room(make, qtbot):
    view = make(layout="step", racer=1)
    view.resize(1400, 700)
    qtbot.waitUntil(lambda: not view.field.isHidden())
    assert view.field in view.panels()
    view.resize(640, 560)
    qtbot.waitUntil(lambda: view.field.isHidden())
    assert view.field not in view.panels()
    view.resize(1400, 700)
    qtbot.waitUntil(lambda: not view.field.isHidden())
    assert len(view.field.paths) == 6


def test_a_lecture_shows_two_plots_at_most(make):
    view = make(theme=replace(LIGHT, scale=LECTURE_SCALE), layout="both")
    assert view.panels() == [view.field, view.landscape]
    view.set_option(layout="contour")
    assert view.panels() == [view.field, view.curves]


def test_the_axis_of_f_holds_what_there_is(make):
    config = RaceConfig(
        surface="bowl", condition=1.0, start=(2.0, 0.0), steps=10, racers=racers(("gradient_descent", 0.5))
    )
    view = make(config, racer=0)
    recording = view.runner.recording
    low, high = view.curves.home[1]
    # f halves twice at each step of η = ½: from 2 down to 2·4⁻¹⁰ = 1.9e-6
    assert recording.column("0.f")[10] == pytest.approx(2 * 4.0**-10)
    assert (low, high) == (-6.0, 1.5)
    view = make(replaced(config, steps=60), racer=0)
    assert view.curves.home[1][0] == -16.0, "below that is the rounding of f"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_in_another_language_the_same_race_is_told(make, qapp, language):
    view = make()
    numbers = [block.numbers.splitlines()[0] for block in told(view, 60)[:-1]]
    install(qapp, language)
    try:
        other = make(step=60)
        assert (other.bar["racer"].itemText(1) == "动量法") == (language == "zh_CN")
        assert other.results.lines[1].name == other.bar["racer"].itemText(1)
        repeated = [block.numbers.splitlines()[0] for block in told(other, 60)[:-1]]
        assert repeated == numbers
        other.grab()
    finally:
        install(qapp, "en")


@pytest.mark.parametrize(("layout", "theme"), in_turn(LAYOUTS))
def test_every_plot_paints_itself_at_any_size(make, theme, layout):
    view = make(theme=theme, layout=layout, racer=2)
    present_step(view, 20)
    view.catch_up()
    for panel in view.panels():
        for size in ((160, 100), (1200, 500)):
            assert not picture(panel, size).isNull()


def test_the_view_fits_a_small_window(make):
    view = make()
    view.resize(640, 560)
    assert (view.width(), view.height()) == (640, 560), "nothing asks for more room"
    assert all(view.rect().contains(panel.mapTo(view, panel.rect().bottomRight())) for panel in view.panels())


def test_the_example_on_nesterov_opens_at_the_step_taken_apart():
    session = load(EXAMPLES / "momentum-and-Nesterov.nabla.json")
    look = session.looks["optimizers.race"]
    assert (look.step, look.options["layout"]) == (3, "step")
    assert session.config("optimizers.race").racers[look.options["racer"]].__struct_config__.tag == "nesterov"


def test_the_menu_of_the_plot_and_the_bar_switch_one_logarithmic_axis(make):
    view = make()
    linear = make(log=False)
    assert view.bar["log"].isChecked()
    view.curves.log_actions[1].trigger()  # the entry of the menu
    assert not view.options.log
    assert not view.bar["log"].isChecked()
    assert not view.curves.y_axis.log
    assert view.curves.ranges == linear.curves.ranges
    view.bar["log"].click()
    assert view.curves.log_actions[1].isChecked()
    assert view.curves.y_axis.log
    view.curves.log_actions[0].trigger()  # the page says nothing of x: the plot alone
    assert view.curves.x_axis.log
    assert view.curves.y_axis.log
    assert view.options.log


def test_steps_that_are_taken_apart_are_those_of_the_run_forwards_backwards_and_from_afar():
    config = replaced(RaceConfig(steps=60, noise=0.2), racers=racers(("adam", 0.05), ("nesterov", 0.0005)))
    recording = run(config)
    for racer in range(2):
        newest = NewestInspection(recording, racer)
        x, y = (recording.column(f"{racer}.{name}") for name in "xy")
        assert newest.at(config, 0) is None
        assert newest.at(config, 61) is None
        for step in (1, 2, 3, 40, 41, 39, 40, 60, 2):
            seen = newest.at(config, step)
            assert seen.step == step
            assert seen.before == (x[step - 1], y[step - 1])
            assert seen.after == (x[step], y[step])


def test_the_steps_of_the_title_are_in_the_table_however_little_room_there_is(make):
    """Beside the notes at 1366 pixels the last columns are left out, but not what the title speaks of."""
    view = make(RaceConfig(), racer=0)
    view.results.resize(view.theme.px(260), view.theme.px(200))
    shown = [view.results.head[column] for column in view.results._columns()]
    assert len(shown) < len(view.results.head)
    assert "steps" in shown
