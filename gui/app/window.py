"""The window: tabs above, the experiments of a tab, and what goes on between user, playbacks and engine.

The window holds playbacks, which are state, and one `Screen`, which is widgets. Another experiment, language,
theme or size of text means a new `Screen` made from the same state.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent

from engine.config import Config
from engine.experiments import EXPERIMENTS
from engine.session import Look, Session
from engine.sweeps.plan import SweepPlan
from gui.app import menus
from gui.app.appearance import Appearance
from gui.app.clock import Clock
from gui.app.covered import CoveredWindow
from gui.app.desk import Desk
from gui.app.documents import Documents
from gui.app.drops import DropTarget
from gui.app.example_teller import ExampleTeller
from gui.app.finder import Finder
from gui.app.keyboard import PlotKeys, RunKey
from gui.app.lesson_author import LessonAuthor
from gui.app.lesson_guide import LessonGuide
from gui.app.lesson_offer import FirstOffer
from gui.app.middle import Middle
from gui.app.navigation import latest_of
from gui.app.openings import Openings
from gui.app.placement import SMALLEST
from gui.app.presentation import Presentation
from gui.app.script_dialog import open_script
from gui.app.status_line import StatusLine
from gui.app.sweep_dialog import open_results, open_sweep
from gui.app.undo import History
from gui.app.undo_actions import UndoActions
from gui.export.exporter import Exporter
from gui.look import language
from gui.look.desktop import application
from gui.look.preferences import Preferences
from gui.look.style import dress, dressed
from gui.look.theme import Theme
from gui.screen.engine_thread import EngineThread
from gui.screen.playback import Playback
from gui.screen.playback_state import StopScene
from gui.screen.screen import Screen
from gui.screen.spots import focus_at, spot_of

FIRST = "optimizers.race"


class Window(DropTarget, CoveredWindow):
    """The program's window."""

    form_seen = Signal(bool)  # whether the settings are there
    notes_seen = Signal(bool)  # whether the notes are there

    def __init__(self, preferences: Preferences, folder: Path | None = None) -> None:
        super().__init__()
        self.preferences = preferences
        self.appearance = Appearance(preferences, self)
        self.appearance.changed.connect(self.build)
        self.appearance.calmed.connect(self._calm)
        self.engine = EngineThread()
        self.desk = Desk(self.engine, FIRST)
        self.documents = Documents(self, self.session, self.restore, folder)
        self.documents.title_changed.connect(self.show_title)
        self.documents.saved_as.connect(self._remember)
        self.status_line = StatusLine()
        self.documents.said.connect(self.status_line.say)
        self.documents.sweep_opened.connect(self.show_sweep)
        self.history = History(self.desk.playbacks, self)
        self.openings = Openings(self, self.documents, self.history)
        self.history.stack.indexChanged.connect(self._show_steps)
        self.undo_actions = UndoActions(self.history, application(), self)
        self.undo_actions.undo.triggered.connect(self.undo)
        self.undo_actions.redo.triggered.connect(self.redo)
        self.finder, self.guide, self.teller = Finder(self), LessonGuide(self), ExampleTeller(self)
        self.guide.changed.connect(self._renew_menus)
        self.offer = FirstOffer(self.guide, preferences, self)
        self.author = LessonAuthor(self)
        self.author.changed.connect(self._renew_menus)
        self.author.said.connect(self.status_line.say)
        self.presentation = Presentation(self)
        self.middle: Middle
        self.exporter: Exporter
        RunKey(self)
        PlotKeys(self)
        self.clock = Clock(self.engine, self)
        self.clock.ticked.connect(self._tick)
        self._kept: tuple[object, ...] = ()
        self.setAcceptDrops(True)
        self.setMinimumSize(SMALLEST)
        self.playback.enter()
        self.build()
        self.documents.current = self.documents.on_file = self.session()

    # Start and end

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.history.watch(self.windowHandle())

    def closeEvent(self, event: QCloseEvent) -> None:
        if not (self.author.may_leave() and self.documents.close()):
            event.ignore()
            return
        self.preferences.geometry = self.saveGeometry()
        self.presentation.close_teacher()
        self.hide()
        self.clock.stop()
        event.accept()

    def _tick(self, seconds: float) -> None:
        self.on_screen.settings.settle()  # what a drag left to be done belongs to it
        self.note()
        self.history.rest()
        self.on_screen.tick(seconds)
        self.guide.tick(seconds)
        self.presentation.tick()
        self.uncover()
        state = (*self.desk.state(), self.appearance.theme_choice, self.appearance.language)
        if state != self._kept:
            self._kept = state
            self.documents.changed(self.session())
            self.show_title()

    # What is shown

    @property
    def playback(self) -> Playback:
        """The playback on the screen."""
        return self.desk.playback

    @property
    def on_screen(self) -> Screen:
        """The screen of that playback."""
        return self.middle.on_screen

    def show_experiment(self, name: str) -> None:
        """Bring an experiment to the screen; the one before stands still meanwhile."""
        if name in EXPERIMENTS and name != self.playback.experiment.name:
            self.note()
            self.desk.bring(name).enter()
            self.build(same_menus=True)
            self.note()

    def _show_tab(self, name: str) -> None:
        self.show_experiment(latest_of(name, self.desk.playbacks))

    def show_with(self, name: str, config: Config) -> None:
        """Bring an experiment to the screen with a config that another one asks for, and let it run."""
        self.show_experiment(name)
        self.playback.pause()
        self.playback.seek(0)
        self.playback.edit(config)
        self.note()
        self.playback.play()

    def build(self, same_menus: bool = False) -> None:
        """Make every widget anew from the state, in the language and theme in force.

        With `same_menus` these are the same as before, and so are the menus: only the experiment is another.
        """
        program, theme = application(), self.appearance.theme
        spot = spot_of(self.focusWidget(), self.centralWidget())
        if self.centralWidget() is not None:
            self.on_screen.remember()
        if not same_menus:
            language.install(program, self.appearance.language)
            if not dressed(program, theme):
                self.status_line.setParent(self)  # it stays
                self.throw_away()  # else it would be polished first
                dress(program, theme)
        middle = Middle(self)
        self.put(middle, lambda: self._fill(middle, theme))
        if not same_menus:
            self.setMenuBar(menus.build(self))
            self.history.name_steps()
        menus.entitle(self)
        self._show_steps()
        self.show_title()
        self.cover()
        focus_at(middle, spot)

    def _fill(self, middle: Middle, theme: Theme) -> None:
        """Make all widgets, and hear what they say."""
        middle.fill(self.playback, theme, self.appearance.language, self.status_line, self.offer.stands)
        self.offer.join(middle.offer)
        middle.on_screen.show_form(self.appearance.form)
        self.middle = middle
        self._calm(self.appearance.calm)
        self.on_screen.form_seen.connect(self.form_seen)
        self.on_screen.notes_seen.connect(self.notes_seen)
        self.exporter = Exporter(self.on_screen, self.preferences)
        self.exporter.said.connect(self.status_line.say)
        middle.tabs.chosen.connect(self._show_tab)
        # Queued, for it makes this list anew.
        middle.experiments.chosen.connect(self.show_experiment, Qt.ConnectionType.QueuedConnection)
        self.on_screen.show_notes(self.preferences.notes, self.appearance.notes_asked)
        middle.header.form_wanted.connect(self.show_form)
        middle.header.notes_wanted.connect(self.show_notes)
        self.on_screen.touched.connect(self.note)
        self.on_screen.experiment_requested.connect(self.show_experiment)
        self.on_screen.entry_requested.connect(self.finder.show_entry)
        self.on_screen.experiment_wanted.connect(self.show_with, Qt.ConnectionType.QueuedConnection)
        self.presentation.forget()
        self.teller.join(self.on_screen)
        self.guide.join(self.on_screen)
        self.author.join(self.on_screen)
        self.presentation.join(self.on_screen)

    def show_title(self) -> None:
        """Say in the title what is open."""
        title = self.documents.title(self.playback.example, self.playback.config)
        self.setWindowTitle(title.replace("[*]", "[*][*]"))  # else Qt takes it for its own mark
        self.teller.tell()

    # How it is shown

    def _calm(self, on: bool) -> None:
        self.on_screen.calm = on

    def show_notes(self, on: bool) -> None:
        """Show or hide the notes; in a small window they are there because that was asked for."""
        self.preferences.notes, self.appearance.notes_asked = on, on and self.on_screen.cramped
        self.on_screen.show_notes(on, self.appearance.notes_asked)

    def show_form(self, on: bool) -> None:
        """Show the settings, or leave their room to the plots."""
        self.appearance.form = on
        self.on_screen.show_form(on)

    def set_full_screen(self, on: bool) -> None:
        """Give a lecture on the full screen, or be again as before: what was maximised is so again."""
        full, state = Qt.WindowState.WindowFullScreen, self.windowState()
        self.setWindowState(state | full if on else state & ~full)
        if on != self.appearance.lecture:
            self.appearance.set_lecture(on)

    # Sessions

    def session(self) -> Session:
        """All that the user has set up, as it is now."""
        return self.desk.session(self.appearance.language, self.appearance.said_theme)

    def restore(self, session: Session) -> None:
        """Show a session in place of the present one: all of it or, where that raises, nothing."""
        self.openings.restore(session)

    def show_scene(self, name: str, config: Config, look: Look, scene: StopScene | None = None) -> None:
        """Bring the scene of a lesson to the screen; other experiments stay as they are."""
        self.openings.show_scene(name, config, look, scene)

    def set_defaults(self) -> None:
        """Go back to the settings that the experiment begins with."""
        self.playback.edit(self.playback.experiment.config_type())
        self.note()

    def open_sweep(self) -> None:
        """Ask for many runs of the experiment on the screen."""
        open_sweep(self, self.appearance.theme, self.playback, self.status_line.say)

    def open_script(self) -> None:
        """Show the run on the screen as a program."""
        open_script(self, self.appearance.theme, self.playback, self.preferences, self.status_line.say)

    def show_sweep(self, plan: SweepPlan, path: Path) -> None:
        """Open the results of a sweep beside its experiment, whose own settings stay as they are."""
        self.show_experiment(plan.experiment)
        open_results(self, self.appearance.theme, plan, path, self.status_line.say)

    # Taking back

    def undo(self) -> None:
        """Take the last step back."""
        self.note()
        self.history.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.note()
        self.history.redo()

    def note(self) -> None:
        """Keep what has changed as a step that can be taken back."""
        self.history.know(self.documents.path, self.documents.on_file)
        self.history.note(self.playback)

    def _show_steps(self) -> None:
        self.undo_actions.name(self.playback.experiment.name)

    def _remember(self, path: str) -> None:
        self.preferences.add_recent(path)
        self._renew_menus()

    def _renew_menus(self) -> None:
        self.setMenuBar(menus.build(self))
