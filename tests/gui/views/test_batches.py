"""The view of mini-batches: paths as recorded, cloud and ball as computed, and what the mouse does."""

from functools import partial

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from engine.changes import Change
from engine.experiments.optimizers import batches as experiment
from engine.experiments.optimizers import batches_ball
from engine.experiments.optimizers.batches import EXPERIMENT, cloud, path
from engine.optimizers.adam import Adam
from engine.optimizers.descent import GradientDescent, Momentum
from engine.optimizers.schedules import ExponentialDecay, InverseTimeDecay, LinearDecay
from engine.recording import Recording
from gui.look.language import install
from gui.look.theme import DARK, LIGHT
from gui.screen.engine_thread import EngineThread
from gui.screen.moment import Moment
from gui.screen.view import Ghost, view_type
from gui.views.optimizers.batches import BatchesOptions, BatchesView
from gui.views.optimizers.batches_words import ball_block, finding
from tests.gui.plots.conftest import mouse
from tests.gui.views.moments import present, ran_with, told

finished = partial(ran_with, EXPERIMENT)


VIEW, SIZE = BatchesView, (800, 600)


def test_the_view_is_found_by_its_name():
    assert view_type("optimizers.batches") is BatchesView


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_paths_are_the_recording(show, theme):
    runner = finished()
    view = show(runner, 60, theme=theme)
    paths = {one.key: one for one in view.field.paths}
    assert np.array_equal(paths["0"].xy, path(runner.recording, 0, 60))
    assert [paths[key].name for key in "012"] == ["B = 16", "B = 1", "B = 357"]


def test_a_new_page_asks_nothing_of_examples_that_are_still_being_made(page):
    view = page(VIEW, finished().config, Recording(), 0)
    assert not view.waits
    assert not view.questions.problems


def test_the_cloud_is_that_of_the_step_and_of_the_chosen_size(show, qtbot):
    runner = finished()
    view = show(runner, 60)
    with qtbot.waitSignal(view.options_changed):
        view.bar["explained"].setCurrentIndex(1)
    expected = cloud(runner.recording.data.model, path(runner.recording, 1, 60)[-1], 1, runner.config.seed)
    points = next(one for one in view.cloud.curves if one.key == "batches")
    assert np.array_equal(points.x[::2], np.sort(expected.gradients[:, 0]))
    table = view.cloud.table()
    assert np.array_equal(table[1][1], points.y[::2])
    mark = view.cloud.marks[0]
    assert (mark.x, mark.y) == tuple(expected.true)


def test_the_loss_against_steps_epochs_and_seconds(show):
    runner = finished()
    view = show(runner, 150)
    for against, one_step in (("epochs", 16 / 357), ("seconds", 1e3 * runner.recording.data.seconds[16])):
        view.change({"against": against})
        assert view.loss.curves[0].x == pytest.approx(one_step * np.arange(1, 151))
    view.change({"against": "steps"})
    assert view.loss.curves[0].x.tolist() == list(range(151))


def test_numbers_predicted_and_measured(show):
    runner = finished()
    blocks = told(show(runner, 150))
    assert blocks[0].check.passed
    assert "0.06807 / 16 · 341/356" in blocks[1].numbers
    assert "0.1452" in blocks[2].numbers  # 0.1443 if every batch had the curvature of all
    assert "approximately" in blocks[2].numbers
    assert "2400" in blocks[3].numbers


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"task": "regression", "batch_size": 1}, "no finite size: E‖θ"),
        ({"batch_size": 1, "optimizer": Momentum(learning_rate=1.0)}, "By the curvature at the minimum"),
        ({"task": "regression", "order": "shuffled"}, "for independent batches 0.3099"),
        ({"optimizer": Momentum(learning_rate=0.1)}, "√(½η/(1−β) tr H⁻¹Cov) = 0.1405"),
        ({"optimizer": Adam()}, "gradient descent and momentum only"),
    ],
)
def test_what_is_known_of_the_ball(show, changes, words):
    runner = finished(**changes)
    assert words in told(show(runner, 150))[2].numbers


def test_the_ball_and_the_formulas_follow_the_learning_rate_of_the_step(show):
    """With η = 1 and d = 0.1 the rate is 1/2 at step 11: the radius of B = 1 is that of η = 1/2."""
    falling = InverseTimeDecay(decay_rate=0.1)
    runner = finished(task="regression", optimizer=GradientDescent(learning_rate=1.0, schedule=falling))
    view = show(runner, 11)
    rates = told(view)[2:4]
    assert [one.latex for one in rates] == [r"\psi_t = \frac{1}{1 + d\,(t-1)}", r"\eta_t = \eta\, \psi_t"]
    assert [one.numbers for one in rates] == ["1/(1 + 0.1·(11 − 1)) = 0.5000", "1·0.5000 = 0.5000"]
    ball = told(view)[4]
    assert "if η stayed at 0.5000, that of this step" in ball.numbers
    assert r"I-\eta_t H_B" in ball.latex
    predicted = next(one for one in view.ball.curves if one.key == "predicted")
    assert predicted.y[0] == pytest.approx(1.09, abs=5e-3), "the number that the notes tell of η = 0.5"
    wide = np.ptp(view.field._ball.shown.xy, axis=0)
    view.show_moment(Moment(runner.config, view.options, runner.recording, 150, (), view.memo))
    view.catch_up()
    assert (np.ptp(view.field._ball.shown.xy, axis=0) < 0.5 * wide).all()


def test_the_cloud_the_axes_and_the_formulas_have_the_batch_size_and_the_rate_of_their_step(show, qtbot):
    """Twenty steps with B = 16, then with B = 64: 20·16 + 10·64 = 960 examples in thirty steps."""
    changes = Change(20, "batch_size", 64), Change(20, "optimizer.learning_rate", 0.25)
    runner = finished(changes=changes)
    for step, size, rate in ((20, 16, 1.0), (30, 64, 0.25)):
        view = show(runner, step)
        qtbot.waitUntil(lambda view=view: view.answer("look") is not None)
        data, here = runner.recording.data, path(runner.recording, 0, step)[-1]
        expected = cloud(data.model, here, size, runner.config.seed)
        assert np.array_equal(view.answer("look").cloud.gradients, expected.gradients)
        names = {one.key: one.name for one in view.field.paths}
        assert names["0"] == f"B = {size}"
        assert batches_ball.rate_at(runner.config, step) == rate
    assert experiment.seen(runner.config, 0, np.array([0, 20, 21, 30])).tolist() == [0, 320, 384, 960]
    assert experiment.seen(runner.config, 1, 30) == 30
    cost = next(one for one in told(view) if "examples seen" in one.numbers)
    assert f"{960 / 357:.4g} epochs, 960 examples seen" in cost.numbers
    one, two = (data.time_of(size) for size in (16, 64))
    assert experiment.seconds(runner.config, data, 0, 30) == pytest.approx(20 * one + 10 * two)


@pytest.mark.parametrize("beta", [None, 0.9])
def test_at_the_smallest_rates_the_ball_is_small_and_at_0_nothing_moves(beta):
    """It was told that the ball had no finite size: 1 − ηλ is 1 up to rounding."""
    rule = partial(GradientDescent, 0.1) if beta is None else partial(Momentum, 0.1, beta)
    for schedule, said in (
        (ExponentialDecay(gamma=0.1), "predicted "),
        (LinearDecay(total_steps=20), "θ stays"),
    ):
        runner = finished(task="regression", optimizer=rule(schedule=schedule))
        found = ball_block(runner.config, runner.recording, 0, 1, 100).numbers.split("\n")
        assert found[1].startswith(said)
        assert "no finite size" not in found[1]


def test_the_predicted_line_begins_where_the_ball_is_finite(show):
    view = show(finished(task="regression"), 150)  # η = 1
    predicted, root = (one for one in view.ball.curves if one.key in ("predicted", "root"))
    assert 1 < predicted.x[0] < 5
    assert predicted.x[-1] == root.x[-1] == 356
    assert root.x[0] == 1
    assert root.y[0] == pytest.approx(
        1.2039, abs=1e-4
    )  # by SciPy's Lyapunov solver, with the curvature of all
    assert root.y == pytest.approx(root.y[0] / np.sqrt(root.x))


def test_shuffled_runs_stand_beside_the_line_of_independent_ones(show):
    line = next(one for one in show(finished(), 0).ball.curves if one.key == "predicted")
    view = show(finished(order="shuffled"), 0)
    beside = next(one for one in view.ball.curves if one.key == "predicted")
    assert beside.y.tolist() == line.y.tolist()
    assert (line.name, beside.name) == ("predicted", "if drawn anew")


def test_shuffled_epochs_are_counted_with_their_short_batch(show, qtbot):
    runner = finished(order="shuffled")
    view = show(runner, 150, against="epochs")
    x = view.loss.curves[0].x  # from step 1 on; an epoch is 22 batches of 16 and one of 5
    assert (x[21], x[22], x[45], x[149]) == pytest.approx((352 / 357, 1, 2, 2334 / 357))
    assert view.loss.playhead.step == pytest.approx(6.537815, abs=1e-6)
    blocks = told(view, 150)
    assert "6.538" in blocks[-1].numbers
    assert "2334 examples" in blocks[-1].numbers
    assert "holds 5 examples" in blocks[1].numbers
    with qtbot.waitSignal(view.step_chosen) as heard:
        view.loss.clicked.emit(2.0)
    assert heard.args == [46]


def test_the_start_is_dragged(show, qtbot):
    view = show(finished(), 0)
    place = view.field.axes().plane.point
    mouse(view.field, "press", place(0, 0))
    with qtbot.waitSignal(view.edited) as heard:
        mouse(view.field, "move", place(-1, 1))
    mouse(view.field, "release", place(-1, 1))
    assert heard.args[0].start == pytest.approx((-1, 1), abs=0.05)


def test_a_click_on_the_loss_goes_to_its_step(show, qtbot):
    view = show(finished(), 0, against="epochs")
    with qtbot.waitSignal(view.step_chosen) as heard:
        view.loss.clicked.emit(50 * 16 / 357)
    assert heard.args == [50]


def test_a_lost_run_says_so(show):
    runner = finished(task="regression", optimizer=GradientDescent(learning_rate=5.0))
    last = runner.recording.last
    view = show(runner, last)
    assert not view.cloud.curves
    assert "learning rate" in told(view, last)[-1].numbers


def test_all_examples_leave_a_point_for_a_cloud(show):
    runner = finished(batch_size=400, beside=False)
    view = show(runner, 10)
    assert view.bar["explained"].count() == 1
    assert view.grab().width() == 800


def test_pinned_runs_stand_behind(show):
    runner, pinned = finished(), finished(batch_size=64)
    view = show(runner, 50, ghosts=[Ghost(pinned.config, pinned.recording, "B (64)")])
    assert [one.name for one in view.loss.curves if one.ghost] == ["B (64)"]
    assert [one.name for one in view.field.paths if one.ghost] == ["B (64)"]


def test_the_field_stands_until_the_engines_thread_has_the_next(show, qtbot):
    def heights():
        view.field.set_paths(())  # then its table is the field
        x, y, height = (np.asarray(column) for _, column in view.field.table())
        return np.stack((x, y), axis=-1), height

    view, engine = show(finished(), 60), EngineThread()
    _, before = heights()
    engine.start()
    view.questions.use(engine)
    other = finished(task="regression")
    with engine.held():
        present(view, other.config, other.recording, 60)
        QApplication.processEvents()
        np.testing.assert_array_equal(heights()[1], before)
    qtbot.waitUntil(lambda: not view.questions.waits())
    places, height = heights()
    np.testing.assert_allclose(height[:200], other.recording.data.model.loss(places[:200]), rtol=1e-12)
    assert engine.close()


RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def sentence(runner, step):
    return finding(Moment(runner.config, BatchesOptions(), runner.recording, step))


def stays(runner, run, first, last):
    """The root mean square distance of a run from the minimum over some steps."""
    away = path(runner.recording, run, last)[first:] - runner.recording.data.model.minimum
    return np.sqrt(np.mean(np.sum(away**2, axis=1)))


def test_the_sentence_tells_who_stays_far_and_who_comes_near():
    runner = finished()
    x, y = runner.recording.data.model.minimum
    assert sentence(runner, 0) == (
        f"3 runs start {np.hypot(x, y):.3f} from the minimum; only the batch differs. Which of them arrives?"
    )
    far, near = stays(runner, 1, 75, 150), stays(runner, 2, 75, 150)
    assert sentence(runner, 150) == (
        f"Since step 75, B = 1 has been {far:.4f} (RMS) from the minimum, B = 357 has been {near:.5f}; "
        "examples used: 150 and 53550."
    )
    assert sentence(runner, 7).startswith("Since step 4, B = ")


def test_the_sentence_of_one_run():
    runner = finished(beside=False, steps=20)
    assert sentence(runner, 0).startswith("B = 16 starts ")
    radius = stays(runner, 0, 10, 20)
    assert sentence(runner, 20) == f"Since step 10, B = 16 has been {radius:#.4g} (RMS) from the minimum."


def test_the_sentence_tells_who_is_lost():
    lost = finished(task="regression", optimizer=GradientDescent(learning_rate=5.0))
    last = lost.recording.last
    assert sentence(lost, last).startswith(f"By step {last} every run has diverged")
    some = finished(task="regression", optimizer=GradientDescent(learning_rate=1.5), steps=2000)
    gone = [i for i in range(3) if not np.isfinite(path(some.recording, i, some.recording.last)).all()]
    assert gone == [1], "the run of one example"
    assert sentence(some, some.recording.last).startswith("B = 1 diverged; B = ")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_there_is_a_sentence_at_every_step(qapp, language):
    install(qapp, language)
    try:
        for changes in (
            {},
            {"batch_size": 400},
            {"order": "shuffled"},
            {"optimizer": Adam()},
            {"steps": 1},
            {"optimizer": GradientDescent(learning_rate=5.0), "task": "regression"},
        ):
            runner = finished(**changes)
            for step in range(runner.recording.last + 1):
                text = sentence(runner, step)
                assert text
                assert "nan" not in text
                assert "{" not in text
    finally:
        install(qapp, "en")


def test_the_contours_have_most_of_the_room(show):
    view = show(finished(steps=10), 10)
    view.resize(1023, 554)
    assert view.panels() == [view.field, view.cloud, view.loss, view.ball]
    assert view.field.width() * view.field.height() > 0.25 * 1280 * 720


def test_what_has_converged_is_told_to_the_last_digit():
    runner = finished(task="regression")
    near = stays(runner, 2, 75, 150)
    assert 0 < near < 1e-9
    digits, power = f"{near:.3e}".split("e-")
    told_near = f"B = 357 has been {digits}×10⁻{power.translate(RAISED)}; "
    assert told_near in sentence(runner, 150)


def test_the_range_of_the_cloud_is_that_of_its_run_whatever_was_on_show_before(show):
    runner, wide = finished(), finished(batch_size=8)
    fresh = show(runner, 150)
    view = show(wide, 150)
    assert view.cloud.ranges != fresh.cloud.ranges
    present(view, runner.config, runner.recording, 150)
    view.catch_up()
    assert view.cloud.ranges == fresh.cloud.ranges
