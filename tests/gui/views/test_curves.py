"""The view of *Loss curves*: point and target are dragged, losses are chosen, kinks and flat ranges shown."""

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.experiments.losses.curves import EXPERIMENT
from engine.losses.loss_curves import OVER
from gui.export.export import picture
from gui.look.theme import DARK
from gui.screen.view import Ghost, view_type
from gui.views.losses.curves import CurvesView
from tests.gui.views.moments import ran_with, told

VIEW = CurvesView

made = partial(ran_with, EXPERIMENT)


def live(view):
    return told(view, 0)


def pull(qtbot, panel, key, x):
    """Drag a handle of a panel to another x with the mouse."""
    one = next(handle for handle in panel.handles if handle.key == key)
    plane = panel.axes().plane
    start, end = plane.point(one.x, one.y).toPoint(), plane.point(x, one.y).toPoint()
    qtbot.mousePress(panel.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(panel.viewport(), end)
    qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=end)


def test_the_view_is_found_by_its_name():
    assert view_type("losses.curves") is CurvesView


@pytest.mark.parametrize(
    ("over", "field", "to"),
    [
        ("number", "prediction", -2.0),
        ("probability", "probability", 0.3),
        ("logit", "logit", 8.0),
    ],
)
def test_the_point_is_dragged_in_either_plot(show_with, qtbot, over, field, to):
    view = show_with(over=over)
    edits = []
    view.edited.connect(edits.append)
    for panel in (view.values, view.slopes):
        pull(qtbot, panel, "point", to)
        assert getattr(edits[-1], field) == pytest.approx(to, abs=0.1)


def test_the_target_is_dragged_and_over_the_logit_through_the_sigmoid(show_with, qtbot):
    edits = []
    number = show_with(over="number")
    number.edited.connect(edits.append)
    pull(qtbot, number.values, "target", -3.0)
    assert edits[-1].target == pytest.approx(-3.0, abs=0.1)
    logits = show_with(label=0.5)
    logits.edited.connect(edits.append)
    logits.values.handle_dragged.emit("target", np.log(4.0), 0.0)
    assert edits[-1].label == pytest.approx(0.8)
    logits.values.handle_dragged.emit("target", 12.0, 0.0)
    assert edits[-1].label == 1.0
    logits.values.handle_dragged.emit("target", -10.0, 0.0)
    assert edits[-1].label == pytest.approx(1 / (1 + np.exp(10.0)), abs=5e-6), "not yet certain"


def test_a_click_brings_the_point_and_the_keys_move_it(show_with, qtbot):
    view = show_with(over="number", target=1.0)
    with qtbot.waitSignal(view.edited) as heard:
        view.values.clicked.emit(-4.0)
    assert heard.args[0].prediction == -4.0
    view.slopes.setFocus()
    with qtbot.waitSignal(view.edited) as heard:
        qtbot.keyClick(view.slopes, Qt.Key.Key_Right)
    assert heard.args[0].prediction > 2.5
    view = show_with(label=3e-5)  # its place is the logit, −10.41
    with qtbot.waitSignal(view.edited) as heard:
        qtbot.keyClick(view.values, Qt.Key.Key_Left)
    assert heard.args[0].label == pytest.approx(1 / (1 + np.exp(10.5)), rel=0.02), "it does not stick"


def test_losses_are_chosen_with_the_switches(show_with, qtbot):
    view = show_with()
    drawn = [curve.key for curve in view.values.curves if not curve.key.endswith(".tangent")]
    assert drawn == [*OVER["logit"][1:], "mse"]  # the explained on top
    with qtbot.waitSignal(view.options_changed):
        qtbot.mouseClick(view.switches.buttons["mse"], Qt.MouseButton.LeftButton)
    assert "mse" not in [curve.key for curve in view.values.curves]
    assert view.numbers.lines[0].name == "Absolute error (MAE)"
    assert live(view)[0].title == "Absolute error"
    last = show_with(options={"shown": ("hinge",)})
    qtbot.mouseClick(last.switches.buttons["hinge"], Qt.MouseButton.LeftButton)
    assert len(last.numbers.lines) == 7  # none chosen: all


def test_only_what_is_possible_is_offered(show_with):
    view = show_with(over="number")
    assert [name for name, button in view.switches.buttons.items() if not button.isHidden()] == list(
        OVER["number"]
    )
    only_hinge = show_with(over="number", options={"shown": ("hinge",), "explained": "hinge"})
    assert len(only_hinge.numbers.lines) == 4


def test_a_line_of_the_table_is_explained(show_with, qtbot):
    view = show_with()
    with qtbot.waitSignal(view.live_changed):
        view.numbers.selected.emit(4)
    assert live(view)[0].title == "Binary cross-entropy"
    assert view.bar["explained"].currentData() == "bce"
    assert view.values.curves[-1].key == "bce"


def test_the_numbers_at_the_point(show_with):
    rows = {line.name: [cell.strip() for cell in line.cells] for line in show_with().numbers.lines}
    assert rows["Squared error (MSE)"] == ["0.9867", "0.01321", "z > 3.5"]
    assert rows["Binary cross-entropy (BCE)"] == ["5.007", "0.9933", "nowhere"]
    assert rows["Hinge"] == ["6.000", "1.000", "nowhere"]


def test_where_it_saturates_is_shaded(show_with):
    view = show_with()
    assert min(span.x0 for span in view.values.spans) == pytest.approx(3.45, abs=0.05)
    for plot in (view.values, view.slopes):
        told = [(span.text, span.short) for span in plot.spans if span.text]
        assert told == [("Squared error: saturated", "saturated")]
    assert show_with(options={"explained": "bce"}).values.spans == ()
    assert "the gradient is almost 0" in live(view)[2].numbers


def test_a_kink_is_a_gap_a_mark_and_a_range(show_with):
    view = show_with(over="number", prediction=0.0, options={"explained": "mae"})
    slopes = view.slopes.curves[-1]
    assert np.isnan(slopes.y[slopes.x == 0.0]).all()
    assert view.slopes.marks[0].text == "kink: [−1, 1]"
    assert view.numbers.lines[1].cells[1] == "[−1, 1]"
    assert live(view)[1].check is None
    assert "subgradient" in live(view)[-1].numbers


@pytest.mark.parametrize("over", OVER)
def test_every_loss_is_explained_with_a_badge(show_with, over):
    for name in OVER[over]:
        blocks = live(show_with(over=over, smoothing=0.1, options={"explained": name}))
        assert sum(block.check is not None and block.check.passed for block in blocks) == 1, name


@pytest.mark.parametrize("name", OVER["probability"])
def test_infinity_is_written_and_nothing_is_not_a_number(show_with, name):
    view = show_with(over="probability", probability=0.0, label=1.0, options={"explained": name})
    text = " ".join(block.numbers for block in live(view))
    assert "nan" not in text.lower()
    assert ("∞" in text) == (name in ("bce", "focal"))
    low, high = view.slopes.ranges[1]
    assert low < 0 < high < 10


def test_labels_and_weights_are_told(show_with):
    text = live(show_with(weighted=True, alpha=0.25, options={"explained": "focal"}))[0].numbers
    assert "q = 1 − p = 0.006693" in text
    assert "Class 1 counts 0.25, class 0 counts 0.75." in text
    assert "mixes" in live(show_with(label=0.5, options={"explained": "hinge"}))[0].numbers
    assert "y′ = 0 → 0.05000" in live(show_with(smoothing=0.1))[-1].numbers


def test_a_pinned_run_is_drawn_faintly_over_the_same_axis(show_with):
    other = made(label=1.0)
    ghost = Ghost(other.config, other.recording, "y = 1")
    assert [curve.name for curve in show_with(ghosts=[ghost]).values.curves if curve.ghost] == ["y = 1"]
    assert not [curve for curve in show_with(ghosts=[ghost], over="number").values.curves if curve.ghost]


@pytest.mark.parametrize("over", OVER)
def test_every_plot_can_be_exported(show_with, over):
    view = show_with(theme=DARK, over=over)
    for panel in view.panels():
        assert panel.table()
        assert not picture(panel, (500, 300)).isNull()


@pytest.mark.parametrize(
    ("settings", "options", "sentence"),
    [
        (
            {},
            {},
            "At z = 5 binary cross-entropy is 75.2 times as steep as squared error: "
            "slope 0.9933 beside 0.01321.",
        ),
        (
            {"logit": 0.0},
            {},
            "At z = 0 binary cross-entropy is 2 times as steep as squared error: slope 0.5000 beside 0.2500.",
        ),
        (
            {},
            {"explained": "hinge"},
            "At z = 5 hinge is about as steep as binary cross-entropy: slope 1.000 beside 0.9933.",
        ),
        (
            {"over": "number", "prediction": 0.0},
            {"explained": "mae"},
            "At p = 0 absolute error has a kink: every slope in [−1, 1] is a subgradient.",
        ),
        (
            {"over": "number", "prediction": 2.5},
            {"explained": "mse", "shown": ("mse", "huber")},
            "At p = 2.5 squared error is 5 times as steep as Huber: slope 5.000 beside 1.000.",
        ),
        (
            {"over": "number", "prediction": 0.0},
            {"shown": ("mse", "huber")},
            "At p = 0 the gradients of squared error and Huber are 0.",
        ),
        (
            {"over": "probability", "probability": 1.0},
            {},
            "At p = 1 binary cross-entropy has slope ∞, squared error 2.000.",
        ),
        (
            {"over": "number", "prediction": 2.5},
            {"shown": ("mse",)},
            "At p = 2.5 squared error is 6.250, with slope 5.000.",
        ),
    ],
)
def test_the_sentence_holds_one_loss_against_another(show_with, settings, options, sentence):
    p = 1.0 / (1.0 + np.exp(-5.0))  # of the first: 2p·p(1 − p), and p
    assert (round(p / (2 * p * p * (1 - p)), 1), round(2 * p * p * (1 - p), 5)) == (75.2, 0.01321)
    assert show_with(options=options, **settings).finding.text == sentence


def test_the_tangents_touch_the_losses_at_the_point(show_with):
    view = show_with(over="number", prediction=1.0)
    line = next(curve for curve in view.values.curves if curve.key == "mse.tangent")
    assert line.x.mean() == pytest.approx(1.0)
    assert line.y.mean() == pytest.approx(1.0)  # p² at 1
    assert np.diff(line.y) / np.diff(line.x) == pytest.approx(2.0)
