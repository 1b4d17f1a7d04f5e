"""Entropy ▸ Two distributions: the true P, the model Q, and the extra surprise because Q is not P.

A run is one frame: it is computed again while a value is dragged. P or Q, whichever has fewer outcomes, is
padded with zeros. Code lengths are in bits for every base of the logarithm. P's code has words for the
outcomes with pᵢ > 0; Q's code has words for these outcomes too, even where qᵢ = 0. A message is drawn from P;
how it is coded is in `two_distributions_message`.
"""

import math
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import log_softmax
from engine.config import Config, choice, number, plain
from engine.experiment import Experiment, Frame
from engine.gradient_check import GradientCheck, check_gradient
from engine.information.bases import BASE_TITLES, BASES
from engine.information.coding import Code, huffman
from engine.information.information import (
    Array,
    cross_entropy,
    cross_entropy_terms,
    entropy,
    js_divergence,
    kl_divergence,
    kl_terms,
    perplexity,
    surprise,
)
from engine.information.shaped_distribution import Distribution

LONGEST = 1000  # outcomes of the message
Numbers = NDArray[np.intp]
Pair = tuple[tuple[float, ...], tuple[float, ...]]
PRESETS: dict[str, Pair] = {
    "coin": ((0.5, 0.5), (0.9, 0.1)),
    "biased": ((0.8, 0.2), (0.5, 0.5)),
    "die": ((1 / 6,) * 6, (0.1, 0.1, 0.1, 0.1, 0.1, 0.5)),
    "one_hot": ((0.0, 0.0, 1.0, 0.0), (0.1, 0.2, 0.6, 0.1)),
    "peaked": ((0.02, 0.06, 0.84, 0.06, 0.02), (0.2,) * 5),
    "halves": ((0.5, 0.25, 0.125, 0.125), (0.25,) * 4),
    "wrong": ((0.5, 0.25, 0.125, 0.125), (0.125, 0.125, 0.25, 0.5)),
    "rare": ((0.9, 0.1), (0.7, 0.3)),
    "lecture": ((0.1, 0.4, 0.5), (0.8, 0.15, 0.05)),
    "disjoint": ((0.5, 0.5, 0.0, 0.0), (0.0, 0.0, 0.5, 0.5)),
    "padded": ((0.5, 0.5), (1 / 6,) * 6),
}


class TwoDistributionsConfig(Config, frozen=True):
    """The true distribution and the model."""

    p: Annotated[
        Distribution, plain("Truth P", "How often each outcome really comes.", kind="distribution")
    ] = Distribution((0.5, 0.25, 0.125, 0.125))
    q: Annotated[
        Distribution, plain("Model Q", "How often the model says it comes.", kind="distribution")
    ] = Distribution((0.1, 0.2, 0.3, 0.4))
    base: Annotated[
        str,
        choice(
            "Base of the logarithm",
            "In which unit surprise is measured. Another base multiplies every number and every slope by the"
            " same constant; the minimum stays where it is.",
            BASE_TITLES,
        ),
    ] = "2"
    length: Annotated[
        int,
        number(
            "Message length",
            "How many outcomes, drawn from P, the message has that is coded.",
            symbol="n",
            ge=1,
            le=LONGEST,
            scale="log",
            soft=(10, LONGEST),
        ),
    ] = 500
    block: Annotated[
        int,
        number(
            "Block length",
            "How many outcomes have one word together in Huffman's code on blocks.",
            symbol="k",
            ge=1,
            le=10,
        ),
    ] = 3
    seed: Annotated[int, plain("Seed", "Chooses the message.", kind="seed")] = 0


class TwoDistributionsSnapshot(NamedTuple):
    """All numbers about P and Q. Information is in the unit of the base, code lengths in bits."""

    p: Array  # [outcomes], padded with zeros to the longer of the two
    q: Array
    entropy_p: float
    entropy_q: float
    cross_entropy: float  # H(P, Q)
    kl: float  # KL(P‖Q)
    reverse_kl: float  # KL(Q‖P)
    js: float
    perplexity_p: float
    perplexity_q: float
    cross_terms: Array  # −p log q
    kl_terms: Array  # p log(p/q)
    slope: Array | None  # ∂H(P, Q)/∂z where Q = softmax(z); None where H(P, Q) is infinite
    slope_check: GradientCheck | None
    ideal: Array  # −log₂ p of each outcome, the ideal length of its word; ∞ where p = 0
    ideal_q: Array  # −log₂ q, the ideal length for Q
    entropy_bits: float  # H(P) in bits: the mean of `ideal`
    cross_entropy_bits: float
    impossible: tuple[int, ...]  # outcomes with p > 0 and q = 0: they make H(P, Q) infinite
    unseen: tuple[int, ...]  # outcomes with q > 0 and p = 0: they make KL(Q‖P) infinite
    code_p: Code  # Huffman's code, built for P
    code_q: Code  # … built for Q
    mean_length: float  # bits, of P's code on P
    mean_length_wrong: float  # bits, of Q's code on P
    message_surprise: float  # −log₂ of the probability of the message, per outcome: about H(P) in bits


def padded(config: TwoDistributionsConfig) -> tuple[Array, Array]:
    """P and Q over the same outcomes: the shorter one is filled with zeros."""
    p, q = np.array(config.p.values), np.array(config.q.values)
    count = max(len(p), len(q))
    return np.pad(p, (0, count - len(p))), np.pad(q, (0, count - len(q)))


def drawn(config: TwoDistributionsConfig) -> Numbers:
    """The message: outcomes from P, counted from 0. A longer one begins with a shorter one."""
    p, _ = padded(config)
    uniform = np.random.default_rng((config.seed, 4)).random(config.length)  # 4: a stream of its own
    edges = np.cumsum(p)  # outcome i is drawn if the uniform number lies between edge i − 1 and edge i
    found = np.searchsorted(edges, uniform * edges[-1], side="right")
    return np.asarray(np.minimum(found, int(np.flatnonzero(p)[-1])), np.intp)


def snapshot(config: TwoDistributionsConfig) -> TwoDistributionsSnapshot:
    """Everything about a config's P and Q."""
    p, q = padded(config)
    base = BASES[config.base]
    code_p, code_q = huffman(p, needed=False), huffman(q, needed=p > 0)
    slope, checked = slope_at_logits(p, q, base)
    return TwoDistributionsSnapshot(
        p=p,
        q=q,
        entropy_p=float(entropy(p, base)),
        entropy_q=float(entropy(q, base)),
        cross_entropy=float(cross_entropy(p, q, base)),
        kl=float(kl_divergence(p, q, base)),
        reverse_kl=float(kl_divergence(q, p, base)),
        js=float(js_divergence(p, q, base)),
        perplexity_p=float(perplexity(p)),
        perplexity_q=float(perplexity(q)),
        cross_terms=cross_entropy_terms(p, q, base),
        kl_terms=kl_terms(p, q, base),
        slope=slope,
        slope_check=checked,
        ideal=surprise(p),
        ideal_q=surprise(q),
        entropy_bits=float(entropy(p)),
        cross_entropy_bits=float(cross_entropy(p, q)),
        impossible=tuple(np.flatnonzero((p > 0) & (q == 0)).tolist()),
        unseen=tuple(np.flatnonzero((q > 0) & (p == 0)).tolist()),
        code_p=code_p,
        code_q=code_q,
        mean_length=code_p.mean_length(p),
        mean_length_wrong=code_q.mean_length(p),
        message_surprise=float(surprise(p)[drawn(config)].mean()),
    )


def slope_at_logits(p: Array, q: Array, base: float) -> tuple[Array | None, GradientCheck | None]:
    """∂H(P, Q)/∂z = (q − p) / ln b for Q = softmax(z), compared with differences.

    An outcome with q = 0 has the constant logit −∞; its derivative is 0 if p = 0 too.
    """
    if ((p > 0) & (q == 0)).any():
        return None, None
    slope = (q - p) / math.log(base)
    there = q > 0

    def loss(logits: Array) -> float:
        return -float(p[there] @ log_softmax(logits)) / math.log(base)

    return slope, check_gradient(loss, slope[there], np.log(q[there]))


def frames(config: TwoDistributionsConfig) -> Iterator[Frame[TwoDistributionsSnapshot]]:
    """Yield the only frame of the run."""
    shot = snapshot(config)
    scalars = {name: getattr(shot, name) for name in ("cross_entropy", "kl", "reverse_kl", "js")}
    of_one = {"p.entropy": shot.entropy_p, "q.entropy": shot.entropy_q, "p.perplexity": shot.perplexity_p}
    scalars["message.surprise"] = shot.message_surprise
    yield Frame(0, of_one | scalars, shot)


def what_is_measured(config: TwoDistributionsConfig) -> object:
    """The settings on which the frame depends."""
    return config.p, config.q, config.base, config.length, config.seed


EXPERIMENT = Experiment(
    name="entropy.two_distributions",
    title="Two distributions",
    config_type=TwoDistributionsConfig,
    frames=frames,
    last_step=lambda config: 0,
    cheap=True,
    run_key=what_is_measured,
)
