"""What users of pyqtgraph expect of every plot: its items, its mouse, and a little more."""

import sys

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gui.look.theme import LIGHT, Stroke
from gui.plots.contours import FieldPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.links import Links
from tests.gui.plots.conftest import has_colour, mouse, painted, wheel

X = np.linspace(1.0, 10.0, 50)
BLUE, RED, GREEN = Stroke("#0000C0"), "#C00000", "#00A000"


@pytest.fixture
def panel(shown):
    panel = CurvesPanel("Curves", LIGHT)
    panel.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10))
    panel.set_curves([Curve("a", "a", X, X, BLUE)])
    return shown(panel)


def drag(panel, start, end, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.NoModifier):
    """Press at one place, move in two steps, let go at the other."""
    held, none = button, Qt.MouseButton.NoButton
    for kind, place, one, buttons in (
        (QEvent.Type.MouseButtonPress, start, button, held),
        (QEvent.Type.MouseMove, (start + end) / 2, none, held),
        (QEvent.Type.MouseMove, end, none, held),
        (QEvent.Type.MouseButtonRelease, end, button, none),
    ):
        event = QMouseEvent(kind, place, panel.mapToGlobal(place), one, buttons, keys)
        QApplication.sendEvent(panel.viewport(), event)


def test_items_of_pyqtgraph_are_added_and_seen_on_screen_and_paper(panel):
    view = panel.plot.getViewBox()
    assert isinstance(panel, pg.GraphicsLayoutWidget)
    assert isinstance(panel.plot, pg.PlotItem)
    assert isinstance(view, pg.ViewBox)
    assert all(isinstance(panel.plot.getAxis(side), pg.AxisItem) for side in ("left", "bottom"))
    panel.plot.addItem(pg.InfiniteLine(3, pen=pg.mkPen(RED, width=3)))
    panel.plot.plot(X, 10 - X, pen=pg.mkPen(GREEN, width=3))
    assert view.viewRange() == [[0, 10], [0, 10]]  # the page's range is not moved by what is added
    screen = panel.grab().toImage()
    at = panel.axes().plane.point(3.0, 8.0).toPoint()
    assert QColor(screen.pixel(at)).name().upper() == RED
    assert has_colour(painted(panel), RED)
    assert has_colour(painted(panel), GREEN)


def test_a_region_is_dragged_as_in_pyqtgraph(panel):
    region = pg.LinearRegionItem((2, 4))
    panel.plot.addItem(region)
    point = panel.axes().plane.point
    drag(panel, point(3.0, 5.0), point(5.0, 5.0))
    assert region.getRegion() == pytest.approx((4, 6), abs=0.1)
    assert not panel.zoomed


def test_the_wheel_over_one_axis_zooms_it_alone(panel):
    rect = panel.axes().plane.rect
    wheel(panel, QPointF(rect.center().x(), rect.bottom() + 8), 120)
    (x0, x1), y = panel.ranges
    assert x1 - x0 < 9
    assert y == (0, 10)
    panel.reset_zoom()
    wheel(panel, QPointF(rect.left() - 8, rect.center().y()), 120)
    x, (y0, y1) = panel.ranges
    assert x == (0, 10)
    assert y1 - y0 < 9


def test_the_plot_stays_where_it_is_under_a_mouse_that_zooms_or_pans_it(panel, shown):
    curves = [Curve(name, name, X, X / share, BLUE) for share, name in enumerate("abc", 1)]
    panel.set_curves(curves)  # named beside their ends, as long as they end at the edge
    names = panel.axes().plane.rect
    place = QPointF(names.center().x(), names.bottom() + 8)
    wheel(panel, place, -240)
    assert panel.axes().plane.rect == names
    mouse(panel, "hover", place + QPointF(10, 0))  # a hand trembles
    assert panel.axes().plane.rect == names
    mouse(panel, "hover", place + QPointF(30, 0))
    assert panel.axes().plane.rect.top() > names.top()  # they have a legend now
    panel.reset_zoom()
    assert panel.axes().plane.rect == names

    field = shown(FieldPanel("Field", LIGHT))
    field.set_field(np.zeros((9, 9)), ((0.0, 1.0), (9.5, 10.5)))
    panel.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(9.5, 10.5))
    panel.set_curves([])
    for plot in (panel, field):
        start = plot.axes().plane.rect
        place = QPointF(start.left() - 2, start.center().y())
        drag(plot, place, place - QPointF(0, start.height()))
        assert plot.axes().plane.y == pytest.approx((8.5, 9.5), abs=0.02)
        wheel(plot, place - QPointF(0, start.height()), -480)
        plot.flush()
        assert plot.axes().plane.rect == start
        assert plot.ranges[0] == plot.home[0]
        QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
        narrow, chosen = plot.axes().plane.rect, plot.ranges
        assert narrow.left() < place.x()  # numbers like 9.2 are narrower than 10.2
        wheel(plot, place, 1200)
        wide = plot.axes().plane.rect
        assert wide.left() > narrow.left()  # wider ones are always whole
        wheel(plot, place, -1200)
        assert plot.axes().plane.rect == wide
        plot.reset_zoom()
        assert plot.axes().plane.rect == start
        plot.look_at(chosen)
        assert plot.axes().plane.rect == narrow


def test_the_wheel_keeps_to_its_axes_while_wider_numbers_bring_another_under_the_mouse(panel):
    edge = panel.axes().plane.rect.left()
    place = QPointF(edge + 2, panel.axes().plane.py(10.0))
    for _turn in range(6):
        wheel(panel, place, 1200)
        panel.flush()
    assert panel.axes().plane.rect.left() > edge + 2  # the mouse is over the axis now
    (x0, x1), _ = panel.ranges
    wheel(panel, place, 120)
    assert panel.ranges[0] != (x0, x1)
    wheel(panel, place + QPointF(1, 0), 120)  # it has moved: what is under it counts
    (x0, x1), _ = panel.ranges
    wheel(panel, place + QPointF(1, 0), 120)
    assert panel.ranges[0] == (x0, x1)


def test_a_drag_over_one_axis_pans_it_alone(panel):
    rect = panel.axes().plane.rect
    start = QPointF(rect.center().x(), rect.bottom() + 8)
    drag(panel, start, start - QPointF(rect.width() / 10, 30))
    assert panel.ranges[0] == pytest.approx((1, 11), abs=0.05)
    assert panel.ranges[1] == (0, 10)


@pytest.mark.parametrize("way", ["shift", "menu"])
def test_a_rectangle_is_zoomed_into(panel, way):
    point, keys = panel.axes().plane.point, Qt.KeyboardModifier.NoModifier
    if way == "shift":
        keys = Qt.KeyboardModifier.ShiftModifier
    else:
        panel.frame_action.trigger()
    drag(panel, point(2.0, 8.0), point(6.0, 4.0), keys=keys)
    assert panel.ranges[0] == pytest.approx((2, 6), abs=0.05)
    assert panel.ranges[1] == pytest.approx((4, 8), abs=0.05)


def test_the_rectangle_has_the_colour_of_the_theme(panel):
    point, keys = panel.axes().plane.point, Qt.KeyboardModifier.ShiftModifier
    for kind, x, y in (("Press", 2.0, 8.0), ("Move", 4.0, 6.0), ("Move", 6.0, 4.0)):
        place = point(x, y)
        held = Qt.MouseButton.LeftButton
        event = QMouseEvent(
            getattr(QEvent.Type, f"MouseButton{kind}" if kind == "Press" else "MouseMove"),
            place,
            panel.mapToGlobal(place),
            held if kind == "Press" else Qt.MouseButton.NoButton,
            held,
            keys,
        )
        QApplication.sendEvent(panel.viewport(), event)
    box = panel.plot.vb.rbScaleBox
    assert box.isVisible()
    assert box.pen().color().name() == box.brush().color().name() == QColor(LIGHT.accent).name()
    assert box.brush().color().alphaF() < 0.3


def test_the_right_button_stretches(panel):
    middle = panel.axes().plane.point(5.0, 5.0)
    drag(panel, middle, middle + QPointF(40, 0), Qt.MouseButton.RightButton)
    (x0, x1), y = panel.ranges
    assert x1 - x0 < 9
    assert y == pytest.approx((0, 10))


def test_the_button_a_shows_all_again(panel):
    panel.zoom(2.0)
    assert panel.zoomed
    panel.plot.autoBtn.clicked.emit(panel.plot.autoBtn)
    assert not panel.zoomed
    assert panel.ranges == ((0, 10), (0, 10))


def test_a_cross_hair_says_where_it_is(panel):
    place = panel.axes().plane.point(5.0, 2.0)
    panel.readout = False
    mouse(panel, "move", place)
    before = panel.grab().toImage()
    panel.cross_action.trigger()
    assert panel.grab().toImage() != before
    paper = painted(panel)
    panel.cross_action.trigger()
    assert (painted(panel) == paper).all()


def test_axes_are_switched_to_logarithms_in_the_menu(panel):
    panel.zoom(2.0)
    zoomed = panel.ranges[0]
    panel.log_actions[1].trigger()
    assert (panel.x_axis.log, panel.y_axis.log) == (False, True)
    assert panel.ranges[0] == zoomed
    panel.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10))  # as at each new run
    assert panel.y_axis.log
    panel.set_axes(("step", ""), ("f", ""), log_y=True, x_limits=(0, 10))  # the page's own switch
    panel.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10))
    assert not panel.y_axis.log
    assert not panel.log_actions[1].isChecked()


def test_a_log_axis_begins_where_the_values_do_when_its_range_began_below_0(shown):
    panel = shown(CurvesPanel("Curves", LIGHT))
    panel.set_axes(("z", ""), ("L", ""), x_limits=(-5, 5), y_limits=(-1, 8))
    z = np.linspace(-5, 5, 11)
    panel.set_curves([Curve("l", "L", z, 10.0 ** (z / 2), BLUE)])
    panel.log_actions[1].trigger()
    low, high = panel.ranges[1]  # decimal logarithms
    assert low <= -2.5
    assert high >= 2.5
    panel.set_axes(("step", ""), ("L", ""), log_x=True, x_limits=(0, 100), whole_x=True)  # steps begin at 1
    assert panel.ranges[0] == (0, 2)


def test_plots_over_the_same_steps_are_zoomed_together(shown):
    panel, other, different = (CurvesPanel("Curves", LIGHT) for _ in range(3))
    panel.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10))
    other.set_axes(("step", ""), ("g", ""), x_limits=(0, 10), y_limits=(0, 1))
    different.set_axes(("x", ""), ("g", ""), x_limits=(0, 10), y_limits=(0, 1))
    page = shown_together(shown, panel, other, different)
    Links([panel, other, different], page)
    wheel(panel, panel.axes().plane.point(5.0, 5.0), 120)
    assert other.ranges[0] == panel.ranges[0]
    assert other.ranges[1] == (0, 1)
    assert different.ranges[0] == (0, 10)
    wheel(other, other.axes().plane.point(5.0, 0.5), 120)  # and back
    assert panel.ranges[0] == other.ranges[0]
    other.reset_zoom()
    assert panel.ranges[0] == other.ranges[0] == (0, 10)
    panel.link_action.trigger()
    wheel(panel, panel.axes().plane.point(5.0, 5.0), 120)
    assert other.ranges[0] == (0, 10)


def test_a_link_is_offered_where_there_is_another_plot_over_the_same_steps(shown):
    panel, other = (CurvesPanel("Curves", LIGHT) for _ in range(2))
    for one in (panel, other):
        one.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10))
    page = shown_together(shown, panel, other)

    def offered():
        return panel.link_action in [action for action in panel.actions() if action.isVisible()]

    assert offered()
    other.hide()
    assert not offered()
    other.show()
    other.set_axes(("layer", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10), whole_x=True)
    assert not offered()
    page.close()


def shown_together(shown, *panels):
    """One widget with these panels in it."""
    page = QWidget()
    column = QVBoxLayout(page)
    for one in panels:
        column.addWidget(one)
    return shown(page, 500, 700)


def test_a_field_has_the_items_too(shown):
    field = FieldPanel("Field", LIGHT)
    grid = np.linspace(-1, 1, 20)
    field.set_field(grid[:, None] ** 2 + grid**2, ((-1, 1), (-1, 1)))
    shown(field)
    field.plot.addItem(pg.InfiniteLine(0.5, pen=pg.mkPen(RED, width=3)))
    assert has_colour(painted(field), RED)
    at = field.axes().plane.point(0.5, 0.2).toPoint()
    assert QColor(field.grab().toImage().pixel(at)).name().upper() == RED


def test_what_raises_in_a_paint_is_told_and_the_window_lives(panel, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(error))
    line = panel.lines[0]
    line.draw = lambda painter, axes, live: 1 / 0
    panel.redraw()
    panel.grab()
    panel.grab()  # the picture is kept without it: it is not told again
    assert [type(error) for error in told] == [ZeroDivisionError]
    painted(panel)
    assert len(told) == 2
    del line.draw
    panel.redraw()
    assert has_colour(painted(panel), BLUE.colour)


def test_what_raises_in_an_item_under_the_mouse_is_told(panel, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(str(error)))

    class Touchy(pg.PlotCurveItem):
        def mouseClickEvent(self, event):
            raise ValueError("click")

        def hoverEvent(self, event):
            raise ValueError("hover")

    panel.plot.addItem(Touchy([0, 10], [5, 5], pen=pg.mkPen(RED, width=9)))
    panel.grab()
    for kind in ("move", "press", "release"):
        mouse(panel, kind, panel.axes().plane.point(7.0, 5.0))
    assert {"hover", "click"} == set(told)


def test_pyqtgraph_has_what_is_used_of_its_inside():
    """Names that are no promise of pyqtgraph: another version may not have them, hence the pin."""
    plot = pg.PlotItem()
    assert {"viewRange", "targetRange", "autoRange", "mouseEnabled", "mouseMode"} <= plot.vb.state.keys()
    assert hasattr(plot.vb, "_updatingRange")
    assert hasattr(plot.vb, "_autoRangeNeedsUpdate")
    assert hasattr(plot.vb, "borderRect")
    assert hasattr(plot, "autoBtn")
    assert hasattr(pg.PlotCurveItem(), "_exportOpts")
    assert hasattr(pg.GraphicsLayout(), "itemBorders")
