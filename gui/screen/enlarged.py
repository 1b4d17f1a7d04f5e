"""One plot as large as the view: it covers the others until it goes back to its place."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.plots.panel import Panel


class Enlarged(QWidget):
    """Covers a view and holds one of its plots; an empty widget keeps the place of the plot.

    `put_back` ends it; it also ends when the view hides the plot.
    """

    ended = Signal()

    def __init__(self, view: QWidget, panel: Panel) -> None:
        super().__init__(view)
        self.panel, self._view = panel, view
        self._policy = panel.sizePolicy()
        self.place = QWidget()
        self.place.setSizePolicy(self._policy)
        self.place.setMinimumSize(panel.minimumSize())
        parent = panel.parentWidget()
        self._sizes = parent.sizes() if isinstance(parent, QSplitter) else []
        exchange(panel, self.place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        self._restore_sizes()
        self.setGeometry(view.rect())
        view.installEventFilter(self)
        panel.installEventFilter(self)
        self.place.show()
        panel.alone = True
        self.show()
        panel.show()
        self.raise_()
        panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_back(self) -> None:
        """Put the plot back where it was."""
        self._view.removeEventFilter(self)
        self.panel.removeEventFilter(self)
        parent = self.place.parentWidget()
        self._sizes = parent.sizes() if isinstance(parent, QSplitter) else []
        exchange(self.place, self.panel)
        self.panel.alone = False
        self.panel.show()
        self._restore_sizes()
        self.panel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.place.deleteLater()
        self.hide()
        self.deleteLater()
        self.ended.emit()

    def _restore_sizes(self) -> None:
        for widget in (self.place, self.panel):
            parent = widget.parentWidget()
            if isinstance(parent, QSplitter) and self._sizes:
                parent.setSizes(self._sizes)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the view; end if the view no longer shows the plot."""
        if watched is self._view and isinstance(event, QResizeEvent):
            self.setGeometry(self._view.rect())
        elif watched is self.panel and event.type() == QEvent.Type.HideToParent:
            self.put_back()
            self.panel.hide()
        return False


def exchange(old: QWidget, new: QWidget) -> None:
    """Put one widget in the place of another, in its splitter or layout."""
    parent = old.parentWidget()
    if isinstance(parent, QSplitter):
        parent.replaceWidget(parent.indexOf(old), new)
    elif parent is not None and (layout := parent.layout()) is not None:
        layout.replaceWidget(old, new)
        new.setParent(parent)
    old.setParent(None)
