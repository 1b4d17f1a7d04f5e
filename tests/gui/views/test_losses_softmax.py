"""The view of softmax + cross-entropy: numbers of the chain, dragging, hovering, following an example."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from engine.config import replaced
from engine.experiments.losses.softmax import EXPERIMENT
from engine.experiments.losses.softmax_config import OneHot, SoftmaxConfig, SomeDigits, Weights
from engine.experiments.losses.softmax_inspection import example, follow
from gui.export.export import picture
from gui.screen.view import Ghost, view_type
from gui.views.losses.softmax import SoftmaxView
from gui.views.losses.softmax_chain import SoftmaxOptions
from tests.gui.plots.conftest import mouse
from tests.gui.themes import in_turn
from tests.gui.views.moments import present_step, ran, told

SHORT = replaced(SoftmaxConfig(), steps=30)
VIEW, SIZE, BEGIN = SoftmaxView, (900, 800), SHORT


def columns(panel):
    return dict(panel.table())


def test_the_view_is_found_by_its_name():
    assert view_type("losses.softmax") is SoftmaxView


def test_the_chain_shows_the_numbers_of_the_engine(make):
    view = make()
    chain = follow(SHORT.logits, [1.0, 0.0, 0.0, 0.0])
    forward, backward = columns(view.forward), columns(view.backward)
    np.testing.assert_array_equal(forward["p"], chain.p)
    np.testing.assert_array_equal(forward["−y/p"], chain.d_p)
    np.testing.assert_array_equal(backward["p − y"], chain.right)
    np.testing.assert_array_equal(backward["y(p − 1)"], chain.notes)
    np.testing.assert_array_equal(columns(view.jacobian)["A"], chain.jacobian[:, 0])
    assert [bool(w) for w in view.backward.columns[-1].wrong] == [False, True, True, True]
    assert all(column.wrong is None for column in view.backward.columns[:-1])


def test_dragging_a_bar_edits_its_logit(make, qtbot):
    view = make()
    axes = view.logits._lay_out(view.logits._content(QRectF(view.logits.rect())))
    with qtbot.waitSignal(view.edited) as heard:
        mouse(view.logits, "press", QPointF(axes.plane.point(2, 2.0)))
        mouse(view.logits, "move", QPointF(axes.plane.point(2, 3.0)))
    assert heard.args[0].logits[2] == pytest.approx(3.0, abs=0.1)
    assert heard.args[0].logits[:2] == SHORT.logits[:2]
    mouse(view.logits, "release", QPointF(axes.plane.point(2, 3.0)))


def test_pointing_at_a_cell_tells_its_formula_with_numbers(make):
    view = make()
    mouse(view.backward, "move", view.backward._lay_out(view.backward.content).cell(3, 1).center())
    assert "y(B)·(p(B) − 1) = 0.000·(0.2347 − 1) = 0.000" in view.words.text()
    assert "0.2347 is missing" in view.words.text()
    mouse(view.backward, "move", view.backward._lay_out(view.backward.content).cell(0, 1).center())
    assert "(−1.567)·(−0.1498) = 0.2347" in view.words.text()
    mouse(view.forward, "move", view.forward._lay_out(view.forward.content).cell(4, 0).center())
    assert "−1.000/0.6381 = −1.567" in view.words.text()
    heat = view.jacobian
    grid = heat._grid(heat._content(QRectF(heat.rect())))
    mouse(heat, "move", heat._cell(grid, 0, 1).center())
    assert "−p(A)·p(B) = −0.6381·0.2347 = −0.1498" in view.words.text()


def test_the_keyboard_tells_it_too(make, qtbot):
    view = make()
    view.forward.setFocus()
    for _ in range(3):
        qtbot.keyClick(view.forward, Qt.Key.Key_Right)
    assert view.words.text().startswith("y(A) = 1.000")
    assert view.forward.selection == (2, 0)
    qtbot.keyClick(view.backward, Qt.Key.Key_Down)
    assert view.forward.selection is None


@pytest.mark.parametrize("panel", ["forward", "backward", "sigmoid"])
@pytest.mark.parametrize("logits", [SHORT.logits, (1000.0, -1000.0, 0.0), (0.0,) * 8])
def test_every_cell_has_words(make, panel, logits):
    view = make(replaced(SHORT, logits=logits, label=OneHot(2)), pane="sigmoid")
    chain = getattr(view, panel)
    for column in range(len(chain.columns)):
        for row in range(len(logits)):
            view._point(panel, (column, row))
            assert view.words.text()
            assert "nan" not in view.words.text()


def test_why_nobody_computes_it_in_two_steps(make):
    view = make(replaced(SHORT, logits=(1000.0, -1000.0), label=OneHot(2)))
    view._point("forward", (4, 1))
    assert "−∞" in view.words.text()
    assert "p is too small" in view.words.text()
    view._point("backward", (0, 1))
    assert "∞·0" in view.words.text()


def test_labels_that_do_not_sum_to_one_have_the_longer_form(make):
    view = make(replaced(SHORT, label=Weights((1.0, 1.0))))
    assert "p·Σy − y" in columns(view.backward)
    assert any("Σy = 2.000" in live.numbers for live in told(view, 3))


def test_badges(make):
    view = make()
    found = [live.check.passed for live in told(view, 30) if live.check]
    assert found == [True, False]


def test_an_example_is_followed_through_the_training(make, qtbot):
    view = make()
    view.change({"source": "notes", "example": 7})
    for step in (30, 0, 12):
        present_step(view, step)
        data, trained = view.runner.recording.data, view.runner.recording.snapshot(step)[1]
        z, _ = example(data, trained, step, 1, int(data.training[7]))
        np.testing.assert_array_equal(columns(view.forward)["z"], z)
    assert not view.logits.draggable
    qtbot.keyClick(view.bar["example"], Qt.Key.Key_Up)
    assert view.options.example == 8


def test_clicking_a_point_follows_it(make, qtbot):
    view = make(pane="regions")
    data = view.runner.recording.data
    with qtbot.waitSignal(view.options_changed):
        view.training.regions[1].selected.emit(int(data.training[5]))
    assert (view.options.source, view.options.example) == ("notes", 5)
    np.testing.assert_array_equal(columns(view.forward)["y"], np.eye(4)[data.labels[data.training[5]]])


def test_the_panes(make, qtbot):
    view = make()
    for name, button in view.bar["pane"].buttons.items():
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert view.options.pane == name
        assert button.isChecked()
        assert len(view.panels()) == {"chain": 4, "sigmoid": 5}.get(name, 6)
    assert view.sigmoid in view.panels()  # the last one


def test_a_low_window_has_the_chain_alone_or_what_is_chosen(make):
    view = make(pane="training")
    view.resize(1040, 590)
    assert view.panels() == [view.jacobian, view.backward, view.training.loss]
    view.resize(1400, 900)
    assert view.training.accuracy in view.panels()
    view.change({"pane": "chain"})
    assert view.panels() == [view.logits, view.forward, view.jacobian, view.backward]
    view.resize(640, 560)
    view.change({"pane": "sigmoid"})
    assert view.panels() == [view.jacobian, view.backward, view.sigmoid]


def test_digits_have_weights_instead_of_regions(make):
    view = make(replaced(SHORT, data=SomeDigits((0, 1)), steps=5), step=5, pane="regions")
    assert set(view.training.weights) <= set(view.panels())
    assert view.bar["pane"]["regions"].text() == "Weights"


def test_curves_are_the_recording_and_ghosts_are_faint(make):
    other = ran(EXPERIMENT, replaced(SHORT, learning_rate=0.1))
    view = make(ghosts=[Ghost(other.config, other.recording, "Learning rate 0.1")])
    faint = [curve for curve in view.training.loss.curves if curve.ghost]
    assert [curve.name for curve in faint] == ["Learning rate 0.1", ""]
    right = next(curve for curve in view.training.loss.curves if curve.key == "right" and not curve.ghost)
    np.testing.assert_array_equal(right.y, view.runner.recording.column("right.loss"))


def test_clicking_a_curve_goes_to_that_step(make, qtbot):
    view = make()
    with qtbot.waitSignal(view.step_chosen) as heard:
        view.training.loss.clicked.emit(12.2)
    assert heard.args == [12]


@pytest.mark.parametrize(("pane", "theme"), in_turn(["training", "drift", "regions", "sigmoid"]))
def test_every_plot_paints_itself(make, theme, pane):
    view = make(replaced(SHORT, logits=(1000.0, -1000.0, 0.0)), theme=theme, pane=pane)
    for panel in view.panels():
        for size in ((160, 100), (900, 500)):
            assert not picture(panel, size).isNull()


def test_setting_the_logits_brings_them_back_from_an_example():
    options, shown = SoftmaxOptions(source="right"), SoftmaxOptions()
    slower = replaced(SHORT, learning_rate=0.3)
    others = replaced(SHORT, logits=(1.0, 0.0, 0.0, 0.0))
    assert SoftmaxView.followed(options, SHORT, slower) == (options, slower)
    assert SoftmaxView.followed(options, SHORT, others) == (shown, others)
    smoothed = replaced(SHORT, label=OneHot(2))
    assert SoftmaxView.followed(options, SHORT, smoothed) == (shown, smoothed)


def test_the_sentence_follows_both_losses(make):
    view = make(replaced(SHORT, steps=400), step=0)
    assert view.finding.text == (  # W = 0: every class of four has 1/4
        f"Both start at the loss {np.log(4):.3f}; the mistaken gradient never pushes a wrong class down."
    )
    run = view.runner.recording.snapshot(0)[1]
    data = view.runner.recording.data
    k = data.training[:240]
    losses = []
    for way in (0, 1):
        z = data.inputs[k] @ run.weights[20, way]
        losses.append(float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(k)), data.labels[k]])))
    present_step(view, 20)
    view.catch_up()
    assert view.finding.text == (
        f"After 20 steps the loss is {losses[0]:.4f} with the right gradient,"
        f" {losses[1]:.4f} with the mistake."
    )
    present_step(view, 400)
    view.catch_up()
    curves = {curve.key: curve.y for curve in view.training.loss.curves}
    low, end = curves["notes"].min(), curves["notes"][400]
    assert end > 1.05 * low
    assert view.finding.text == (
        f"After 400 steps the loss with the mistake is back up from {low:.4f} to {end:.4f};"
        f" right: {curves['right'][400]:.4f}."
    )


def test_the_sentence_tells_of_the_picture_that_is_shown(make):
    view = make(step=0, pane="chain")  # by hand: y(p − 1) has one entry, e²/(e² + e + e^0.1 + e^−1) − 1
    assert view.finding.text == (
        "Over the classes the right gradient sums to 0, the mistaken one to −0.3619: what lies beside the"
        " diagonal is missing."
    )
    view.set_option(pane="sigmoid")  # 0.8808 + 0.7311 + 0.5250 + 0.2689
    view.catch_up()
    assert "the sigmoids sum to 2.406" in view.finding.text
    view.set_option(pane="drift")
    view.catch_up()
    assert view.finding.text == "Both start with a mean logit of 0; only the right gradient keeps it there."
    run = view.runner.recording.snapshot(0)[1]
    present_step(view, 30)
    view.catch_up()
    data = view.runner.recording.data
    inputs = data.inputs[data.training[:240]]
    assert f"to {(inputs @ run.weights[30, 1]).mean():.4g};" in view.finding.text
    view.set_option(pane="regions")
    view.catch_up()
    held_out = data.held_out
    shares = [
        np.mean((data.inputs[held_out] @ run.weights[30, way]).argmax(1) == data.labels[held_out])
        for way in (0, 1)
    ]
    assert view.finding.text == (
        f"After 30 steps {100 * shares[0]:.0f} % of the held-out examples are right; with the mistake,"
        f" {100 * shares[1]:.0f} %."
    )


def test_where_the_label_has_all_it_wants_nothing_is_missing(make):
    view = make(replaced(SHORT, logits=(1000.0, 0.0)), pane="chain")
    assert view.finding.text == "Both gradients are 0 here: nothing is missing."
