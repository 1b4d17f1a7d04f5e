"""One experiment on the screen: its form on the left, its view in the middle, its notes on the right."""

from dataclasses import replace
from math import inf
from time import perf_counter
from typing import Any

from msgspec import convert, to_builtins
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from engine.changes import config_at
from engine.config import Config, Problem
from engine.runner import Runner
from gui.form.settings_text import settings_text
from gui.look.fold import open_again, open_folds
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.links import Links
from gui.plots.panel import Panel, paint_now
from gui.plots.zoom import ZoomPanel
from gui.screen.enlarged import Enlarged
from gui.screen.ghosts import ghost_of
from gui.screen.moment import Ghost, Moment, follows
from gui.screen.places import Places
from gui.screen.playback import Playback
from gui.screen.plot_menu import PlotMenu
from gui.screen.scenes import Try
from gui.screen.sights import see_again, sights_of
from gui.screen.speech import Speech
from gui.screen.spots import focus_at, keep_sizes, spot_of

REST = 2.6  # time for the engine after drawing, in multiples of the time of drawing: two thirds of the speed
FIGURE_SPACE = "\u2007"  # as wide as a digit, so that the text after the step does not move in an animation
LIVE_EVERY = 0.05  # seconds between changes of the numbers in the formulas, so that they can be read
LIVE_PLAYED, LIVE_SELDOM = 0.1, 0.2  # … while a run is played, and at full speed
FRAME = 0.009  # seconds of drawing in one frame while a run is played, in which its plots take turns


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
        self._drawn: tuple[object, ...] = ()
        self._begun: tuple[object, ...] = ()
        self._ghosts: tuple[Ghost, ...] = ()
        self._to_see = playback.config, playback.sights  # the zoom to restore once the plots have content
        self._anew = False  # whether the next run is drawn without regard to the one before
        self._live_age, self._live_late = inf, False
        self.calm = True  # whether there are no animations
        self._put_off = False  # whether the last frame had no time for plots: then the next is theirs
        self._rest = 0.0  # seconds that are left for the engine after a picture
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
        self._begun = self._drawn = ()
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
        self.view.options, self._drawn = options, ()

    def remember(self) -> None:
        """Save the zoom of the plots and the open folds in the playback, before the widgets are deleted."""
        self.playback.sights = sights_of(self.view, self.playback.sights)
        self.playback.folds = open_folds(self.form) | open_folds(self.notes)

    def expect_sights(self) -> None:
        """Restore the zoom that the plots had when they last showed the coming content."""
        self.remember()
        self._to_see = self.playback.config, self.playback.sights

    def _see_again(self) -> None:
        """Restore the zoom of the plots as soon as they have the same content; not after an edit."""
        config, sights = self._to_see
        if sights:
            self._to_see = config, see_again(self.view, sights) if config == self.playback.config else {}

    def begin_anew(self) -> None:
        """Draw the next run without regard to the one before, so that after *Undo* it looks as it did."""
        self._anew, self._begun, self._drawn = True, (), ()

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
        self._drawn = ()
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
        self._live_age += seconds
        self._rest = max(self._rest - seconds, 0.0) + REST * self.view.questions.drew()
        if self.playback.playing and not self.playback.slow and self._run is self.playback.runner:
            self._go_along()
            return
        self.view.fills.hurried = False
        if self._live_late and self._live_age >= LIVE_EVERY:
            self._show_live()
        if self._state() != self._drawn:
            with self.playback.engine.held():
                self.draw()
            self.view.questions.take_soon()
            with self.playback.engine.held():
                paint_now(self.view)  # paint the changes while the engine stands still

    def _go_along(self) -> None:
        """Draw as much of a played run as fits into a frame; at full speed the engine gets the other time."""
        self.view.fills.hurried, streaming = True, self.playback.streaming
        if streaming and self._rest > 0:
            return
        begun = perf_counter()
        late = self._live_late and self._live_age >= (LIVE_SELDOM if streaming else LIVE_PLAYED)
        if late and self._has_begun:
            with self.playback.engine.held():
                self._show_late()
                paint_now(self.view)
        elif self._state() != self._drawn or self.view.waits:
            with self.playback.engine.held():
                if self._state() != self._drawn and not self._put_off:
                    self.draw()
                    if late:  # each picture of a drag is of another run, so that its turn never comes
                        self._show_late()
                    paint_now(self.view)
                left = FRAME - (perf_counter() - begun)
                drawn = self.view.fills.take_turns(left, at_least_one=self._put_off or not streaming)
                self._put_off = not drawn
            self._live_late = True
        self._rest = REST * (perf_counter() - begun)

    def _speak_anew(self) -> None:
        """Show the numbers again: the terms of formulas are computed only while they are visible."""
        self._live_late = True

    def _show_late(self) -> None:
        """Show the numbers of the step in a played run, where the plots come first."""
        self._show_live()
        self._live_late = False

    def draw(self) -> None:
        """Show the playback as it is now."""
        playback = self.playback
        self.settings.refresh()
        self._drawn = self._state()
        self._begin_if_new()
        before = self.view.at
        self.view.show_plots(playback.recording.last >= 0 or self._run.finish is None)
        self.view.show_moment(self.moment())
        if not self.calm and playback.slow and follows(self.view.at, before):
            self.view.show_motion()
        if playback.recording.last >= 0:
            self._see_again()
        self._live_late = True
        if self._live_age >= LIVE_EVERY and not self.view.fills.hurried:
            self._show_live()
        self._show_problem()
        self.transport.words = self.view.when(self.view.at) if self.view.at.last >= 0 else None
        self.transport.refresh()

    def _live_changed(self) -> None:
        """Show the present numbers of the formulas; while a run streams, and in a drag, later, together with
        the next ones.
        """
        if self.view.fills.hurried or self._live_age < LIVE_EVERY:
            self._live_late = True
        else:
            self._show_live()

    def _show_live(self) -> None:
        """Show the numbers of the step, once the view shows this run."""
        if not self._has_begun:
            self._live_late = True
            return
        if not (self.notes.isVisible() or self.theme.presenting):
            self._live_late = True  # they are shown when they become visible
            self.speech.forget()
            return
        self._live_late = False
        if self.notes.isVisible():
            self.notes.show_scene(self._run.config, self.view.options)
        known = self.playback.recording.last >= 0
        live = self.view.formulas(self.moment()) if known else []
        if live is not None:  # else they are shown as soon as there is the answer that they wait for
            self._live_age = 0.0
            self.speech.show(live, self.moment(), self.theme.presenting)
            self._live_late = self.view.waits  # formulas take values from plots, which are not drawn yet

    @property
    def _has_begun(self) -> bool:
        """Whether the view shows the run on the screen."""
        return self._begun[:2] == (self._run, self._run.config)

    @property
    def _run(self) -> Runner:
        """Return the run that is on the screen, or that comes next."""
        return self.playback.shown or self.playback.runner

    def _begin_if_new(self) -> None:
        """Let the view begin with a new run. A pinned run is added once it has begun, and again at its
        end.
        """
        run = self._run
        runners = [pin.runner for pin in self.playback.behind]
        pinned = [(one, one.recording.last >= 0, one.finish) for one in runners]
        begun = (run, run.config, *pinned)
        if begun != self._begun:
            self.view.options = convert(self.playback.options, self.view.options_type)
            self._ghosts = self.ghosts()
            self._begun = begun
            if self._anew:
                self._forget_ranges()

    def _forget_ranges(self) -> None:
        """Let the plots forget the ranges of earlier runs, until the wanted run is there."""
        for panel in self.view.findChildren(Panel):
            panel.restart()
        self._anew = self.playback.shown is not self.playback.runner

    def moment(self) -> Moment[Any, Any]:
        """Return the moment to show now."""
        view, playback = self.view, self.playback
        recording, step = playback.recording, playback.step
        return Moment(self._run.config, view.options, recording, step, self._ghosts, view.memo)

    def ghosts(self) -> tuple[Ghost, ...]:
        """Return the runs drawn behind the one on the screen: those that have begun."""
        playback, present = self.playback, self._run.config
        return tuple(ghost_of(pin, present, pin in playback.others) for pin in playback.drawn_behind)

    def _state(self) -> tuple[object, ...]:
        playback = self.playback
        pinned = tuple(pin.runner.recording.last for pin in playback.behind)
        slow = playback.slow_step
        recording = playback.recording
        seen = (playback.config, recording, recording.last, playback.step, slow and round(slow))
        read = playback.runner.preparing
        reading = None if read is None else round(100 * read)
        return (*seen, playback.playing, playback.speed, playback.runner.finish, pinned, reading)

    def _show_problem(self) -> None:
        self.banner.show_run(self.playback.runner, *self.view.questions.problems.values())

    def subtitle(self, step: int) -> str:
        """Return the step and the main settings, for the head of a figure."""
        playback = self.playback
        settings, total = settings_text((playback.shown or playback.runner).config), playback.runner.last_step
        if not total:
            return settings
        at = replace(self.moment(), step=step)
        words = self.view.when(at) if at.last >= 0 else None
        if words is None:
            wide = f"{step:{FIGURE_SPACE}>{len(str(total))}}"
            words = tr("step {step} / {total}", step=wide, total=total)
        return f"{words} · {settings}"
