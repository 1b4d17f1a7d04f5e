"""The view of moving averages: curves as recorded, weights of the step on show, a series drawn by hand."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.experiments.optimizers.averages import EXPERIMENT, Drawn, Generated, LossSeries
from gui.look.language import install
from gui.look.theme import DARK, LECTURE_SCALE, LIGHT
from gui.screen.moment import Moment
from gui.screen.view import Ghost, view_type
from gui.views.optimizers.averages import AveragesOptions, AveragesView, finding
from tests.gui.plots.conftest import mouse
from tests.gui.views.moments import present_step, ran_with, told

finished = partial(ran_with, EXPERIMENT)


VIEW, SIZE = AveragesView, (800, 600)


def test_the_view_is_found_by_its_name():
    assert view_type("optimizers.averages") is AveragesView


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_curves_are_the_recording(show, theme):
    runner = finished()
    table = dict(show(runner, 60, theme=theme).series.table())
    assert np.array_equal(table["β = 0.9"], runner.recording.column("1.average")[1:])
    assert np.array_equal(table["series"], runner.recording.column("series")[1:])


def test_the_weights_are_those_of_the_step(show):
    runner = finished(betas=(0.5,))
    view = show(runner, 3)
    assert dict(view.weights.table())["β = 0.5"].tolist() == [0.125, 0.125, 0.25, 0.25, 0.5, 0.5]
    present_step(view, 0)
    assert len(dict(view.weights.table())["β = 0.5"]) == 0


def test_the_numbers_are_the_rule(show):
    runner = finished(series=Drawn(values=(1.0, 3.0)), betas=(0.5,))
    view = show(runner, 2)
    assert "v = 0.5 · 0.5000 + 0.5 · 3.000 = 1.750" in told(view, 2)[0].numbers
    assert "v₀ = 0" in told(view, 0)[0].numbers
    corrected = finished(series=Drawn(values=(1.0, 3.0)), betas=(0.5,), corrected=True)
    assert "v̂ = 1.750 / 0.7500 = 2.333" in told(show(corrected, 2))[0].numbers
    summed = finished(series=Drawn(values=(1.0, 3.0)), betas=(0.5,), convention="sum")
    assert "v = 0.5 · 1.000 + 3.000 = 3.500" in told(show(summed, 2))[0].numbers


def test_another_beta_is_explained(show, qtbot):
    runner = finished()
    view = show(runner, 50)
    with qtbot.waitSignal(view.options_changed):
        qtbot.keyClick(view.bar["explained"], Qt.Key.Key_Down)
    assert "0.98" in told(view, 50)[0].title
    assert "50.00" in told(view, 50)[2].numbers


def test_the_mouse_draws_the_series(show, qtbot):
    runner = finished(series=Drawn(values=(0.0,) * 10), betas=(0.5,))
    view = show(runner, 5)
    place = view.series.axes().plane.point
    mouse(view.series, "press", place(2, 1))
    with qtbot.waitSignal(view.edited) as told:
        mouse(view.series, "move", place(4, 2))
    mouse(view.series, "release", place(4, 2))
    assert told.args[0].series.values[1:4] == pytest.approx((1, 1.5, 2), abs=0.02)
    assert told.args[0].series.values[4:] == (0.0,) * 6


def test_pinned_runs_stand_behind(show):
    runner, pinned = finished(), finished(betas=(0.7,))
    view = show(runner, 50, ghosts=[Ghost(pinned.config, pinned.recording, "β (0.7)")])
    ghosts = [curve for curve in view.series.curves if curve.ghost]
    assert [curve.name for curve in ghosts] == ["β (0.7)"]


def sentence(runner, step):
    return finding(Moment(runner.config, AveragesOptions(), runner.recording, step))


def test_the_sentence_tells_which_average_is_nearest_to_the_signal():
    runner = finished(betas=(0.5, 0.9), series=Generated(noise=0.5))
    table = {name: runner.recording.column(name) for name in ("series", "signal", "0.average", "1.average")}
    for step in (1, 40, 200):
        off = {
            name: np.sqrt(np.mean((table[name] - table["signal"])[1 : step + 1] ** 2))
            for name in ("series", "0.average", "1.average")
        }
        text = sentence(runner, step)
        if min(off, key=off.get) == "series":
            assert text.startswith(f"Over {step} steps the series is nearest to the signal: ")
            continue
        best = min(("0.average", "1.average"), key=off.get)
        beta = {"0.average": "0.5", "1.average": "0.9"}[best]
        assert text == (
            f"Over {step} steps β = {beta} is nearest to the signal: {off[best]:#.4g} off (RMS); "
            f"the series is {off['series']:#.4g} off."
        )
    assert sentence(runner, 0).startswith("Each average keeps β of itself")


def test_the_sentence_without_noise_leaves_the_series_in_front():
    quiet = finished(betas=(0.5,), series=Generated(shape="constant", noise=0.0, steps=2))
    # v = 0.5, 0.75 where 1 is right: √((0.25 + 0.0625)/2) = 0.3953
    assert sentence(quiet, 2) == (
        "Over 2 steps the series is nearest to the signal: 0 off; β = 0.5 is 0.3953 off."
    )


def test_the_sentence_of_a_series_whose_signal_nobody_knows_tells_the_calmest():
    runner = finished(series=Drawn(values=(0.0, 2.0)), betas=(0.0, 0.5))
    # moves of β = 0.5: 0, then 1; of the series: 0, then 2; the root of their mean squares over two steps
    assert sentence(runner, 2) == (
        "Over 2 steps β = 0.5 is calmest: it moves 0.7071 a step, the series 1.414 (RMS)."
    )


def test_the_sentence_of_a_sum_tells_how_much_higher_it_stands():
    summed = finished(series=Drawn(values=(1.0, 3.0)), betas=(0.5, 0.75), convention="sum")
    assert sentence(summed, 2) == (
        "At step 2 the sum for β = 0.75 is 3.750, 4 times the average of the same values."
    )


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_there_is_a_sentence_at_every_step(qapp, language):
    install(qapp, language)
    try:
        for series in (
            Generated(steps=20),
            Generated(noise=0.0, steps=2),
            Drawn(values=(0.0, 0.0)),
            LossSeries(),
        ):
            for changes in (
                {},
                {"corrected": True},
                {"convention": "sum"},
                {"betas": (0.0,)},
                {"convention": "sum", "corrected": True, "betas": (0.999999,) * 5},
            ):
                runner = finished(series=series, **changes)
                for step in {0, 1, 2, runner.recording.last} & {*range(runner.recording.last + 1)}:
                    text = sentence(runner, step)
                    assert text
                    assert "nan" not in text
                    assert "{" not in text
    finally:
        install(qapp, "en")


def test_the_weights_are_counted_back_from_the_playhead(show, qtbot):
    view = show(finished(betas=(0.5,)), 3)
    (curve,) = view.weights.curves
    assert curve.x.tolist() == [-2.5, -1.5, -1.5, -0.5, -0.5, 0.5]
    with qtbot.waitSignal(view.step_chosen) as heard:
        view.weights.clicked.emit(-2.0)
    assert heard.args == [1]


def test_what_the_explained_average_feels_is_shaded(show):
    view = show(finished(), 60)
    assert [(span.x0, span.x1) for span in view.series.spans] == [
        pytest.approx((60.5 - 10 * times, 60.5)) for times in (1, 2, 3)
    ]
    present_step(view, 61)
    assert not view.series.spans, "while it moves nothing is"
    view.catch_up()
    assert view.series.spans[0].x1 == 61.5
    present_step(view, 0)
    view.catch_up()
    assert not view.series.spans


def test_it_opens_in_the_midst_and_a_low_lecture_shows_the_series_alone(show):
    view = show(finished(), 0)
    assert view.opens_on(view.at) == 150
    assert view.series.height() >= 0.6 * view.height()
    presented = show(finished(), 60, theme=replace(LIGHT, scale=LECTURE_SCALE))
    presented.resize(1280, 591)  # in a window of 1280 x 720 pixels
    assert presented.panels() == [presented.series]
