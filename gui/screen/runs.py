"""The runs of one experiment: the one on the screen, the pinned ones, and the branches.

When a setting is changed at some step of a run that had gone further, the old run stays as a branch. Then all
these runs, including the one on the screen, are branches; without such a change there are none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Any

from engine.changes import shared_steps
from engine.config import Config
from engine.experiment import Experiment
from engine.memory_limit import runs_that_fit, snapshot_budget
from engine.runner import Finish, Runner
from engine.session import MAX_BRANCHES, MAX_PINS
from gui.screen.engine_thread import EngineThread
from gui.screen.shelf import WORTH, Shelf


@dataclass(frozen=True)
class KeptRun:
    """A run that is kept beside the one on the screen: pinned, or another branch."""

    config: Config
    runner: Runner


class Runs:
    """The runs of a playback. It knows neither time nor the playhead."""

    def __init__(
        self, experiment: Experiment[Any, Any], engine: EngineThread, shelf: Shelf | None, config: Config
    ) -> None:
        """Begin with one run; `shelf` keeps runs that are no longer used, by default an own one."""
        self.experiment, self.engine = experiment, engine
        self.shelf = shelf or Shelf(engine)
        self.config = config
        self.runner = Runner(experiment, config)
        self.pins: list[KeptRun] = []
        self.branches: tuple[Config, ...] = ()  # the oldest first; that of `config` is one of them
        self.others: list[KeptRun] = []  # the branches that are not on the screen

    @property
    def behind(self) -> list[KeptRun]:
        """The runs that are drawn behind the one on the screen: the pinned ones and the other branches."""
        pinned = [pin.runner for pin in self.pins]
        return [*self.pins, *(pin for pin in self.others if all(pin.runner is not one for one in pinned))]

    # Pinned runs

    def _pin(self) -> None:
        """Keep the present run as a ghost; if there are too many for a session or the memory, drop the
        oldest.
        """
        if all(pin.runner is not self.runner for pin in self.pins):
            self.pins.append(KeptRun(self.config, self.runner))
        newest_first = [pin.config for pin in reversed(self.pins)]
        while len(self.pins) > min(MAX_PINS, max(1, runs_that_fit(self.experiment, newest_first))):
            self._put_away(self.pins.pop(0).runner)
        self._share_memory()

    def _have_pinned(self, pins: list[KeptRun]) -> None:
        before, self.pins = self.pins, pins
        for pin in before:
            self._put_away(pin.runner)

    def _pin_again(self, configs: tuple[Config, ...]) -> None:
        """Pin these runs: existing ones are used again, others are computed again."""
        known = [*self.pins, KeptRun(self.runner.config, self.runner)]
        pins = []
        for config in configs:
            found = next((pin for pin in known if pin.config == config), None)
            pins.append(found or KeptRun(config, self._run_of(config)))
            known = [pin for pin in known if pin is not found]
        self._have_pinned(pins)

    # Branches

    def _stand_for(self, config: Config, beside: bool) -> None:
        """Put a config into the branches: in the place of the present one, or as a new branch."""
        if shared_steps(self.config, config) < 0:
            self.branches = ()
        elif beside:
            self._have_branches([*(self.branches or (self.config,)), config], config)
        else:
            self._have_branches([config if one == self.config else one for one in self.branches], config)

    def _have_branches(self, branches: Iterable[Config], present: Config) -> None:
        """Set the branches, each once; if there are too many, drop the oldest, but never the present one."""
        kept: list[Config] = []
        for branch in branches:
            if branch not in kept:
                kept.append(branch)
        while len(kept) > self._most(kept):
            kept.remove(next(one for one in kept if one != present))
        self.branches = tuple(kept) if len(kept) > 1 else ()

    def _most(self, branches: list[Config]) -> int:
        pinned = [pin.config for pin in self.pins]
        fit = runs_that_fit(self.experiment, [*pinned, *reversed(branches)]) - len(pinned)
        return min(MAX_BRANCHES, max(1, fit))

    def _tend(self, *left: Runner) -> None:
        """Make the runs of all branches except the present one; `left` are runs that were on the screen just
        now.
        """
        known = [*(pin.runner for pin in self.others), *left]
        self.others = []
        for config in self.branches:
            if config != self.config:
                found = next((runner for runner in known if runner.config == config), None)
                self.others.append(KeptRun(config, found or self._known(config) or self._run_of(config)))
        for runner in known:
            self._put_away(runner, WORTH if runner in left else 0.0)

    def _known_branch(self, config: Config) -> Runner | None:
        """Return the run of a branch that is not on the screen, if it exists."""
        return next((pin.runner for pin in self.others if pin.config == config), None)

    # Any run

    def _have(self, runner: Runner) -> None:
        """Replace the present run by another; the old one is kept if it is a branch."""
        before, self.runner = self.runner, runner
        self._tend(before)

    def _known(self, config: Config) -> Runner | None:
        """Return the run of a config among those that are kept here."""
        return next((pin.runner for pin in self.behind if pin.config == config), None)

    def _run_of(self, config: Config) -> Runner:
        """Return the run of a config: from the shelf, else forked from another run, else a new one."""
        there = self.shelf.take(self.experiment, config)
        return there or self._forked(config) or Runner(self.experiment, config)

    def _forked(self, config: Config) -> Runner | None:
        """Return a run that begins with the frames of another one, up to the step where their changes
        differ.
        """
        runners = [self.runner, *(pin.runner for pin in self.behind)]
        known = [_shared(runner, config) for runner in runners]
        at = max(known)
        return Runner.forked(runners[known.index(at)], config, at) if at > 0 else None

    def _put_away(self, runner: Runner, worth: float = 0.0) -> None:
        """Put a run that is no longer shown on the shelf, where *Undo* finds it."""
        here = (self.runner, *(pin.runner for pin in self.behind))
        if all(one is not runner for one in here):
            self.shelf.put(runner, worth)

    def _share_memory(self) -> None:
        """Divide the memory that one run may use among the run and those beside it."""
        runners = {self.runner, *(pin.runner for pin in self.behind)}
        for runner in runners:
            runner.recording.limit(snapshot_budget(len(runners)))
            if runner.finish is not None:  # otherwise the engine does this with the next frame
                runner.recording.thin()


def _shared(runner: Runner, config: Config) -> int:
    """Return up to which step a run, as far as it is computed, is the same as that of another config."""
    shared, last = shared_steps(runner.config, config), runner.recording.last
    ended = runner.finish is not Finish.COMPLETED and runner.finish is not None
    return -1 if shared == inf or (ended and shared >= last) else int(min(shared, last))
