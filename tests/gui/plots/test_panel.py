"""What all plots share: the focus is seen, and what is told is what is under the mouse now."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from gui.look.theme import DARK, LIGHT, Stroke
from gui.plots.bars import Bars, BarsPanel
from gui.plots.contours import FieldPanel
from gui.plots.curves import Curve, CurvesPanel, Handle
from gui.plots.heatmap import HeatmapPanel
from gui.plots.histogram import Histogram, HistogramPanel
from gui.plots.images import ImagesPanel
from gui.plots.own.coloured_text import ColouredTextPanel
from gui.plots.own.diagram import DiagramPanel
from gui.plots.own.diagram_parts import Box
from gui.plots.own.large_numbers import LargeNumbersPanel
from gui.plots.own.surface3d import Surface3DPanel
from gui.plots.own.table import TablePanel
from gui.plots.stacks import StacksPanel
from tests.gui.plots.conftest import mouse

STROKE = Stroke("#0072B2")
KINDS = (
    BarsPanel,
    ColouredTextPanel,
    CurvesPanel,
    DiagramPanel,
    FieldPanel,
    HeatmapPanel,
    HistogramPanel,
    ImagesPanel,
    LargeNumbersPanel,
    StacksPanel,
    Surface3DPanel,
    TablePanel,
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_focus_is_seen_in_every_plot(shown, qtbot, kind, theme):
    plot = shown(kind("plot", theme))
    plot.clearFocus()
    without = plot.grab().toImage()
    plot.activateWindow()
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(plot.hasFocus)
    withit = plot.grab().toImage()
    assert withit.pixelColor(1, 20).name() == theme.accent.lower()
    assert without.pixelColor(1, 20).name() != theme.accent.lower()


class Misspelt(CurvesPanel):
    """A panel whose items cannot be made."""

    def _add_layers(self) -> None:
        self.playhaed.hide()


def test_a_plot_is_made_when_it_or_an_item_of_it_is_first_asked_for(qtbot):
    for name in ("plot", "playhead"):
        panel = CurvesPanel("plot", LIGHT)
        qtbot.addWidget(panel)
        assert not panel.made
        getattr(panel, name)
        assert panel.made


def test_after_an_error_in_its_layout_a_plot_shows_what_it_has(shown):
    def with_curves(*names):
        panel = shown(CurvesPanel("Loss", LIGHT))
        panel.set_curves([Curve(name, name, np.arange(4.0), np.arange(4.0) % k, STROKE) for k, name in names])
        panel.grab()
        return panel

    panel, fresh = with_curves((2, "a")), with_curves((3, "b"), (4, "c"))

    def fails(*_):
        raise RuntimeError("no room")

    panel._lay_out = fails
    panel.redraw()
    with pytest.raises(RuntimeError, match="no room"):
        panel.flush()
    del panel._lay_out
    panel.restart()
    panel.set_curves(fresh.curves)
    assert panel.grab().toImage() == fresh.grab().toImage()


def test_a_name_that_no_panel_has_is_told(qtbot):
    panel = CurvesPanel("plot", LIGHT)
    qtbot.addWidget(panel)
    for _ in range(2):  # before the plot is made, and after it
        with pytest.raises(AttributeError, match="CurvesPanel has no attribute playhaed"):
            _ = panel.playhaed


@pytest.mark.parametrize("name", ["plot", "playhead"])
def test_a_plot_that_cannot_be_made_says_what_is_missing(qtbot, name):
    panel = Misspelt("plot", LIGHT)
    qtbot.addWidget(panel)
    with pytest.raises(RuntimeError, match="no attribute playhaed") as found:
        getattr(panel, name)
    assert str(found.value).startswith("The plot of Misspelt cannot be made: ")


def line(slope: float) -> Curve:
    return Curve("a", "a", np.array([0.0, 10.0]), np.array([0.0, 10.0 * slope]), STROKE)


def test_after_a_drag_the_readout_is_of_the_place_where_it_ended(shown):
    plot = CurvesPanel("plot", LIGHT)
    plot.set_axes(("x", ""), ("y", ""), x_limits=(0, 10), y_limits=(0, 10))
    plot.set_curves([line(1.0)])
    plot.set_handles([Handle("h", "h", 2, 2, STROKE)])
    plot.handle_dragged.connect(lambda key, x, y: plot.set_handles([Handle(key, key, x, y, STROKE)]))
    shown(plot)
    start, end = (plot.axes().plane.point(x, x) for x in (2, 8))
    mouse(plot, "move", start)
    mouse(plot, "press", start)
    mouse(plot, "move", end)
    mouse(plot, "release", end)
    plot.grab()
    assert plot._mouse is not None
    assert plot._mouse[0] == end
    assert plot._mouse[1] == pytest.approx(8, abs=0.05)


def test_another_picture_under_a_still_mouse_is_read_anew(shown, qtbot):
    plot = CurvesPanel("plot", LIGHT)
    plot.set_axes(("x", ""), ("y", ""), x_limits=(0, 10), y_limits=(0, 10))
    plot.set_curves([line(1.0)])
    shown(plot)
    mouse(plot, "move", plot.axes().plane.point(4, 4))
    heard = []
    plot.hovered.connect(heard.append)
    plot.set_axes(("x", ""), ("y", ""), x_limits=(0, 20), y_limits=(0, 10))
    plot.grab()
    assert heard == [pytest.approx(8, abs=0.3)]


def test_other_bars_under_a_still_mouse_are_told(shown):
    def bars(count):
        values = np.full(count, 0.5)
        plot.set_bars([str(k) for k in range(count)], [Bars("p", "P", values, STROKE)])

    plot = BarsPanel("plot", LIGHT)
    plot.set_axes(("", ""), ("p", ""), (0, 1))
    bars(2)
    shown(plot)
    mouse(plot, "move", plot._bar(plot.axes(), 0, 1).center())
    assert plot._pointed == (0, 1)
    bars(8)
    plot.grab()
    assert plot._pointed is not None
    assert plot._pointed[1] in (5, 6)


def test_a_path_is_read_where_the_start_was_dropped(shown):
    plot = FieldPanel("plot", LIGHT)
    plot.set_field(np.arange(16.0).reshape(4, 4), ((0.0, 3.0), (0.0, 3.0)), log_levels=False)
    plot.set_start(1.0, 1.0)
    shown(plot)
    start, end = plot.axes().plane.point(1, 1), plot.axes().plane.point(2, 2)
    for kind, place in (("move", start), ("press", start), ("move", end), ("release", end)):
        mouse(plot, kind, place)
    plot.grab()
    assert plot._mouse == end


def test_a_diagram_is_read_with_the_keys(shown, qtbot):
    plot = DiagramPanel("plot", LIGHT)
    boxes = [Box(key, (20.0 + 30 * k, 30.0), key, STROKE) for k, key in enumerate("abc")]
    plot.set_diagram((100.0, 60.0), boxes, [], [])
    shown(plot)
    heard = []
    plot.selected.connect(heard.append)
    keys = (
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Return,
        Qt.Key.Key_Left,
        Qt.Key.Key_Return,
        Qt.Key.Key_Escape,
    )
    for key in keys:
        qtbot.keyClick(plot, key)
    assert heard == ["b", "a", ""]
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.RightButton, pos=plot.rect().center())  # the menu
    assert heard == ["b", "a", ""]


def test_a_histogram_is_read_with_the_keys(shown, qtbot):
    plot = HistogramPanel("plot", LIGHT)
    edges = np.arange(4.0)
    plot.set_histograms([Histogram(name, edges, np.array([1.0, 2.0, 3.0]), STROKE) for name in "ab"])
    shown(plot)
    heard = []
    plot.hovered.connect(heard.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(plot, key)
    assert heard == [(0, 0), (0, 1), (1, 1), (1, 0)]
    mouse(plot, "move", QPointF(1, 1))
    assert heard[-1] is None
