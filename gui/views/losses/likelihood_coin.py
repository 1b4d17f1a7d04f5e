"""A coin: how likely each q makes the tosses, and the same as a cross-entropy."""

import math

import numpy as np

from engine.config import replaced
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.experiments.losses.likelihood_inspection import (
    Coin,
    coin,
)
from engine.likelihood import relative_likelihood
from engine.recording import Recording
from gui.language import tr
from gui.notes import Live
from gui.numbers import short_text
from gui.plots.annotations import Handle, Mark
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.theme import DOTTED, Stroke, Theme
from gui.views.losses.likelihood_formulas import coin_formulas
from gui.views.losses.likelihood_scene import Scene, pinned

HIGHEST = 2.4  # nats a toss that are shown


class CoinScene(Scene):
    """The likelihood above; below its logarithm beside the cross-entropy, and the tosses."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.likelihood = CurvesPanel(tr("How likely each q makes what was tossed"), theme)
        self.mirror = CurvesPanel(tr("Its logarithm, and the cross-entropy"), theme)
        self.frequency = CurvesPanel(tr("Share of heads so far"), theme)
        for panel in (self.likelihood, self.mirror, self.frequency):
            panel.legend = "strip"
        for panel in (self.likelihood, self.mirror):
            panel.handle_dragged.connect(self._drag)
        self.frequency.handle_dragged.connect(lambda _, __, y: self._drag("p", y, y))
        self.frequency.clicked.connect(lambda step: self.step_chosen.emit(max(0, round(step))))
        self._axes: object = None
        self.likelihood.set_axes(("q", ""), ("L(q) / max L", ""), x_limits=(0.0, 1.0),
                                 y_limits=(-0.04, 1.16))  # fmt: skip
        self.mirror.set_axes(("q", ""), (tr("for each toss"), tr("nats")), x_limits=(0.0, 1.0),
                             y_limits=(-HIGHEST, HIGHEST))  # fmt: skip
        self.lay_out(self.likelihood, self.mirror, self.frequency)

    def panels(self) -> list[Panel]:
        return [self.likelihood, self.mirror, self.frequency]

    def _drag(self, key: str, x: float, y: float) -> None:
        """Another p, or another q."""
        self.edit(lambda config: replaced(config, **{key: round(min(max(x, 0.0), 1.0), 4)}))

    def draw(self, recording: Recording, step: int) -> None:
        if "heads" not in recording.names:
            return
        now = coin(recording, step)
        self._draw_likelihood(now)
        self._draw_mirror(now)
        self._draw_frequency(recording, step)

    def _draw_likelihood(self, now: Coin) -> None:
        stroke, p, q = self.theme.stroke, self.config.p, self.config.guess
        curve = Curve("likelihood", tr("likelihood"), now.q, now.likelihood, stroke("likelihood"), width=2.2,
                      fill=True)  # fmt: skip
        self.likelihood.set_curves([*self._ghosts(now), curve])
        self.likelihood.set_marks(self._highest(now, 1.0))
        at_p, at_q = (float(relative_likelihood(now.heads, now.tosses, each)) for each in (p, q))
        self.likelihood.set_handles([
            Handle("p", f"p = {short_text(p, 4)}", p, at_p, stroke("p"), "x"),
            Handle("guess", f"q = {short_text(q, 4)}", q, at_q, stroke("q"), "x"),
        ])  # fmt: skip

    def _highest(self, now: Coin, height: float) -> list[Mark]:
        if not now.tosses:
            return []
        text = f"{now.heads}/{now.tosses} = {short_text(now.frequency, 4)}"
        return [Mark(now.frequency, height, text, self.theme.stroke("likelihood"))]

    def _ghosts(self, now: Coin) -> list[Curve]:
        curves = []
        for number, ghost in enumerate(self.ghosts):
            if "heads" in ghost.recording.names:
                then = coin(ghost.recording, min(now.tosses, ghost.recording.last))
                stroke = self.theme.stroke("likelihood")
                name = pinned(ghost.label)
                curves.append(Curve(f"ghost {number}", name, then.q, then.likelihood, stroke, ghost=True))
        return curves

    def _draw_mirror(self, now: Coin) -> None:
        stroke, q = self.theme.stroke, self.config.guess
        values = {
            "cross_entropy": ("H(k/n, q)", now.cross_entropy),
            "likelihood": ("ln L(q) / n", now.log_likelihood),
        }
        both = np.array([now.frequency] * 2), np.array([-HIGHEST, HIGHEST])
        at_one_q = Curve("k/n", "", *both, Stroke(self.theme.quiet, DOTTED), width=1.2)
        self.mirror.set_curves([
            *([at_one_q] if now.tosses else []),
            *(Curve(key, name, now.q, y, stroke(key), width=2.2) for key, (name, y) in values.items()),
        ])  # fmt: skip
        if not now.tosses:
            self.mirror.set_marks(())
            self.mirror.set_handles(())
            return
        lowest = float(now.cross_entropy.min())
        self.mirror.set_marks([
            Mark(now.frequency, lowest, "k/n", stroke("cross_entropy")),
            Mark(now.frequency, -lowest, "", stroke("likelihood")),
        ])  # fmt: skip
        at_q = float(np.interp(q, now.q, np.minimum(now.cross_entropy, HIGHEST)))
        self.mirror.set_handles([Handle("guess", f"q = {short_text(q, 4)}", q, at_q, stroke("q"), "x")])

    def _draw_frequency(self, recording: Recording, step: int) -> None:
        config, stroke = self.config, self.theme.stroke
        if config.tosses != self._axes:
            self._axes = config.tosses
            limits = (0.0, float(config.tosses))
            self.frequency.set_axes((tr("tosses"), ""), ("k/n", ""), x_limits=limits, y_limits=(-0.04, 1.04))
        n = np.arange(1.0, recording.last + 1)
        ends = n[[0, -1]] if len(n) else n
        spread = math.sqrt(config.p * (1 - config.p)) / np.sqrt(n)
        bound = stroke("bound")
        self.frequency.set_curves([
            Curve("above", "p ± σ/√n", n, config.p + spread, bound, width=1.2),
            Curve("below", "", n, config.p - spread, bound, width=1.2),
            Curve("p", "p", ends, np.full(len(ends), config.p), stroke("p"), width=1.2),
            Curve("share", "k/n", n, recording.column("heads")[1:] / n, stroke("likelihood")),
        ])  # fmt: skip
        self.frequency.set_cursor(step)
        end = Handle("p", "", float(config.tosses), config.p, Stroke(stroke("p").colour), "y")
        self.frequency.set_handles([end])

    def live(self, recording: Recording, step: int) -> list[Live]:
        assert isinstance(self.config, LikelihoodConfig)
        return coin_formulas(self.config, coin(recording, step)) if "heads" in recording.names else []
