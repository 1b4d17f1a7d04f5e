"""The settings of a playback: the form, and above it the choice from which step on an edit holds."""

from math import inf
from time import perf_counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from engine.changes import is_live, live_fields
from engine.config import Config, Problem
from gui.form.base import WIDTH
from gui.form.form import Form
from gui.look.seen import see
from gui.look.theme import Theme
from gui.screen.playback import Playback
from gui.screen.since_choice import SinceChoice

EVERY = 0.15  # seconds between two changes of a playing run, so that a drag does not make a hundred


class SettingsSide(QWidget):
    """Shows the settings that hold at the playhead, and passes edits on to the playback."""

    leaving = Signal()  # emitted before the settings change
    edited = Signal()  # the playback has other settings

    def __init__(self, playback: Playback, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.playback = playback
        self.since = SinceChoice(playback, theme, self)
        self.form = Form(playback.in_force, theme, strokes=theme.stroke, parent=self)
        self.form.setMinimumWidth(theme.px(WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.since)
        column.addWidget(self.form, 1)
        self._of = playback.step  # the step after which these settings hold
        self._later: Config | None = None  # an edit that waits because the run was changed a moment ago
        self._held = False  # whether a mouse button was pressed at that edit
        self._live: tuple[str, ...] = ()  # the settings that may change during the run
        self._since = -inf  # when the run was changed, by `perf_counter`
        self.form.edited.connect(self._edit)
        self.form.rearranged.connect(self._mark_anew)
        self.refresh()
        self._mark()

    def show_settings(self, on: bool) -> None:
        """Show the settings, or give their room to the plots."""
        self.setVisible(on)
        self.form.setVisible(on)

    def refresh(self) -> None:
        """Show the settings that hold at the step on the screen."""
        see(self.since, is_live(self.playback.config))
        self.since.refresh()
        if self._later is not None:
            return
        now, self._of = self.playback.in_force, self.playback.step
        if now is not self.form.config:  # another step, or edited elsewhere: in a plot, by a new seed
            self.form.set_config(now)
            self._mark()

    def _mark(self) -> None:
        """Mark the settings that may change while the run goes on, if they have changed."""
        live = live_fields(self.playback.config)
        if live != self._live:
            self._live = live
            self._mark_anew()

    def _mark_anew(self) -> None:
        """Mark them again, because the form has new editors."""
        self.form.show_live(self._live)

    def _edit(self, wanted: Config) -> None:
        """Take an edit of the form; while the run plays, an edit too soon after another one waits."""
        playback = self.playback
        goes_on = playback.from_here and playback.playing and playback.here is not None
        if goes_on and perf_counter() - self._since < EVERY:
            self._later, self._held = wanted, held()
        else:
            self._take(wanted)

    def settle(self) -> None:
        """Take the waiting edit, when its time has come or the mouse button is released."""
        due = perf_counter() - self._since >= EVERY or (self._held and not held())
        if self._later is not None and (due or not self.playback.playing):
            self._take(self._later)

    def _take(self, wanted: Config) -> None:
        self._later = None
        self.leaving.emit()
        playback, here = self.playback, self.playback.step
        try:
            playback.edit_settings(wanted, self._of)
        except Problem as problem:
            self.form.set_config(playback.in_force)
            self.form.show_problem(problem)
            return
        if playback.from_here and playback.here is not None:
            self._of, self._since = here, perf_counter()
        self._mark()
        self.edited.emit()


def held() -> bool:
    """Whether a mouse button is pressed."""
    return QApplication.mouseButtons() != Qt.MouseButton.NoButton
