"""What users of pyqtgraph do with a plot, done to the plots of the house, works as they expect."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.look.language import tr
from gui.look.theme import DARK, LIGHT, Stroke
from gui.plots.contours import FieldPanel, Track
from gui.plots.curves import Curve, CurvesPanel
from tests.gui.plots.conftest import click, has_colour, mouse, painted

X = np.linspace(0.0, 10.0, 101)
BLUE, GREEN = Stroke("#0000C0"), Stroke("#00A000")


def pixels(panel):
    """What is on the screen: (rows, columns, RGB)."""
    QApplication.processEvents()
    picture = panel.grab().toImage()
    picture = picture.convertToFormat(picture.Format.Format_RGBA8888)
    shape = picture.height(), picture.width(), 4
    return np.frombuffer(picture.constBits(), np.uint8).reshape(shape)[..., :3].astype(int)


@pytest.fixture
def panel(shown):
    panel = CurvesPanel("Curves", LIGHT)
    panel.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10))
    panel.set_curves([Curve("a", "one", X, X, BLUE), Curve("b", "other", X, 10 - X, GREEN)])
    return shown(panel)


def test_a_legend_has_the_names_of_what_is_there_and_of_what_comes(panel):
    legend = panel.plot.addLegend()
    panel.plot.plot([0, 10], [5, 5], pen=pg.mkPen("r", width=3), name="mine")
    assert [label.text for _, label in legend.items] == ["one", "other", "mine"]
    assert has_colour(pixels(panel), "#ff0000")
    panel.set_curves(panel.curves[:1])
    assert [label.text for _, label in legend.items] == ["mine", "one"]


def test_a_click_in_the_legend_hides_a_curve_and_its_name(panel):
    panel.readout = False
    legend = panel.plot.addLegend()
    QApplication.processEvents()
    sample = legend.items[0][0]
    assert has_colour(painted(panel), BLUE.colour, 30)
    click(panel, sample.mapToScene(sample.boundingRect().center()))
    assert not panel.lines[0].isVisible()
    legend.hide()
    for seen in (pixels(panel), painted(panel)):
        assert not has_colour(seen, BLUE.colour, 30)
        assert has_colour(seen, GREEN.colour, 30)


def test_a_pen_that_is_set_stays_while_the_curve_grows(panel):
    panel.lines[0].setPen("r")
    panel.set_curves([Curve("a", "one", X[:50], X[:50], BLUE), panel.curves[1]])
    for seen in (pixels(panel), painted(panel)):
        assert has_colour(seen, "#ff0000")
        assert not has_colour(seen, BLUE.colour, 30)  # neither the line nor the name at its end
    panel.lines[0].setPen(None)
    assert not has_colour(pixels(panel), "#ff0000")


def test_a_wide_dashed_pen_is_drawn_as_such(panel):
    blank = has_colour(painted(panel), "#ff00ff")
    panel.set_curves([Curve("a", "", X, np.full(101, 5.0), BLUE)])
    panel.lines[0].setPen(pg.mkPen("#ff00ff", width=8, dash=[5, 5]))
    row = (np.abs(painted(panel) - [255, 0, 255]).max(axis=-1) <= 12).any(axis=0)
    column = (np.abs(painted(panel) - [255, 0, 255]).max(axis=-1) <= 12).sum(axis=0)
    assert not blank
    assert column.max() in (7, 8)
    assert np.diff(row.astype(int)).tolist().count(1) > 3, "dashes, not one line"


def test_the_pen_of_a_path(shown):
    panel = shown(FieldPanel("Field", LIGHT))
    panel.set_field(np.full((2, 2), np.nan), ((0.0, 1.0), (0.0, 1.0)))
    panel.set_paths([Track("p", "walk", np.array([[0.1, 0.1], [0.9, 0.9]]), BLUE)])
    panel.lines["p"].setPen("r")
    for seen in (pixels(panel), painted(panel)):
        assert has_colour(seen, "#ff0000")
        assert not has_colour(seen, BLUE.colour, 30)


def test_set_data_takes_what_pyqtgraph_takes(panel):
    line = panel.lines[0]
    line.setData([1.0, 2.0, 3.0])
    assert [part.tolist() for part in line.getData()] == [[0, 1, 2], [1, 2, 3]]
    line.setData(x=[4.0, 5.0], y=[1.0, 0.0], pen="r")
    assert [part.tolist() for part in line.getData()] == [[4, 5], [1, 0]]
    assert QColor(line.opts["pen"].color()) == QColor("#ff0000")


ADDED = {
    "line": lambda: pg.InfiniteLine(3.0, pen="#ff0000"),
    "region": lambda: pg.LinearRegionItem((3.0, 4.0), brush="#ff0000"),
    "curve": lambda: pg.PlotCurveItem([0, 10], [2, 2], pen=pg.mkPen("#ff0000", width=3)),
    "text": lambda: pg.TextItem("████", color="#ff0000"),
    "points": lambda: pg.ScatterPlotItem([3], [2], brush="#ff0000", pen=None, size=12),
}


@pytest.mark.parametrize("kind", ADDED)
def test_what_is_added_is_seen_and_cleared_and_what_the_page_shows_stays(panel, kind):
    item = ADDED[kind]()
    panel.plot.addItem(item)
    if kind == "text":
        item.setPos(3, 5)
    assert has_colour(pixels(panel), "#ff0000")
    assert has_colour(painted(panel), "#ff0000")
    panel.plot.clear()
    seen = pixels(panel)
    assert not has_colour(seen, "#ff0000")
    assert has_colour(seen, BLUE.colour, 30)


def test_an_added_line_stands_at_its_step_under_a_title_that_is_set(panel):
    panel.plot.setTitle("Mine &amp; <b>yours</b>")
    panel.plot.addItem(pg.InfiniteLine(3.0, pen=pg.mkPen("#ff0000", width=2)))
    red = np.argwhere(np.abs(pixels(panel) - [255, 0, 0]).max(axis=-1) <= 12)
    rect = panel.axes().plane.rect
    assert panel.title == "Mine & yours"
    assert red[:, 1].mean() == pytest.approx(float(panel.axes().plane.px(3.0)), abs=1.5)
    assert red[:, 0].min() == pytest.approx(rect.top(), abs=2), "as high as the plot"


def test_a_label_that_is_set_names_the_axis_whatever_the_page_calls_it(panel):
    panel.plot.setLabel("bottom", "time", units="s")
    panel.plot.setLabel("left", "<i>height</i>")
    panel.set_axes(("epoch", ""), ("g", "nats"), log_y=True, x_limits=(0, 10))
    assert (panel.x_axis.name, panel.y_axis.caption) == ("time (s)", "height · log scale")
    assert [name for name, _ in panel.table()] == ["time (s)", "one", "other"]
    panel.plot.setLabel("bottom")
    assert panel.x_axis.name == "epoch"


def test_ticks_that_are_set_stand_at_the_axis(panel):
    axis = panel.plot.getAxis("bottom")
    axis.setTicks([[(5, "five"), (0, "zero")], [(12.0, "far")]])
    assert panel.axes().x_ticks.labels == ("zero", "five")
    assert panel.axes().x_ticks.places == (0, 5)
    axis.setTicks(None)
    assert panel.axes().x_ticks.labels[0] == "0"


def test_the_grid_is_shown_along_the_axes_that_are_asked_for(panel):
    panel.set_curves([Curve("a", "", X, np.full(101, np.nan), BLUE)])
    axes = panel.axes()
    line, tick = axes.x_ticks.places[1], axes.y_ticks.places[1]
    upright, level = axes.plane.point(line, 0.37 * tick), axes.plane.point(0.37 * line, tick)
    for shown in ((True, True), (True, False), (False, True), (False, False)):
        panel.plot.showGrid(*shown)
        for seen in (pixels(panel), painted(panel)):
            beside = [slice(int(place) - 2, int(place) + 3) for place in (upright.x(), level.y())]
            across, down = int(level.x()), int(upright.y())
            assert bool((seen[down, beside[0]] < 250).any()) is shown[0]
            assert bool((seen[beside[1], across] < 250).any()) is shown[1]


def test_ranges_are_set_and_forgotten(panel):
    panel.plot.getViewBox().setRange(xRange=(2, 4), yRange=(1, 3), padding=0)
    assert panel.ranges == ((2, 4), (1, 3))
    assert panel.zoomed
    panel.plot.setXRange(5, 6, padding=0)
    assert panel.ranges == ((5, 6), (1, 3))
    panel.plot.enableAutoRange()
    pixels(panel)  # as ever, with the next picture
    assert panel.ranges == ((0, 10), (0, 10))


def test_log_mode_is_that_of_the_panel_and_what_is_plotted_follows(panel):
    mine = panel.plot.plot([1, 10], [1, 5], pen="#ff0000")
    panel.plot.setLogMode(x=True)
    assert (panel.x_axis.log, panel.y_axis.log) == (True, False)
    assert panel.log_actions[0].isChecked()
    assert mine.getData()[0].tolist() == [0, 1]
    later = panel.plot.plot([1, 100], [1, 5])
    assert later.getData()[0].tolist() == [0, 2]
    panel.plot.setLogMode(x=False)
    assert mine.getData()[0].tolist() == [1, 10]


@pytest.mark.parametrize("show", [{"left": False}, {"bottom": False}, {"right": True, "top": True}])
def test_what_is_added_stays_over_the_curves_of_the_page_whichever_axes_are_shown(panel, show):
    before = pixels(panel)
    for side, on in show.items():
        panel.plot.showAxis(side, on)
    assert (pixels(panel) != before).any()
    pixels(panel)  # pyqtgraph may want another width after it has painted
    view, rect = panel.plot.vb, panel.axes().plane.rect
    seen = view.mapRectToScene(view.rect())
    for edge in ("left", "right", "top", "bottom"):
        assert getattr(seen, edge)() == pytest.approx(getattr(rect, edge)(), abs=0.01)
    for side, on in show.items():
        panel.plot.showAxis(side, not on)
    assert (pixels(panel) == before).all()


def test_long_data_that_is_added_is_thinned_and_a_state_is_restored_as_in_pyqtgraph(panel):
    mine = panel.plot.plot(np.linspace(0, 10, 5000), np.sin(np.arange(5000)))
    panel.plot.setDownsampling(ds=10, mode="subsample")
    panel.plot.setClipToView(True)
    assert (mine.opts["downsample"], mine.opts["clipToView"]) == (10, True)
    assert len(panel.lines[0].getData()[0]) == len(X)
    state = panel.plot.saveState()
    panel.plot.setXRange(2, 3, padding=0)
    panel.plot.restoreState(state)
    assert panel.ranges == ((0, 10), (0, 10))
    assert len(panel.plot.curves) == 3


def test_a_plot_whose_axes_are_linear_says_so(shown):
    panel = FieldPanel("Field", LIGHT)
    panel.plot.setLogMode(y=False)
    with pytest.raises(ValueError, match="linear"):
        panel.plot.setLogMode(y=True)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_button_a_is_there_when_zoomed_looks_like_the_house_and_is_hit(shown, theme):
    panel = shown(CurvesPanel("Curves", theme))
    panel.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10))
    panel.readout = False
    button = panel.plot.autoBtn
    mouse(panel, "move", panel.axes().plane.point(5.0, 5.0))
    assert not button.isVisible()
    panel.zoom(2.0)
    assert button.isVisible()
    corner = button.sceneBoundingRect()
    assert corner.left() < 8
    assert corner.bottom() > panel.height() - 8
    colours = pixels(panel)[
        int(corner.top()) : int(corner.bottom()), int(corner.left()) : int(corner.right())
    ]
    assert has_colour(colours, theme.panel)
    assert has_colour(colours, theme.text, 60)
    assert (painted(panel)[-20:, :20] == painted(panel)[-1, 0]).all(), "not on paper"
    place = corner.center().toPoint()
    assert button.toolTip() == tr("Reset zoom")
    mouse(panel, "move", QPointF(place))
    click(panel, QPointF(place))
    assert not panel.zoomed
    assert not button.isVisible()
