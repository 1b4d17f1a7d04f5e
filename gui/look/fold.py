"""A quiet button that shows and hides what is folded away."""

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from gui.look.icons import icon
from gui.look.theme import Theme


class Fold(QToolButton):
    """It is checked while its part is shown; its arrow points down then."""

    def __init__(self, words: str, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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


def open_folds(root: QWidget) -> frozenset[str]:
    """Which folded parts of a widget are open."""
    return frozenset(fold.objectName() for fold in root.findChildren(Fold) if fold.isChecked())


def open_again(root: QWidget, names: Collection[str]) -> None:
    """Open the parts with these names and close the others, after the widget was built again."""
    for fold in root.findChildren(Fold):
        fold.setChecked(fold.objectName() in names)
