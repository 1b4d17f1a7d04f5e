"""A quiet button that shows and hides what is folded away."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton

from gui.look.icons import icon
from gui.look.theme import Theme


class Fold(QToolButton):
    """Checked while what it folds away is shown; its arrow points there."""

    def __init__(self, words: str, name: str, theme: Theme) -> None:
        super().__init__()
        self.setText(words)
        self.setCheckable(True)
        self.setObjectName(name)
        self._icons = {True: icon("open", theme.quiet), False: icon("closed", theme.quiet)}
        self.setProperty("fold", True)
        self.setAutoRaise(True)
        if words:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(theme.px(14), theme.px(14)))
        self.setIcon(self._icons[False])
        self.toggled.connect(lambda on: self.setIcon(self._icons[on]))
