"""The triangle of *Three classes* on the screen: what is drawn, said and dragged."""

from dataclasses import replace
from math import inf, log

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.config import replaced
from engine.experiments.entropy.three_classes import EXPERIMENT
from engine.experiments.entropy.three_classes_config import PRESETS, ThreeClassesConfig
from engine.experiments.entropy.three_classes_map import landscape_of, shapes_of
from engine.information.divergence_gradients import DIVERGENCES
from engine.information.streamlines import SPARSE, USUAL
from engine.information.triangle import point_of, weights_of
from engine.optimizers.adam import AdamW
from engine.pieces import result_of
from gui.export.export import picture
from gui.look.theme import DARK, LECTURE_SCALE, LIGHT
from gui.screen.moment import Ghost
from gui.views.entropy.three_classes import (
    APART,
    COARSE_GRID,
    GRID,
    SHAPED,
    ThreeClassesView,
    show_coarse_shapes,
)
from gui.views.entropy.three_classes_picture import BOUNDS
from gui.views.entropy.three_classes_words import landscape, shares
from tests.gui.views.moments import present, ran, told

CERTAIN = ThreeClassesConfig(p=(0.0, 1.0, 0.0), start=(0.98, 0.01, 0.01))
SIDE = ThreeClassesConfig(p=(0.6, 0.4, 0.0), start=(0.1, 0.1, 0.8))
VIEW, SIZE, STEP, SETTLED = ThreeClassesView, (900, 620), 0, True


def says(view):
    view.catch_up()
    return view.finding.text


def spot(view, q):
    return view.triangle.axes().plane.point(*map(float, point_of(q))).toPoint()


def drag(qtbot, panel, at, to, keys=Qt.KeyboardModifier.NoModifier):
    qtbot.mousePress(panel.viewport(), Qt.MouseButton.LeftButton, keys, pos=at)
    for place in ((at + to) / 2, to):
        qtbot.mouseMove(panel.viewport(), place)
    qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, keys, pos=to)


# What is said


def test_the_sentence_at_a_certain_and_wrong_start(make):
    """|q − p| = √(0.98² + 0.99² + 0.01²) = 1.393; of squared error by hand 0.07198."""
    view = make(CERTAIN)
    assert says(view) == (
        "At Q = (0.98, 0.01, 0.01): Squared error has slope 0.07198, wrong and nearly flat;"
        " Cross-entropy would have 1.393."
    )


def test_shares_in_the_sentence_sum_to_one():
    """Rounded to two digits, the first of these would be 0.97 + 0.01 + 0.01 = 0.99."""
    assert shares(np.array([0.9736, 0.0141, 0.0123])) == "(0.974, 0.014, 0.012)"
    assert shares(np.array([0.98, 0.01, 0.01])) == "(0.98, 0.01, 0.01)"
    assert shares(np.full(3, 1 / 3)) == "(0.33, 0.33, 0.33)"  # no number of digits is enough
    assert shares(np.array([0.5, 0.49888, 0.00112])) == "(0.50, 0.50, 0.001120)"


@pytest.mark.parametrize("theme", [LIGHT, replace(LIGHT, scale=LECTURE_SCALE)])
def test_the_names_of_the_sides_are_on_the_plot(make, theme):
    """In a window of 1280 x 720 pixels; in a lecture the letters are larger."""
    triangle = make(theme=theme, size=(1264, 560)).triangle
    plane = triangle.axes().plane
    high = triangle.theme.metrics(triangle.theme.text_px).height() / 2
    for middle, text, _ in triangle.words(plane):
        assert plane.rect.top() <= middle.y() - high, text
        assert middle.y() + high <= plane.rect.bottom(), text


def test_the_sentence_of_cross_entropy_compares_with_squared_error(make):
    view = make(CERTAIN, of="cross_entropy")
    assert says(view) == (
        "Q = (0.98, 0.01, 0.01) is wrong. There Cross-entropy has slope 1.393;"
        " Squared error would have 0.07198."
    )


def test_the_sentence_when_the_class_is_right(make):
    view = make(step=100)
    assert says(view).startswith("Right class: Squared error from step 16 on, Cross-entropy from step 3.")


def test_the_sentence_where_no_class_is_wrong(make):
    p, start = PRESETS["middle"]
    assert says(make(ThreeClassesConfig(p=p, start=start))).startswith(
        "All classes are equally likely: no Q is"
    )


def test_the_sentence_where_the_loss_is_infinite(make):
    view = make(SIDE, of="reverse_kl")
    assert "KL(Q‖P) is infinite everywhere" in says(view)
    assert view.triangle.notes == ("∞ everywhere",)
    view.triangle.flush()
    assert not view.triangle.bar.isVisible()
    assert view.triangle.streams == ()
    loss, lengths = told(view)  # and no gradient
    assert loss.numbers.endswith("KL(Q‖P) = ∞ nats")
    assert "KL(Q‖P): –" in lengths.numbers


def test_the_sentence_after_the_logits_have_diverged(make):
    config = ThreeClassesConfig(optimizer=AdamW(learning_rate=1000.0, weight_decay=10.0))
    view = make(config, inf)
    assert says(view).startswith("By Σ(q − p)² the logits have diverged")
    assert not any("nan" in block.numbers for block in told(view))


def test_the_formulas_have_the_numbers_of_the_step(make):
    view = make(CERTAIN, of="squared_error")
    loss, slope, motion, lengths = told(view)
    assert loss.numbers == "Q = (0.98, 0.01, 0.01)\nΣ(q − p)² = 1.941"  # 0.9604 + 0.9801 + 0.0001
    assert slope.check.passed
    assert slope.numbers.endswith("|∂L/∂z| = 0.07198")
    assert "H(P, Q): 1.393" in lengths.numbers
    assert "KL(Q‖P): –" in lengths.numbers
    assert motion.numbers.startswith("dQ/dt = (")


def test_cross_entropy_in_bits_has_its_factor_in_the_formula(make):
    view = make(replaced(CERTAIN, base="2"), of="cross_entropy")
    loss, slope, *_ = told(view)
    assert r"\log_2" in loss.latex
    assert r"\ln 2" in slope.latex
    assert f"{log(100) / log(2):.4g} bits" in loss.numbers


# What is drawn


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_landscape_is_least_at_p(make, name):
    view = make(of=name)
    values = view.triangle._field.values
    (x0, x1), (y0, y1) = BOUNDS
    row, column = np.unravel_index(np.nanargmin(values), values.shape)
    count = len(values) - 1
    lowest = x0 + column * (x1 - x0) / count, y0 + row * (y1 - y0) / count
    assert lowest == pytest.approx(point_of(view.at.config.p), abs=0.02)


def test_cross_entropy_says_where_its_colours_end_and_others_what_is_hatched(make):
    view = make(of="cross_entropy")
    assert [note[:36] for note in view.triangle.notes] == ["∞ at the sides; the colours end at 3"]
    assert view.triangle.outlines == ()
    view.set_option(of="js")
    view.catch_up()
    assert view.triangle.notes == ("hatched: wrong, and the slope is less than a fifth of the largest",)
    assert len(view.triangle.outlines) == 1  # along the side from A to C, where B has probability 0


def test_streamlines_are_shown_where_they_are_wanted(make):
    view = make()
    assert len(view.triangle.streams) > 8
    view.set_option(lines=False)
    view.catch_up()
    assert view.triangle.streams == ()


def test_paths_end_where_the_losses_are(make):
    view = make(step=20)
    paths = {path.key: path for path in view.triangle.paths}
    assert set(paths) == {"cross_entropy", "reverse_kl", "js", "squared_error"}
    z = [view.at.value(f"js.z{i}") for i in range(3)]
    assert weights_of(paths["js"].xy[-1]) == pytest.approx(np.exp(z) / np.exp(z).sum())
    assert len(paths["js"].xy) == 21


def test_a_loss_that_is_infinite_has_no_path_and_no_curve(make):
    view = make(SIDE, step=20)
    assert "reverse_kl" not in {path.key for path in view.triangle.paths}
    assert "reverse_kl" not in {curve.key for curve in view.losses.curves}
    assert "reverse_kl" not in {curve.key for curve in view.slopes.curves}


def test_the_table_has_the_shares_along_the_paths(make):
    view = make(step=10)
    columns = dict(view.triangle.table())
    assert len(columns) == 12
    shares = [columns[f"JS Q({name})"] for name in "ABC"]
    np.testing.assert_allclose(np.sum(shares, axis=0), 1.0)
    assert [share[0] for share in shares] == pytest.approx(view.at.config.start)


def test_pinned_runs_are_behind(make):
    ghost = Ghost(SIDE, ran(EXPERIMENT, SIDE).recording, "P")
    view = make(step=10, ghosts=(ghost,))
    assert [path.ghost for path in view.triangle.paths] == [True] * 3 + [False] * 4


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("config", [ThreeClassesConfig(), CERTAIN, SIDE])
def test_pictures(make, theme, config):
    view = make(config, 10, theme, of="js")
    for panel in view.panels():
        assert not picture(panel, (420, 320)).isNull()


def test_outside_the_triangle_is_paper(make):
    """Two places in the corners of the plot, over and beside the triangle."""
    view = make(of="js", theme=DARK)
    panel = view.triangle
    rect = panel.axes().plane.rect
    image = panel.grab().toImage()
    ratio = image.devicePixelRatio()
    for place in (rect.topLeft() + QPoint(60, 60), rect.topRight() + QPoint(-60, 60)):
        assert image.pixelColor((place * ratio).toPoint()).name() == DARK.plot.lower()
    inside = image.pixelColor((panel.axes().plane.point(0.6, 0.2) * ratio).toPoint())
    assert inside.name() != DARK.plot.lower()


# The mouse and the keys


def test_p_is_dragged_onto_a_side_and_a_corner(make, qtbot):
    view = make()
    edits = []
    view.edited.connect(edits.append)
    drag(qtbot, view.triangle, spot(view, view.at.config.p), spot(view, (0.5, 0.495, 0.005)))
    assert edits[-1].p[2] == 0.0
    assert edits[-1].p == pytest.approx((0.5, 0.5, 0.0), abs=0.021)
    drag(qtbot, view.triangle, spot(view, view.at.config.p), spot(view, (0.0, 0.0, 1.0)) + QPoint(0, -9))
    assert edits[-1].p == (0.0, 0.0, 1.0)


def test_the_start_is_dragged_and_stays_inside(make, qtbot):
    view = make()
    edits = []
    view.edited.connect(edits.append)
    drag(qtbot, view.triangle, spot(view, view.at.config.start), spot(view, (0.2, 0.3, 0.5)))
    assert edits[-1].start == pytest.approx((0.2, 0.3, 0.5), abs=0.021)
    assert edits[-1].p == view.at.config.p
    drag(qtbot, view.triangle, spot(view, view.at.config.start), spot(view, (0.5, 0.5, 0.0)) + QPoint(0, 30))
    assert edits[-1].start[2] == 0.01


def test_a_click_brings_the_start_there_and_one_outside_does_nothing(make, qtbot):
    view = make()
    edits = []
    view.edited.connect(edits.append)
    for place in (
        spot(view, (0.2, 0.4, 0.4)),
        view.triangle.axes().plane.rect.topLeft().toPoint() + QPoint(20, 20),
    ):
        qtbot.mouseClick(view.triangle.viewport(), Qt.MouseButton.LeftButton, pos=place)
        view.triangle.answer_click()
    assert [edit.start for edit in edits] == [pytest.approx((0.2, 0.4, 0.4), abs=0.021)]


def test_a_click_on_a_path_leads_to_its_step(make, qtbot):
    view = make(step=100)
    place = view.triangle.axes().plane.point(*map(float, view.triangle.paths[0].xy[2])).toPoint()
    with qtbot.waitSignal(view.step_chosen) as chosen:
        qtbot.mouseClick(view.triangle.viewport(), Qt.MouseButton.LeftButton, pos=place)
        view.triangle.answer_click()
    assert chosen.args == [2]


@pytest.mark.parametrize(
    ("key", "moved"),
    [
        (Qt.Key.Key_Right, (0.49, 0.21, 0.3)),
        (Qt.Key.Key_Left, (0.51, 0.19, 0.3)),
        (Qt.Key.Key_Up, (0.495, 0.195, 0.31)),
        (Qt.Key.Key_Down, (0.505, 0.205, 0.29)),
    ],
)
def test_arrow_keys_move_the_start_and_after_tab_p(make, qtbot, key, moved):
    view = make(ThreeClassesConfig(p=(0.5, 0.2, 0.3), start=(0.5, 0.2, 0.3)))
    view.triangle.setFocus()
    edits = []
    view.edited.connect(edits.append)
    qtbot.keyClick(view.triangle, key)
    assert edits[-1].start == pytest.approx(moved)
    assert view.triangle.grip in ("start", None)
    view.triangle.focusNextPrevChild(True)
    qtbot.keyClick(view.triangle, key)
    assert edits[-1].p == pytest.approx(moved)


def test_keys_that_come_faster_than_the_runs_are_not_lost(make, qtbot):
    view = make(ThreeClassesConfig(p=(0.5, 0.2, 0.3), start=(0.5, 0.2, 0.3)))
    view.triangle.setFocus()
    edits = []
    view.edited.connect(edits.append)
    for _ in range(2):
        for _ in range(3):
            qtbot.keyClick(view.triangle, Qt.Key.Key_Right)
        view.triangle.focusNextPrevChild(True)
    assert edits[2].start == pytest.approx((0.47, 0.23, 0.3))
    assert edits[5].p == pytest.approx((0.47, 0.23, 0.3))


def test_p_leaves_a_side_by_keys(make, qtbot):
    view = make(SIDE)
    view.triangle.setFocus()
    view.triangle.focusNextPrevChild(True)
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.keyClick(view.triangle, Qt.Key.Key_Up)
    assert edited.args[0].p == pytest.approx((0.595, 0.395, 0.01))


def test_a_preset_sets_p_and_the_start(make, qtbot):
    view = make()
    with qtbot.waitSignal(view.edited) as edited:
        view.presets.setFocus()
        qtbot.keyClick(view.presets, Qt.Key.Key_Down)
    assert (edited.args[0].p, edited.args[0].start) == PRESETS["one_hot"]
    present(view, edited.args[0], ran(EXPERIMENT, edited.args[0]).recording, 0)
    assert view.presets.currentData() == "one_hot"


def test_the_readout_tells_q_the_loss_and_its_slope(make):
    view = make(CERTAIN, of="cross_entropy")
    lines = view.triangle.told_at(*map(float, point_of((0.25, 0.5, 0.25))))
    assert lines[0] == "Q = (0.25, 0.50, 0.25)"
    assert lines[1] == f"H(P, Q) = {log(2):.4f}"
    assert lines[2] == "slope 0.6124"  # √(¼² + ½² + ¼²)
    assert view.triangle.told_at(0.0, 0.0)[1] == "H(P, Q) = ∞"


def test_a_new_page_rests_where_cross_entropy_is_right_and_squared_error_is_not(make):
    view = make()
    step = view.opens_on(view.at)
    assert step == 3
    present(view, view.at.config, view.at.recording, step)
    assert "wrong and nearly flat" in says(view)


def test_a_close_look_is_computed_anew(make):
    view = make(of="kl")
    view.triangle.look_at(((0.8, 0.9), (0.0, 0.1)))
    view.catch_up()
    part = view.triangle.level_lines.part
    assert part is not None
    assert part.covers(view.triangle.ranges)


# What is coarse while P is dragged


def test_the_landscape_is_coarse_while_p_is_dragged_and_whole_once_it_rests(make, qtbot):
    view = make(of="squared_error")
    panel, over = view.triangle, landscape(view.at)
    whole = result_of(landscape_of(over, BOUNDS, GRID, USUAL))
    assert panel._field.values.shape == (GRID, GRID)
    assert len(panel.streams) == len(whole.lines)
    moved = replaced(view.at.config, p=(0.3, 0.3, 0.4))
    present(view, moved, ran(EXPERIMENT, moved).recording, 3)
    assert panel._field.values.shape == (COARSE_GRID, COARSE_GRID)
    qtbot.waitUntil(lambda: panel._field.values.shape == (GRID, GRID))
    view.catch_up()
    fine = len(panel.streams)
    show_coarse_shapes(
        panel, view.at, result_of(shapes_of(landscape(view.at), BOUNDS, SHAPED, SPARSE, APART))
    )
    assert len(panel.streams) == fine, "an answer that comes late changes nothing"
