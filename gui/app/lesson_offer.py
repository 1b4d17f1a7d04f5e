"""What the first start offers, once, at the end of the row of the tabs: a lesson of ten minutes."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gui.look.language import tr


class LessonOffer(QWidget):
    """Two quiet buttons; whichever is pressed, it is not seen again."""

    accepted = Signal()
    refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        self.start = QPushButton(tr("New here? Ten minutes to start"))
        self.start.setToolTip(tr("A lesson from a ball on a hill to p − y; you find it under Lessons too"))
        self.start.clicked.connect(self.accepted)
        self.leave = QPushButton(tr("Not now"))
        self.leave.setToolTip(tr("This is not offered again; the lesson stays under Lessons"))
        self.leave.clicked.connect(self.refused)
        row.addWidget(self.start)
        row.addWidget(self.leave)
