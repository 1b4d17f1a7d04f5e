"""Texts in the notes: an explanation in its full height; the text on a scene, and things to try."""

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QUrl, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QResizeEvent, QShowEvent, QTextDocument
from PySide6.QtWidgets import (
    QFrame,
    QMenu,
    QPushButton,
    QSizePolicy,
    QTextBrowser,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.config import Config
from gui.look.formula_copy import copy_latex, copying_actions
from gui.look.glossary_links import SCHEME, entry_at, link_words
from gui.look.language import installed, tr
from gui.look.plain import as_plain
from gui.look.theme import Theme
from gui.screen.explanation import explanation, formula_named, formulas_in
from gui.screen.options_widgets import entitle, push_button
from gui.screen.scenes import Scene


class Explanation(QTextBrowser):
    """A text in its full height; the panel around it scrolls."""

    entry_requested = Signal(str)  # a word is in the glossary: the key of its entry

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._markdown, self._wide = theme, "", 0
        self.experiment = ""  # what the text is about
        self.entry = ""  # the entry of the glossary that it is itself
        self._typeset: QTextDocument | None = None
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed))
        self.setAccessibleName(tr("Explanation"))
        self.anchorClicked.connect(self._follow)

    def set_markdown(self, markdown: str) -> None:
        """Show another text. It is typeset when it becomes visible, because its width is known then."""
        self._markdown, self._wide = markdown, 0
        if self.isVisible():
            self._set()

    def _set(self) -> None:
        """Typeset for the present width."""
        if self.width() != self._wide:
            self._wide = self.width()
            left = self._typeset
            self._typeset = explanation(
                self._markdown, self._theme, self._wide, self.devicePixelRatioF(), self
            )
            link_words(self._typeset, installed(), self.experiment, self._theme, self.entry)
            self.setDocument(self._typeset)
            if left is not None:  # otherwise the old document would stay with the widget
                left.deleteLater()
        self.document().setTextWidth(self._wide)
        self.setFixedHeight(round(self.document().size().height()) + 1)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == SCHEME:
            self.entry_requested.emit(url.path())

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what a word of the glossary is, under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            entry = entry_at(self.anchorAt(event.pos()))
            if entry is not None:
                QToolTip.showText(event.globalPos(), as_plain(entry.words[installed()].meaning), self)
                return True
        return super().viewportEvent(event)

    def focusNextPrevChild(self, next_one: bool) -> bool:
        """The Tab key passes by the words of the glossary, which are many: Ctrl+K finds them by key."""
        while super().focusNextPrevChild(next_one):
            if not self.hasFocus() or entry_at(self.textCursor().charFormat().anchorHref()) is None:
                return True
        return False

    def formulas(self) -> list[str]:
        """Return the LaTeX of the formulas in the text, each once."""
        return list(dict.fromkeys(formulas_in(self.document())))

    def menu(self, place: QPoint | None) -> QMenu:
        """Return the menu of the text and of the formula at a place; opened by key, of every formula."""
        menu = self.createStandardContextMenu()
        name = self.document().documentLayout().imageAt(QPointF(place)) if place is not None else ""
        latex = formula_named(self.document(), name)
        if latex:
            actions = copying_actions(menu, self._theme, latex)
            menu.insertActions(menu.actions()[0], [*actions, menu.insertSeparator(menu.actions()[0])])
        elif place is None and self.formulas():
            each = menu.addMenu(tr("Copy as LaTeX"))
            for text in self.formulas():
                each.addAction(text.replace("&", "&&"), partial(copy_latex, text))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        menu = self.menu(None if by_key else event.pos())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:
        """Typeset the text that was set while it was hidden."""
        super().showEvent(event)
        self._set()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit formulas to the width, and the height to the text."""
        super().resizeEvent(event)
        self._set()


class SceneNotes(QWidget):
    """The text on the scene that is shown, and a button for each thing to try."""

    tried = Signal(object)  # a Try

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.scene: Scene | None = None
        self.words = Explanation(theme)
        self.words.setAccessibleName(tr("About this scene"))
        self.buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._column.addWidget(self.words)
        self.hide()

    def show_scene(self, scene: Scene | None, config: Config, look: Config) -> None:
        """Show the text of a scene, or nothing; a button is disabled if its settings are already set."""
        if scene is not self.scene:
            self.scene = scene
            self.words.set_markdown(scene.words if scene is not None else "")
            self.setVisible(scene is not None)
        tries = scene.tries if scene is not None else ()
        while len(self.buttons) < len(tries):
            self.buttons.append(push_button("", "", partial(self._press, len(self.buttons))))
            self._column.addWidget(self.buttons[-1], 0, Qt.AlignmentFlag.AlignLeft)
            self.setTabOrder([self.words, *self.buttons][-2], self.buttons[-1])
        for k, button in enumerate(self.buttons):
            button.setVisible(k < len(tries))
            if k < len(tries):
                entitle(button, tries[k].label)
                button.setEnabled(tries[k].does(config, look))

    def _press(self, which: int) -> None:
        if self.scene is not None:
            self.tried.emit(self.scene.tries[which])
