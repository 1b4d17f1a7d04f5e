"""What a user of pyqtgraph adds to a page, by what README says, is on the screen and in every picture."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtGui import QColor

from gui.app import app
from gui.export import export
from gui.export.animation import Film, shoot
from gui.export.figures import figures_of
from gui.export.paper import Paper
from gui.export.stage import Stage, on_paper
from gui.plots.guests import guests_of
from tests.gui.plots.conftest import has_colour, pixels_of

README = Path(__file__).parents[3] / "README.md"
RED = "#ff0000"


@pytest.fixture
def race(on_screen):
    return on_screen("optimizers.race", steps=120)


@pytest.fixture
def added(race, monkeypatch):
    """The page after the program of README."""
    window = SimpleNamespace(show_experiment=lambda name: None, on_screen=race)
    monkeypatch.setattr(app, "run", lambda prepare: prepare(window))
    program = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    with pytest.raises(SystemExit):
        exec(compile(program, "README.md", "exec"), {})  # noqa: S102 (our own program)
    race.grab()
    return race


def red_of(screen, paper, still=False, dpi=96):
    """Which pixels are red in a picture of the plot of curves."""
    index = 1 + screen.view.panels().index(screen.view.curves)
    with on_paper(screen, index, paper, still) as figure:
        picture = export.picture(figure.drawing, figure.size, dpi, figure.drawing.zoom)
    return np.abs(pixels_of(picture) - [255, 0, 0]).max(axis=-1) < 40


def test_the_program_of_readme_adds_a_line_a_region_and_a_curve_on_screen_and_paper(added):
    guests = guests_of(added.view.curves.plot)
    assert [type(item) for item in guests] == [pg.InfiniteLine, pg.LinearRegionItem, pg.PlotDataItem]
    assert guests[2].getData()[1].tolist() == pytest.approx([1, 0, -1])  # logarithms, as the axis
    before, seen = pixels_of(added.grab().toImage()), red_of(added, Paper())
    assert has_colour(before, RED)
    assert seen.sum() > 50
    assert (red_of(added, Paper(), still=True) == seen).all()  # painted by a second plot
    assert (pixels_of(added.grab().toImage()) == before).all()
    # A pen is as wide on fine paper as on the screen.
    guests[2].setPen(pg.mkPen(RED, width=4))
    guests[2].setData([0, 120], [1.0, 1.0])
    wide = [red_of(added, Paper(), dpi=dpi).sum(axis=0).max() for dpi in (96, 288)]
    assert wide == [4, 12]
    assert guests[2].curve.opts["pen"].widthF() == 4


def test_a_second_plot_has_labels_a_legend_and_axes_as_the_user_has_them_also_in_an_animation(
    added, tmp_path
):
    pil = pytest.importorskip("PIL.Image")
    seen = added.view.curves
    seen.plot.setLabel("bottom", "my steps")
    seen.plot.getAxis("left").setTicks([[(0.0, "one")]])
    legend = seen.plot.addLegend()
    seen.log_actions[0].trigger()
    stage = Stage(added, Paper(theme="dark"))
    index = 1 + added.view.panels().index(seen)
    list(shoot(stage, index, tmp_path / "a.apng", Film(frames=2, width=400)))
    with pil.open(tmp_path / "a.apng") as image:
        for k in range(2):
            image.seek(k)
            assert has_colour(np.asarray(image.convert("RGB")).astype(int), RED, 40)
    plot = stage.view.curves
    assert (plot.x_axis.log, plot.x_axis.name, plot.ranges) == (True, "my steps", seen.ranges)
    assert plot.axes().y_ticks.labels == ("one",)
    assert [label.text for _, label in plot.plot.legend.items] == [label.text for _, label in legend.items]
    assert QColor(plot.plot.legend.labelTextColor()) == QColor(stage.view.theme.text)
    assert len(guests_of(seen.plot)) == 3
    stage.close()


def test_a_plot_that_is_hidden_at_some_steps_is_filmed(on_screen, tmp_path):
    screen = on_screen("optimizers.race", steps=12)
    screen.view.set_option(layout="step", racer=2)
    screen.playback.seek(12)
    screen.draw()
    screen.view.catch_up()
    names = [figure.name for figure in figures_of(screen)]
    index = names.index("race-panels-2")
    stage = Stage(screen)
    assert [figure.name for figure in stage.figures(0)] != names  # no step leads to the start
    assert stage.figure(0, index).name == "race-panels-2"
    assert list(shoot(stage, index, tmp_path / "a.gif", Film(frames=3, width=300)))[-1] == 1
    stage.close()
