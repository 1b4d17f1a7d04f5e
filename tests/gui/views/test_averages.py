"""The view of moving averages: curves as recorded, weights of the step on show, a series drawn by hand."""

from math import inf

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.config import replaced
from engine.experiments.optimizers.averages import EXPERIMENT, AveragesConfig, Drawn
from engine.runner import Runner
from gui.look.theme import DARK, LIGHT
from gui.screen.view import Ghost, view_type
from gui.views.optimizers.averages import AveragesOptions, AveragesView
from tests.gui.plots.conftest import mouse
from tests.gui.views.moments import present, present_step, told


def finished(**changes):
    runner = Runner(EXPERIMENT, replaced(AveragesConfig(), **changes))
    runner.drive(inf)
    return runner


@pytest.fixture
def show(qtbot):
    def make(runner, step, ghosts=(), theme=LIGHT, **options):
        view = AveragesView(theme, AveragesOptions(**options))
        qtbot.addWidget(view)
        view.resize(800, 600)
        with qtbot.waitExposed(view):
            view.show()
        present(view, runner.config, runner.recording, step, ghosts)
        return view

    return make


def test_the_view_is_found_by_its_name():
    assert view_type("optimizers.averages") is AveragesView


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_curves_are_the_recording(show, theme):
    runner = finished()
    table = dict(show(runner, 60, theme=theme).series.table())
    assert np.array_equal(table["β = 0.9"], runner.recording.column("average.1")[1:])
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
