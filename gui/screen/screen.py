"""One experiment on the screen: its form on the left, its view in the middle, its notes on the right."""

from dataclasses import replace
from time import perf_counter
from typing import Any

from msgspec import convert, to_builtins
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from engine.changes import config_at
from engine.config import Config, Problem
from gui.form.settings_text import settings_text
from gui.look.fold import open_again, open_folds
from gui.look.language import tr
from gui.look.numbers import FIGURE_SPACE
from gui.look.theme import Theme
from gui.plots.links import Links
from gui.plots.panel import Panel
from gui.plots.zoom import ZoomPanel
from gui.screen.enlarged import Enlarged
from gui.screen.live_numbers import PLAYED, SELDOM, LiveNumbers
from gui.screen.moment import Ghost, Moment, follows
from gui.screen.places import Places
from gui.screen.playback import Playback
from gui.screen.plot_menu import PlotMenu
from gui.screen.scenes import Try
from gui.screen.showing import Showing
from gui.screen.sights import KeptSights, sights_of
from gui.screen.speech import Speech
from gui.screen.spots import focus_at, keep_sizes, spot_of

SHARE = 3.4  # time from one drawing to the next, in multiples of its own: the engine has two thirds, measured
STANDS = 0.012  # seconds for which a picture waits until the engine stands still
FRAME = 0.009  # seconds of drawing in one frame while a run is played, in which its plots take turns
MOMENT = 0.018  # … in all frames from one moment that is drawn to the next


class Screen(Places):
    """Draws a playback, and turns actions on its widgets into edits of the playback."""

    export_requested = Signal(object)  # a Panel
    picture_requested = Signal(object)  # a Panel, for the clipboard
    data_requested = Signal(object)  # a Panel, for the clipboard
    experiment_requested = Signal(str)  # a link in the notes names another experiment
    experiment_wanted = Signal(str, object)  # a plot asks for another experiment with this config
    entry_requested = Signal(str)  # a word, or a term of a formula, is in the glossary: the key of its entry
    touched = Signal()  # something was done to a widget: the playback may be another now

    def __init__(
        self, playback: Playback, theme: Theme, language: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(playback, theme, language, parent)
        self.plot_menu = PlotMenu(self.view, self)
        self.speech = Speech(self.form, self.notes, self.strip, self)
        self.showing, self._sights = Showing(playback), KeptSights(playback)
        self.live = LiveNumbers(self.speech, self.notes, theme.presenting)
        self.calm = True  # whether there are no animations
        self._put_off = False  # whether the last frame had no time for plots: then the next is theirs
        self._spent = 0.0  # seconds of drawing for the moment that is shown
        self._rest = 0.0  # seconds until the next drawing, from the beginning of the last
        self._connect()
        open_again(self, playback.folds)

    def _connect(self) -> None:
        self.settings.leaving.connect(self.remember)
        self.notes_seen.connect(self._speak_anew)
        self.settings.edited.connect(self.touched)
        self.transport.refused.connect(self.form.show_problem)
        self.banner.cancelled.connect(self.playback.give_up)
        self.transport.changed.connect(self.touched)
        self.notes.experiment_requested.connect(self.experiment_requested)
        self.notes.tried.connect(self.try_out)
        self.notes.entry_requested.connect(self.entry_requested)
        self.plot_menu.export_requested.connect(self.export_requested)
        self.plot_menu.picture_requested.connect(self.picture_requested)
        self.plot_menu.data_requested.connect(self.data_requested)
        self._connect_view()

    def _connect_view(self) -> None:
        self.speech.use(self.view)
        self.view.edited.connect(self._edit)
        self.view.options_changed.connect(self._options_changed)
        self.view.step_chosen.connect(self.playback.seek)
        self.view.live_changed.connect(self._live_changed)
        self.view.experiment_wanted.connect(self.experiment_wanted)
        self.view.questions.use(self.playback.engine)
        self.view.questions.answered.connect(self._show_problem)
        self.view.questions.answered.connect(self._see_again)
        self.view.questions.failed.connect(self._show_problem)
        Links(self.view.findChildren(ZoomPanel), self.view)

    def renew_view(self) -> None:
        """Make a new view, because its options were changed elsewhere. Plots keep their sizes."""
        self.plot_menu.put_back()
        self.expect_sights()
        old = self.view
        spot = spot_of(self.focusWidget(), old)
        self.view = type(old)(self.theme, convert(self.playback.options, type(old).options_type))
        self.plot_menu.use(self.view)
        self._connect_view()
        self.splitter.setUpdatesEnabled(False)
        self._centre.replaceWidget(old, self.view)
        old.hide()
        self.view.show()
        keep_sizes(old, self.view)
        self.showing.begin_again()
        self.draw()
        focus_at(self.view, spot)
        old.setParent(None)
        old.deleteLater()
        self.splitter.setUpdatesEnabled(True)

    def follow_options(self) -> None:
        """Show the options of the playback, which were changed elsewhere.

        A new view is made only if a changed option is stored in the plots themselves.
        """
        options = convert(self.playback.options, self.view.options_type)
        if any(
            getattr(options, name) != getattr(self.view.options, name) for name in self.view.kept_by_plots
        ):
            self.renew_view()
            return
        self.plot_menu.put_back()
        self.expect_sights()
        self.view.options = options
        self.showing.draw_again()

    def remember(self) -> None:
        """Save the zoom of the plots and the open folds in the playback, before the widgets are deleted."""
        self.playback.sights = sights_of(self.view, self.playback.sights)
        self.playback.folds = open_folds(self.form) | open_folds(self.notes)

    def expect_sights(self) -> None:
        """Restore the zoom that the plots had when they last showed the coming content."""
        self.remember()
        self._sights.expect()

    def _see_again(self) -> None:
        self._sights.see(self.view)

    def begin_anew(self) -> None:
        """Draw the next run without regard to the one before, so that after *Undo* it looks as it did."""
        self.showing.begin_again(anew=True)

    # Signals of the widgets

    def _edit(self, config: Config) -> None:
        """Take settings that a plot has changed; they hold from the present step on if that is wanted."""
        self.remember()
        try:
            self.playback.edit_settings(config_at(config, 0), 0)
        except Problem as problem:
            self.form.show_problem(problem)
        self.touched.emit()

    def try_out(self, what: Try) -> None:
        """Do what a button of the notes says: set settings and options, go to a step."""
        playback = self.playback
        if not what.does(playback.config, self.view.options):  # the settings have changed since
            return
        config, has_steps = what.config(playback.config), playback.runner.last_step > 0
        changed = config != playback.config
        if what.options:
            self.view.set_option(**dict(what.options))
        if changed:
            self.remember()
            playback.edit(config)
            self.touched.emit()
            playback.tick(0.0)
        if what.step is not None:
            playback.seek(what.step)
        elif changed and has_steps:
            playback.play()

    def _options_changed(self, options: Config) -> None:
        if options != convert(self.playback.options, type(options)):  # else the same value was chosen again
            self.playback.options = to_builtins(options)
        self.showing.draw_again()
        self.touched.emit()

    def menu_of(self, panel: Panel) -> QMenu:
        """Return the menu of a plot."""
        return self.plot_menu.menu_of(panel)

    def enlarge(self, panel: Panel) -> None:
        """Show a plot as large as the view, or put it back."""
        self.plot_menu.enlarge(panel)

    @property
    def enlarged(self) -> Enlarged | None:
        """The widget that holds the plot that is as large as the view; None if no plot is enlarged."""
        return self.plot_menu.enlarged

    # Time

    def tick(self, seconds: float) -> None:
        """Let the playback go on, and draw the changes."""
        self.settings.settle()
        self.playback.tick(seconds)
        if self.playback.new and self.view.at is not None and self.view.at.last >= 0:
            self.playback.open_on(self.view.opens_on(self.view.at))
            if not (self.playback.new or self.calm):  # it has stopped for the first time
                self.view.greet(steps=self.playback.runner.last_step > 0)
        self.live.age += seconds
        self._rest = max(self._rest - seconds, 0.0) + SHARE * self.view.questions.drew()
        if self.playback.playing and not self.playback.slow and self.showing.run is self.playback.runner:
            self._go_along()
            return
        self.view.fills.hurried = False
        if self.live.due():
            self.live.show(self.view, self.showing)
        if self.showing.outdated:
            with self.playback.engine.held():
                self.draw()
            self.view.questions.take_soon()
            with self.playback.engine.held():
                self.view.fills.paint()  # paint the changes while the engine stands still

    def _go_along(self) -> None:
        """Draw as much of a played run as fits into a frame; at full speed the engine gets the other time."""
        fills, engine, streaming = self.view.fills, self.playback.engine, self.playback.streaming
        fills.hurried, fills.apart, unfinished = True, streaming, fills.unfinished
        if streaming and self._rest > 0 and not unfinished:
            return
        late = self.live.due(SELDOM if streaming else PLAYED) and not unfinished
        begun = perf_counter()
        if late and self.showing.has_begun:
            with engine.held(STANDS) as begun:
                self._show_late()
                self.view.fills.paint()
        elif self.showing.outdated or self.view.waits:
            with engine.held(STANDS) as begun:
                if self.showing.outdated and not (self._put_off or unfinished):
                    self._spent = 0.0
                    self.draw()
                    if late:  # each picture of a drag is of another run, so that its turn never comes
                        self._show_late()
                    self.view.fills.paint()
                left = min(FRAME, MOMENT - self._spent) - (perf_counter() - begun)
                drawn = fills.take_turns(left, at_least_one=self._put_off or not streaming)
                self._put_off = not drawn
            self.live.late = True
        took = perf_counter() - begun
        self._spent += took
        self._rest = SHARE * took + (self._rest if streaming else 0.0)

    def _speak_anew(self) -> None:
        """Show the numbers again: the terms of formulas are computed only while they are visible."""
        self.live.late = True

    def _show_late(self) -> None:
        """Show the numbers of the step in a played run, where the plots come first."""
        self.live.show(self.view, self.showing)
        self.live.late = False

    def draw(self) -> None:
        """Show the playback as it is now."""
        playback = self.playback
        self.settings.refresh()
        self.showing.take(self.view)
        before = self.view.at
        self.view.show_plots(playback.recording.last >= 0 or self.showing.run.finish is None)
        self.view.show_moment(self.moment())
        if not self.calm and playback.slow and follows(self.view.at, before):
            self.view.show_motion()
        if playback.recording.last >= 0:
            self._see_again()
        self.live.offer(self.view, self.showing)
        self._show_problem()
        self.transport.words = self.view.when(self.view.at) if self.view.at.last >= 0 else None
        self.transport.refresh()

    def _live_changed(self) -> None:
        self.live.offer(self.view, self.showing)

    def moment(self) -> Moment[Any, Any]:
        """Return the moment to show now."""
        return self.showing.moment(self.view)

    def ghosts(self) -> tuple[Ghost, ...]:
        """Return the runs drawn behind the one on the screen: those that have begun."""
        return self.showing.ghosts()

    def _show_problem(self) -> None:
        self.banner.show_run(self.playback.runner, *self.view.questions.problems.values())

    def subtitle(self, step: int) -> str:
        """Return the step and the main settings, for the head of a figure."""
        playback = self.playback
        settings, total = settings_text(self.showing.run.config), playback.runner.last_step
        if not total:
            return settings
        at = replace(self.moment(), step=step)
        words = self.view.when(at) if at.last >= 0 else None
        if words is None:
            wide = f"{step:{FIGURE_SPACE}>{len(str(total))}}"
            words = tr("step {step} / {total}", step=wide, total=total)
        return f"{words} · {settings}"
