"""An experiment is a frozen config and a generator of frames.

    config  ──prepare(config)──▶  data  ──frames(config, data)──▶  frame 0, frame 1, frame 2, …

What a run learns from is made once, before its first frame, and its recording keeps it; most experiments need
no data. Frame 0 is the start. The same config gives the same frames, to the last bit: chance comes from one
`numpy.random.default_rng(config.seed)` made inside the generator. Whoever drives the generator (a window, a
test, a render without a display) decides when to go on; the experiment only computes. A step that takes more
than a frame of the screen (16 ms) yields `Working` in its middle: others may do something then, and nothing
is recorded.

Scalars are named <who>.<what>, such as lstm.loss, or <what> where there is only one who could. Who is a racer
(from 0), a method, a cell, a network, a layer (from 1), a distribution, a part of the data. What is one of

    loss accuracy held_out right        what is made small, the fraction that is right; both where held out
    all rare common                     the loss on all examples, on those with a rare feature, on the others
    norm clipped first last             the length of a gradient; clipped; at the first layer, at the last
    x y f slope error distance moved    where one is, how high, how steep; how far away; how far a step went
    projected evaluations               the loss at the projection on a plane; values and gradients asked for
    theta0 theta1 … log_sigma above     parameters of a curve, ln σ, how far the loss is above its minimum
    weight bias z p sigma by_z by_p     of one neuron: its parameters, its sum, σ(z), σ′(z), ∂L/∂z, ∂L/∂p
    dead deaths revivals                the fraction of dead units; how many died in this step, and came back
    entropy cross_entropy kl reverse_kl js perplexity z0 z1 …       of distributions, and the logits of one
    mean log_width d_mean d_log_width   μ and ln σ of a Gaussian, and the slopes along them
    mean_logit value gap bound          of all logits; of a curve; f − f*, and what a theorem says of it
    series signal average               values that come, without their noise, averaged
    runs heads                          of a map those that are known; tosses that showed heads
    hidden_state cell_state forget_gate input_gate output_gate candidate reset_gate update_gate     of a cell
"""

import math
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.config import Config, Problem
from engine.pieces import Preparing, Working

FloatArray = NDArray[np.floating[Any]]
ConfigT = TypeVar("ConfigT", bound=Config)
SnapshotT = TypeVar("SnapshotT")


@dataclass(frozen=True, slots=True)
class Frame(Generic[SnapshotT]):
    """What is known after `step`; nobody writes to its arrays again.

    `scalars` become curves; how they are named is said above. A value is a float when the frame tells of
    one step, or an array with one entry for each step since the frame before (a chunk). A name that a frame
    leaves out was not measured then. `snapshot` is everything else one wants to see at `step`: weights,
    gates, moments. `diverged`, on the last frame, says in words that the run left the finite numbers.
    """

    step: int
    scalars: Mapping[str, float | FloatArray]
    snapshot: SnapshotT
    diverged: Problem | None = None


@dataclass(frozen=True)
class Experiment(Generic[ConfigT, SnapshotT]):
    """One row of the syllabus.

    `name` ("optimizers.race") is its key in a session and the path of its files in every room.
    `prepare` returns the data of a run, or work in pieces that comes to them. Where there is a `prepare`,
    `frames` and `last_step` are given the data after the config.
    `last_step` tells how many steps a run of a config has, for the timeline and the time left.
    A `cheap` run is whole within a frame of the screen: while a slider moves it is made anew and
    shown at the same step. Any other run streams: it begins again at its start, and pauses when told.
    Where it depends on the config (a curve at once, a map of thousands of runs not), `cheap` is a function.
    An `eager` run, of which the start shows nothing, sets off by itself whenever it is new.
    `recorded` is about how many bytes the scalars of a whole run take: a few megabytes, unless it says more.
    `run_key` is what of a config its frames depend on, where that is not all of it: a change of anything
    else is shown with the frames there are.
    """

    name: str
    title: str
    config_type: type[ConfigT]
    frames: Callable[Concatenate[ConfigT, ...], Iterator[Frame[SnapshotT] | Working]]
    last_step: Callable[..., int]
    cheap: bool | Callable[[ConfigT], bool] = False
    eager: bool = False
    recorded: Callable[[ConfigT], int] = field(default=lambda config: 4 * 2**20)
    run_key: Callable[[ConfigT], object] = field(default=lambda config: config)
    prepare: Callable[[ConfigT], object] | None = None

    def preparing(self, config: ConfigT) -> Generator[Preparing | Working, None, Any]:
        """The data of a run in the end; None where it needs none."""
        made = None if self.prepare is None else self.prepare(config)
        return (yield from made) if isinstance(made, Generator) else made

    def run(self, config: ConfigT, data: Any = None) -> Iterator[Frame[SnapshotT] | Working]:
        """The frames of a run, from the data that `preparing` has found."""
        return self.frames(config) if self.prepare is None else self.frames(config, data)

    def end(self, config: ConfigT, data: Any = None) -> int:
        """The last step of a run."""
        return self.last_step(config) if self.prepare is None else self.last_step(config, data)

    def is_cheap(self, config: ConfigT) -> bool:
        """Whether the run of this config is whole within a frame of the screen."""
        return self.cheap(config) if callable(self.cheap) else self.cheap


def left_finite(scalars: Mapping[str, float], step: int) -> Problem | None:
    """Say so when a number of a step is no longer finite: the loss of what is trained has become infinite."""
    if all(math.isfinite(value) for value in scalars.values()):
        return None
    return Problem("The loss became infinite at step {step}", step=step)
