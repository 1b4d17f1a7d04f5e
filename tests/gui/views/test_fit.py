"""*Fit Q to P* on the screen: P is dragged, Q follows the playhead, and both gradients are one."""

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QLabel
from scipy.special import softmax
from scipy.stats import entropy as scipy_entropy

from engine.experiments.entropy.fit import EXPERIMENT, FitConfig
from engine.experiments.entropy.fit_config import LABELS, TypedStart, one_hot
from engine.information.shaped_distribution import Distribution
from engine.optimizers.adam import AdamW
from gui.look.language import install
from gui.plots.ticks import value_text
from gui.screen.view import Ghost, view_type
from gui.views.entropy.fit import MEASURES, FitOptions, FitView
from gui.views.entropy.fit_words import explained
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, present_step, recorded, told

VIEW, STEP = FitView, 20

ONE_HOT = one_hot(FitConfig().p)


run = partial(recorded, EXPERIMENT)


def texts(view, step=20):
    return "\n".join(block.numbers for block in told(view, step))


def centre(panel, which, k):
    return panel._bar(panel.axes(), which, k).center().toPoint()


def test_the_view_is_found_by_its_name():
    assert view_type("entropy.fit") is FitView


def test_dragging_a_bar_of_p_edits_p(show_with, qtbot):
    view = show_with()
    edits = []
    view.edited.connect(edits.append)
    start = centre(view.bars, 0, 1)
    to = view.bars.axes().plane.point(1, 0.6).toPoint()
    to.setX(start.x())
    qtbot.mousePress(view.bars.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.bars.viewport(), to)
    qtbot.mouseRelease(view.bars.viewport(), Qt.MouseButton.LeftButton, pos=to)
    p = edits[-1].p.values
    assert p[1] == pytest.approx(0.6, abs=0.03)
    assert sum(p) == pytest.approx(1)
    assert p[0] / p[2] == pytest.approx(0.5 / 0.15)
    assert edits[-1].start == view.at.config.start


def test_the_keys_move_p_too(show_with, qtbot):
    view = show_with()
    view.bars.setFocus()
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.keyClick(view.bars, Qt.Key.Key_Up)
    assert edited.args[0].p.values[0] == pytest.approx(0.51)


def test_a_bar_of_q_is_dragged_at_the_start_only(show_with):
    view = show_with(step=0)
    edits = []
    view.edited.connect(edits.append)
    view.bars.dragged.emit("q", 1, 0.5)
    q = np.exp(edits[-1].first_logits)
    assert q[1] / q.sum() == pytest.approx(0.5, abs=1e-4)
    assert edits[-1].p == view.at.config.p
    present_step(view, 7)
    view.bars.dragged.emit("q", 1, 0.5)
    assert len(edits) == 1


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_chosen_from_the_list(show_with, qtbot, label):
    view = show_with()
    index = list(LABELS).index(label)
    with qtbot.waitSignal(view.edited) as edited:
        view.labels.setFocus()
        view.labels.setCurrentIndex(index)
        view.labels.activated.emit(index)
    assert edited.args[0].p == LABELS[label][1](FitConfig().p)
    assert view.labels.currentIndex() == -1


def test_q_and_both_gradients_are_those_of_the_step(show_with):
    view = show_with(step=0)
    for step in (0, 20, 100):
        present_step(view, step)
        q, p = view.bars.series[1].values, view.bars.series[0].values
        z = np.array([view.at.recording.column(f"cross_entropy.z{k}")[step] for k in range(4)])
        assert q == pytest.approx(np.exp(z) / np.exp(z).sum())
        of_cross, of_kl = (bars.values for bars in view.slopes.series)
        np.testing.assert_array_equal(of_cross, of_kl)
        assert of_cross == pytest.approx(q - p, abs=1e-15)
    assert "exactly equal" in texts(view)


def test_the_gap_at_the_playhead_is_the_entropy(show_with):
    view = show_with()
    gap = next(curve for curve in view.identity.curves if curve.key == "gap.entropy")
    assert gap.x.tolist() == [20, 20]
    assert gap.y[1] - gap.y[0] == pytest.approx(1.2079736, abs=1e-6)  # H(½, ¼, 0.15, 0.1) in nats
    assert view.identity.marks[0].text == "H(P) = 1.208"
    assert "1.214 = 1.208 + 0.005903 nats" in texts(view)


def test_what_cross_entropy_is_above_the_entropy_is_shaded_and_named_kl(show_with):
    view = show_with(step=5)
    curves = {curve.key: curve for curve in view.identity.curves}
    over, entropy = curves["over"], 1.2079736
    assert over.fill
    assert over.base == pytest.approx(entropy, abs=1e-6)
    assert over.y - over.base == pytest.approx(view.at.recording.column("cross_entropy.kl"), abs=1e-12)
    assert curves["gap.kl"].y == pytest.approx([entropy, over.y[5]], abs=1e-6)
    divergence = over.y[5] - entropy
    assert view.identity.marks[1].text == f"KL = {divergence:.4f}"
    assert [mark.text[:2] for mark in show_with(step=20).identity.marks] == ["H("], "too small to be named"


def test_every_formula_with_a_slope_is_checked(show_with):
    for name, count in (("cross_entropy", 2), ("kl", 2), ("reverse_kl", 3), ("js", 3), ("squared_error", 3)):
        view = show_with(options=FitOptions(explained=name), base="2")
        checks = [block.check for block in told(view, 20) if block.check is not None]
        assert len(checks) == count
        assert all(check.passed for check in checks)
        assert "1.443 times" in texts(view)


def test_small_slopes_keep_their_digits(show_with):
    view = show_with(step=100)
    assert "0.0000" not in texts(view, 100)
    assert "×10⁻" in told(view, 100)[1].numbers


def test_in_another_base_the_logarithm_says_so_and_nothing_is_divided_twice(show_with):
    view = show_with(options=FitOptions(explained="js"), base="2")
    formulas = [block.latex for block in told(view, 20)]
    assert r"\log_2" in formulas[-1]
    assert r"\ln" not in formulas[-1]
    assert r"\frac{q_j-p_j}{\ln 2}" in formulas[1]


def test_a_line_of_the_table_chooses_whom_to_explain(show_with, qtbot):
    view = show_with()
    top = view.runs._content(QRectF(view.runs.rect())).top()
    fourth = QPoint(40, int(top + 4.5 * view.runs._step()))
    qtbot.mouseClick(view.runs.viewport(), Qt.MouseButton.LeftButton, pos=fourth)
    assert explained(view.at) == "js"
    assert view.bar["explained"].currentData() == "js"
    assert len(view.slopes.series) == 3
    assert "JS" in view.identity.title


@pytest.mark.parametrize("measure", MEASURES)
def test_what_is_compared_is_what_was_recorded(show_with, measure):
    view = show_with()
    view.change({"plot": "compared", "measure": measure, "log": True})
    assert [curve.key.partition(".")[0] for curve in view.compared.curves] == view.at.config.losses
    np.testing.assert_array_equal(view.compared.curves[3].y, view.at.recording.column(f"js.{measure}"))


def test_a_click_on_a_curve_goes_to_its_step(show_with, qtbot):
    view = show_with(options=FitOptions(plot="compared"))
    spot = view.compared.axes().plane.rect.center().toPoint()
    with qtbot.waitSignal(view.step_chosen) as chosen:
        qtbot.mouseClick(view.compared.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert chosen.args[0] == pytest.approx(50, abs=2)


def test_an_infinite_loss_is_shown_and_explained(show_with):
    view = show_with(p=ONE_HOT, options=FitOptions(explained="reverse_kl"))
    assert view.runs.lines[2].cells[0] == "∞"
    assert "∞ has no gradient" in texts(view)
    assert "nan" not in texts(view).lower()
    assert view.runs.lines[0].cells[0] == view.runs.lines[1].cells[0]
    assert "one-hot" in texts(view)


def test_one_run_alone_that_cannot_begin(show_with):
    losses = dict.fromkeys(("cross_entropy", "kl", "js", "squared_error"), False)
    view = show_with(p=ONE_HOT, **losses)
    assert view.at.recording.last == 0
    assert "∞" in texts(view, 0)
    assert view.runs.lines[0].cells[0] == "∞"


@pytest.mark.parametrize(
    ("settings", "theme"),
    in_turn(
        [
            {"p": Distribution((1.0,))},
            {"p": Distribution((1 / 12,) * 12)},
            {"p": ONE_HOT, "start": TypedStart((-1000.0, 1000.0))},
            {"steps": 1},
        ]
    ),
)
def test_extremes_are_drawn(show_with, theme, settings):
    view = show_with(theme=theme, **settings)
    view.repaint()
    view.change({"plot": "compared", "log": True, "measure": "distance"})
    view.repaint()
    assert "nan" not in texts(view, 1).lower()
    assert all("nan" not in cell for line in view.runs.lines for cell in line.cells)


def test_a_pinned_run_in_another_base_is_drawn_in_this_unit(show_with):
    bits = FitConfig(base="2", steps=5)
    view = show_with(ghosts=[Ghost(bits, run(bits), "base: 2")], options=FitOptions(plot="compared"))
    ghost = next(curve for curve in view.compared.curves if curve.ghost)
    assert ghost.name == "base: 2"
    assert ghost.y[0] == pytest.approx(view.at.recording.column("cross_entropy.loss")[0])
    error = [curve for curve in view.compared.curves if curve.ghost][-1]
    assert error.y[0] == view.at.recording.column("squared_error.loss")[0]


def test_in_chinese(show_with, qapp):
    install(qapp, "zh_CN")
    try:
        view = show_with()
        assert "完全相等" in texts(view)
        assert view.runs.lines[1].name == "KL 散度"
    finally:
        install(qapp, "en")


@pytest.mark.parametrize("plot", ["identity", "compared"])
def test_the_data_behind_every_plot(show_with, plot):
    view = show_with(options=FitOptions(plot=plot))
    assert getattr(view, plot) in view.panels()
    for panel in view.panels():
        columns = panel.table()
        assert len(columns) >= 2


def test_the_ranges_follow_the_run_and_not_the_one_before(show_with):
    view = show_with(start=TypedStart((-900.0, 900.0)))
    assert view.identity.home[1][1] > 500
    view.change({"plot": "compared"})
    assert view.compared.home[1][1] > 500
    present(view, FitConfig(), run(FitConfig()), 3)
    assert view.compared.home[1][1] < 5
    view.change({"plot": "identity"})
    assert view.identity.home[1][1] < 5


def test_where_there_is_little_room_the_curves_have_short_names_and_the_table_none(show_with):
    view = show_with(options=FitOptions(plot="compared"))
    assert view.runs in view.panels()
    view.resize(800, 400)
    assert view.runs not in view.panels()
    assert [curve.name for curve in view.compared.curves][:2] == ["H(P, Q)", "KL(P‖Q)"]
    view.resize(800, 640)
    assert view.compared.curves[0].name == "Cross-entropy"


def test_in_a_narrow_row_the_choices_have_the_room_of_their_captions(show_with):
    view = show_with(options=FitOptions(plot="compared"))
    view.resize(1000, 640)
    captions = [label for label in view.bar.findChildren(QLabel) if label.text() in ("Compare", "Explain")]
    assert [caption.isVisible() for caption in captions] == [True, True]
    view.resize(450, 640)
    assert [caption.isVisible() for caption in captions] == [False, False]


def test_the_axis_of_slopes_holds_the_steepest_of_the_run(show_with):
    view = show_with(step=0)
    held = view.slopes._range()
    present_step(view, 100)
    assert view.slopes._range() == held == (-0.5, 0.5)  # the largest is 0.40
    assert show_with(p=Distribution((1.0,))).slopes._range() == (-1.0, 1.0)


def says(view, step):
    present_step(view, step)
    view.catch_up()
    return view.finding.text


def reached(view, name, step):
    """H(P, Q), KL(P‖Q) in nats and the largest |q − p| of a run, by SciPy from its logits."""
    p = np.array(view.at.config.p.values)
    q = softmax([view.at.recording.column(f"{name}.z{k}")[step] for k in range(len(p))])
    return scipy_entropy(p) + scipy_entropy(p, q), scipy_entropy(p, q), np.abs(q - p).max()


def test_the_sentence_tells_that_the_distance_of_both_losses_stays(show_with):
    view = show_with()
    for step in (12, 100):
        cross, kl, _ = (value_text(value) for value in reached(view, "cross_entropy", step))
        wanted = f"At step {step} H(P, Q) = {cross} and KL(P‖Q) = {kl}: "
        wanted += "they differ by H(P) = 1.208, at every step."
        assert says(view, step) == wanted
    cross, kl, _ = (value_text(value) for value in reached(view, "kl", 0))
    assert says(view, 0).startswith(f"H(P, Q) starts at {cross}, KL(P‖Q) at {kl}. Will")


def test_the_sentence_sets_another_loss_against_cross_entropy(show_with):
    view = show_with(options=FitOptions(explained="js"))
    own, best = (value_text(reached(view, name, 100)[2]) for name in ("js", "cross_entropy"))
    wanted = f"At step 100 Q is up to {own} away from P by JS(P, Q), and up to {best} by H(P, Q)."
    assert says(view, 100) == wanted
    alone = show_with(cross_entropy=False, kl=False, options=FitOptions(explained="squared_error"))
    own = value_text(reached(alone, "squared_error", 7)[2])
    assert says(alone, 7) == f"At step 7, learning by Σ(q − p)², Q is up to {own} away from P."


def test_the_sentence_compares_all_runs_where_they_are_shown(show_with):
    view = show_with(options=FitOptions(plot="compared"))
    away = {name: reached(view, name, 100)[2] for name in view.at.config.losses}
    near, far = min(away, key=away.get), max(away, key=away.get)
    signs = {
        "cross_entropy": "H(P, Q)",
        "kl": "KL(P‖Q)",
        "reverse_kl": "KL(Q‖P)",
        "js": "JS(P, Q)",
        "squared_error": "Σ(q − p)²",
    }
    assert says(view, 100) == (
        f"At step 100 {signs[near]} is nearest: Q within {value_text(away[near])} of P;"
        f" {signs[far]} is farthest, within {value_text(away[far])}."
    )
    wanted = value_text(reached(view, "js", 0)[2])
    assert says(view, 0) == f"At step 0 Q is as near to P by every loss: at most {wanted} away."


def test_the_sentence_in_the_special_cases(show_with):
    view = show_with(p=ONE_HOT)
    kl = value_text(reached(view, "kl", 12)[1])
    assert says(view, 12) == f"P is one-hot, H(P) is 0: H(P, Q) and KL(P‖Q) are one number, {kl} at step 12."
    view.change({"explained": "reverse_kl"})
    assert says(view, 12).startswith("KL(Q‖P) is ∞ from the start")
    thrown = show_with(300, optimizer=AdamW(learning_rate=1000.0, weight_decay=1.0), steps=300)
    end = int(np.isnan(thrown.at.recording.column("cross_entropy.z0")).argmax())
    wanted = f"Learning by H(P, Q) ended at step {end}: the logits diverged."
    assert says(thrown, thrown.at.recording.last) == wanted


def test_a_new_page_rests_where_both_losses_have_come_down(show_with):
    assert show_with().opens_on(show_with().at) == 12
    short = show_with(steps=5)
    assert short.opens_on(short.at) is None


def test_the_curves_are_the_large_plot(show_with):
    view = show_with()
    assert view.identity.width() * view.identity.height() > 0.5 * view.width() * view.height()
