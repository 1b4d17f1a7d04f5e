"""The transport: run, pause, step, reset, new seed, speed, and a timeline to scrub over the run."""

from collections.abc import Callable
from math import inf
from random import SystemRandom

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from engine.runner import Finish
from gui.form.field import fields_of
from gui.look.combo import Combo
from gui.look.icons import icon
from gui.look.language import problem_text, tr
from gui.look.seen import see
from gui.look.theme import Theme
from gui.screen.playback import Playback

SPEEDS = (1.0, 3.0, 10.0, 30.0, 60.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0, inf)


class Timeline(QWidget):
    """The whole run from left to right: what is computed, where the playhead is. Drag it to scrub."""

    sought = Signal(int)
    stepped = Signal(int)  # one step back (−1) or forward

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.total, self.done, self.step = 1, 0, 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Timeline"))
        self.setToolTip(tr("Drag to any step of the run. Arrow keys go by one step, Page keys by a tenth."))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_state(self, total: int, done: int, step: int) -> None:
        """Show a run of `total` steps of which `done` are computed, at `step`."""
        if (total, done, step) != (self.total, self.done, self.step):
            self.total, self.done, self.step = max(total, 1), done, step
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(300), self.theme.px(28))

    def _margin(self) -> float:
        return float(self.theme.px(8))

    def _x(self, step: int) -> float:
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
            left = self._x(0)
            bar = QRectF(left, middle - thick / 2, self._x(end) - left, thick)
            painter.drawRoundedRect(bar, thick / 2, thick / 2)
        radius = self.theme.px(7)
        painter.setBrush(QColor(self.theme.accent))
        painter.drawEllipse(QRectF(self._x(self.step) - radius, middle - radius, 2 * radius, 2 * radius))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(self.theme.accent))
            wide = radius + 2
            painter.drawEllipse(QRectF(self._x(self.step) - wide, middle - wide, 2 * wide, 2 * wide))

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


class Transport(QFrame):
    """The bar across the bottom. It shows a playback and passes on what is pressed."""

    changed = Signal()  # a button was pressed: the playback has changed

    def __init__(self, playback: Playback, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("transport")
        self.playback, self.theme = playback, theme
        self.reset = self._button("reset", tr("Reset: back to the same start (Shift+F5)"), playback.reset)
        self.back = self._button("back", tr("One step back (,)"), lambda: playback.single_step(-1))
        self.run = self._button("run", tr("Run or pause (Space, F5)"), self.toggle)
        self.run.setProperty("accent", True)
        self.forward = self._button("step", tr("One step (.)"), lambda: playback.single_step(+1))
        self.seed = self._button("seed", tr("New seed: run with other chance (Ctrl+R)"), self.draw_seed)
        self.pin = self._button(
            "pin", tr("Pin this run: keep it as a ghost to compare with (Ctrl+P)"), playback.pin
        )
        self.unpin = self._button("unpin", tr("Remove the pinned runs"), playback.unpin)
        self.speed = self._speeds()
        self.words: str | None = None  # where the playback is, if that is more than a step
        self.timeline = Timeline(theme)
        self.timeline.sought.connect(self._seek)
        self.timeline.stepped.connect(self._step)
        self.status = QLabel()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setMinimumWidth(theme.px(190))
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        above = 2 if theme.presenting else theme.px(6)  # a lecture's buttons are high enough
        row.setContentsMargins(theme.px(12), above, theme.px(12), above)
        row.setSpacing(theme.px(4))
        for widget in (
            self.reset,
            self.back,
            self.run,
            self.forward,
            self.seed,
            self.pin,
            self.unpin,
            self.speed,
        ):
            row.addWidget(widget)
        row.addWidget(self.timeline, 1)
        row.addWidget(self.status)
        self.at_once = QLabel(tr("No steps here: every change is answered at once."))
        self.at_once.setObjectName("quiet")
        row.addWidget(self.at_once, 1)
        self.refresh()

    def toggle(self) -> None:
        """Run, or pause."""
        if self.playback.playing:
            self.playback.pause()
        else:
            self.playback.play()

    def draw_seed(self) -> None:
        """Begin again with a seed nobody chose, where chance has a part."""
        if self._has_chance():
            self.playback.new_seed(SystemRandom().randrange(10_000))

    def _has_chance(self) -> bool:
        config = self.playback.config
        return any(field.kind == "seed" and field.when(config) for field in fields_of(type(config)))

    def refresh(self) -> None:
        """Show where the playback is."""
        playback, runner = self.playback, self.playback.runner
        total = max(runner.last_step, playback.recording.last)
        self._show_steps(total > 0 or runner.finish is Finish.FAILED)
        self.timeline.set_state(total, playback.recording.last, playback.step)
        name = "pause" if playback.playing else "run"
        if self.run.property("icon_name") != name:
            self.run.setProperty("icon_name", name)
            self.run.setIcon(icon(name, self.theme.accent_text))
        self.seed.setEnabled(self._has_chance())
        self.unpin.setEnabled(bool(playback.pins))
        self.status.setText(self._status(total))

    def _show_steps(self, on: bool) -> None:
        """Show what goes from step to step, or say that the experiment has no steps."""
        for widget in (self.reset, self.back, self.run, self.forward, self.speed, self.timeline, self.status):
            see(widget, on)
        see(self.at_once, not on)

    def _status(self, total: int) -> str:
        playback, runner = self.playback, self.playback.runner
        where = self.words or tr("step {step} / {total}", step=playback.step, total=total)
        if runner.finish is Finish.FAILED and runner.problem is not None:
            return tr("failed") if playback.recording.last >= 0 else ""
        if runner.finish is Finish.DIVERGED and runner.problem is not None and playback.ended:
            return where + " · " + problem_text(runner.problem)
        if playback.slow_step is not None:
            return where + " · " + tr("a step takes {n} s", n=f"{playback.slow_step:.0f}")
        left = playback.remaining
        return where if left is None or left < 1 else where + " · " + duration(left)

    def _button(self, name: str, tip: str, action: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, self.theme.text, self.theme.hairline))
        button.setIconSize(QSize(self.theme.px(18), self.theme.px(18)))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)

        def pressed() -> None:
            action()
            self.changed.emit()

        button.clicked.connect(pressed)
        return button

    def _speeds(self) -> QComboBox:
        box = Combo()
        for speed in SPEEDS:
            box.addItem(_speed_text(speed), speed)
        box.setCurrentIndex(SPEEDS.index(self.playback.speed))
        box.setToolTip(tr("Speed: steps shown in a second"))
        box.setAccessibleName(tr("Speed"))
        box.currentIndexChanged.connect(self._set_speed)
        return box

    def _set_speed(self, index: int) -> None:
        self.playback.set_speed(SPEEDS[index])
        self.changed.emit()

    def _step(self, by: int) -> None:
        self.playback.single_step(by)
        self.changed.emit()

    def _seek(self, step: int) -> None:
        self.playback.seek(step)
        self.changed.emit()


def _speed_text(speed: float) -> str:
    if speed == inf:
        return tr("as fast as possible")
    return tr("1 step/s") if speed == 1 else tr("{n} steps/s", n=f"{speed:,.0f}")


def duration(seconds: float) -> str:
    """A time left, roughly, in words."""
    if seconds < 90:
        return tr("{n} s left", n=round(seconds))
    if seconds < 5400:
        return tr("{n} min left", n=round(seconds / 60))
    return tr("{n} h left", n=round(seconds / 3600))
