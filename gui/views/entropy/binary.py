"""Entropy ▸ Binary: the entropy of one yes-or-no question, and the price of a wrong belief, as curves."""

from collections.abc import Sequence
from math import isfinite, log

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, replaced
from engine.experiments.entropy.bases import BASES
from engine.experiments.entropy.binary import BinaryConfig, Snapshot
from engine.recording import Recording
from gui.language import tr
from gui.notes import Live
from gui.numbers import short_text
from gui.plots.annotations import Handle, Mark
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.splitters import above_each_other, side_by_side
from gui.theme import Theme
from gui.view import Ghost, View
from gui.views.entropy.binary_formulas import formulas

UNITS = {"2": "bits", "e": "nats", "10": "dits"}
THICK = 2.9  # pixels of the line that marks the gap
SLOPE = "Slope of the cross-entropy: 0 at q = p"
SLOPE_AT_END = "Slope of the cross-entropy: nowhere 0, the minimum is the end q = p"
STEEPEST = 40.0  # slope in nats that the plot of the slope grows to


class BinaryView(View):
    """Left H against p with its tangent, right H(p, q) against q, below the slope of that."""

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.entropy = CurvesPanel(tr("Entropy against p"), theme)
        self.cross = CurvesPanel(tr("Cross-entropy against q"), theme)
        self.slope = CurvesPanel(tr(SLOPE), theme)
        self.config = BinaryConfig()
        self.ghosts: tuple[Ghost, ...] = ()
        self._axes: object = None
        for panel in (self.entropy, self.cross, self.slope):
            panel.readout = True
            panel.handle_dragged.connect(self._drag)
        self.setMinimumSize(theme.px(260), theme.px(300))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        above = side_by_side((self.entropy, self.cross), (1, 1))
        column.addWidget(above_each_other((above, self.slope), (62, 38)))

    def panels(self) -> list[Panel]:
        return [self.entropy, self.cross, self.slope]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, BinaryConfig)
        self.config, self.ghosts = config, tuple(ghosts)

    def draw(self, recording: Recording, step: int) -> None:
        shot: Snapshot = recording.snapshot(step)[1]
        tops = self._set_axes(shot)
        self._draw_entropy(shot, tops[0])
        self._draw_cross(shot, tops[1])
        self._draw_slope(shot)

    def live(self, recording: Recording, step: int) -> list[Live]:
        return formulas(self.config, recording.snapshot(step)[1], tr(UNITS[self.config.base]))

    def _drag(self, key: str, x: float, y: float) -> None:
        """A handle was moved: p or q follows it, in thousandths."""
        self.edited.emit(replaced(self.config, **{key: round(min(max(x, 0.0), 1.0), 3)}))

    # The three plots

    def _set_axes(self, shot: Snapshot) -> tuple[float, float]:
        """Ranges that hold still until a value needs more; the tops of the two upper plots."""
        unit, nats = tr(UNITS[self.config.base]), log(BASES[self.config.base])
        bit, cross = log(2.0) / nats, shot.cross_entropy if isfinite(shot.cross_entropy) else 0.0
        tops = max(2.2 * bit, 1.12 * cross), max(3.3 * bit, 1.12 * cross)
        steep = min(max(8.0 / nats, 1.15 * abs(shot.slope)), STEEPEST / nats)
        if (unit, tops, steep) != self._axes:
            self._axes = (unit, tops, steep)
            ends = (0.0, 1.0)
            self.entropy.set_axes(
                ("p", ""), (tr("mean surprise"), unit), x_limits=ends, y_limits=(0.0, tops[0])
            )
            self.cross.set_axes(
                ("q", ""), (tr("mean surprise"), unit), x_limits=ends, y_limits=(0.0, tops[1])
            )
            self.slope.set_axes(("q", ""), (tr("slope"), unit), x_limits=ends, y_limits=(-steep, steep))
        return tops

    def _draw_entropy(self, shot: Snapshot, top: float) -> None:
        """The curve H, the straight line that touches it at q, and between them, at p, the divergence."""
        stroke, p, q = self.theme.stroke, self.config.p, self.config.q
        self.entropy.set_curves([
            Curve("entropy", "H(p)", shot.grid, shot.entropies, stroke("entropy"), fill=True),
            Curve("cross_entropy", "H(p, q)", shot.grid, shot.tangent, stroke("cross_entropy")),
            self._gap(shot, p, top),
        ])  # fmt: skip
        at_q = float(shot.entropies[np.searchsorted(shot.grid, q)])
        self.entropy.set_marks(self._kl_mark(shot, p, top))
        self.entropy.set_handles([
            Handle("p", f"p = {short_text(p, 4)}", p, shot.entropy, stroke("p"), "x"),
            Handle("q", f"q = {short_text(q, 4)}", q, at_q, stroke("q"), "x"),
        ])  # fmt: skip

    def _draw_cross(self, shot: Snapshot, top: float) -> None:
        """H(p, q) over every q, above the level H(p) that it touches at q = p."""
        stroke, p, q = self.theme.stroke, self.config.p, self.config.q
        level = np.full(2, shot.entropy)
        self.cross.set_curves([
            *self._pinned(),
            Curve("cross_entropy", "H(p, q)", shot.grid, shot.crosses, stroke("cross_entropy")),
            Curve("entropy", "H(p)", np.array([0.0, 1.0]), level, stroke("entropy")),
            self._gap(shot, q, top),
        ])  # fmt: skip
        self.cross.set_marks(self._kl_mark(shot, q, top))
        self.cross.set_handles([
            Handle("p", f"p = {short_text(p, 4)}", p, shot.entropy, stroke("p"), "x"),
            Handle("q", f"q = {short_text(q, 4)}", q, shot.cross_entropy, stroke("q"), "x"),
        ])  # fmt: skip

    def _draw_slope(self, shot: Snapshot) -> None:
        stroke, p, q = self.theme.stroke, self.config.p, self.config.q
        self.slope.set_curves([
            Curve("slope", "∂H/∂q", shot.grid, shot.slopes, stroke("cross_entropy")),
            Curve("zero", "", np.array([0.0, 1.0]), np.zeros(2), stroke("bound"), width=1.0),
        ])  # fmt: skip
        at = float(np.nan_to_num(shot.slope, posinf=1e9, neginf=-1e9))
        at_p = float(shot.slopes[np.searchsorted(shot.grid, p)])  # 0, but not at the ends
        self.slope.title = tr(SLOPE_AT_END) if p in (0.0, 1.0) else tr(SLOPE)
        self.slope.set_handles([
            Handle("p", f"p = {short_text(p, 4)}", p, at_p, stroke("p"), "x"),
            Handle("q", f"q = {short_text(q, 4)}", q, at, stroke("q"), "x"),
        ])  # fmt: skip

    def _gap(self, shot: Snapshot, x: float, top: float) -> Curve:
        """The divergence, as an upright line from H(p) to H(p, q); ∞ goes to the top."""
        ends = np.array([shot.entropy, min(shot.cross_entropy, 2 * top)])
        return Curve(
            "kl", "", np.array([x, x]), ends, self.theme.stroke("kl"), width=THICK / self.theme.scale
        )

    def _kl_mark(self, shot: Snapshot, x: float, top: float) -> list[Mark]:
        middle = (shot.entropy + min(shot.cross_entropy, top)) / 2
        return [Mark(x, middle, f"KL = {value_text(shot.kl)}", self.theme.stroke("kl"))]

    def _pinned(self) -> list[Curve]:
        """The curves of pinned runs, in the unit of this one."""
        curves = []
        for k, ghost in enumerate(self.ghosts):
            if ghost.recording.last < 0 or not isinstance(ghost.config, BinaryConfig):
                continue
            shot: Snapshot = ghost.recording.snapshot(0)[1]
            same = log(BASES[ghost.config.base]) / log(BASES[self.config.base])
            stroke = self.theme.stroke("cross_entropy")
            curves.append(Curve(f"ghost{k}", ghost.label, shot.grid, same * shot.crosses, stroke, ghost=True))
        return curves


VIEW = BinaryView
