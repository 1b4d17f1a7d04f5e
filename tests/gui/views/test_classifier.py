"""The classifier's view shows the network as it was at every step, and follows what is clicked."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QAbstractButton

from engine.changes import Change
from engine.config import replaced
from engine.data.settings import Blobs, CsvFile, Digits
from engine.experiments.losses.classifier import EXPERIMENT
from engine.experiments.losses.classifier_config import ClassifierConfig, prepare
from engine.experiments.losses.classifier_inspection import NO_CLASS, confusion, evaluate, follow
from engine.optimizers.descent import GradientDescent
from engine.pieces import result_of
from engine.runner import Finish
from gui.export.export import picture
from gui.look.theme import LECTURE_SCALE, LIGHT
from gui.screen.view import Ghost, view_type
from gui.views.losses.classifier import ClassifierView
from gui.views.losses.classifier_cells import broken
from gui.views.step_curves import Ruler, StepCurve, round_up
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, present_step, ran, told

VIEW, LOOK = ClassifierView, {"way": True}

SHORT = ClassifierConfig(layers=1, epochs=6, width=16)
PLANE = ClassifierConfig(layers=1, data=Blobs(points=60), epochs=4, width=8)


trained = partial(ran, EXPERIMENT)


def data_of(config):
    return result_of(prepare(config))


@pytest.fixture(scope="module")
def run():
    return trained(SHORT)


def columns(panel):
    return dict(panel.table())


def spot(strip, index):
    """Where a picture is on the screen, by the strip's own layout."""
    content = strip._content(QRectF(strip.rect()))
    room, size = strip._page(content)
    return strip._spot(room, index % size).center().toPoint()


def test_the_view_is_found_by_its_name():
    assert view_type("losses.classifier") is ClassifierView


def test_curves_are_the_recording(show, run):
    view = show(run)
    loss, accuracy = columns(view.loss), columns(view.accuracy)
    assert np.array_equal(loss["training (nats)"], run.recording.column("training.loss"))
    assert np.array_equal(accuracy["training"], run.recording.column("training.accuracy"))
    held_out = run.recording.column("held_out.loss")
    assert np.array_equal(loss["held-out (nats)"], held_out[~np.isnan(held_out)])


def test_every_name_in_the_bar_is_whole_beside_form_and_notes(show, run):
    """On a screen of 1366 × 768 a view is 776 wide: "Confusion matrix" was read as "Co…ix"."""
    view = show(run, way=False)
    view.resize(776, 590)
    names = [one for one in view.bar.findChildren(QAbstractButton) if one.isVisible() and one.text()]
    assert len(names) >= 8
    words = {one.text(): one.width() - one.fontMetrics().horizontalAdvance(one.text()) for one in names}
    assert min(words.values()) >= 8, words


def test_scrubbing_shows_weights_mistakes_and_the_example_as_they_were(show, run):
    view = show(run, pane="confusion")
    last = run.recording.last
    for step in (last, 0, last // 2):
        present_step(view, step)
        view.catch_up()
        snapshot = run.recording.snapshot(step)[1]
        shown = np.stack([column for _, column in view.inside.currentWidget().table()[1:]], axis=1)
        assert np.array_equal(shown, confusion(evaluate(SHORT, data_of(SHORT), snapshot), data_of(SHORT)))
        wrong = np.flatnonzero(columns(view.strip).get("wrong", np.zeros(0)))
        assert np.array_equal(wrong, np.flatnonzero(~evaluate(SHORT, data_of(SHORT), snapshot).right))
        assert (
            view.example.trace.loss
            == follow(SHORT, data_of(SHORT), snapshot, view.example.trace.example).loss
        )


def test_the_first_weights_are_images(show, run):
    view = show(run, step=3)
    snapshot = run.recording.snapshot(3)[1]
    shown = view.inside.currentWidget().table()
    pixels = np.stack([column for name, column in shown if name.startswith("pixel")])
    assert np.allclose(pixels.ravel(), snapshot.parameters[: 64 * 16])


def test_clicking_a_wrong_digit_follows_it(show, run, qtbot):
    view = show(run, step=4, wrong_first=True)
    snapshot = run.recording.snapshot(4)[1]
    judged = evaluate(SHORT, data_of(SHORT), snapshot)
    wrong = judged.rows[~judged.right]
    assert len(wrong) > 2
    with qtbot.waitSignal(view.options_changed):
        qtbot.mouseClick(view.strip.viewport(), Qt.MouseButton.LeftButton, pos=spot(view.strip, 1))
    assert view.options.example == wrong[1]
    expected = follow(SHORT, data_of(SHORT), snapshot, int(wrong[1]))
    assert view.example.trace.predicted != view.example.trace.label
    numbers = columns(view.example)
    assert np.array_equal(numbers["logit"], expected.logits)
    assert np.array_equal(numbers["probability"], expected.probabilities)
    assert numbers["loss (nats)"].sum() == pytest.approx(expected.loss)
    assert view.example.trace.loss == pytest.approx(-np.log(expected.probabilities[expected.label]))


def test_the_wrong_ones_come_first_when_asked(show, run, qtbot):
    view = show(run, step=4)
    assert not columns(view.strip)["wrong"][0] or columns(view.strip)["wrong"] != sorted(
        columns(view.strip)["wrong"]
    )
    qtbot.mouseClick(view.bar["wrong_first"], Qt.MouseButton.LeftButton)
    marks = columns(view.strip)["wrong"]
    assert marks == sorted(marks, reverse=True)
    assert view.options.wrong_first


def test_a_cell_of_the_confusion_matrix_leads_to_an_example(show, run, qtbot):
    view = show(run, step=2, pane="confusion")
    snapshot = run.recording.snapshot(2)[1]
    matrix = confusion(evaluate(SHORT, data_of(SHORT), snapshot), data_of(SHORT))
    off = matrix - np.diag(np.diag(matrix))
    true, taken = np.unravel_index(off.argmax(), off.shape)
    heat = view.confusion
    grid = heat._grid(heat._content(QRectF(heat.rect())))
    qtbot.mouseClick(
        heat.viewport(),
        Qt.MouseButton.LeftButton,
        pos=heat._cell(grid, int(true), int(taken)).center().toPoint(),
    )
    assert (view.example.trace.label, view.example.trace.predicted) == (true, taken)
    assert heat.selection == (true, taken)
    other = next(row for row in data_of(SHORT).held_out.tolist() if row != view.options.example)
    view.set_option(example=other)
    assert heat.selection == (view.example.trace.label, view.example.trace.predicted)


def test_the_gradient_check_is_made_on_demand(show, run, qtbot):
    view = show(run, step=5)
    assert all(live.check is None for live in told(view))
    with qtbot.waitSignal(view.live_changed):
        qtbot.mouseClick(view.check.button, Qt.MouseButton.LeftButton)
    (found,) = view.checked.checks
    assert view.checked.at.kept == 5
    assert found.passed
    assert found.max_relative_error < 1e-6
    assert "✓" in view.check.badge.text()
    assert [live.check.passed for live in told(view) if live.check] == [True]
    present_step(view, 7)
    assert all(live.check is None for live in told(view))


def test_formulas_carry_the_numbers_of_the_example(show, run):
    view = show(run, step=10)
    text = "\n".join(live.numbers for live in told(view))
    assert f"{view.example.trace.loss:.4g}"[:4] in text
    assert "−ln" in text
    smooth = trained(replaced(SHORT, label_smoothing=0.2), 3)
    latex = "\n".join(live.latex for live in told(show(smooth)))
    assert r"\sum_i y_i" in latex
    assert r"\frac{s}{C}" in latex


def test_a_lecture_has_its_formula_without_a_plot_of_the_example(show, run, qtbot):
    view = show(run, theme=replace(LIGHT, scale=LECTURE_SCALE), size=(1280, 560))
    assert not view.example.isVisible()
    qtbot.waitUntil(lambda: view.formulas(view.at) is not None)
    assert view.formulas(view.at)[0].latex.endswith("L_n")


def test_while_learning_the_network_is_looked_at_now_and_then(show, qtbot):
    runner = trained(SHORT, 1)
    view = show(runner)
    looked = []
    view.example.show_trace = lambda *_: looked.append(view.at.kept)
    for goal in range(2, 40):
        runner.drive(goal)
        present_step(view, goal)
    assert len(looked) < 20
    qtbot.waitUntil(lambda: looked[-1:] == [39])
    last = follow(SHORT, data_of(SHORT), runner.recording.snapshot(39)[1], view.example.trace.example)
    assert view.answer("trace").loss == last.loss


def test_points_of_a_plane_have_regions_and_can_be_clicked(show, qtbot):
    runner = trained(PLANE)
    view = show(runner)
    assert not view.strip.isVisibleTo(view)
    regions = view.inside.currentWidget()
    assert regions is view.regions
    assert len(columns(regions)["training"]) == 60
    data = data_of(PLANE)
    apart = np.hypot(*(data.inputs[:, None] - data.inputs).transpose(2, 0, 1)) + 9 * np.eye(60)
    lonely = int(apart.min(axis=1).argmax())
    place = regions.axes().plane.point(*data.inputs[lonely].tolist()).toPoint()
    qtbot.mouseClick(regions.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.options.example == lonely
    assert np.allclose(columns(view.example)["input"], data.inputs[lonely])


def test_a_table_of_ones_own_has_a_heat_map(show, tmp_path):
    rng = np.random.default_rng(3)
    rows = [f"{a:.3f},{b:.3f},{c:.3f},{'yes' if a > b else 'no'}" for a, b, c in rng.normal(size=(40, 3))]
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["a,b,c,label", *rows]), encoding="utf-8")
    runner = trained(ClassifierConfig(data=CsvFile(str(path)), epochs=2, width=4))
    view = show(runner)
    assert columns(view.inside.currentWidget())["feature"] == ["a", "b", "c"]
    assert view.strip.isVisibleTo(view)
    assert len(columns(view.strip)["caption"]) == len(data_of(runner.config).held_out)


def test_a_run_that_failed_leaves_an_empty_view_and_one_that_comes_back_fills_it(show, run, qtbot):
    view = show(run)
    failed = trained(ClassifierConfig(data=CsvFile("no such file.csv")))
    assert failed.finish is Finish.FAILED
    present(view, failed.config, failed.recording, 0)
    view.catch_up()
    assert told(view) == []
    assert not view.loss.curves
    assert not len(view.strip.table()[0][1])
    assert view.example.table() == []
    assert view.inside.currentWidget() is view.images
    view.check_gradients()
    view.grab()
    present(view, run.config, run.recording, 3)
    assert view.loss.curves, "what was cleared comes back with the run"
    assert view.example.trace is not None
    qtbot.waitUntil(lambda: len(view.images.tiles) == SHORT.width)


def test_divergence_is_drawn(show):
    runner = trained(
        replaced(SHORT, optimizer=GradientDescent(learning_rate=10.0), layers=4, activation="identity")
    )
    assert runner.finish is Finish.DIVERGED
    view = show(runner, wrong_first=True)
    assert told(view)
    assert view.example.trace.predicted == NO_CLASS
    assert {caption[-1] for caption in view.strip._captions} == {"–"}, "no class is named"
    view.check_gradients()
    view.grab()


def test_pinned_runs_are_faint_and_named(show, run):
    other = trained(replaced(SHORT, width=2), 30)
    view = show(run, ghosts=[Ghost(other.config, other.recording, "Width 2")])
    faint = [curve for curve in view.loss.curves if curve.ghost]
    assert [curve.name for curve in faint] == ["Width 2", ""]
    assert len(faint[1].x) == 31


def test_epochs_and_log_scale(show, run, qtbot):
    view = show(run)
    per_epoch = run.recording.last // SHORT.epochs
    qtbot.mouseClick(view.bar["axis"]["epochs"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.bar["log_loss"], Qt.MouseButton.LeftButton)
    assert (view.options.axis, view.options.log_loss) == ("epochs", False)
    assert columns(view.loss)["epoch"][-1] == pytest.approx(SHORT.epochs)
    assert not view.loss.y_axis.log
    with qtbot.waitSignal(view.step_chosen) as chosen:
        view.loss.clicked.emit(2.0)
    assert chosen.args == [2 * per_epoch]


@pytest.mark.parametrize(("layers", "theme"), in_turn([0, 1, 4]))
def test_every_plot_paints_itself_at_any_size(show, layers, theme):
    runner = trained(ClassifierConfig(data=Digits(tuple(range(10))), layers=layers, epochs=1), 5)
    view = show(runner, theme=theme)
    first = "Weights of the first layer, an image per neuron: orange > 0, blue < 0"
    # Without hidden layers each image is of a class.
    assert view.images.title == (first if layers else "Weights of each class: orange > 0, blue < 0")
    for pane in ("network", "confusion"):
        view.set_option(pane=pane)
        for panel in view.panels():
            for size in ((160, 100), (1200, 500)):
                assert not picture(panel, size).isNull()
    view.grab()


def test_the_view_fits_a_small_window(show, run):
    view = show(run)
    view.resize(640, 540)
    bottom = view.example.geometry()
    assert view.rect().contains(bottom)
    assert not bottom.intersects(view.strip.geometry())
    assert min(panel.height() for panel in view.panels()) >= 56


def test_the_way_of_an_example_is_shown_where_there_is_room_and_once_one_is_chosen(show, run, qtbot):
    view = show(run, way=False)
    assert view.example.isHidden()
    qtbot.mouseClick(view.strip.viewport(), Qt.MouseButton.LeftButton, pos=spot(view.strip, 2))
    assert view.bar["way"].isChecked()
    assert view.example in view.panels()
    qtbot.mouseClick(view.bar["way"], Qt.MouseButton.LeftButton)
    assert view.example.isHidden()
    view.resize(1200, 900)
    qtbot.waitUntil(view.example.isVisible)
    present_step(view, 3)
    assert view.bar["way"].isHidden(), "there it is always to be seen"


def test_an_example_of_other_data_gives_way_to_one_that_is_held_out(show, run):
    held_out = data_of(SHORT).held_out
    trained_on = int(np.setdiff1d(np.arange(100), held_out)[0])
    assert show(run, example=trained_on).example.trace.example == held_out[0]
    assert show(run, example=10**6).example.trace.example == held_out[0]
    assert show(run, example=int(held_out[3])).example.trace.example == held_out[3]


def test_a_vector_is_broken_into_rows():
    block = broken(np.arange(5.0), QRectF(QPointF(), QPoint(20, 20)))
    assert block.shape == (3, 2)
    assert np.isnan(block[2, 1])


def test_a_line_keeps_what_it_knows(run):
    line = StepCurve(run.recording, "held_out.loss", Ruler(4, ((1, 2),)))
    x, y = line.points()
    column = run.recording.column("held_out.loss")
    assert np.array_equal(x, 0.5 * np.flatnonzero(~np.isnan(column)))
    assert line.at(0)[0] == y[0]
    assert line.at(run.recording.last)[0] == y[-1]


def test_a_short_last_batch_leads_less_far_on_the_axis_of_epochs():
    ruler = Ruler(10, ((1, 4),))  # three batches an epoch: of 4, 4 and 2
    places = [0.0, 0.4, 0.8, 1.0, 1.4, 1.8, 2.0]
    assert ruler.place(np.arange(7)) == pytest.approx(places)
    assert [ruler.step(place) for place in places] == list(range(7))
    assert [ruler.step(place) for place in (0.19, 0.21, 0.89, 0.91, 1.61)] == [0, 1, 2, 3, 5]
    assert [Ruler().step(place) for place in (0.4, 7.0, 7.6)] == [0, 7, 8]


def test_where_the_batch_size_changes_in_an_epoch_the_axis_of_epochs_goes_on():
    """Of ten examples: 4, then 3, 3 of the same epoch, 3, 3, 3, 1, then 3; from step 9 on all at once."""
    ruler = Ruler(10, ((1, 4), (2, 3), (9, 400)))
    places = [0.0, 0.4, 0.7, 1.0, 1.3, 1.6, 1.9, 2.0, 2.3, 3.0, 4.0]
    assert ruler.place(np.arange(11)) == pytest.approx(places)
    assert [ruler.step(float(ruler.place(step))) for step in range(11)] == list(range(11))
    assert [ruler.step(place) for place in (0.56, 1.14, 2.64, 2.66)] == [2, 3, 8, 9]


def test_the_formulas_and_the_check_use_the_smoothing_and_the_decay_of_their_step(show, qtbot):
    changes = (Change(4, "label_smoothing", 0.3), Change(4, "weight_decay", 0.5))
    run = trained(replaced(PLANE, changes=changes))
    for step, smoothing, decay in ((4, 0.0, 0.0), (5, 0.3, 0.5)):
        view = show(run, step)
        assert (view.at.settings.label_smoothing, view.at.settings.weight_decay) == (smoothing, decay)
        qtbot.waitUntil(lambda view=view: view.answer("trace") is not None)
        spread = view.answer("trace").target
        assert spread.min() == pytest.approx(smoothing / len(spread))


@pytest.mark.parametrize(("x", "reach"), [(5, 5), (6, 10), (11, 20), (1000, 1000), (0.03, 0.05)])
def test_axes_end_at_round_numbers(x, reach):
    assert round_up(x) == pytest.approx(reach)


def test_in_a_low_window_the_loss_has_the_room_of_the_accuracy(show, run, qtbot):
    view = show(run)
    both = view.loss.height()
    view.resize(900, 400)
    assert view.accuracy.isHidden()
    assert view.accuracy not in view.panels()
    qtbot.waitUntil(lambda: view.loss.height() > 60)
    view.resize(900, 700)
    assert not view.accuracy.isHidden()
    assert view.accuracy in view.panels()
    qtbot.waitUntil(lambda: view.loss.height() == both)


def test_a_table_is_drawn_in_its_own_units(show, tmp_path):
    rng = np.random.default_rng(3)
    values = np.round(rng.normal((170.0, 0.002), (12.0, 0.0005), size=(40, 2)), 5)
    rows = [f"{k},{a},{b},{'yes' if a > 170 else 'no'}" for k, (a, b) in enumerate(values.tolist())]
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["id,height (cm),share,label", *rows, "40,?,1,no"]), encoding="utf-8")
    runner = trained(ClassifierConfig(data=CsvFile(str(path)), epochs=2, width=4))
    view = show(runner)
    assert view.inside.currentWidget() is view.regions
    drawn = columns(view.regions)
    assert drawn["height (cm)"] == pytest.approx(values[:, 0], rel=1e-6)
    assert drawn["share"] == pytest.approx(values[:, 1], rel=1e-4)
    (x0, x1), (y0, y1) = view.regions.home
    low, high = values.min(axis=0), values.max(axis=0)
    room = 0.12 * (high - low)  # on each side
    assert (x0, y0) == pytest.approx(tuple(low - room), rel=1e-4)
    assert (x1, y1) == pytest.approx(tuple(high + room), rel=1e-4)
    view.follow_example(7)
    assert columns(view.example)["as in the table"] == pytest.approx(values[7], rel=1e-4)
    assert abs(columns(view.example)["input, standardised"]).max() < 5
    assert told(view)[0].numbers.splitlines() == [
        "40 examples",
        "Lines with a missing value, left out: 1",
        "Left out: “id” (only counts the rows)",
    ]


def test_pictures_of_a_table_are_shown_as_pictures(show, tmp_path):
    rng = np.random.default_rng(5)
    ink = rng.integers(0, 256, (20, 784))
    rows = [",".join(map(str, (k % 2, *row))) for k, row in enumerate(ink.tolist())]
    path = tmp_path / "digits.csv"
    path.write_text("\n".join(["label," + ",".join(f"pixel{k}" for k in range(784)), *rows]))
    runner = trained(ClassifierConfig(data=CsvFile(str(path)), layers=1, epochs=1, width=4))
    data = data_of(runner.config)
    assert data.shape == (28, 28)
    assert data.inputs[3] == pytest.approx(ink[3] / 255)
    view = show(runner)
    assert view.inside.currentWidget() is view.images
    assert view.images._images.shape == (4, 28, 28)
    assert view.strip._images.shape[1:] == (28, 28)
    assert view.example.trace.features.shape == (28, 28)
    view.grab()


def test_the_sentence_tells_how_much_of_what_it_has_not_seen_is_right(show, run):
    view = show(run)
    last = run.recording.last
    for step, begins in (
        (0, "Untrained, its held-out accuracy is "),
        (last, f"After {last} steps its held-out accuracy is "),
    ):
        present_step(view, step)
        view.catch_up()
        snapshot = run.recording.snapshot(step)[1]
        right = evaluate(SHORT, data_of(SHORT), snapshot).right
        share = float(view.finding.text.removeprefix(begins).partition("%")[0])
        assert share == pytest.approx(100 * right.sum() / right.size, abs=0.05)
        assert view.finding.text.endswith("; guessing gets 25 %.")


def test_the_sentence_says_that_it_learns_by_heart_and_that_it_diverged(show):
    few = ClassifierConfig(data=Blobs(points=30, noise=1.2), layers=2, width=64, epochs=150)
    learner = trained(few)
    held_out = learner.recording.column("held_out.loss")
    low, end = np.nanmin(held_out), held_out[~np.isnan(held_out)][-1]
    assert end > 1.5 * low
    text = show(learner).finding.text
    assert text.startswith("Overfitting: ")
    assert [float(part) for part in text[:-1].partition(" rose from ")[2].split(" to ")] == pytest.approx(
        [low, end], rel=1e-3
    )
    wild = trained(ClassifierConfig(optimizer=GradientDescent(learning_rate=1e20), layers=1, epochs=2))
    assert wild.recording.last < wild.last_step
    assert show(wild).finding.text == (
        f"At step {wild.recording.last} the loss is no finite number any more: the training has diverged."
    )


def test_points_are_drawn_one_to_one_and_a_network_without_a_layer_shows_a_template_for_each_class(show):
    view = show(trained(PLANE, 2))
    plane = view.regions.axes().plane
    across, up = plane.rect.width() / np.ptp(plane.x), plane.rect.height() / np.ptp(plane.y)
    assert across == pytest.approx(up, rel=0.01)
    assert ClassifierConfig().layers == 0
    digits = show(trained(ClassifierConfig(epochs=1), 3))
    assert digits.images._images.shape == (4, 8, 8)
