"""What of a playback is on the screen: the runs that the view has begun with, and what was drawn last."""

from typing import Any

from msgspec import convert

from engine.runner import Runner
from gui.plots.panel import Panel
from gui.screen.ghosts import ghost_of
from gui.screen.moment import Ghost, Moment
from gui.screen.playback import Playback
from gui.screen.view import View


class Showing:
    """Compares a playback with what its view shows, and lets the view begin with another run."""

    def __init__(self, playback: Playback) -> None:
        self._playback = playback
        self._drawn: tuple[object, ...] = ()  # the state of the playback that was drawn last
        self._begun: tuple[object, ...] = ()  # the runs that the view has begun with
        self._ghosts: tuple[Ghost, ...] = ()
        self._anew = False  # whether the next run is drawn without regard to the one before

    @property
    def run(self) -> Runner:
        """The run that is on the screen, or that comes next."""
        return self._playback.shown or self._playback.runner

    @property
    def has_begun(self) -> bool:
        """Whether the view shows that run."""
        return self._begun[:2] == (self.run, self.run.config)

    @property
    def outdated(self) -> bool:
        """Whether something has changed since it was drawn."""
        return self._state() != self._drawn

    def draw_again(self) -> None:
        """Draw the next time even if nothing has changed."""
        self._drawn = ()

    def begin_again(self, anew: bool = False) -> None:
        """Let the view begin with the run again; with `anew`, without regard to the run before."""
        self._begun = self._drawn = ()
        self._anew = self._anew or anew

    def take(self, view: View) -> None:
        """Take the playback as it is now for what is drawn, and let the view begin with a new run.

        A pinned run is added once it has begun, and again at its end.
        """
        self._drawn = self._state()
        run = self.run
        runners = [pin.runner for pin in self._playback.behind]
        pinned = [(one, one.recording.last >= 0, one.finish) for one in runners]
        begun = (run, run.config, *pinned)
        if begun != self._begun:
            view.options = convert(self._playback.options, view.options_type)
            self._ghosts = self.ghosts()
            self._begun = begun
            if self._anew:
                self._forget_ranges(view)

    def _forget_ranges(self, view: View) -> None:
        """Let the plots forget the ranges of earlier runs, until the wanted run is there."""
        for panel in view.findChildren(Panel):
            panel.restart()
        self._anew = self._playback.shown is not self._playback.runner

    def moment(self, view: View) -> Moment[Any, Any]:
        """Return the moment to show now."""
        recording, step = self._playback.recording, self._playback.step
        return Moment(self.run.config, view.options, recording, step, self._ghosts, view.memo)

    def ghosts(self) -> tuple[Ghost, ...]:
        """Return the runs drawn behind the one on the screen: those that have begun."""
        playback, present = self._playback, self.run.config
        return tuple(ghost_of(pin, present, pin in playback.others) for pin in playback.drawn_behind)

    def _state(self) -> tuple[object, ...]:
        playback = self._playback
        pinned = tuple(pin.runner.recording.last for pin in playback.behind)
        slow = playback.slow_step
        recording = playback.recording
        seen = (playback.config, recording, recording.last, playback.step, slow and round(slow))
        read = playback.runner.preparing
        reading = None if read is None else round(100 * read)
        return (*seen, playback.playing, playback.speed, playback.runner.finish, pinned, reading)
