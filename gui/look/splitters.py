"""Plots beside and above each other, with hairlines between them that can be dragged."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


def side_by_side(widgets: Sequence[QWidget], shares: Sequence[int]) -> QSplitter:
    """Widgets in a row whose borders can be dragged."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    for widget in widgets:
        splitter.addWidget(widget)
    return _thin(splitter, shares)


def above_each_other(widgets: Sequence[QWidget], shares: Sequence[int]) -> QSplitter:
    """Widgets in a column whose borders can be dragged; they keep their shares as the window grows."""
    splitter = QSplitter(Qt.Orientation.Vertical)
    for index, (widget, share) in enumerate(zip(widgets, shares, strict=True)):
        splitter.addWidget(widget)
        splitter.setStretchFactor(index, share)
    return _thin(splitter, shares)


def _thin(splitter: QSplitter, shares: Sequence[int]) -> QSplitter:
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    splitter.setSizes([share * 100 for share in shares])
    return splitter
