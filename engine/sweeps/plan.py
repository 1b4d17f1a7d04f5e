"""The runs of a sweep: every combination of the values, each under every seed.

The seeds are that of the config, the next one, and so on. All combinations run under the same seeds: so two
of them can be compared seed by seed.
"""

from itertools import product
from typing import Annotated, Any, NamedTuple

import msgspec

from engine.config import Config, Problem, problem_from, validated
from engine.experiments import experiment_of
from engine.setting_paths import plain_values, with_values
from engine.sweeps.axis import SweepAxis, checked, varied
from engine.sweeps.measure import SweepMeasure

MOST_RUNS = 100_000
MOST_SEEDS = 1000


class SweepPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sweep: the experiment and its config, what varies, how many seeds, and what is measured.

    `config` is a config of the experiment as records and lists, as in a session.
    """

    experiment: str
    config: dict[str, Any]
    axes: Annotated[tuple[SweepAxis, ...], msgspec.Meta(min_length=1, max_length=2)]
    seeds: Annotated[int, msgspec.Meta(ge=1, le=MOST_SEEDS)] = 1
    measure: str = "loss"

    def base(self) -> Config:
        """The config of the experiment, to which the values of each run are applied.

        Raises:
            Problem: it is not a config of this experiment.
        """
        return config_from(self.experiment, self.config)

    def check(self) -> None:
        """Check that the sweep can be made.

        Raises:
            Problem: what is wrong; `where` is the path of the setting, if it is one.
        """
        base = self.base()
        SweepMeasure(self.measure)
        if len({axis.path for axis in self.axes}) < len(self.axes):
            raise Problem("The two settings must be different ones", where=self.axes[1].path)
        for axis in self.axes:
            checked(axis, base)
        if not 1 <= self.seeds <= MOST_SEEDS:
            raise Problem("From 1 to {most} seeds can be tried", where="seeds", most=MOST_SEEDS)
        if self.seeds > 1 and not has_seed(base):
            raise Problem("This experiment leaves nothing to chance: one seed is enough", where="seeds")
        if self.count > MOST_RUNS:
            raise Problem(
                "These are {count} runs; at most {most} can be made", count=self.count, most=MOST_RUNS
            )

    @property
    def count(self) -> int:
        """How many runs there are."""
        count = self.seeds
        for axis in self.axes:
            count *= len(axis.values)
        return count

    def runs(self) -> "list[SweepRun]":
        """All runs, those of one seed before those of the next, so that a first picture comes early."""
        base = self.base()
        combinations = list(product(*(axis.values for axis in self.axes)))
        return [self._run(base, values, seed) for seed in range(self.seeds) for values in combinations]

    def _run(self, base: Config, values: tuple[Any, ...], seed: int) -> "SweepRun":
        try:
            config = varied(base, {axis.path: value for axis, value in zip(self.axes, values, strict=True)})
            if seed:
                config = with_values(config, {"seed": plain_values(config)["seed"] + seed})
            return SweepRun(values, seed, validated(config))
        except Problem as problem:
            return SweepRun(values, seed, None, problem)


class SweepRun(NamedTuple):
    """One run: its values, the index of its seed, and its config, or why there is none."""

    values: tuple[Any, ...]
    seed: int
    config: Config | None
    problem: Problem | None = None


def has_seed(config: Config) -> bool:
    """Whether the runs of a config use random numbers."""
    return "seed" in type(config).__struct_fields__


def config_from(experiment: str, config: dict[str, Any]) -> Config:
    """A config of an experiment, from records and lists; missing fields have their defaults.

    Raises:
        Problem: there is no such experiment, or this is no config of it.
    """
    try:
        made: Config = msgspec.convert(config, experiment_of(experiment).config_type)
    except msgspec.ValidationError as error:
        raise problem_from(error) from error
    return made
