"""What stands in the window under its menus: the tabs, the line that tells what was done, and a screen."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.app.lesson_offer import LessonOffer
from gui.app.navigation import ExperimentList, Header, TabBar
from gui.app.status_line import StatusLine
from gui.look.theme import Theme
from gui.screen.playback import Playback
from gui.screen.screen import Screen


class Middle(QWidget):
    """The widgets of one playback; others are made for another one, in another language or theme."""

    tabs: TabBar
    header: Header
    on_screen: Screen
    offer: LessonOffer | None = None  # of a lesson, at the first start

    @property
    def experiments(self) -> ExperimentList:
        """The experiments of the tab."""
        return self.header.experiments

    def fill(
        self,
        playback: Playback,
        theme: Theme,
        language: str,
        status_line: StatusLine,
        offer: bool = False,
    ) -> None:
        """Make all widgets in their place, for Qt polishes them once more wherever they are moved to.

        A lecture shows neither tabs nor the list of experiments.
        """
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        column.addLayout(top)
        shown = playback.experiment.name
        self.tabs, self.header = TabBar(shown, self), Header(shown, self)
        top.addWidget(self.tabs)
        self.on_screen = Screen(playback, theme, language, self)
        self.on_screen.form_seen.connect(self.header.form.setChecked)
        self.on_screen.notes_seen.connect(self.header.notes.setChecked)
        if theme.presenting:
            status_line.lie_over(self, self.on_screen.transport.sizeHint().height())
        else:
            status_line.join(top)
        if offer and not theme.presenting:
            self.offer = LessonOffer(self)
            top.addWidget(self.offer)
        column.addWidget(self.header)
        column.addWidget(self.on_screen, 1)
        if theme.presenting:
            self.tabs.hide()
            self.header.hide()
