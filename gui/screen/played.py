"""How the run of an experiment is played: the step of the playhead, and how far the engine may go.

All steps are counted from 0, the start.
"""

from math import ceil, inf
from time import perf_counter
from typing import Any

from engine.config import Config
from engine.experiment import Experiment
from engine.recording import Recording
from engine.runner import Runner
from gui.screen.engine_thread import EngineThread
from gui.screen.playback_state import StopScene
from gui.screen.runs import KeptRun, Runs
from gui.screen.shelf import Shelf

SAME_FRAME = 0.012  # seconds that a tick waits for a cheap run, so that it is drawn in the same frame
KEEP_OLD = 0.1  # seconds for which the old picture stays until a cheap run has begun
ENOUGH = 0.25  # the fraction of a cheap run that is enough to replace the old picture
SLOW = 3.0  # the most steps a second that the eye can follow one by one
AHEAD = 0.25  # how far ahead of the playhead the engine computes, in seconds of playing
OPENING = 4.0  # the most seconds until a new page shows its main step; a slow engine may need longer


class Played(Runs):
    """The runs of an experiment, with a playhead that moves over the present run."""

    def __init__(
        self,
        experiment: Experiment[Any, Any],
        engine: EngineThread,
        shelf: Shelf | None,
        config: Config,
        pace: float,
    ) -> None:
        """Begin with a config; `pace` is the number of steps played in a second, inf follows the engine."""
        super().__init__(experiment, engine, shelf, config)
        self.speed = pace
        self.playhead, self.playing = 0.0, False
        self.new = False  # whether the user has done nothing yet, so that it plays by itself
        self.shown: Runner | None = None  # the runner whose frames are on the screen
        self.stepped = False  # whether the last move was a single step by hand
        self.scene: StopScene | None = None  # that of a lesson, while it is there
        self._cut: tuple[Recording, int, Recording] | None = None  # a recording, the step held, its beginning
        self._furthest = 0  # the last step of the present run that has been on the screen
        self._edited = False  # whether the config differs from that of the run
        self._goal: int | None = None  # the step at which a new run stops playing
        self._opened: float | None = None  # the time at which it began to play by itself
        self._mark = (0.0, 0)  # when the engine began to compute, and from which step

    # What is shown

    @property
    def recording(self) -> Recording:
        """The recording on the screen: that of the present run, or until it has begun, of the one before.

        While a step is `held`, it is only the part up to this step.
        """
        whole, held = (self.shown or self.runner).recording, self.held
        if held is None or whole.last <= held:
            self._cut = None
            return whole
        if self._cut is None or self._cut[0] is not whole or self._cut[1] != held:
            self._cut = whole, held, whole.until(held)
        return self._cut[2]

    @property
    def held(self) -> int | None:
        """The step after which nothing is shown, also if it is computed; None: all of it may be seen."""
        return self.scene.held if self.scene is not None else None

    @property
    def drawn_behind(self) -> list[KeptRun]:
        """The runs behind the one on the screen that have begun."""
        run = self.shown or self.runner
        return [pin for pin in self.behind if pin.runner is not run and pin.runner.recording.last >= 0]

    @property
    def step(self) -> int:
        """The step on the screen."""
        return max(0, min(int(self.playhead), self.recording.last))

    @property
    def ended(self) -> bool:
        """Whether the playhead is at the last step of the run."""
        return self.runner.finish is not None and self.playhead >= self.runner.recording.last

    @property
    def streaming(self) -> bool:
        """Whether frames are computed at full speed, and the playhead follows the last one."""
        return self.playing and self.speed == inf and self.runner.finish is None

    @property
    def slow(self) -> bool:
        """Whether steps come one by one: by hand, or played slowly."""
        return self.stepped if not self.playing else self.speed <= SLOW

    @property
    def remaining(self) -> float | None:
        """Return the estimated seconds until the whole run is computed; None if it cannot be estimated."""
        runner, (since, first) = self.runner, self._mark
        done = runner.recording.last
        if not self.playing or self.ended:
            return None
        if self.speed < inf:
            return (runner.last_step - self.playhead) / self.speed
        if done <= first or not since:  # it has not begun yet
            return None
        return (perf_counter() - since) / (done - first) * (runner.last_step - done)

    @property
    def slow_step(self) -> float | None:
        """Return the seconds that a step takes, or has taken so far, if it is more than one second."""
        since = self.runner.working_since
        this = perf_counter() - since if since is not None else None
        so_far = self.runner.worked + (this or 0.0) if this is not None or self.runner.has_work else 0.0
        longest = max(so_far, self.runner.last_took if self.runner.has_work else 0.0)
        return longest if longest > 1 else None

    # How it is played

    def play(self) -> None:
        """Play on; from the start if the end was reached."""
        self.new = False
        if self.ended and not self.runner.cheap:
            self._begin(at=0.0, playing=True)
        if self.ended:
            self.playhead = 0.0
        self.playing = True
        self._aim()

    def pause(self) -> None:
        """Stop the playhead and the engine."""
        self.new = False
        self.playing = False
        self.playhead = float(self.step)
        self._aim()

    def seek(self, step: int) -> None:
        """Go to a step and stop; if it is not computed yet, it is computed first."""
        self.new = self.stepped = False
        self.playing = False
        self.playhead = float(max(0, min(step, self.runner.last_step)))
        self._aim()

    def single_step(self, by: int = 1) -> None:
        """Go one step forward or back and stop."""
        self.seek(self.step + by)
        self.stepped = True

    def set_speed(self, speed: float) -> None:
        """Set the number of steps played in a second."""
        self.speed = speed
        self._aim()

    def reset(self) -> None:
        """Go back to the start and stop there."""
        self.new = False
        self._begin(at=0.0, playing=False)

    def open_on(self, step: int | None) -> None:
        """On a new page, play up to the step that shows the main result, and stop there.

        None as long as that step is not known.
        """
        if not self.new or self.shown is not self.runner:
            return
        self._opened = self._opened or perf_counter()
        end = self.recording.last if self.runner.finish is not None else None
        rest = end if step is None else min(step, self.runner.last_step)
        late = perf_counter() - self._opened > OPENING  # ticks count less time than has passed
        if self.runner.last_step == 0 or (self.ended and step is None):
            self.new = False
        elif rest is not None and (self.playhead >= rest or (late and self.recording.last >= rest)):
            self.seek(rest)
        else:
            self._goal, self.playing = step, True
            self._aim()

    def give_up(self) -> None:
        """Stop a run that is still reading its data."""
        self.engine.drop(self.runner)
        self.playing = False

    # Time

    def enter(self) -> None:
        """Become the playback on the screen: the engine computes its run first, then those beside it."""
        self._share_memory()
        beside = [pin.runner for pin in self.behind]
        self.engine.take(self.runner, *beside)
        for runner in beside:
            self.engine.aim(runner, inf)
        self._aim()

    def tick(self, seconds: float) -> None:
        """Let time pass: begin an edited run, move the playhead, set the goal of the engine."""
        if self._edited and not self._underway():
            self._begin_edited()
        if self.shown is not self.runner and self._ready():
            self.shown = self.runner
        if self.shown is self.runner:
            if self.playing:
                self._move(seconds)
            self._furthest = max(self._furthest, self.step)

    def _underway(self) -> bool:
        """Whether the run of the last edit is still being made: a drag must wait for its pictures."""
        waited = perf_counter() - self._mark[0]
        return self.runner.cheap and self.shown is not self.runner and waited < KEEP_OLD

    def _begin_edited(self) -> None:
        """Begin the run of an edited config, unless its frames do not depend on the edit.

        A cheap run keeps the step, and so does a run that is the same up to some step. A long run begins at
        the start; it plays at once if the run before was complete, because an empty plot would show nothing.
        """
        if self.experiment.run_key(self.config) == self.experiment.run_key(self.runner.config):
            self.runner.config, self._edited = self.config, False
            self._tend()
            return
        fork = self._known_branch(self.config) or self._forked(self.config)
        if fork is not None:
            self._put(fork, self.playhead, self.playing)
            self.enter()
        elif self.experiment.is_cheap(self.config):
            self._begin(self.playhead, self.playing)
        else:
            eager = self.experiment.eager
            self._begin(0.0, eager or self.playing or self.ended or self.runner.cheap)

    def _begin(self, at: float, playing: bool) -> None:
        """Start a run of the present config, with the playhead at a step."""
        self._put(Runner(self.experiment, self.config), at, playing)
        self.enter()

    def _put(self, runner: Runner, at: float, playing: bool) -> None:
        """Replace the present run by another; the engine computes it once the playback is entered."""
        self._have(runner)
        self.playhead, self.playing = at, playing
        self._furthest = int(at)
        self._mark = perf_counter(), -1
        self._edited = False

    def _ready(self) -> bool:
        """Whether enough of the new run is computed to replace the old one on the screen."""
        recording = self.runner.recording
        if not self.runner.cheap:
            if self.playing and recording.last >= 0:  # a fork: what is changed acts before it is drawn
                self.engine.wait_for(self.runner, int(self.playhead) + 1, SAME_FRAME)
            return recording.last >= 0 or self.runner.finish is not None
        wanted = int(self.playhead)
        if self.engine.wait_for(self.runner, wanted, SAME_FRAME):
            return True
        late = perf_counter() - self._mark[0] > KEEP_OLD
        return recording.last >= (0 if late else ENOUGH * wanted)

    def _move(self, seconds: float) -> None:
        last = self.recording.last
        wanted = self.playhead + self._pace * seconds if self.speed < inf else float(last)
        self.playhead = min(wanted, float(max(last, 0)))
        if self.ended:
            self.playing = False
        self._aim()

    @property
    def _pace(self) -> float:
        """Return the steps a second; a new run reaches its main step within `OPENING` seconds."""
        if not self.new:
            return self.speed
        goal = self.runner.last_step if self._goal is None else self._goal
        return max(self.speed, goal / OPENING)

    def _aim(self) -> None:
        """Set how far the engine may go: a cheap run to its end, others a little ahead of the playhead."""
        runner = self.runner
        if runner.cheap or (self.playing and self.speed == inf):
            goal = inf
        elif self.playing:
            goal = ceil(self.playhead + self._pace * AHEAD) + 1.0
        else:
            goal = self.playhead
        if not runner.has_work:
            self._mark = perf_counter(), runner.recording.last
        if goal != runner.goal:
            self.engine.aim(runner, goal)

    @property
    def _place(self) -> int:
        """Return the step of the playhead, also if the run is not computed so far: after opening, or a
        seek.
        """
        return int(self.playhead) if self.runner.finish is None else self.step
