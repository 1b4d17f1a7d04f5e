"""A coin: the likelihood of each q, and the same as a cross-entropy."""

import math

import numpy as np

from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.experiments.losses.likelihood_inspection import coin
from engine.losses.likelihood import relative_likelihood
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.curves import Curve, Handle, Mark
from gui.views.curve_plots import CurveAxes, Plot
from gui.views.losses.likelihood_shared import At, coin_of
from gui.views.pinned import behind

HIGHEST = 2.4  # the largest shown number of nats for each toss


def likelihood(at: At, theme: Theme) -> Plot:
    """Return the likelihood of each q for the tosses, and that of pinned runs; p and q can be dragged."""
    now, stroke, p, q = coin_of(at), theme.stroke, at.config.p, at.config.guess
    blue = stroke("likelihood")

    def then(_: LikelihoodConfig, recording: Recording) -> list[Curve]:
        if "heads" not in recording.names:
            return []
        then = at.once(coin, recording, min(at.step, recording.last))
        return [Curve("likelihood", "", then.q, then.likelihood, blue)]

    own = Curve("likelihood", tr("likelihood"), now.q, now.likelihood, blue, width=2.2, fill=True)
    text = f"{now.heads}/{now.tosses} = {short_text(now.frequency, 4)}"
    at_p, at_q = (float(relative_likelihood(now.heads, now.tosses, each)) for each in (p, q))
    return Plot(
        CurveAxes(("q", ""), ("L(q) / max L", ""), x_limits=(0.0, 1.0), y_limits=(-0.04, 1.16)),
        [*behind(at, then), own],
        [Mark(now.frequency, 1.0, text, blue)] if now.tosses else (),
        [Handle("p", f"p = {short_text(p, 4)}", p, at_p, stroke("p"), "x"), _guess(q, at_q, theme)],
    )


def _guess(q: float, height: float, theme: Theme) -> Handle:
    return Handle("guess", f"q = {short_text(q, 4)}", q, height, theme.stroke("q"), "x")


def mirror(at: At, theme: Theme) -> Plot:
    """Return the log-likelihood and the cross-entropy: the first is highest where the second is lowest."""
    now, cross, log = coin_of(at), theme.stroke("cross_entropy"), theme.stroke("likelihood")
    limits = (-HIGHEST, HIGHEST)
    axes = CurveAxes(("q", ""), (tr("for each toss"), tr("nats")), x_limits=(0.0, 1.0), y_limits=limits)
    curves = [
        Curve("cross_entropy", "H(k/n, q)", now.q, now.cross_entropy, cross, width=2.2),
        Curve("likelihood", "ln L(q) / n", now.q, now.log_likelihood, log, width=2.2),
    ]
    if not now.tosses:
        return Plot(axes, curves, (), ())
    both, lowest = np.full(2, now.frequency), float(now.cross_entropy.min())
    upright = Curve("k/n", "", both, np.array(limits), Stroke(theme.quiet, DOTTED), width=1.2, aid=True)
    marks = [Mark(now.frequency, lowest, "k/n", cross), Mark(now.frequency, -lowest, "", log)]
    at_q = float(np.interp(at.config.guess, now.q, np.minimum(now.cross_entropy, HIGHEST)))
    return Plot(axes, [upright, *curves], marks, [_guess(at.config.guess, at_q, theme)])


def frequency(at: At, theme: Theme) -> Plot:
    """Return the fraction of heads so far against the tosses, with its usual range; p can be dragged."""
    p, tosses, stroke = at.config.p, float(at.config.tosses), theme.stroke
    n = np.arange(1.0, at.last + 1)
    ends = n[[0, -1]] if len(n) else n
    spread = math.sqrt(p * (1 - p)) / np.sqrt(n)
    return Plot(
        CurveAxes((tr("tosses"), ""), ("k/n", ""), False, False, (0.0, tosses), (-0.04, 1.04), True),
        [
            Curve("above", "p ± σ/√n", n, p + spread, stroke("bound"), width=1.2),
            Curve("below", "", n, p - spread, stroke("bound"), width=1.2, column="p − σ/√n"),
            Curve("p", "p", ends, np.full(len(ends), p), stroke("p"), width=1.2),
            Curve("share", "k/n", n, at.recording.column("heads")[1:] / n, stroke("likelihood")),
        ],
        handles=[Handle("p", "", tosses, p, Stroke(stroke("p").colour), "y")],
    )
