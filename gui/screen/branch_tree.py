"""The branches of a run as a tree: a line each from where it leaves an older one, and its name behind it."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from engine.config import Config
from gui.form.base import icon_button
from gui.form.change_words import branch_name, branch_text
from gui.look.language import tr
from gui.look.strokes import ghost_stroke
from gui.look.theme import Stroke, Theme
from gui.plots.lines import pen
from gui.screen.forks import tree
from gui.screen.playback import Playback
from gui.screen.timeline import Timeline
from gui.screen.timeline_button import TimelineButton

HIGH = 14  # pixels of a row
BESIDE = 12  # pixels between the end of the timeline and the names
ARROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class Branch(NamedTuple):
    """A line of the tree: where it leaves its parent (a line, a step), how far it is known, its name."""

    config: Config
    parent: int | None
    step: int
    known: int
    words: str
    name: str  # the words without the step, which is seen
    ghost: int | None  # how many runs are drawn behind before it; None for the one on the screen


def branches_of(playback: Playback) -> list[Branch]:
    """The lines of a playback: none without a fork."""
    branches, drawn = playback.branches, [pin.config for pin in playback.drawn_behind]
    known = [(pin.config, pin.runner.recording.last) for pin in playback.others]
    found = []
    for config, (parent, step) in zip(branches, tree(branches), strict=True):
        last = next((last for one, last in known if one == config), playback.recording.last)
        older = None if parent is None else branches[parent]
        ghost = drawn.index(config) if config in drawn and config != playback.config else None
        words, name = branch_text(older, config, step), branch_name(older, config, step)
        found.append(Branch(config, parent, step, last, words, name, ghost))
    return found


class BranchRow(TimelineButton):
    """One branch: its name behind its line. Its tree draws the lines."""

    wanted = Signal(object)  # the config of a branch that is to be on the screen
    closed = Signal(object)  # … that is to go
    left = Signal(int)  # the line above (−1) or below is asked for

    def __init__(self, theme: Theme, parent: "BranchTree") -> None:
        super().__init__(parent)
        self.theme = theme
        self.of = Branch(Config(), None, 0, -1, "", "", None)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.cross = icon_button("remove", tr("Close this branch (Delete)"), theme)
        self.cross.setParent(self)
        self.cross.setIconSize(QSize(theme.px(10), theme.px(10)))
        self.cross.setStyleSheet("padding: 0; border: none;")
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the Delete key does the same
        self.cross.clicked.connect(self._close)
        self.clicked.connect(self._be_here)

    def show_branch(self, of: Branch, here: bool) -> None:
        """Stand for a branch."""
        if of.words != self.of.words:
            self.setAccessibleName(of.words)
            self.setToolTip(of.words + "\n" + tr("Click to be on this branch; Delete closes it"))
        self.of = of
        self.setChecked(here)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if here else Qt.FocusPolicy.ClickFocus)

    def _be_here(self) -> None:
        self.setChecked(True)
        self.wanted.emit(self.of.config)

    def _close(self) -> None:
        self.closed.emit(self.of.config)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Its name, behind its line, and a frame while it has the focus or the mouse."""
        theme, tree = self.theme, self.parentWidget()
        left = tree.x_of(tree.timeline.total) if isinstance(tree, BranchTree) else 0.0
        with QPainter(self) as painter:
            if self.hasFocus() or self.underMouse():
                painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.hairline), 1))
                painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
            painter.setFont(theme.font(theme.px(11), bold=self.isChecked()))
            painter.setPen(QColor(theme.text if self.isChecked() else theme.quiet))
            room = QRectF(self.rect()).adjusted(left + theme.px(BESIDE), 0, -self.height() - 2.0, 0)
            words = painter.fontMetrics().elidedText(
                self.of.name, Qt.TextElideMode.ElideLeft, int(room.width())
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cross stands at the end of the row."""
        high = self.height() - 2
        self.cross.setGeometry(self.width() - high - 1, 1, high, high)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows lead to the branches above and below; Delete closes this one."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in ARROWS:
            self.left.emit(ARROWS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def menu(self) -> QMenu:
        """To be on it, and to let it go."""
        menu = QMenu(self)
        menu.addAction(tr("Be on this branch")).triggered.connect(self._be_here)
        menu.addAction(tr("Close this branch")).triggered.connect(self._close)
        return menu


class BranchTree(QWidget):
    """All lines, and where each leaves its parent."""

    def __init__(self, timeline: Timeline, theme: Theme) -> None:
        super().__init__()
        self.timeline, self.theme = timeline, theme
        self.rows: list[BranchRow] = []
        self.step = 0
        timeline.placed.connect(self.update)

    def x_of(self, step: int) -> float:
        """Where a step of the timeline is, in these coordinates; its end, for those of a longer branch."""
        offset = self.timeline.mapToGlobal(QPointF()).x() - self.mapToGlobal(QPointF()).x()
        return float(offset + self.timeline.x_of(min(step, self.timeline.total)))

    def place_rows(self) -> None:
        """Give each row its place."""
        high = self.theme.px(HIGH)
        self.setFixedHeight(high * len(self.rows))
        for k, row in enumerate(self.rows):
            row.setGeometry(0, k * high, self.width(), high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The rows are as wide as the tree."""
        self.place_rows()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines: that on the screen in the accent colour, others in the dash of their curves."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for k, row in enumerate(self.rows):
                self._draw(painter, k, row)

    def _draw(self, painter: QPainter, k: int, row: BranchRow) -> None:
        of, theme, y = row.of, self.theme, self._y(k)
        x, end = self.x_of(of.step), self.x_of(max(of.known, of.step))
        colour = theme.accent if row.isChecked() else theme.quiet
        stroke = Stroke(colour) if of.ghost is None else ghost_stroke(Stroke(colour), of.ghost)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(stroke, theme.px(2)))
        painter.drawLine(QPointF(x, y), QPointF(end, y))
        if of.parent is not None:
            painter.setPen(QPen(QColor(colour), 1))
            painter.drawLine(QPointF(x, self._y(of.parent)), QPointF(x, y))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(QPointF(x, self._y(of.parent)), theme.px(3), theme.px(3))
        if row.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            place = QPointF(self.x_of(self.step), self._y(self.line_at(k)))
            painter.drawEllipse(place, theme.px(4), theme.px(4))

    def line_at(self, k: int) -> int:
        """The line on which the present step of a branch lies: before it left, an older one's."""
        of = self.rows[k].of
        return k if of.parent is None or self.step >= of.step else self.line_at(of.parent)

    def _y(self, k: int) -> float:
        return (k + 0.5) * float(self.theme.px(HIGH))
