"""A formula whose terms can be pointed at: each has the colour of what it stands for, and its value below.

The mouse, or with the focus the arrow keys, choose a term; whoever hears `pointed` lights what it stands for.
`light` lights terms, because what they stand for is pointed at.
"""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QToolTip

from gui.look.formula import Typeset
from gui.look.formula_copy import copy_latex, copying_actions
from gui.look.formula_label import Formula
from gui.look.plain import as_plain
from gui.look.shown_terms import Below, ShownTerm
from gui.look.theme import Theme

REACH = 3  # pixels around a term within which it is pointed at
NEAR = 1.7  # of the height of the letters: nothing is written farther below its term
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -99, Qt.Key.Key_End: 99}


class LinkedFormula(Formula):
    """A formula with terms. Keys: ← → from term to term, Return its entry in the glossary, Escape none,
    Ctrl+C copies the LaTeX."""

    pointed = Signal(str)  # the LaTeX of the term that is pointed at, or ""
    entry_requested = Signal(str)  # a term was clicked that is in the glossary: the key of its entry

    def __init__(self, theme: Theme) -> None:
        self._terms: dict[str, ShownTerm] = {}  # by their LaTeX
        self._drawn: tuple[str, ...] = ()  # those of the formula that stands there, until the next is typeset
        self._chosen, self._lit = "", frozenset[str]()
        self._below, self._reserved = Below(), 0
        super().__init__(theme)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def terms(self) -> tuple[ShownTerm, ...]:
        """The terms that stand in it."""
        return tuple(self._terms.values())

    @property
    def chosen(self) -> ShownTerm | None:
        """The term that is pointed at."""
        return self._terms.get(self._chosen)

    def show_terms(self, latex: str, plain: str, terms: tuple[ShownTerm, ...]) -> None:
        """Show a formula with these of its terms; only values may change from one time to the next."""
        before, self._terms = self._terms, {term.latex: term for term in terms}
        self.set_latex(latex, plain, tuple((term.latex, term.colour) for term in terms))
        if before != self._terms:
            self.update()
            if self._line != self._reserved:  # there are values now, or none any more
                self.updateGeometry()

    def light(self, terms: Collection[str]) -> None:
        """Light the terms with these LaTeX."""
        if frozenset(terms) != self._lit:
            self._lit = frozenset(terms)
            self.update()

    # Where the terms and their values are

    def spots(self) -> list[tuple[ShownTerm, QRectF]]:
        """Each place of a term in the formula that stands there."""
        found = self._typeset
        if found is None or self.is_plain:
            return []
        corner, scale = QPointF(self._place().topLeft()), self._scale
        areas = [QRectF(*(scale * part for part in one[1:])).translated(corner) for one in found.spots]
        names = [self._drawn[one.term] for one in found.spots]
        return [
            (self._terms[name], area) for name, area in zip(names, areas, strict=True) if name in self._terms
        ]

    def _at(self, place: QPointF) -> str:
        """The term at a place, or ""; of several the smallest."""
        hit = [
            (spot.width() * spot.height(), term.latex)
            for term, spot in self.spots()
            if spot.adjusted(-REACH, -REACH, REACH, REACH).contains(place)
        ]
        return min(hit)[1] if hit else ""

    def _show(self, found: Typeset | None) -> None:
        self._drawn = tuple(latex for latex, _ in self._colours)
        self._below = Below.of(found, self._drawn, NEAR * self._px)
        super()._show(found)
        self._choose("")

    @property
    def _line(self) -> int:
        """The height of the line of values, where there is one."""
        told = any(self._terms[term].value for term in self._below.free if term in self._terms)
        return self.theme.text_px + self.theme.px(4) if told and not self.is_plain else 0

    def sizeHint(self) -> QSize:
        """With a line for the values."""
        self._reserved = self._line
        return super().sizeHint() + QSize(0, self._line)

    def _place(self) -> QRect:
        return super()._place().translated(0, -self._line // 2)

    def values(self) -> list[tuple[ShownTerm, QRectF]]:
        """The values that there is room for under their terms, and where."""
        if self._typeset is None or not self._line:
            return []
        top = self._place().bottom() + self.theme.px(2)
        return self._below.placed(self._terms, self._scale, top, self.width(), self.theme)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The formula over what is lit; the values below."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_lit(painter)
            painter.setFont(self.theme.font())
            for term, spot in self.values():
                painter.setPen(QColor(term.colour or self.theme.quiet))
                painter.drawText(spot, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, term.value)
            if self.hasFocus():
                painter.setPen(QPen(QColor(self.theme.accent), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        super().paintEvent(event)

    def _paint_lit(self, painter: QPainter) -> None:
        chosen = self.chosen
        lit = self._lit | ({chosen.latex} if chosen is not None else frozenset())
        hinted = self.underMouse() or self.hasFocus()
        for shown, spot in self.spots():
            colour = QColor(shown.colour or self.theme.accent)
            if shown.latex in lit:
                colour.setAlphaF(0.25)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                painter.drawRoundedRect(spot.adjusted(-2, -2, 2, 2), 3, 3)
            elif hinted:
                painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
                painter.drawLine(spot.bottomLeft() + QPointF(0, 2), spot.bottomRight() + QPointF(0, 2))

    # Pointing

    def _choose(self, term: str) -> None:
        if term != self._chosen:
            self._chosen = term
            chosen = self.chosen
            self.setAccessibleDescription(chosen.words if chosen is not None else "")
            self.setCursor(Qt.CursorShape.PointingHandCursor if chosen else Qt.CursorShape.ArrowCursor)
            self.pointed.emit(chosen.latex if chosen is not None else "")
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(self._at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a term opens what the glossary says of it."""
        super().mouseReleaseEvent(event)
        term = self._terms.get(self._at(event.position()))
        if event.button() == Qt.MouseButton.LeftButton and term is not None and term.entry:
            self.entry_requested.emit(term.entry)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._choose("")
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say what the term under the mouse is."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            term = self._at(QPointF(event.pos()))
            if term:
                QToolTip.showText(event.globalPos(), as_plain(self._terms[term].words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from term to term in the order in which they stand."""
        if event.matches(QKeySequence.StandardKey.Copy):
            copy_latex(self.latex)
            return
        if event.key() == Qt.Key.Key_Escape and self._chosen:
            self._choose("")
            QToolTip.hideText()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen and self.chosen.entry:
            self.entry_requested.emit(self.chosen.entry)
            return
        step, order = STEPS.get(Qt.Key(event.key())), [*dict.fromkeys(term.latex for term, _ in self.spots())]
        if step is None or not order:
            super().keyPressEvent(event)
            return
        at = order.index(self._chosen) if self._chosen in order else -1 if step > 0 else len(order)
        self._tell(order[min(max(at + step, 0), len(order) - 1)])

    def _tell(self, term: str) -> None:
        """Choose a term by key, and say what it is."""
        self._choose(term)
        spot = next(spot for one, spot in self.spots() if one.latex == term)
        QToolTip.showText(
            self.mapToGlobal(spot.bottomLeft().toPoint()), as_plain(self._terms[term].words), self
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._choose("")

    # Copying

    def menu(self) -> QMenu:
        """What can be done with the formula."""
        menu = QMenu(self)
        menu.addActions(copying_actions(menu, self.theme, self.latex, self._colours))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu; the key for menus does it too."""
        if self.latex:
            menu = self.menu()
            menu.popup(event.globalPos())
            menu.aboutToHide.connect(menu.deleteLater)
