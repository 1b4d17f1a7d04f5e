"""A lesson in a lecture: a slim line for its panel, a pen, a blank screen, a clock, the teacher's notes."""

from time import perf_counter
from typing import Protocol, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QWidget

from gui.app.appearance import Appearance
from gui.app.lesson_guide import LessonGuide
from gui.app.teacher_window import TeacherWindow
from gui.look.language import tr
from gui.screen.lecture_line import LectureLine
from gui.screen.pen import Pen
from gui.screen.screen import Screen

MINUTE = 60.0


class PresentedOn(Protocol):
    """What a presentation asks of its window."""

    guide: LessonGuide
    appearance: Appearance

    @property
    def on_screen(self) -> Screen: ...
    def isFullScreen(self) -> bool: ...


class Presentation(QObject):
    """What a lecture adds to the lesson that is open in a window. It ends with the lecture, or the lesson."""

    changed = Signal()  # it begins or ends: other keys have a meaning

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.line: LectureLine | None = None
        self.pen: Pen | None = None
        self.blank: BlankSheet | None = None
        self.teacher: TeacherWindow | None = None
        self._with_text = False
        self._since: float | None = None
        self._told = ""
        self._stop: object = None
        self._stage.guide.changed.connect(self.follow)
        self._stage.guide.shown.connect(self.show)

    @property
    def _window(self) -> QWidget:
        """The window. Qt's parent, not a reference: the two would hold each other for ever."""
        return cast(QWidget, self.parent())

    @property
    def _stage(self) -> PresentedOn:
        return cast(PresentedOn, self.parent())

    @property
    def on(self) -> bool:
        """Whether a lesson is presented."""
        return self._stage.appearance.lecture and self._stage.guide.lesson is not None

    @property
    def minutes(self) -> float:
        """How long it has taken."""
        return 0.0 if self._since is None else (perf_counter() - self._since) / MINUTE

    # Begin and end

    def join(self, screen: Screen) -> None:
        """Give a screen that was just made what a lecture needs."""
        if self.teacher is not None:  # in the language and theme in force
            place = self.teacher.geometry()
            self.close_teacher()
            self.show_teacher()
            if self.teacher is not None:
                self.teacher.setGeometry(place)
        self.follow()

    def forget(self) -> None:
        """Let go of what has gone with the screen before."""
        self.line = self.pen = None

    def follow(self) -> None:
        """Begin or end, as the window says: the lesson or the lecture is another."""
        screen, on = self._stage.on_screen, self.on
        if on and self.line is None:
            self.line = LectureLine(screen.theme)
            self.line.returned.connect(self._stage.guide.return_to_scene)
            self.line.text_wanted.connect(self.show_text)
            screen.show_line(self.line)
            if self._since is None:
                self.restart_clock()
                self._open_teacher()
        elif not on and (self.line is not None or self._since is not None):
            if self.line is not None:
                screen.show_line(None)
            self.line, self._since = None, None
            self._end()
        self.show()

    def _end(self) -> None:
        self._with_text = False
        self.unblank()
        self.close_teacher()
        if self.pen is not None:
            self.pen.hide()
            self.pen.deleteLater()
            self.pen = None

    def restart_clock(self) -> None:
        """Count the time from now on."""
        self._since, self._told = perf_counter(), ""

    # What is shown

    def show(self) -> None:
        """Show the stop of the lesson; what was drawn over the one before is gone."""
        guide = self._stage.guide
        if guide.stop is not self._stop:
            self._stop = guide.stop
            self.unblank()
            if self.pen is not None:
                self.pen.clear()
        if self.line is not None and guide.lesson is not None and guide.stop is not None:
            text, where = guide.text(), f"{guide.index + 1}/{len(guide.lesson.stops)}"
            self.line.show_stop(where, text.title, text.asked, guide.right)
            self.line.show_away(guide.away)
            if guide.panel is not None:
                guide.panel.setVisible(self._with_text)
            self.line.text.setChecked(self._with_text)
        if self.teacher is not None:
            self.teacher.show_stop(guide)
        self._told = ""

    def show_text(self, on: bool) -> None:
        """Show the whole text of the stop beside the plots, or only the line."""
        self._with_text = on
        self.show()

    def tick(self) -> None:
        """Let the clock go on."""
        guide = self._stage.guide
        if self.line is None or guide.lesson is None:
            return
        done, seconds = self.minutes, round(MINUTE * self.minutes, 3)
        words = tr(
            "{done} of {planned} min",
            done=f"{int(seconds // MINUTE)}:{int(seconds % MINUTE):02d}",
            planned=f"{guide.lesson.minutes:g}",
        )
        if words != self._told:
            self._told = words
            planned = sum(stop.scene.minutes for stop in guide.lesson.stops[: guide.index + 1])
            self.line.show_time(words, done > planned)
            if self.teacher is not None:
                self.teacher.show_time(words, done > planned, planned)

    # Pen and blank screen

    def use_pen(self) -> None:
        """Take the pen, or put it away; what is drawn stays until it is cleared, or the next stop."""
        if not self.on:
            return
        if self.pen is None:
            self.pen = Pen(self._stage.on_screen.theme, self._stage.on_screen.middle)
        self.pen.use(not self.pen.on)

    def clear_pen(self) -> None:
        """Take away what is drawn."""
        if self.pen is not None:
            self.pen.clear()

    def blank_or_back(self) -> None:
        """Make the screen black, or show it again."""
        if self.blank is not None:
            self.unblank()
        elif self.on:
            self.blank = BlankSheet(self._window)
            self.blank.pressed.connect(self.unblank)

    def unblank(self) -> None:
        """Show what is on the screen again."""
        if self.blank is not None:
            self.blank.hide()
            self.blank.deleteLater()
            self.blank = None

    # The teacher's window

    def _open_teacher(self) -> None:
        """On the second screen, where there is one."""
        here, screens = self._window.screen(), QGuiApplication.screens()
        other = next((one for one in screens if one is not here), None)
        if other is None or not self._stage.isFullScreen() or self.teacher is not None:
            return
        self.show_teacher()
        if self.teacher is not None:
            self.teacher.setGeometry(other.availableGeometry())

    def show_teacher(self) -> None:
        """Open the teacher's notes in a window of their own, or close it."""
        if self.teacher is not None:
            self.close_teacher()
            return
        guide = self._stage.guide
        if guide.lesson is None:
            return
        self.teacher = TeacherWindow(self._stage.appearance.theme, self._window)
        self.teacher.moved.connect(guide.move)
        self.teacher.blanked.connect(self.blank_or_back)
        self.teacher.closed.connect(self.close_teacher)
        self.teacher.show_stop(guide)
        self.teacher.show()
        self._told = ""

    def close_teacher(self) -> None:
        """Close the teacher's window."""
        if self.teacher is not None:
            self.teacher.hide()
            self.teacher.deleteLater()
            self.teacher = None


class BlankSheet(QWidget):
    """A black sheet over a window; a click takes it away."""

    pressed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("blank")
        self.setAutoFillBackground(True)
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, Qt.GlobalColor.black)
        self.setPalette(palette)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAccessibleName(tr("The screen is blank"))
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
