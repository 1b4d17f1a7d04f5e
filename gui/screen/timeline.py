"""The timeline: a whole run from left to right, to scrub over, with marks where settings were changed."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QMoveEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.changes import Change, changes_of
from engine.config import Config
from gui.look.language import tr
from gui.look.theme import Theme
from gui.screen.change_marks import NEAR, ChangeMark, marked


class Timeline(QWidget):
    """The whole run from left to right: the part that is computed, and the playhead, which can be dragged."""

    sought = Signal(int)
    stepped = Signal(int)  # one step back (−1) or forward
    removed = Signal(tuple)  # changes of the run to remove
    placed = Signal()  # its place or its width has changed

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.total, self.done, self.step = 1, 0, 0
        self.cut_short = False  # whether a rule has ended the run before its last step
        self.marks: list[ChangeMark] = []
        self._marked: tuple[object, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Timeline"))
        self.setToolTip(tr("Drag to any step of the run. Arrow keys go by one step, Page keys by a tenth."))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_state(self, total: int, done: int, step: int, cut_short: bool = False) -> None:
        """Show a run of `total` steps of which `done` are computed, at `step`; a bar where it was ended."""
        if (total, done, step, cut_short) != (self.total, self.done, self.step, self.cut_short):
            self.total, self.done, self.step, self.cut_short = max(total, 1), done, step, cut_short
            self.update()

    def show_changes(self, config: Config) -> None:
        """Mark the steps after which a setting of a run was changed."""
        told = (config, self.total, self.width())
        if told == self._marked or not (changes_of(config) or self.marks):
            return
        self._marked = told
        near = self.theme.px(NEAR) * self.total / max(1.0, self.width() - 2 * self._margin())
        found = marked(config, near)
        while len(self.marks) > len(found):
            gone = self.marks.pop()
            gone.hide()
            gone.setParent(None)
            gone.deleteLater()
        while len(self.marks) < len(found):
            self.marks.append(self._mark())
        for mark, of in zip(self.marks, found, strict=True):
            mark.show_marked(config, of)
            mark.move(round(self.x_of(of.steps[0]) - mark.width() / 2), 0)

    def _mark(self) -> ChangeMark:
        mark = ChangeMark(self.theme, self)
        mark.sought.connect(self._go_to)
        mark.removed.connect(self._take_back)
        mark.show()
        return mark

    def _go_to(self, step: int) -> None:
        self.sought.emit(step)

    def _take_back(self, changes: tuple[Change, ...]) -> None:
        self.removed.emit(changes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the marks."""
        super().resizeEvent(event)
        if self.marks:
            self.show_changes(self.marks[0].config)
        self.placed.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Tell the widgets that are aligned with its steps."""
        super().moveEvent(event)
        self.placed.emit()

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(300), self.theme.px(28))

    def _margin(self) -> float:
        return float(self.theme.px(8))

    def x_of(self, step: float) -> float:
        """Return the place of a step, in pixels."""
        return self._margin() + (self.width() - 2 * self._margin()) * step / self.total

    def _step_at(self, x: float) -> int:
        share = (x - self._margin()) / max(1.0, self.width() - 2 * self._margin())
        return round(max(0.0, min(1.0, share)) * self.total)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle, thick = self.height() / 2, self.theme.px(4)
        for colour, end in (
            (self.theme.hairline, self.total),
            (self.theme.quiet, self.done),
            (self.theme.accent, self.step),
        ):
            painter.setBrush(QColor(colour))
            left = self.x_of(0)
            bar = QRectF(left, middle - thick / 2, self.x_of(end) - left, thick)
            painter.drawRoundedRect(bar, thick / 2, thick / 2)
        if self.cut_short:
            painter.setBrush(QColor(self.theme.text))
            high, wide = self.theme.px(20), self.theme.px(3)
            painter.drawRect(QRectF(self.x_of(self.done) - wide / 2, middle - high / 2, wide, high))
        radius = self.theme.px(7)
        painter.setBrush(QColor(self.theme.accent))
        painter.drawEllipse(QRectF(self.x_of(self.step) - radius, middle - radius, 2 * radius, 2 * radius))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(self.theme.accent))
            wide = radius + 2
            painter.drawEllipse(QRectF(self.x_of(self.step) - wide, middle - wide, 2 * wide, 2 * wide))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.sought.emit(self._step_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self._step_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        tenth = max(1, self.total // 10)
        one = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        moves = {
            Qt.Key.Key_PageDown: self.step + tenth,
            Qt.Key.Key_PageUp: self.step - tenth,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self.total,
        }
        if event.key() in one:
            self.stepped.emit(one[Qt.Key(event.key())])
        elif event.key() in moves:
            self.sought.emit(max(0, min(self.total, moves[Qt.Key(event.key())])))
        else:
            super().keyPressEvent(event)
