"""Entropy ▸ Binary: the entropy of one yes-or-no question, and the price of a wrong belief, as curves."""

from math import isfinite, isinf, log

import numpy as np

from engine.config import Config
from engine.experiments.entropy.binary import BinaryConfig, BinarySnapshot
from engine.information.bases import BASES
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.ticks import value_text
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, View
from gui.views.bases import LOGS, unit_of
from gui.views.curve_plots import CurveAxes, Plot, fill_plot
from gui.views.pinned import level, with_pinned

PLAIN_LOG = {"2": "log₂", "e": "ln", "10": "log₁₀"}
PER = {"2": r"\,\ln 2", "e": "", "10": r"\,\ln 10"}
PLAIN_PER = {"2": "·ln 2", "e": "", "10": "·ln 10"}
IMPOSSIBLE = "What does happen was held to be impossible: its surprise has no bound."
THICK = 2.9  # the width in pixels of the line that marks the divergence
SLOPE = "Slope of H(p, q): 0 at q = p"
SLOPE_AT_END = "Slope of H(p, q): nowhere 0, lowest at the end"
STEEPEST = 40.0  # the largest slope (nats) that the plot of the slope shows
ENDS = (0.0, 1.0)

At = Moment[BinaryConfig, Config]


class BinaryView(View):
    """A large plot of H against p with its tangent; small plots of H(p, q) against q, and of its slope."""

    config_type = BinaryConfig

    def build(self, theme: Theme) -> None:
        self.entropy = CurvesPanel(tr("Entropy and cross-entropy against p"), theme)
        self.cross = CurvesPanel(tr("Cross-entropy against q"), theme)
        self.slope = CurvesPanel(tr(SLOPE), theme)
        for panel, plot in ((self.entropy, entropy), (self.cross, cross), (self.slope, slope)):
            panel.handle_dragged.connect(self._drag)
            fill_plot(self, panel, plot, steady=True)
        self.setMinimumSize(theme.px(260), theme.px(220))
        self.tell(finding)
        self.lay_out(WithHero(theme, self.entropy, (self.cross, self.slope), (5, 4)))

    def terms(self, at: At) -> list[Term]:
        slope, crosses = (self.slope, "slope"), [(one, "cross_entropy") for one in (self.cross, self.entropy)]
        return [
            term("H(p,q)", tr("cross-entropy"), *crosses),
            term("H(p)", tr("entropy"), (self.entropy, "entropy"), (self.cross, "entropy")),
            term(r"\mathrm{KL}(p\,\|\,q)", tr("KL divergence"), (self.entropy, "kl"), (self.cross, "kl")),
            term(r"\frac{\partial H(p,q)}{\partial q}", tr("slope of the cross-entropy"), slope),
            term("p", "", (self.entropy, "p"), (self.cross, "p")),
            term("q", "", (self.cross, "q"), (self.entropy, "q")),
        ]

    def formulas(self, at: At) -> list[Live]:
        """H(p), H(p, q), the divergence, the form for a certain answer, and the slope."""
        config, shot, unit, p = at.config, at.snapshot, unit_of(at.config.base), short_text(at.config.p, 4)
        log, per = LOGS[config.base], PER[config.base]
        cross, level, kl = map(value_text, (shot.cross_entropy, shot.entropy, shot.kl))
        return [
            Live(
                tr("Entropy"),
                rf"H(p) = -p\,{log}p - (1-p)\,{log}(1-p)",
                f"H({p}) = {value_text(shot.entropy)} {unit}",
            ),
            Live(tr("Cross-entropy"), rf"H(p,q) = -p\,{log}q - (1-p)\,{log}(1-q)", _cross(shot, unit)),
            Live(
                tr("KL divergence: the gap"),
                r"\mathrm{KL}(p\,\|\,q) = H(p,q) - H(p) \geq 0",
                f"{cross} − {level} = {kl} {unit}",
            ),
            Live(
                tr("Simplest form, of a certain answer"),
                rf"p=1:\;\; -{log}q \qquad p=0:\;\; -{log}(1-q)",
                _certain(config, shot, unit),
                told=False,
            ),
            Live(
                tr("Slope"),
                rf"\frac{{\partial H(p,q)}}{{\partial q}} = \frac{{q-p}}{{q(1-q){per}}}",
                _slope(config, shot),
                shot.check,
            ),
        ]

    def _drag(self, key: str, x: float, y: float) -> None:
        """Set p or q from a handle that was moved, rounded to thousandths."""
        self.edit(**{key: round(min(max(x, 0.0), 1.0), 3)})


def finding(at: At) -> str:
    """Say what the belief costs, and which part of it is due to its error."""
    shot, p, q = at.snapshot, at.config.p, at.config.q
    cross, level, kl = map(value_text, (shot.cross_entropy, shot.entropy, shot.kl))
    slots = {
        "cross": cross,
        "h": level,
        "kl": kl,
        "p": short_text(p, 4),
        "q": short_text(q, 4),
        "unit": unit_of(at.config.base),
    }
    if isinf(shot.cross_entropy):
        return tr("The model calls impossible what does happen: its surprise, and with it KL, is infinite.")
    if p == q and p in ENDS:
        return tr("The answer is certain and the model knows it: nothing is a surprise, H(p, q) is 0.")
    if p == q:
        return tr("The model is right: its mean surprise is the entropy alone, {h} {unit}; KL is 0.", **slots)
    if p in ENDS:
        sentence = "The answer is certain, H(p) is 0: the whole cross-entropy, {cross} {unit}, is KL."
        return tr(sentence, **slots)
    return tr(
        "With p = {p} and q = {q}, H(p, q) is {cross} {unit}: the entropy H(p) = {h} plus KL = {kl}.", **slots
    )


def entropy(at: At, theme: Theme) -> Plot:
    """Return the curve H, its tangent at q, and between them, at p, the divergence."""
    shot, stroke, (axes, gap, mark) = at.snapshot, theme.stroke, _gap(at, "p", 2.2, theme)
    at_q = float(shot.entropies[np.searchsorted(shot.grid, at.config.q)])
    return Plot(
        axes,
        [
            Curve("entropy", "H(p)", shot.grid, shot.entropies, stroke("entropy"), fill=True),
            Curve("cross_entropy", "H(p, q)", shot.grid, shot.tangent, stroke("cross_entropy")),
            gap,
        ],
        [mark],
        _handles(at, shot.entropy, at_q, theme),
    )


def cross(at: At, theme: Theme) -> Plot:
    """Return H(p, q) against q, and the level H(p), which it touches at q = p; pinned ones in the same
    unit.
    """
    shot, (axes, gap, mark) = at.snapshot, _gap(at, "q", 3.3, theme, told=False)

    def of_run(config: BinaryConfig, recording: Recording) -> list[Curve]:
        found: BinarySnapshot = recording.snapshot(0)[1]
        crosses = found.crosses * (log(BASES[config.base]) / log(BASES[at.config.base]))
        return [Curve("cross_entropy", "H(p, q)", found.grid, crosses, theme.stroke("cross_entropy"))]

    bottom = level("entropy", "H(p)", ENDS, shot.entropy, theme.stroke("entropy"))
    handles = _handles(at, shot.entropy, shot.cross_entropy, theme)
    return Plot(axes, [*with_pinned(at, of_run), bottom, gap], [mark], handles)


def slope(at: At, theme: Theme) -> Plot:
    """Return the slope of H(p, q) against q, and the level 0."""
    shot, nats, p = at.snapshot, log(BASES[at.config.base]), at.config.p
    steep = min(max(8.0 / nats, 1.15 * abs(shot.slope)), STEEPEST / nats)
    at_p = float(shot.slopes[np.searchsorted(shot.grid, p)])  # 0, but not at the ends
    at_q = float(np.nan_to_num(shot.slope, posinf=1e9, neginf=-1e9))
    axes = CurveAxes(
        ("q", ""),
        (tr("slope"), unit_of(at.config.base)),
        x_limits=ENDS,
        y_limits=(-steep, steep),
        title=tr(SLOPE_AT_END) if p in ENDS else tr(SLOPE),
    )
    return Plot(
        axes,
        [
            Curve("slope", "∂H/∂q", shot.grid, shot.slopes, theme.stroke("cross_entropy")),
            level("zero", "", ENDS, 0.0, theme.stroke("bound"), width=1.0),
        ],
        handles=_handles(at, at_p, at_q, theme),
    )


def _handles(at: At, at_p: float, at_q: float, theme: Theme) -> list[Handle]:
    """Return the handles that move p and q, at these heights."""
    return [
        Handle(key, f"{key} = {short_text(x, 4)}", x, y, theme.stroke(key), "x")
        for key, x, y in (("p", at.config.p, at_p), ("q", at.config.q, at_q))
    ]


def _gap(at: At, key: str, bits: float, theme: Theme, told: bool = True) -> tuple[CurveAxes, Curve, Mark]:
    """Return the axes, for at least this many bits, fixed until a value needs more; and the divergence.

    The divergence is a vertical line from H(p) to H(p, q), with its name, and with its value if `told` (a
    small plot has no room for it beside the line); ∞ reaches to the top.
    """
    shot, x, unit = at.snapshot, getattr(at.config, key), unit_of(at.config.base)
    most = 1.12 * shot.cross_entropy if isfinite(shot.cross_entropy) else 0.0
    top = max(bits * log(2.0) / log(BASES[at.config.base]), most)
    axes = CurveAxes((key, ""), (tr("mean surprise"), unit), x_limits=ENDS, y_limits=(0.0, top))
    middle, stroke = (shot.entropy + min(shot.cross_entropy, top)) / 2, theme.stroke("kl")
    ends = np.array([shot.entropy, min(shot.cross_entropy, 2 * top)])
    line = Curve("kl", "", np.array([x, x]), ends, stroke, width=THICK / theme.scale, aid=True)
    return axes, line, Mark(x, middle, f"KL = {value_text(shot.kl)}" if told else "KL", stroke)


def _cross(shot: BinarySnapshot, unit: str) -> str:
    parts = f"{value_text(shot.yes)} + {value_text(shot.no)}"
    text = f"H(p, q) = {parts} = {value_text(shot.cross_entropy)} {unit}"
    return f"{text}\n{tr(IMPOSSIBLE)}" if isinf(shot.cross_entropy) else text


def _certain(config: BinaryConfig, shot: BinarySnapshot, unit: str) -> str:
    """Say what H(p, q) is for a certain answer: −log of the probability that q gives it."""
    log, q = PLAIN_LOG[config.base], short_text(config.q, 4)
    yes = f"−{log} {q} = {value_text(shot.surprise_of_yes)} {unit}"
    no = f"−{log} (1 − {q}) = {value_text(shot.surprise_of_no)} {unit}"
    if config.p == 1:
        return tr("p is 1, one term is left: H(p, q) = {term}", term=yes)
    if config.p == 0:
        return tr("p is 0, one term is left: H(p, q) = {term}", term=no)
    return tr("Were p 1, it would be {yes}; were it 0, {no}", yes=yes, no=no)


def _slope(config: BinaryConfig, shot: BinarySnapshot) -> str:
    p, q, slope = short_text(config.p, 4), short_text(config.q, 4), value_text(shot.slope)
    if config.p in ENDS and config.q == config.p:
        return tr("q = p is the end of the range: the slope there is {slope}", slope=slope)
    if isinf(shot.slope):
        return tr("At the end of the range the slope is {slope}", slope=slope)
    return f"({q} − {p}) / ({q}·(1 − {q}){PLAIN_PER[config.base]}) = {slope}"
