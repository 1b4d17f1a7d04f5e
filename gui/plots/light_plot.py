"""A PlotItem that is made in a third of the time: its hidden parts are made only when they are used."""

from collections.abc import Callable
from inspect import signature
from typing import Any
from weakref import WeakKeyDictionary, ref

import pyqtgraph as pg
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsItem, QSizePolicy

from gui.plots.light_axis import LightAxis

MIDDLE = (2, 1)  # row and column of the view in the layout
SIDES = {"top": (1, 1), "bottom": (3, 1), "left": (2, 0), "right": (2, 2)}  # row and column of each axis
UNSEEN = ("top", "right")
OVER = 0.5  # the layer of axes: over pictures, at 0, and under items at 1 or more
BUTTON = 14  # pixels of the button A
# the check boxes that are on in an unchanged form
CHECKED = {"peakRadio", "autoDownsampleCheck", "autoPointsCheck", "pointsGroup", "alphaGroup"}
LATE = ("ctrl", "ctrlMenu", "stateGroup")  # what the menu of a plot consists of
# the methods of PlotItem that are connected to its form
HEARD = (
    "updateAlpha",
    "updateGrid",
    "updateSpectrumMode",
    "updateSubtractMeanMode",
    "updateLogMode",
    "updateDerivativeMode",
    "updatePhasemapMode",
    "updateDownsampling",
    "avgParamListClicked",
    "avgToggled",
    "_handle_max_traces_toggle",
    "updateDecimation",
)


class LightPlot(pg.PlotItem):
    """A PlotItem that is made faster; `plot.ctrl`, `ctrlMenu`, `stateGroup`, `titleLabel` still work.

    pyqtgraph makes sixty widgets for the menu of every plot. A page has ten plots and its own menu instead.
    """

    ctrl: Any

    def __init__(self, viewBox: Any = None, axisItems: dict[str, Any] | None = None) -> None:
        pg.GraphicsWidget.__init__(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.autoBtn = self.make_button()
        self.autoBtn.mode = "auto"
        self.autoBtn.clicked.connect(self.autoBtnClicked)
        self.buttonsHidden = self.mouseHovering = False
        self._set_items()
        self._set_view(viewBox or pg.ViewBox(parent=self, enableMenu=False))
        self.axes: dict[str, Any] = {}
        given = axisItems or {}
        for side in ("top", "bottom", "left", "right"):
            if side in given or side not in UNSEEN:
                self._place_axis(side, given.get(side) or LightAxis(side, parent=self))

    def make_button(self) -> Any:
        """The button A."""
        return pg.ButtonItem(pg.icons.getGraphPixmap("auto"), BUTTON, self)

    def _set_items(self) -> None:
        """Set the attributes of PlotItem that list its items: empty."""
        self.items: list[Any] = []
        self.curves: list[Any] = []
        self.dataItems: list[Any] = []
        self.itemMeta: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        self.paramList: dict[Any, Any] = {}
        self.avgCurves: dict[Any, Any] = {}
        self.avgPen, self.avgShadowPen = pg.mkPen((0, 200, 0)), pg.mkPen((0, 0, 0), width=4)
        self.alpha, self.autoAlpha, self.spectrumMode = 1.0, True, False
        self.legend = self.fileDialog = None

    def _set_view(self, view: Any) -> None:
        """Lay out the view, with room for axes around it and a title over it."""
        self.vb = view
        view.sigStateChanged.connect(self.viewStateChanged)
        for name in ("sigRangeChanged", "sigXRangeChanged", "sigYRangeChanged", "sigRangeChangedManually"):
            getattr(view, name).connect(getattr(self, name))
        self.setMenuEnabled(False, None)
        self.layout = QGraphicsGridLayout()
        self.layout.setContentsMargins(1, 1, 1, 1)
        self.layout.setSpacing(0)
        self.setLayout(self.layout)
        self.layout.addItem(view, *MIDDLE)
        self.layout.setRowStretchFactor(MIDDLE[0], 100)
        self.layout.setColumnStretchFactor(MIDDLE[1], 100)
        self.layout.setRowStretchFactor(0, 1)
        self.layout.setRowFixedHeight(0, 0)

    def _place_axis(self, side: str, axis: Any) -> None:
        axis.linkToView(self.vb)
        self.axes[side] = {"item": axis, "pos": SIDES[side]}
        self.layout.addItem(axis, *SIDES[side])
        row, column = SIDES[side]  # a hidden axis must not be in the layout: it would take room
        self.layout.setRowStretchFactor(row, 100 if row == MIDDLE[0] else 1)
        self.layout.setColumnStretchFactor(column, 100 if column == MIDDLE[1] else 1)
        axis.setZValue(OVER)
        axis.setFlag(QGraphicsItem.GraphicsItemFlag.ItemNegativeZStacksBehindParent)

    def _checkScaleKey(self, key: str) -> None:
        """Make an axis when it is asked for."""
        if key in UNSEEN and key not in self.axes:
            self._place_axis(key, LightAxis(key, parent=self))
            self.hideAxis(key)
        super()._checkScaleKey(key)

    def __getattr__(self, name: str) -> Any:
        """Make a part that does not exist yet."""
        if name == "ctrl":
            return PlotForm(self)
        if name in LATE:
            self.make_form()
        elif name == "titleLabel":
            self.titleLabel = pg.LabelItem("", size="11pt", parent=self)
            self.layout.addItem(self.titleLabel, 0, 1)
            self.setTitle(None)
        else:
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        return self.__dict__[name]

    def setTitle(self, title: str | None = None, **args: Any) -> None:
        """Write a title over the plot, or none."""
        if title is not None or "titleLabel" in self.__dict__:
            super().setTitle(title, **args)

    def make_form(self) -> Any:
        """Make the widgets and the menu that pyqtgraph makes with every plot; return the widgets."""
        if "ctrl" not in self.__dict__:
            self._menu = MenuOf(self)
            for late in LATE:
                setattr(self, late, getattr(self._menu, late))
            self.updateParamList()
        return self.ctrl

    def updateParamList(self) -> None:
        """List in the menu, once it is made, what curves can be averaged over."""
        if "ctrl" in self.__dict__:
            super().updateParamList()


class MenuOf(pg.PlotItem):
    """A PlotItem that is made for its menu: it calls the methods of another plot."""

    def __init__(self, plot: LightPlot) -> None:
        self._plot = ref(plot)
        super().__init__()

    @staticmethod
    def heard(name: str) -> Callable[..., None]:
        """Return a method that calls the method of this name of the other plot."""
        count = len(signature(getattr(pg.PlotItem, name)).parameters) - 1

        def hear(menu: "MenuOf", *said: Any) -> None:
            getattr(menu._plot(), name)(*said[:count])

        return hear


for _name in HEARD:
    setattr(MenuOf, _name, MenuOf.heard(_name))


class PlotForm:
    """Stands for the widgets of a plot until they are made: `form.logXCheck.isChecked()` works."""

    def __init__(self, plot: LightPlot) -> None:
        self._plot = plot

    def __getattr__(self, name: str) -> "Control":
        return Control(self._plot, name)


class Control:
    """Stands for a check box; the real one is made when more than `isChecked` is used."""

    def __init__(self, plot: LightPlot, name: str) -> None:
        self._plot, self._name = plot, name

    def isChecked(self) -> bool:
        """Whether it is checked at first; pyqtgraph asks this for every curve."""
        return self._name in CHECKED

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(self._plot.make_form(), self._name), name)
