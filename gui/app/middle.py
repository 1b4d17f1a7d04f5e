"""What stands in the window under its menus: the tabs, the line that tells what was done, and a screen."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.app.navigation import ExperimentList, TabBar
from gui.app.status_line import StatusLine
from gui.look.theme import Theme
from gui.screen.playback import Playback
from gui.screen.screen import Screen


class Middle(QWidget):
    """The widgets of one playback; others are made for another one, in another language or theme."""

    tabs: TabBar
    experiments: ExperimentList
    on_screen: Screen

    def fill(self, playback: Playback, theme: Theme, language: str, status_line: StatusLine) -> None:
        """Make all widgets in their place, for Qt polishes them once more wherever they are moved to."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        column.addLayout(top)
        shown = playback.experiment.name
        self.tabs, self.experiments = TabBar(shown), ExperimentList(shown)
        top.addWidget(self.tabs)
        self.on_screen = Screen(playback, theme, language, self.experiments, self)
        top.addWidget(status_line, 1)
        column.addWidget(self.on_screen, 1)
