"""A plot that is made quickly is pyqtgraph's in all that its users ask of it."""

import pyqtgraph as pg
import pytest
from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QGroupBox, QListWidget, QSpinBox

from gui.plots.light_axis import LightAxis
from gui.plots.light_plot import LightPlot

SIGNALS = (
    (QAbstractButton, "toggled(bool)"),
    (QGroupBox, "toggled(bool)"),
    (QAbstractSlider, "valueChanged(int)"),
    (QSpinBox, "valueChanged(int)"),
    (QListWidget, "itemClicked(QListWidgetItem*)"),
)
LATE = {"ctrl", "ctrlMenu", "stateGroup", "titleLabel"}


@pytest.fixture
def plots(qapp):
    return pg.PlotItem(), LightPlot()


def heard(plot):
    """How many hear each control of a plot's form."""
    return {
        name: control.receivers(SIGNAL(signal))
        for name, control in vars(plot.ctrl).items()
        for kind, signal in SIGNALS
        if isinstance(control, kind)
    }


def test_it_knows_all_that_a_plot_item_knows(plots):
    theirs, ours = map(vars, plots)
    assert theirs.keys() - ours.keys() == LATE
    own = {
        name: value for name, value in theirs.items() if isinstance(value, bool | float | str | list | dict)
    }
    del own["axes"]
    assert {name: ours[name] for name in own} == own | {"_menuEnabled": False}


def test_it_is_laid_out_as_a_plot_item(plots):
    def places(plot):
        layout = plot.layout
        return (
            [(layout.rowStretchFactor(k), layout.rowSpacing(k)) for k in range(layout.rowCount())],
            [(layout.columnStretchFactor(k), layout.columnSpacing(k)) for k in range(layout.columnCount())],
            layout.getContentsMargins(),
        )

    theirs, ours = plots
    for plot in plots:
        plot.resize(300, 200)
        plot.setTitle("A title")
        plot.setLabel("left", "height", units="m")
        plot.layout.activate()
    assert ours.titleLabel.text == "A title"
    assert ours.getAxis("left").label.toHtml() == theirs.getAxis("left").label.toHtml()
    assert ours.vb.geometry() == theirs.vb.geometry()
    assert list(ours.axes) == ["bottom", "left"]
    assert not ours.getAxis("top").isVisible()  # made now that it is asked for
    assert not ours.getAxis("right").isVisible()
    for plot in plots:
        plot.layout.activate()
    assert places(theirs) == places(ours)
    assert ours.vb.geometry() == theirs.vb.geometry()
    for plot in plots:
        plot.showAxis("right")
        plot.layout.activate()
    assert ours.vb.geometry() == theirs.vb.geometry()


def test_its_form_is_made_when_it_is_asked_for_and_is_heard(plots):
    theirs, ours = plots
    for name, control in vars(theirs.ctrl).items():
        if hasattr(control, "isChecked"):
            assert getattr(ours.ctrl, name).isChecked() == control.isChecked(), name
    assert "ctrl" not in vars(ours)
    assert ours.ctrl.gridAlphaSlider.value() == theirs.ctrl.gridAlphaSlider.value()
    assert heard(ours) == heard(theirs)
    assert [action.text() for action in ours.ctrlMenu.actions()] == [
        action.text() for action in theirs.ctrlMenu.actions()
    ]
    state = theirs.saveState()
    assert ours.saveState().keys() == state.keys()
    assert {key: ours.saveState()[key] for key in state.keys() - {"view"}} == {
        key: state[key] for key in state.keys() - {"view"}
    }


def test_grids_logarithms_legends_and_curves_are_as_ever(plots):
    for plot in plots:
        plot.addLegend()
        curve = plot.plot([1.0, 10.0, 100.0], [1.0, 2.0, 3.0], name="one")
        plot.setLogMode(x=True)
        plot.showGrid(x=True, alpha=0.5)
        plot.setDownsampling(ds=2, auto=False, mode="mean")
        assert list(curve.getData()[1]) == [1.5]  # the mean of two
        assert plot.getAxis("bottom").logMode
        assert plot.getAxis("bottom").grid == plot.getAxis("top").grid == 127
        assert plot.getAxis("left").grid is False
        assert [label.text for _, label in plot.legend.items] == ["one"]
        plot.clear()
        assert plot.listDataItems() == []


def test_curves_come_and_go_without_a_form_and_one_that_is_made_lists_what_they_say(plots):
    for plot in plots:
        gone, _ = (
            plot.addItem(curve, params={"rate": 1, name: 2}) or curve
            for name, curve in (("old", pg.PlotCurveItem()), ("new", pg.PlotCurveItem()))
        )
        plot.removeItem(gone)
    theirs, ours = plots
    assert "ctrl" not in vars(ours)
    ours.make_form()
    listed = [
        [plot.ctrl.avgParamList.item(k).text() for k in range(plot.ctrl.avgParamList.count())]
        for plot in plots
    ]
    assert listed == [["rate", "new"]] * 2
    assert ours.paramList == theirs.paramList


def test_an_axis_typesets_its_words_once_for_each_change(qapp):
    theirs, ours = pg.AxisItem("bottom"), LightAxis("bottom")
    for axis in (theirs, ours):
        axis.setLabel("length", units="m", color="#ff0000")
        axis.setRange(0.0, 5000.0)
    assert ours.label.toHtml() == theirs.label.toHtml()
    assert ours.label.toPlainText() == "length (km)"
    for axis in (theirs, ours):
        axis.setLabel()
        axis.showLabel()
    assert ours.label.toHtml() == theirs.label.toHtml()
