"""A coin: how likely each q makes the tosses, and the same as a cross-entropy."""

import math

import numpy as np

from engine.experiments.losses.likelihood_inspection import Coin, coin
from engine.likelihood import relative_likelihood
from engine.recording import Recording
from gui.language import tr
from gui.notes import Live
from gui.numbers import short_text
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.theme import DOTTED, Stroke, Theme
from gui.views.losses.likelihood_formulas import coin_formulas
from gui.views.losses.likelihood_shared import At, pinned

HIGHEST = 2.4  # nats a toss that are shown


def coin_formulas_of(at: At) -> list[Live]:
    """The formulas of this scene."""
    return coin_formulas(at.config, _coin(at))


def _coin(at: At) -> Coin:
    return at.once(coin, at.recording, at.step)


def show_likelihood_axes(panel: CurvesPanel, at: At) -> None:
    """The likelihood, divided by its maximum, against q."""
    panel.set_axes(("q", ""), ("L(q) / max L", ""), x_limits=(0.0, 1.0), y_limits=(-0.04, 1.16))


def show_likelihood(panel: CurvesPanel, at: At) -> None:
    """How likely each q makes what was tossed; p and the guess are dragged."""
    now, stroke, p, q = _coin(at), panel.theme.stroke, at.config.p, at.config.guess
    panel.set_curves([
        *_pinned_coins(at, panel.theme),
        Curve("likelihood", tr("likelihood"), now.q, now.likelihood, stroke("likelihood"), width=2.2,
              fill=True),
    ])  # fmt: skip
    text = f"{now.heads}/{now.tosses} = {short_text(now.frequency, 4)}"
    panel.set_marks([Mark(now.frequency, 1.0, text, stroke("likelihood"))] if now.tosses else ())
    at_p, at_q = (float(relative_likelihood(now.heads, now.tosses, each)) for each in (p, q))
    panel.set_handles([
        Handle("p", f"p = {short_text(p, 4)}", p, at_p, stroke("p"), "x"),
        Handle("guess", f"q = {short_text(q, 4)}", q, at_q, stroke("q"), "x"),
    ])  # fmt: skip


def _pinned_coins(at: At, theme: Theme) -> list[Curve]:
    curves, stroke = [], theme.stroke("likelihood")
    for number, ghost in enumerate(at.ghosts):
        if "heads" in ghost.recording.names:
            then = at.once(coin, ghost.recording, min(at.step, ghost.recording.last))
            name = pinned(ghost.label)
            curves.append(Curve(f"ghost {number}", name, then.q, then.likelihood, stroke, ghost=True))
    return curves


def show_mirror_axes(panel: CurvesPanel, at: At) -> None:
    """Nats for each toss, against q."""
    limits = (-HIGHEST, HIGHEST)
    panel.set_axes(("q", ""), (tr("for each toss"), tr("nats")), x_limits=(0.0, 1.0), y_limits=limits)


def show_mirror(panel: CurvesPanel, at: At) -> None:
    """The logarithm of the likelihood, and the cross-entropy: highest where that is lowest."""
    now, theme, q = _coin(at), panel.theme, at.config.guess
    cross, log = theme.stroke("cross_entropy"), theme.stroke("likelihood")
    both = np.full(2, now.frequency), np.array([-HIGHEST, HIGHEST])
    at_one_q = [Curve("k/n", "", *both, Stroke(theme.quiet, DOTTED), width=1.2)] if now.tosses else []
    panel.set_curves([
        *at_one_q,
        Curve("cross_entropy", "H(k/n, q)", now.q, now.cross_entropy, cross, width=2.2),
        Curve("likelihood", "ln L(q) / n", now.q, now.log_likelihood, log, width=2.2),
    ])  # fmt: skip
    if not now.tosses:
        panel.set_marks(())
        panel.set_handles(())
        return
    lowest = float(now.cross_entropy.min())
    panel.set_marks([Mark(now.frequency, lowest, "k/n", cross), Mark(now.frequency, -lowest, "", log)])
    at_q = float(np.interp(q, now.q, np.minimum(now.cross_entropy, HIGHEST)))
    panel.set_handles([Handle("guess", f"q = {short_text(q, 4)}", q, at_q, theme.stroke("q"), "x")])


def frequency_axes_of(at: At) -> tuple[Recording, int]:
    """The run, and how many tosses it has."""
    return at.recording, at.config.tosses


def show_frequency_axes(panel: CurvesPanel, at: At) -> None:
    """The share of heads against the tosses."""
    limits = (0.0, float(at.config.tosses))
    panel.set_axes((tr("tosses"), ""), ("k/n", ""), x_limits=limits, y_limits=(-0.04, 1.04))


def show_frequency(panel: CurvesPanel, at: At) -> None:
    """The share of heads so far, and where it mostly is; p is dragged."""
    p, stroke = at.config.p, panel.theme.stroke
    n = np.arange(1.0, at.last + 1)
    ends = n[[0, -1]] if len(n) else n
    spread = math.sqrt(p * (1 - p)) / np.sqrt(n)
    panel.set_curves([
        Curve("above", "p ± σ/√n", n, p + spread, stroke("bound"), width=1.2),
        Curve("below", "", n, p - spread, stroke("bound"), width=1.2),
        Curve("p", "p", ends, np.full(len(ends), p), stroke("p"), width=1.2),
        Curve("share", "k/n", n, at.recording.column("heads")[1:] / n, stroke("likelihood")),
    ])  # fmt: skip
    panel.set_handles([Handle("p", "", float(at.config.tosses), p, Stroke(stroke("p").colour), "y")])
