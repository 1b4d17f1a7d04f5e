"""A playback is one experiment as the user has it: config, run, playhead, pinned runs, options of the view.

It knows no widget. The window shows a playback, edits it, and calls `tick` sixty times a second.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import ceil, inf
from time import perf_counter
from typing import Any

from engine.changes import Change, is_live, shared_steps
from engine.config import Config, replaced
from engine.experiment import Experiment
from engine.recording import Recording
from engine.runner import Finish, Runner
from engine.session import Look
from gui.screen.engine_thread import EngineThread
from gui.screen.forks import InForce, edited, without
from gui.screen.playback_state import Example, PlaybackMemo, PlaybackState
from gui.screen.runs import Pin, Runs
from gui.screen.shelf import Shelf

SAME_FRAME = 0.012  # seconds a tick waits for a cheap run, so that it is drawn at once
KEEP_OLD = 0.1  # seconds for which the old picture stands while a cheap run is not there yet
Options = dict[str, Any]
Follow = Callable[[Options, Config, Config], tuple[Options, Config]]
ENOUGH = 0.25  # the part of a cheap run that replaces the old picture at once; the rest is soon there
SLOW = 3.0  # steps a second that can be followed one by one
AHEAD = 0.25  # seconds of playing that the engine computes in advance
OPENING = 4.0  # seconds in which a new run shows its point, at most; an engine may need longer


class Playback(Runs):
    """The state of one experiment. All steps are counted from 0, the start."""

    def __init__(
        self,
        experiment: Experiment[Any, Any],
        engine: EngineThread,
        pace: float,
        follow: Follow | None = None,
        shelf: Shelf | None = None,
        config: Config | None = None,
        look: Look | None = None,
        memo: PlaybackMemo | None = None,
    ) -> None:
        """`follow` tells what options and settings become as the settings go from one to another.

        `shelf` is where runs go that are let go; without one the playback has its own.
        `config` and `look` are what a session says; the run is made up to the step that was on the screen.
        One that was here before has a `memo`: it finds the runs that are there from then.
        """
        super().__init__(experiment, engine, shelf, config or experiment.config_type())
        self._follow = follow
        self.options: Options
        self.example: Example | None  # what was opened here
        self.sights: dict[Any, Any]  # what of its plots the user has chosen to see
        self.folds: frozenset[str] = frozenset()  # which folded parts of its screen are open
        self.memo = memo or PlaybackMemo()
        self.speed = pace
        self.playhead, self.playing = self._place_of(look) if look else (0.0, False)
        self.new = look is not None and look.step is None  # nobody has done anything: it plays by itself
        self.runner = self._set_up(self.config, look or Look(), memo is not None)
        self._tend()
        self.shown: Runner | None = None  # whose frames are on the screen
        self.stepped = False  # whether it stands where one single step by hand has led, or will
        self._in_force = InForce()
        self.from_here = False  # whether an edit is wanted from the step on the screen on
        self._furthest = int(self.playhead)  # the last step of the present run that has been on the screen
        self._edited = False
        self._goal: int | None = None  # the step that a new run rests on
        self._opened: float | None = None  # when it began to play by itself
        self._mark = (0.0, 0)  # when the engine last set off, and from which step

    # What there is to see

    @property
    def recording(self) -> Recording:
        """The recording on the screen: the present run's, or the one before until that has begun."""
        return (self.shown or self.runner).recording

    @property
    def drawn_behind(self) -> list[Pin]:
        """The runs behind the one on the screen that have anything to show."""
        run = self.shown or self.runner
        return [pin for pin in self.behind if pin.runner is not run and pin.runner.recording.last >= 0]

    @property
    def step(self) -> int:
        """The step on the screen."""
        return max(0, min(int(self.playhead), self.recording.last))

    @property
    def ended(self) -> bool:
        """Whether the playhead is where nothing more will come."""
        return self.runner.finish is not None and self.playhead >= self.runner.recording.last

    @property
    def streaming(self) -> bool:
        """Whether frames are computed at full speed, with the playhead behind them."""
        return self.playing and self.speed == inf and self.runner.finish is None

    @property
    def slow(self) -> bool:
        """Whether steps come one by one, so that each can be seen: by hand, or played slowly."""
        return self.stepped if not self.playing else self.speed <= SLOW

    @property
    def remaining(self) -> float | None:
        """Seconds until the engine has the whole run, as far as can be told."""
        runner, (since, first) = self.runner, self._mark
        done = runner.recording.last
        if not self.playing or self.ended:
            return None
        if self.speed < inf:
            return (runner.last_step - self.playhead) / self.speed
        if done <= first or not since:  # it has not set off yet
            return None
        return (perf_counter() - since) / (done - first) * (runner.last_step - done)

    @property
    def slow_step(self) -> float | None:
        """Seconds that a step takes, or has taken so far, where they are more than one."""
        since = self.runner.working_since
        this = perf_counter() - since if since is not None else None
        so_far = self.runner.worked + (this or 0.0) if this is not None or self.runner.has_work else 0.0
        longest = max(so_far, self.runner.last_took if self.runner.has_work else 0.0)
        return longest if longest > 1 else None

    # What the user does

    def edit(self, config: Config, beside: bool = False) -> None:
        """Take a new config. Its run begins at the next tick: of several edits the latest wins.

        The run before stays as a branch if it is to be `beside` the new one.
        """
        if config == self.config:
            return
        if self._follow is not None:
            self.options, config = self._follow(self.options, self.config, config)
        self.new = False
        self._stand_for(config, beside)
        self._edited, self.config = True, config

    @property
    def here(self) -> int | None:
        """The step from which on an edit holds where that is wanted; None where nothing comes after it."""
        run, step = self.runner, self.step
        over = run.finish is not None and step >= run.recording.last
        if over and (run.finish is not Finish.COMPLETED or step >= run.last_step):
            return None  # where a rule has ended the run, another setting lets it go on
        return step if is_live(self.config) and step > 0 else None

    @property
    def in_force(self) -> Config:
        """The settings with which the run goes on from the step on the screen."""
        return self._in_force.at(self.config, self.step)

    def edit_settings(self, wanted: Config, of: int) -> None:
        """Let the settings that are in force after `of` steps be as wanted: from the start, or from here on.

        Where the run has been on the screen beyond this step it stays, as a branch.

        Raises:
            Problem: it does not fit together with what the run has at another step.
        """
        here = self.here if self.from_here else None
        config = edited(self.config, wanted, of, here)
        goes_on = here is not None and shared_steps(self.config, config) == here
        self.edit(config, beside=goes_on and self._furthest > self.step)
        if goes_on:
            self._furthest = self.step

    def go_to(self, branch: Config) -> None:
        """Be on another branch, at the same step; what is not computed of it yet is computed first."""
        if branch not in self.branches or branch == self.config:
            return
        self.new, self.config = False, branch
        self._put(self._known(branch) or self._run_of(branch), self.playhead, self.playing)
        self._furthest = max(self.runner.recording.last, int(self.playhead))
        self.enter()

    def close_branch(self, branch: Config) -> None:
        """Let a branch go; from the one on the screen one comes to the nearest that is left."""
        left = [one for one in self.branches if one != branch]
        if len(left) == len(self.branches):
            return
        if branch == self.config:
            self.go_to(max(left, key=lambda one: shared_steps(one, branch)))
        self.new = False
        self._have_branches(left, self.config)
        self._tend()
        self.enter()

    def take_back(self, changes: Sequence[Change]) -> None:
        """Let the run be as if it had never been changed so.

        Raises:
            Problem: a later change does not fit without them.
        """
        self.edit(without(self.config, changes))

    def open_on(self, step: int | None) -> None:
        """Play by itself up to the step that shows what this is about, and rest there; where it is new.

        None as long as the run does not tell yet which one that is.
        """
        if not self.new or self.shown is not self.runner:
            return
        self._opened = self._opened or perf_counter()
        end = self.recording.last if self.runner.finish is not None else None
        rest = end if step is None else min(step, self.runner.last_step)
        late = perf_counter() - self._opened > OPENING  # ticks tell less than they took
        if self.runner.last_step == 0 or (self.ended and step is None):
            self.new = False
        elif rest is not None and (self.playhead >= rest or (late and self.recording.last >= rest)):
            self.seek(rest)
        else:
            self._goal, self.playing = step, True
            self._aim()

    def reset(self) -> None:
        """Go back to the same start and wait there."""
        self.new = False
        self._begin(at=0.0, playing=False)

    def new_seed(self, seed: int) -> None:
        """Begin again with other chance."""
        self.edit(replaced(self.config, seed=seed))

    def play(self) -> None:
        """Go on; from the start when the end was reached."""
        self.new = False
        if self.ended and not self.runner.cheap:
            self._begin(at=0.0, playing=True)
        if self.ended:
            self.playhead = 0.0
        self.playing = True
        self._aim()

    def give_up(self) -> None:
        """Stop a run that is still reading its data."""
        self.engine.drop(self.runner)
        self.playing = False

    def pause(self) -> None:
        """Stand still, the engine too."""
        self.new = False
        self.playing = False
        self.playhead = float(self.step)
        self._aim()

    def seek(self, step: int) -> None:
        """Stand at a step; one that is not computed yet is computed first."""
        self.new = self.stepped = False
        self.playing = False
        self.playhead = float(max(0, min(step, self.runner.last_step)))
        self._aim()

    def single_step(self, by: int = 1) -> None:
        """Go by one step and stand there."""
        self.seek(self.step + by)
        self.stepped = True

    def set_speed(self, speed: float) -> None:
        """Play so many steps a second."""
        self.speed = speed
        self._aim()

    def pin(self) -> None:
        """Keep the present run as a ghost."""
        self.new = False
        self._pin()

    def unpin(self) -> None:
        """Let all ghosts go."""
        self._have_pinned([])

    # Taking back

    def state(self) -> PlaybackState:
        """What can be taken back, as it is now."""
        pins = tuple(pin.config for pin in self.pins)
        return PlaybackState(
            self.config, self.options, pins, self.branches, self.example, self._place, self.playing
        )

    def become(self, state: PlaybackState) -> None:
        """Be as at another time. What was computed is used again where a run of the same config is there."""
        self.options, self.example, self.new = state.options, state.example, False
        others, before, self.branches = False, self.branches, state.branches
        if state.config != self.config:
            self.config = state.config
            others = self._resume(state)
        elif state.branches != before:
            self._tend()
            others = True
        if tuple(pin.config for pin in self.pins) != state.pins:
            self._pin_again(state.pins)
            others = True
        if others:
            self.enter()

    def _resume(self, state: PlaybackState) -> bool:
        """Have the run of a state; whether it is another one.

        A cheap one stands where one stands, a long one where it stood.
        """
        key = self.experiment.run_key
        if key(self.config) == key(self.runner.config):
            self.runner.config, self._edited = self.config, False
            return False
        run = self._known(self.config) or self._run_of(self.config)
        if self.experiment.is_cheap(self.config):
            self._put(run, self.playhead, self.playing)
            return True
        known = run.recording.last >= state.step
        at = float(state.step) if known or not state.playing else 0.0
        self._put(run, at, state.playing)
        self._furthest = max(run.recording.last, int(at))
        return True

    # Time

    def enter(self) -> None:
        """Be the playback on the screen: the engine works for its run, then for those beside it."""
        self._share_memory()
        beside = [pin.runner for pin in self.behind]
        self.engine.take(self.runner, *beside)
        for runner in beside:
            self.engine.aim(runner, inf)
        self._aim()

    def tick(self, seconds: float) -> None:
        """Let time pass: begin an edited run, move the playhead, tell the engine how far to go."""
        if self._edited and not self._underway():
            self._begin_edited()
        if self.shown is not self.runner and self._ready():
            self.shown = self.runner
        if self.shown is self.runner:
            if self.playing:
                self._move(seconds)
            self._furthest = max(self._furthest, self.step)

    def _underway(self) -> bool:
        """Whether the last edit is still on its way: a drag must not overtake its own pictures."""
        waited = perf_counter() - self._mark[0]
        return self.runner.cheap and self.shown is not self.runner and waited < KEEP_OLD

    def _begin_edited(self) -> None:
        """A cheap run stands where one stood, and so does one that is the same up to some step. A long one
        starts over, and sets off at once where the picture before it was whole: nothing has been paused, and
        an empty plot would be no answer. Where the frames do not depend on what was edited, the run stays."""
        if self.experiment.run_key(self.config) == self.experiment.run_key(self.runner.config):
            self.runner.config, self._edited = self.config, False
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
        """Start a run of the present config, with the playhead where wanted."""
        self._put(Runner(self.experiment, self.config), at, playing)
        self.enter()

    def _put(self, runner: Runner, at: float, playing: bool) -> None:
        """Have a run in place of the present one; it goes on once the playback is entered."""
        self._have(runner)
        self.playhead, self.playing = at, playing
        self._furthest = int(at)
        self._mark = perf_counter(), -1
        self._edited = False

    def _ready(self) -> bool:
        """Whether the new run has what it takes to replace the old one on the screen."""
        recording = self.runner.recording
        if not self.runner.cheap:
            return recording.last >= 0 or self.runner.finish is not None
        wanted = int(self.playhead)
        if self.engine.wait_for(self.runner, wanted, SAME_FRAME):
            return True
        late = perf_counter() - self._mark[0] > KEEP_OLD
        return recording.last >= (0 if late else ENOUGH * wanted)

    def _move(self, seconds: float) -> None:
        last = self.runner.recording.last
        wanted = self.playhead + self._pace * seconds if self.speed < inf else float(last)
        self.playhead = min(wanted, float(max(last, 0)))
        if self.ended:
            self.playing = False
        self._aim()

    @property
    def _pace(self) -> float:
        """Steps a second; a new run does not take longer than `OPENING` to its point."""
        if not self.new:
            return self.speed
        goal = self.runner.last_step if self._goal is None else self._goal
        return max(self.speed, goal / OPENING)

    def _aim(self) -> None:
        """How far the engine may go: a cheap run to its end, others with the playhead."""
        runner = self.runner
        if runner.cheap or (self.playing and self.speed == inf):
            goal = inf
        elif self.playing:
            goal = ceil(self.playhead + self._pace * AHEAD) + 1.0
        else:
            goal = self.playhead
        if not runner.has_work:
            self._mark = perf_counter(), runner.recording.last
        if goal != runner.goal or not runner.has_work:
            self.engine.aim(runner, goal)

    @property
    def _place(self) -> int:
        """Where it stands, though the run may still be on its way there: after opening, or a far seek."""
        return int(self.playhead) if self.runner.finish is None else self.step

    # Sessions

    def look(self) -> Look:
        """How the playback is looked at, for the session file."""
        return Look(self._place, self.options, tuple(pin.config for pin in self.pins), self.branches)

    def restore(self, config: Config, look: Look) -> None:
        """Become, on the screen, what a session says; the run is made again."""
        self.unpin()
        self.new, self._opened = look.step is None, None
        self._put(self._set_up(config, look, again=False), *self._place_of(look))
        self.enter()

    def _set_up(self, config: Config, look: Look, again: bool) -> Runner:
        """Take settings, options and pinned runs, and return the run of them: a known one, if `again`."""
        make = self._run_of if again else partial(Runner, self.experiment)
        self.config, self.options = config, look.options
        self._have_branches([*look.branches, config], config)
        self.pins = [Pin(pinned, make(pinned)) for pinned in look.pins]
        shown = next((pin.runner for pin in self.pins if again and pin.config == config), None)
        return shown or make(config)

    def _place_of(self, look: Look) -> tuple[float, bool]:
        """Where the playhead stands, and whether it moves: an eager run does of which no step is said."""
        return float(look.step or 0), self.experiment.eager and look.step is None

    @property
    def memo(self) -> PlaybackMemo:
        """What of a playback stands in no session file."""
        return PlaybackMemo(self.example, self.sights)

    @memo.setter
    def memo(self, memo: PlaybackMemo) -> None:
        self.example, self.sights = memo.example, memo.sights

    def close(self) -> None:
        """Let every run go."""
        self.unpin()
        self.branches = ()
        self._tend()
        self.shelf.put(self.runner)
