"""The sentence over sparse features: who has learnt how much of the rare ones, and of the common ones."""

from collections.abc import Sequence

import numpy as np

from engine.experiments.optimizers.sparse import Snapshot, World, first_rare
from engine.sparse import Array
from gui.look.language import tr


def learning(world: World, shot: Snapshot, names: Sequence[str], step: int) -> str:
    """What has been learnt of the weights by a step."""
    if step > shot.step:
        return tr("At step {step} the weights have left the range of numbers: a learning rate is too high.",
                  step=step)  # fmt: skip
    begin = first_rare(len(world.truth)) - 1
    if step == 0:
        return tr("All weights are 0. Who learns the {n} rare features? {share} of the examples have one.",
                  n=len(world.truth) - begin, share=_text(float(world.rare.mean())))  # fmt: skip
    rare = learnt(shot.weights[:, begin:], world.truth[begin:])
    common = learnt(shot.weights[:, :begin], world.truth[:begin])
    first, last = int(np.argmax(rare)), int(np.argmin(rare))
    a, b, c, d = (_text(float(share)) for share in (rare[first], rare[last], common[first], common[last]))
    if len(names) == 1:
        return tr("After step {step} {name} has learnt {a} of the weights of rare features, "
                  "{c} of the others.", step=step, name=names[0], a=a, c=c)  # fmt: skip
    if a == b:
        return tr("After step {step} all have learnt {a} of the weights of rare features.", step=step, a=a)
    return tr("After step {step} {first} has learnt {a} of the weights of rare features, {last} {b}; "
              "of the others {c} and {d}.", step=step, first=names[first], a=a, last=names[last], b=b,
              c=c, d=d)  # fmt: skip


def learnt(weights: Array, truth: Array) -> Array:
    """Which share of the way to the true weights each row has come, 1 − Σ|w − w*| / Σ|w*|; at least 0."""
    way = float(np.abs(truth).sum())
    left: Array = np.abs(weights - truth).sum(axis=1)
    return np.maximum(1.0 - left / way, 0.0) if way > 0 else np.zeros(len(weights))


def _text(share: float) -> str:
    return f"{100 * share:.0f} %"
