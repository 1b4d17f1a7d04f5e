"""The parts of a screen and where they stand: settings, page and notes, a lesson, a line over all."""

from msgspec import convert
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.form.base import WIDTH
from gui.look.theme import Theme
from gui.screen.banner import Banner
from gui.screen.example_line import ExampleLine
from gui.screen.notes import LiveBlock, NotesPanel, notes_file
from gui.screen.playback import Playback
from gui.screen.settings import SettingsSide
from gui.screen.transport import Transport
from gui.screen.view import view_type

ROOMY = 1340  # width, in pixels at the ordinary size, from which on there is room for the notes
LOW = 440  # height, in pixels at the ordinary size; below it a lecture has no line of numbers
NOTES = 340  # the first width of the notes


class Places(QWidget):
    """Makes the parts, and gives each its room; a lesson stands where the notes are."""

    form_seen = Signal(bool)  # whether the settings are there
    notes_seen = Signal(bool)  # whether the notes are there: a small window has no room for them

    def __init__(
        self, playback: Playback, theme: Theme, language: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.playback, self.theme = playback, theme
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        # In the order of the Tab key, and with their final parents: for each change of the parent, Qt would
        # compute the style of everything in them again.
        self.settings = SettingsSide(playback, theme, self.splitter)
        self.form = self.settings.form
        middle = QWidget(self.splitter)
        self.banner, self.example_line = Banner(theme, middle), ExampleLine(theme, middle)
        view = view_type(playback.experiment.name)
        self.view = view(theme, convert(playback.options, view.options_type), middle)
        self.notes = NotesPanel(theme, self.splitter)
        self.notes.show_file(notes_file(playback.experiment.name, language), playback.experiment.name)
        self.notes.show_scene(playback.config, self.view.options)
        self.strip = LiveBlock(theme, True, middle)  # the first formula, if the notes have no room
        self.transport = Transport(playback, theme, self)
        self.notes_wanted, self.notes_asked, self.cramped = True, False, theme.presenting
        self.lesson: QWidget | None = None  # the panel of a lesson, instead of the notes
        self._line: QWidget | None = None  # over everything
        self._lay_out(middle)

    def _lay_out(self, middle: QWidget) -> None:
        self._centre = QVBoxLayout(middle)
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.setSpacing(0)
        self._centre.addWidget(self.banner)
        self._centre.addWidget(self.example_line)
        self._centre.addWidget(self.view, 1)
        self._centre.addWidget(self.strip)
        self.strip.setContentsMargins(
            self.theme.px(12), self.theme.px(3), self.theme.px(12), self.theme.px(4)
        )
        self.strip.setVisible(self.theme.presenting)
        self.splitter.setHandleWidth(1)
        for widget in (self.settings, middle, self.notes):
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([self.theme.px(WIDTH), 10_000, self.theme.px(NOTES)])
        whole = self._whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.splitter, 1)
        whole.addWidget(self.transport)

    def show_notes(self, on: bool, asked: bool = True) -> None:
        """Show the notes, or give their room to the plots.

        With little room, and in a lecture, they are shown only if the user asks for them.
        """
        self.notes_wanted, self.notes_asked = on, asked
        self._place_notes()

    def begin_lesson(self, panel: QWidget, width: int = NOTES) -> None:
        """Show a lesson instead of the notes; the notes are shown when the user asks for them."""
        self.end_lesson()
        self.splitter.addWidget(panel)
        self.splitter.setSizes([self.theme.px(WIDTH), 10_000, self.theme.px(NOTES), self.theme.px(width)])
        self.lesson = panel
        self._place_notes()

    @property
    def middle(self) -> QWidget:
        """What the page stands in, with all that is over and under it."""
        middle = self._centre.parentWidget()
        assert middle is not None
        return middle

    def show_line(self, line: QWidget | None) -> None:
        """Show one line over everything, or the last one no more."""
        if self._line is not None:
            self._line.hide()
            self._line.deleteLater()
        self._line = line
        if line is not None:
            self._whole.insertWidget(0, line)

    def end_lesson(self) -> None:
        """Show the notes again."""
        if self.lesson is not None:
            self.lesson.hide()
            self.lesson.deleteLater()
            self.lesson = None
            self._place_notes()

    def show_form(self, on: bool) -> None:
        """Show the settings, or give their room to the plots."""
        self.settings.show_settings(on)
        self.form_seen.emit(on)

    def _place_notes(self) -> None:
        room = not (self.cramped or self.lesson)
        seen = self.notes_wanted and (self.notes_asked or room)
        self.notes.setVisible(seen)
        self.notes_seen.emit(seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.strip.numbers.setVisible(self.height() >= self.theme.px(LOW))  # the plots need the room more
        cramped = self.theme.presenting or self.width() < self.theme.px(ROOMY)
        if cramped != self.cramped:
            self.cramped = cramped
            self._place_notes()
