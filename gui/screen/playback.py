"""A playback is the state of one experiment: config, run, playhead, pinned runs, options of the view.

It does not know any widget. The window shows a playback, edits it, and calls `tick` sixty times a second.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from engine.changes import Change, config_at, is_live, shared_steps
from engine.config import Config, replaced
from engine.experiment import Experiment
from engine.runner import Finish, Runner
from engine.session import Look
from gui.screen.engine_thread import EngineThread
from gui.screen.forks import InForce, edited, edited_alike, without
from gui.screen.playback_state import Example, PlaybackMemo, PlaybackState, StopScene
from gui.screen.played import Played
from gui.screen.runs import KeptRun
from gui.screen.shelf import Shelf

Options = dict[str, Any]
Follow = Callable[[Options, Config, Config], tuple[Options, Config]]


class Playback(Played):
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
        """Begin with `config` and `look`, perhaps from a session; the run is computed up to the step it was
        at.

        `follow` computes new options and settings when the settings change. `shelf` keeps runs that are no
        longer used; by default the playback has its own. A playback that existed before has a `memo`, with
        which it finds its old runs.
        """
        super().__init__(experiment, engine, shelf, config or experiment.config_type(), pace)
        self._follow = follow
        self.options: Options
        self.example: Example | None  # the example that was opened here
        self.sights: dict[Any, Any]  # the zoomed ranges of its plots
        self.folds: frozenset[str] = frozenset()  # which folded parts of its screen are open
        self.memo = memo or PlaybackMemo()
        self.from_here = False  # whether edits hold from the step on the screen on
        self._in_force = InForce()
        if look is not None:
            self.playhead, self.playing = self._place_of(look)
            self.new, self._furthest = look.step is None, int(self.playhead)
        self.runner = self._set_up(self.config, look or Look(), memo is not None)
        self._tend()

    # What the user does

    def edit(self, config: Config, beside: bool = False) -> None:
        """Take a new config. Its run begins at the next tick; of several edits the latest counts.

        With `beside` the old run stays as a branch.
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
        """The step from which on an edit holds, if that is wanted; None if no step comes after it."""
        run, step = self.runner, self.step
        over = run.finish is not None and step >= run.recording.last
        if over and (run.finish is not Finish.COMPLETED or step >= run.last_step):
            return None  # if a stop rule has ended the run, an edit lets it go on
        return step if is_live(self.config) and step > 0 else None

    @property
    def in_force(self) -> Config:
        """The settings with which the run goes on from the step on the screen."""
        return self._in_force.at(self.config, self.step)

    def edit_settings(self, wanted: Config, of: int) -> None:
        """Make the settings that hold after `of` steps as wanted: from the start, or from the present step
        on.

        If the run has already been shown beyond this step, it stays as a branch. An edit from the start holds
        for all branches: each keeps its own changes.

        Raises:
            Problem: it does not fit together with what the run has at another step.
        """
        before, here = self.config, self.here if self.from_here else None
        config = edited(before, wanted, of, here)
        goes_on = here is not None and shared_steps(before, config) == here
        branches = [] if goes_on else edited_alike(self.branches, before, wanted, of)
        self.edit(config, beside=goes_on and self._furthest > self.step)
        if shared_steps(before, self.config) < 0:
            self._have_branches([one for one in branches if shared_steps(one, self.config) > 0], self.config)
        if goes_on and not self.runner.cheap:
            self._begin_edited()  # now, so that the engine has it before the next picture is drawn
        if goes_on:
            self._furthest = self.step

    def go_to(self, branch: Config) -> None:
        """Go to another branch, at the same step; if it is not computed so far, it is computed first."""
        if branch not in self.branches or branch == self.config:
            return
        self.new, self.config = False, branch
        self._put(self._known(branch) or self._run_of(branch), self.playhead, self.playing)
        self._furthest = max(self.runner.recording.last, int(self.playhead))
        self.enter()

    def close_branch(self, branch: Config) -> None:
        """Remove a branch; if it is the one on the screen, go to the nearest one that is left."""
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
        """Remove changes from the run, as if they had not been made.

        Raises:
            Problem: a later change does not fit without them.
        """
        self.edit(without(self.config, changes))

    def new_seed(self, seed: int) -> None:
        """Begin again with another seed, and with all branches."""
        self.edit_settings(replaced(config_at(self.config, 0), seed=seed), 0)

    def pin(self) -> None:
        """Keep the present run as a ghost."""
        self.new = False
        self._pin()

    def unpin(self) -> None:
        """Remove all pinned runs."""
        self._have_pinned([])

    # Undo

    def state(self) -> PlaybackState:
        """Return the present state, for *Undo*."""
        pins = tuple(pin.config for pin in self.pins)
        return PlaybackState(
            self.config,
            self.options,
            pins,
            self.branches,
            self.example,
            self._place,
            self.playing,
            self.scene,
        )

    def become(self, state: PlaybackState) -> None:
        """Restore a state. An existing run of the same config is used again."""
        self.options, self.example, self.scene = state.options, state.example, state.scene
        self.new = False
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
        """Take the run of a state; return whether it is another one.

        A cheap run keeps the present step, a long run gets the step that it had.
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

    # Sessions

    def look(self) -> Look:
        """Return the options, pins and step, for the session file."""
        return Look(self._place, self.options, tuple(pin.config for pin in self.pins), self.branches)

    def restore(self, config: Config, look: Look, scene: StopScene | None = None) -> None:
        """Take config and look from a session, or from a lesson for a scene; the run is made again."""
        self.unpin()
        self.scene = scene
        self.new, self._opened = look.step is None, None
        self._put(self._set_up(config, look, again=False), *self._place_of(look))
        self.enter()

    def _set_up(self, config: Config, look: Look, again: bool) -> Runner:
        """Take settings, options and pinned runs, and return their run; with `again`, an existing one if
        possible.
        """
        make = self._run_of if again else partial(Runner, self.experiment)
        self.config, self.options = config, look.options
        self._have_branches([*look.branches, config], config)
        self.pins = [KeptRun(pinned, make(pinned)) for pinned in look.pins]
        shown = next((pin.runner for pin in self.pins if again and pin.config == config), None)
        return shown or make(config)

    def _place_of(self, look: Look) -> tuple[float, bool]:
        """Return the step of the playhead, and whether it moves: it does if no step is given and the run is
        `eager`.
        """
        return float(look.step or 0), self.experiment.eager and look.step is None

    @property
    def memo(self) -> PlaybackMemo:
        """The part of a playback that is not in a session file."""
        return PlaybackMemo(self.example, self.sights)

    @memo.setter
    def memo(self, memo: PlaybackMemo) -> None:
        self.example, self.sights = memo.example, memo.sights

    def close(self) -> None:
        """Drop all runs."""
        self.unpin()
        self.branches = ()
        self._tend()
        self.shelf.put(self.runner)
