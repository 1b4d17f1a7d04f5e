"""The menu of a plot, and the display of a plot as large as the page."""

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gui.look.language import tr
from gui.plots.panel import Panel
from gui.screen.enlarged import Enlarged


class PlotMenu(QObject):
    """Opens the menus of the plots of a view, and holds the plot that is enlarged."""

    export_requested = Signal(object)  # a Panel
    picture_requested = Signal(object)  # a Panel, for the clipboard
    data_requested = Signal(object)  # a Panel, for the clipboard

    def __init__(self, view: QWidget, screen: QWidget) -> None:
        super().__init__(screen)
        self.enlarged: Enlarged | None = None  # holds the plot that is as large as the view
        self.use(view)

    def use(self, view: QWidget) -> None:
        """Connect to the plots of a view."""
        self._view = view
        for panel in view.findChildren(Panel):
            panel.menu_requested.connect(self._open)
            panel.enlarge_wanted.connect(self.enlarge)

    def menu_of(self, panel: Panel) -> QMenu:
        """Return the menu of a plot."""
        screen = self.parent()
        assert isinstance(screen, QWidget)
        menu = QMenu(screen)
        menu.addAction(tr("Export this plot…"), lambda: self.export_requested.emit(panel))
        menu.addAction(tr("Copy this plot"), lambda: self.picture_requested.emit(panel))
        menu.addAction(tr("Copy its data"), lambda: self.data_requested.emit(panel))
        menu.addSeparator()
        whole = self.enlarged is not None and self.enlarged.panel is panel
        menu.addAction(
            tr("Back to its place") if whole else tr("Enlarge to the page"),
            QKeySequence(Qt.Key.Key_F),
            lambda: self.enlarge(panel),
        )
        menu.addActions(panel.actions())
        return menu

    def enlarge(self, panel: Panel) -> None:
        """Show a plot as large as the view, or put it back."""
        before = self.enlarged
        self.put_back()
        if before is None or before.panel is not panel:
            self.enlarged = Enlarged(self._view, panel)
            self.enlarged.ended.connect(self._forget)

    def put_back(self) -> None:
        """Put the enlarged plot, if there is one, back in its place."""
        if self.enlarged is not None:
            self.enlarged.put_back()

    def _forget(self) -> None:
        self.enlarged = None

    def _open(self, panel: Panel, place: QPoint) -> None:
        menu = self.menu_of(panel)
        menu.exec(place)
        menu.deleteLater()
