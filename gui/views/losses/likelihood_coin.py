"""A coin: how likely each q makes the tosses, and the same as a cross-entropy."""

import math
from functools import partial

import numpy as np

from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.experiments.losses.likelihood_inspection import coin
from engine.likelihood import relative_likelihood
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.views.curve_plots import CurveAxes
from gui.views.losses.likelihood_shared import At, coin_of
from gui.views.pinned import behind

HIGHEST = 2.4  # nats a toss that are shown


def likelihood_axes(at: At) -> CurveAxes:
    """The likelihood, divided by its maximum, against q."""
    return CurveAxes(("q", ""), ("L(q) / max L", ""), x_limits=(0.0, 1.0), y_limits=(-0.04, 1.16))


def likelihood_curves(at: At, theme: Theme) -> list[Curve]:
    """How likely each q makes what was tossed, now and in pinned runs."""
    now = coin_of(at)
    own = Curve("likelihood", tr("likelihood"), now.q, now.likelihood, theme.stroke("likelihood"), width=2.2,
                fill=True)  # fmt: skip
    return [*behind(at, partial(_then, at=at, theme=theme)), own]


def _then(_: LikelihoodConfig, recording: Recording, at: At, theme: Theme) -> list[Curve]:
    if "heads" not in recording.names:
        return []
    then = at.once(coin, recording, min(at.step, recording.last))
    return [Curve("likelihood", "", then.q, then.likelihood, theme.stroke("likelihood"))]


def show_likelihood(panel: CurvesPanel, at: At) -> None:
    """Where the maximum is; p and the guess are dragged."""
    now, stroke, p, q = coin_of(at), panel.theme.stroke, at.config.p, at.config.guess
    text = f"{now.heads}/{now.tosses} = {short_text(now.frequency, 4)}"
    panel.set_marks([Mark(now.frequency, 1.0, text, stroke("likelihood"))] if now.tosses else ())
    at_p, at_q = (float(relative_likelihood(now.heads, now.tosses, each)) for each in (p, q))
    panel.set_handles([
        Handle("p", f"p = {short_text(p, 4)}", p, at_p, stroke("p"), "x"),
        Handle("guess", f"q = {short_text(q, 4)}", q, at_q, stroke("q"), "x"),
    ])  # fmt: skip


def mirror_axes(at: At) -> CurveAxes:
    """Nats for each toss, against q."""
    limits = (-HIGHEST, HIGHEST)
    return CurveAxes(("q", ""), (tr("for each toss"), tr("nats")), x_limits=(0.0, 1.0), y_limits=limits)


def mirror_curves(at: At, theme: Theme) -> list[Curve]:
    """The logarithm of the likelihood, and the cross-entropy: highest where that is lowest."""
    now = coin_of(at)
    cross, log = theme.stroke("cross_entropy"), theme.stroke("likelihood")
    both = np.full(2, now.frequency), np.array([-HIGHEST, HIGHEST])
    at_one_q = [Curve("k/n", "", *both, Stroke(theme.quiet, DOTTED), width=1.2)] if now.tosses else []
    return [
        *at_one_q,
        Curve("cross_entropy", "H(k/n, q)", now.q, now.cross_entropy, cross, width=2.2),
        Curve("likelihood", "ln L(q) / n", now.q, now.log_likelihood, log, width=2.2),
    ]


def show_mirror(panel: CurvesPanel, at: At) -> None:
    """Both extremes; the guess is dragged."""
    now, stroke, q = coin_of(at), panel.theme.stroke, at.config.guess
    if not now.tosses:
        panel.set_marks(())
        panel.set_handles(())
        return
    lowest = float(now.cross_entropy.min())
    panel.set_marks([
        Mark(now.frequency, lowest, "k/n", stroke("cross_entropy")),
        Mark(now.frequency, -lowest, "", stroke("likelihood")),
    ])  # fmt: skip
    at_q = float(np.interp(q, now.q, np.minimum(now.cross_entropy, HIGHEST)))
    panel.set_handles([Handle("guess", f"q = {short_text(q, 4)}", q, at_q, stroke("q"), "x")])


def frequency_axes(at: At) -> CurveAxes:
    """The share of heads against the tosses."""
    limits = (0.0, float(at.config.tosses))
    return CurveAxes((tr("tosses"), ""), ("k/n", ""), x_limits=limits, y_limits=(-0.04, 1.04), whole_x=True)


def frequency_curves(at: At, theme: Theme) -> list[Curve]:
    """The share of heads so far, and where it mostly is."""
    p, stroke = at.config.p, theme.stroke
    n = np.arange(1.0, at.last + 1)
    ends = n[[0, -1]] if len(n) else n
    spread = math.sqrt(p * (1 - p)) / np.sqrt(n)
    return [
        Curve("above", "p ± σ/√n", n, p + spread, stroke("bound"), width=1.2),
        Curve("below", "", n, p - spread, stroke("bound"), width=1.2),
        Curve("p", "p", ends, np.full(len(ends), p), stroke("p"), width=1.2),
        Curve("share", "k/n", n, at.recording.column("heads")[1:] / n, stroke("likelihood")),
    ]


def show_chance(panel: CurvesPanel, at: At) -> None:
    """p is dragged."""
    solid = Stroke(panel.theme.stroke("p").colour)
    panel.set_handles([Handle("p", "", float(at.config.tosses), at.config.p, solid, "y")])
