"""An experiment is a frozen config and a generator of frames.

    config  ──prepare(config)──▶  data  ──frames(config, data)──▶  frame 0, frame 1, frame 2, …

The data of a run are made once, before its first frame, and its recording keeps them; most experiments need
none. Frame 0 is the start. The same config gives the same frames, to the last bit: random numbers come from
one `numpy.random.default_rng(config.seed)` inside the generator. The caller of the generator (a window, a
test, a render without a display) decides when to continue; the experiment only computes. A step that takes
longer than a frame of the screen (16 ms) yields `Working` in between, so that the caller can do other things;
nothing is recorded then.

Scalars are named <who>.<what>, such as lstm.loss, or <what> where there is only one. Who is a racer (from 0),
a method, a cell, a network, a layer (from 1), a distribution, a part of the data. What is one of

    loss accuracy held_out right        the loss, the fraction of right answers; both on held-out examples
    all rare common                     the loss on all examples, on those with a rare feature, on the others
    norm clipped first last             the norm of a gradient; clipped; at the first layer, at the last
    x y f slope error distance moved    position, f, |∇f|; distance from the minimum; length of the last step
    apart                               the distance between two paths at the same step
    values gradients hessians           how often f, ∇f and ∇²f were computed so far
    projected evaluations               the loss at the projection on a plane; evaluations of f and ∇f so far
    theta0 theta1 … log_sigma above     parameters of a curve, ln σ, how far the loss is above its minimum
    weight bias z p sigma by_z by_p     of one neuron: its parameters, its sum, σ(z), σ′(z), ∂L/∂z, ∂L/∂p
    dead deaths revivals                the fraction of dead units; how many died in this step, and came back
    entropy cross_entropy kl reverse_kl js perplexity z0 z1 …       of distributions; the logits of one
    surprise                            −log₂ of the probability of a message, per outcome
    pull                                the number by which p − y is multiplied in the gradient of a loss
    mean log_width d_mean d_log_width   μ and ln σ of a Gaussian; ∂KL/∂μ and ∂KL/∂ln σ
    mean_logit logit                    the mean of all logits, the largest of them
    value gap bound                     f of a curve; f − f*; the bound of a theorem
    series signal average               noisy values; the same without noise; their running average
    runs heads                          how many runs of a map are known; how many tosses were heads
    hidden_state cell_state forget_gate input_gate output_gate candidate reset_gate update_gate     of a cell
"""

import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.checkpoints import Checkpoint
from engine.config import Config, Problem
from engine.pieces import Preparing, Working

FloatArray = NDArray[np.floating[Any]]
ConfigT = TypeVar("ConfigT", bound=Config)
SnapshotT = TypeVar("SnapshotT")


@dataclass(frozen=True, slots=True)
class Frame(Generic[SnapshotT]):
    """The state after `step`; its arrays are never changed again.

    `scalars` become curves; their names are explained above. A value is a float if the frame has one step, or
    an array with one entry for each step since the frame before (a chunk). A scalar that is missing in a
    frame was not measured then. `snapshot` is everything else that is shown at `step`: weights, gates,
    moments. `diverged`, on the last frame, says in words that the run became non-finite.
    `state`, of a run that may change while it goes on, returns all that is needed to go on from this frame:
    weights, moments, random streams, the place in the epoch. What it returns is never changed again; call it
    before the next frame is taken.
    """

    step: int
    scalars: Mapping[str, float | FloatArray]
    snapshot: SnapshotT
    diverged: Problem | None = None
    state: Callable[[], object] | None = None

    def after(self, step: int) -> "Frame[SnapshotT]":
        """The part of a chunk that comes after a step in the middle of it."""
        new = self.step - step
        scalars = {
            name: value[-new:] if isinstance(value, np.ndarray) else value
            for name, value in self.scalars.items()
        }
        return replace(self, scalars=scalars)


@dataclass(frozen=True)
class Experiment(Generic[ConfigT, SnapshotT]):
    """One row of the syllabus.

    `name` ("optimizers.race") is its key in a session and the path of its files in every folder.
    `prepare` returns the data of a run, at once or in pieces. If there is a `prepare`, `frames` and
    `last_step` get the data after the config. If its settings may change while it goes on, `frames` can also
    go on from a checkpoint, `after`.
    `last_step` returns how many steps a run has, for the timeline and the remaining time.
    A `cheap` run is complete within one frame of the screen: while a slider moves, it is computed again and
    shown at the same step. Any other run is shown while it is computed: after a change it begins again, and
    it can be paused. If this depends on the config (a curve is fast, a map of thousands of runs is not),
    `cheap` is a function.
    An `eager` run starts by itself, because its frame 0 shows nothing.
    `recorded` returns about how many bytes the scalars of a whole run take; by default a few megabytes.
    `run_key` returns the part of a config on which its frames depend, if that is not all of it: after a
    change of anything else the same frames are used.
    `watched` returns the names of the losses by which a run may end early (`engine.stop_rules`).
    `arrays` returns what a run has at one snapshot, by name: weights, gradients, predictions, gates.
    """

    name: str
    title: str
    config_type: type[ConfigT]
    # Called with (config), (config, data) or (config, data, after=checkpoint); `last_step` as the first two.
    frames: Callable[Concatenate[ConfigT, ...], Iterator[Frame[SnapshotT] | Working]]
    last_step: Callable[..., int]
    cheap: bool | Callable[[ConfigT], bool] = False
    eager: bool = False
    recorded: Callable[[ConfigT], int] = field(default=lambda config: 4 * 2**20)
    run_key: Callable[[ConfigT], object] = field(default=lambda config: config)
    prepare: Callable[[ConfigT], object] | None = None
    watched: Callable[[ConfigT], Sequence[str]] = field(default=lambda config: ())
    arrays: Callable[[ConfigT, Any, SnapshotT], Mapping[str, Any]] = field(
        default=lambda config, data, snapshot: {}
    )

    def preparing(self, config: ConfigT) -> Generator[Preparing | Working, None, Any]:
        """Return the data of a run at the end; None if it needs none."""
        made = None if self.prepare is None else self.prepare(config)
        return (yield from made) if isinstance(made, Generator) else made

    def run(
        self, config: ConfigT, data: Any = None, after: Checkpoint | None = None
    ) -> Iterator[Frame[SnapshotT] | Working]:
        """The frames of a run, with the data that `preparing` returned; all, or those after a checkpoint."""
        given = (config,) if self.prepare is None else (config, data)
        return self.frames(*given) if after is None else self.frames(*given, after=after)

    def end(self, config: ConfigT, data: Any = None) -> int:
        """The last step of a run."""
        return self.last_step(config) if self.prepare is None else self.last_step(config, data)

    def is_cheap(self, config: ConfigT) -> bool:
        """Whether the run of this config is complete within one frame of the screen."""
        return self.cheap(config) if callable(self.cheap) else self.cheap


def infinite_loss(scalars: Mapping[str, float], step: int) -> Problem | None:
    """The problem to report if a scalar of a step is non-finite, else None."""
    if all(math.isfinite(value) for value in scalars.values()):
        return None
    return Problem("The loss became infinite at step {step}", step=step)
