"""Entropy ▸ Binary: the entropy of one yes-or-no question, and the price of a wrong belief, as curves."""

from math import isfinite, log

import numpy as np

from engine.bases import BASES
from engine.config import Config
from engine.experiments.entropy.binary import BinaryConfig, Snapshot
from gui.language import tr
from gui.moment import Moment
from gui.notes import Live
from gui.numbers import short_text
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.ticks import value_text
from gui.splitters import above_each_other, side_by_side
from gui.theme import Theme
from gui.view import View
from gui.views.entropy.binary_formulas import formulas

UNITS = {"2": "bits", "e": "nats", "10": "dits"}
THICK = 2.9  # pixels of the line that marks the gap
SLOPE = "Slope of the cross-entropy: 0 at q = p"
SLOPE_AT_END = "Slope of the cross-entropy: nowhere 0, the minimum is the end q = p"
STEEPEST = 40.0  # slope in nats that the plot of the slope grows to
ENDS = (0.0, 1.0)

At = Moment[BinaryConfig, Config]


class BinaryView(View):
    """Left H against p with its tangent, right H(p, q) against q, below the slope of that."""

    config_type = BinaryConfig

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.entropy = CurvesPanel(tr("Entropy against p"), theme)
        self.cross = CurvesPanel(tr("Cross-entropy against q"), theme)
        self.slope = CurvesPanel(tr(SLOPE), theme)
        for panel, axes, content in (
            (self.entropy, show_entropy_axes, show_entropy),
            (self.cross, show_cross_axes, show_cross),
            (self.slope, show_slope_axes, show_slope),
        ):
            panel.readout = True
            panel.handle_dragged.connect(self._drag)
            self.fill(panel, axes, by=axes_of)
            self.fill(panel, content)
        self.setMinimumSize(theme.px(260), theme.px(300))
        above = side_by_side((self.entropy, self.cross), (1, 1))
        self.lay_out(above_each_other((above, self.slope), (62, 38)))

    def formulas(self, at: At) -> list[Live]:
        return formulas(at.config, at.snapshot, unit(at))

    def _drag(self, key: str, x: float, y: float) -> None:
        """A handle was moved: p or q follows it, in thousandths."""
        self.edit(**{key: round(min(max(x, 0.0), 1.0), 3)})


def unit(at: At) -> str:
    """What the entropy is measured in."""
    return tr(UNITS[at.config.base])


def axes_of(at: At) -> tuple[str, float, float, float]:
    """Unit, tops of the two upper plots, the steepest slope: they hold still until a value needs more."""
    shot: Snapshot = at.snapshot
    nats = log(BASES[at.config.base])
    bit, cross = log(2.0) / nats, shot.cross_entropy if isfinite(shot.cross_entropy) else 0.0
    steep = min(max(8.0 / nats, 1.15 * abs(shot.slope)), STEEPEST / nats)
    return unit(at), max(2.2 * bit, 1.12 * cross), max(3.3 * bit, 1.12 * cross), steep


def show_entropy_axes(panel: CurvesPanel, at: At) -> None:
    """Mean surprise against p."""
    unit, top, _, _ = axes_of(at)
    panel.set_axes(("p", ""), (tr("mean surprise"), unit), x_limits=ENDS, y_limits=(0.0, top))


def show_cross_axes(panel: CurvesPanel, at: At) -> None:
    """Mean surprise against q."""
    unit, _, top, _ = axes_of(at)
    panel.set_axes(("q", ""), (tr("mean surprise"), unit), x_limits=ENDS, y_limits=(0.0, top))


def show_slope_axes(panel: CurvesPanel, at: At) -> None:
    """Slope against q."""
    unit, _, _, steep = axes_of(at)
    panel.set_axes(("q", ""), (tr("slope"), unit), x_limits=ENDS, y_limits=(-steep, steep))


def show_entropy(panel: CurvesPanel, at: At) -> None:
    """The curve H, the straight line that touches it at q, and between them, at p, the divergence."""
    shot, stroke, top = at.snapshot, panel.theme.stroke, axes_of(at)[1]
    panel.set_curves([
        Curve("entropy", "H(p)", shot.grid, shot.entropies, stroke("entropy"), fill=True),
        Curve("cross_entropy", "H(p, q)", shot.grid, shot.tangent, stroke("cross_entropy")),
        _gap(shot, at.config.p, top, panel.theme),
    ])  # fmt: skip
    panel.set_marks(_kl_mark(shot, at.config.p, top, panel.theme))
    at_q = float(shot.entropies[np.searchsorted(shot.grid, at.config.q)])
    panel.set_handles(_handles(at, shot.entropy, at_q, panel.theme))


def show_cross(panel: CurvesPanel, at: At) -> None:
    """H(p, q) over every q, above the level H(p) that it touches at q = p."""
    shot, stroke, top = at.snapshot, panel.theme.stroke, axes_of(at)[2]
    panel.set_curves([
        *_pinned(at, panel.theme),
        Curve("cross_entropy", "H(p, q)", shot.grid, shot.crosses, stroke("cross_entropy")),
        Curve("entropy", "H(p)", np.array(ENDS), np.full(2, shot.entropy), stroke("entropy")),
        _gap(shot, at.config.q, top, panel.theme),
    ])  # fmt: skip
    panel.set_marks(_kl_mark(shot, at.config.q, top, panel.theme))
    panel.set_handles(_handles(at, shot.entropy, shot.cross_entropy, panel.theme))


def show_slope(panel: CurvesPanel, at: At) -> None:
    """The slope of H(p, q) over every q, and the level 0."""
    shot, stroke, p = at.snapshot, panel.theme.stroke, at.config.p
    panel.set_curves([
        Curve("slope", "∂H/∂q", shot.grid, shot.slopes, stroke("cross_entropy")),
        Curve("zero", "", np.array(ENDS), np.zeros(2), stroke("bound"), width=1.0),
    ])  # fmt: skip
    panel.title = tr(SLOPE_AT_END) if p in ENDS else tr(SLOPE)
    at_p = float(shot.slopes[np.searchsorted(shot.grid, p)])  # 0, but not at the ends
    at_q = float(np.nan_to_num(shot.slope, posinf=1e9, neginf=-1e9))
    panel.set_handles(_handles(at, at_p, at_q, panel.theme))


def _handles(at: At, at_p: float, at_q: float, theme: Theme) -> list[Handle]:
    """What moves p and q, at these heights."""
    return [
        Handle(key, f"{key} = {short_text(x, 4)}", x, y, theme.stroke(key), "x")
        for key, x, y in (("p", at.config.p, at_p), ("q", at.config.q, at_q))
    ]


def _gap(shot: Snapshot, x: float, top: float, theme: Theme) -> Curve:
    """The divergence, as an upright line from H(p) to H(p, q); ∞ goes to the top."""
    ends = np.array([shot.entropy, min(shot.cross_entropy, 2 * top)])
    return Curve("kl", "", np.array([x, x]), ends, theme.stroke("kl"), width=THICK / theme.scale)


def _kl_mark(shot: Snapshot, x: float, top: float, theme: Theme) -> list[Mark]:
    middle = (shot.entropy + min(shot.cross_entropy, top)) / 2
    return [Mark(x, middle, f"KL = {value_text(shot.kl)}", theme.stroke("kl"))]


def _pinned(at: At, theme: Theme) -> list[Curve]:
    """The curves of pinned runs, in the unit of this one."""
    curves = []
    for k, ghost in enumerate(at.ghosts):
        shot: Snapshot = ghost.recording.snapshot(0)[1]
        same = log(BASES[ghost.config.base]) / log(BASES[at.config.base])
        stroke = theme.stroke("cross_entropy")
        curves.append(Curve(f"ghost{k}", ghost.label, shot.grid, same * shot.crosses, stroke, ghost=True))
    return curves


VIEW = BinaryView
