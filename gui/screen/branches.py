"""The branches of a run, as a small tree under the timeline: a line each, the oldest on top.

A branch begins where it leaves an older one. A click leads to it, and so do the arrow keys; the Delete key,
its menu or its cross lets it go.
"""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QWidget

from engine.config import Config
from gui.form.base import icon_button
from gui.form.change_words import branch_name, branch_text
from gui.look.language import tr
from gui.look.seen import see
from gui.look.strokes import ghost_stroke
from gui.look.theme import Stroke, Theme
from gui.plots.lines import pen
from gui.screen.forks import tree
from gui.screen.playback import Playback
from gui.screen.timeline import Timeline
from gui.screen.timeline_button import TimelineButton

HIGH = 14  # pixels of a row
SEEN, SEEN_LOW = 5, 2  # rows that are seen at once, and where the window is low
LOW = 800  # pixels of its height, at the ordinary size of text, below which it is
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


class Branches(QScrollArea):
    """The tree of a playback: not there before the first fork; of many branches some are seen at a time."""

    changed = Signal()  # another branch is on the screen, or one is gone
    opened = Signal(bool)  # whether there is a tree now

    def __init__(self, playback: Playback, timeline: Timeline, theme: Theme) -> None:
        super().__init__()
        self.playback, self.theme = playback, theme
        self.tree = BranchTree(timeline, theme)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows take the focus
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setAccessibleName(tr("Branches of the run"))
        self.setWidget(self.tree)
        self.viewport().setAutoFillBackground(False)
        self.tree.setAutoFillBackground(False)
        self._shown: object = None
        self.hide()

    @property
    def rows(self) -> Sequence[BranchRow]:
        """A row each, the oldest branch on top."""
        return self.tree.rows

    def refresh(self) -> None:
        """Show the branches as they are now."""
        playback = self.playback
        ends = [pin.runner.recording.last for pin in playback.others]
        run = playback.recording, playback.recording.last, playback.step
        shown = (playback.branches, playback.config, run, ends)
        if shown != self._shown:
            self._shown, before = shown, (len(self.rows), self._present())
            self._show(branches_of(playback))
            if len(self.rows) != before[0]:
                self._take_room()
            elif self._present() != before[1]:
                self._bring_into_sight()
        if self.rows:
            self._be_as_high()

    def _show(self, branches: Sequence[Branch]) -> None:
        while len(self.tree.rows) > len(branches):
            gone = self.tree.rows.pop()
            gone.setParent(None)
            gone.deleteLater()
        while len(self.tree.rows) < len(branches):
            self.tree.rows.append(self._row())
        for row, branch in zip(self.tree.rows, branches, strict=True):
            row.show_branch(branch, branch.config == self.playback.config)
        self.tree.step = self.playback.step
        self.tree.update()

    def _take_room(self) -> None:
        """Have a place for each row, and bring the present one into sight."""
        self.tree.place_rows()
        self._be_as_high()
        see(self, bool(self.rows))
        self.opened.emit(bool(self.rows))
        for row in self.rows:
            row.show()
        self._bring_into_sight()

    def _present(self) -> int | None:
        """The row of the branch on the screen."""
        return next((k for k, row in enumerate(self.rows) if row.isChecked()), None)

    def _bring_into_sight(self) -> None:
        if (present := self._present()) is not None:
            self.ensureWidgetVisible(self.rows[present], 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The present branch stays in sight, also where a session or a page is just being opened."""
        super().resizeEvent(event)
        self._bring_into_sight()

    def _be_as_high(self) -> None:
        """Be as high as the rows that are seen at once: few where the plots have little room."""
        low = self.window().height() < self.theme.px(LOW)
        high = self.theme.px(HIGH) * min(len(self.rows), SEEN_LOW if low else SEEN)
        if high != self.height():
            self.setFixedHeight(high)

    def _row(self) -> BranchRow:
        row = BranchRow(self.theme, self.tree)
        row.wanted.connect(self._go_to)
        row.closed.connect(self._close)
        row.left.connect(self._go_on)
        return row

    def _go_to(self, config: Config) -> None:
        self.playback.go_to(config)
        self._done()

    def _close(self, config: Config) -> None:
        had_focus = any(row.hasFocus() for row in self.rows)
        self.playback.close_branch(config)
        self._done()
        if had_focus:
            self._focus()

    def _go_on(self, by: int) -> None:
        """Be on the branch above or below."""
        place = self.playback.branches.index(self.playback.config) + by
        if 0 <= place < len(self.rows):
            self._go_to(self.playback.branches[place])
            self._focus()

    def _focus(self) -> None:
        """Have the focus on the branch that is on the screen."""
        if (present := self._present()) is not None:
            self.rows[present].setFocus(Qt.FocusReason.OtherFocusReason)
            self._bring_into_sight()

    def _done(self) -> None:
        self.refresh()
        self.changed.emit()
