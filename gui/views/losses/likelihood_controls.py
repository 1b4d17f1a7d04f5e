"""The row over the points: add one, remove one, and how it is done with the mouse."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gui.language import tr
from gui.theme import Theme


class PointsBar(QWidget):
    """Two buttons. They leave the focus where it is, so that the arrow keys go on moving the point."""

    added = Signal()
    removed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.add = _button(
            tr("Add a point"),
            tr("Put a point into the middle of the plot. A click with Ctrl puts it under the mouse."),
        )
        self.remove = _button(
            tr("Remove the point"),
            tr("Remove the point that was moved last. A click with Ctrl on a point, or Delete, does it too."),
        )
        hint = QLabel(tr("Drag the points; Ctrl+click adds or removes one."))
        hint.setObjectName("quiet")
        hint.setToolTip(tr("A click with Ctrl adds a point; on a point it removes it."))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(10))
        row.addWidget(self.add)
        row.addWidget(self.remove)
        row.addStretch(1)
        row.addWidget(hint)
        self.add.clicked.connect(self.added)
        self.remove.clicked.connect(self.removed)

    def show_count(self, count: int, least: int, most: int) -> None:
        """Offer only what the number of points allows."""
        self.add.setEnabled(count < most)
        self.remove.setEnabled(count > least)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
