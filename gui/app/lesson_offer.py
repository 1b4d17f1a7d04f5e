"""What the first start offers, once, at the end of the row of the tabs: a lesson of ten minutes."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gui.app.lesson_files import START_HERE
from gui.app.lesson_guide import LessonGuide
from gui.look.language import tr
from gui.look.preferences import Preferences


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


class FirstOffer(QObject):
    """Offers the lesson until it is taken or refused, or until any lesson is opened."""

    def __init__(self, guide: LessonGuide, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._guide, self._preferences = guide, preferences
        self._shown: LessonOffer | None = None
        guide.changed.connect(self.end)

    @property
    def stands(self) -> bool:
        """Whether it is still offered."""
        return not self._preferences.lesson_offered

    def join(self, offer: LessonOffer | None) -> None:
        """Hear the buttons in a window that was made anew, if they are there."""
        self._shown = offer
        if offer is not None:
            offer.accepted.connect(self._start)
            offer.refused.connect(self.end)

    def end(self) -> None:
        """Offer no lesson any more."""
        self._preferences.lesson_offered = True
        if self._shown is not None:
            self._shown.hide()

    def _start(self) -> None:
        QTimer.singleShot(0, self, partial(self._guide.open, START_HERE))  # the button goes with the screen
