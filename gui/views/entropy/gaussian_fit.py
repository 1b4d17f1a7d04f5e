"""Entropy ▸ Forward or reverse KL on the screen: P and both Qs, their integrands, and their paths."""

from functools import partial
from math import exp, inf, log, pi, sqrt
from typing import Annotated

import numpy as np

from engine.config import Config, choice, plain
from engine.experiments.entropy import gaussian_fit
from engine.experiments.entropy.gaussian_fit import (
    KL,
    DivergenceMinima,
    GaussianFit,
    GaussianFitInspection,
    Maps,
    sight,
)
from engine.experiments.entropy.gaussian_fit_config import (
    GaussianFitConfig,
    with_peak,
    with_start,
    with_width,
)
from engine.recording import Recording
from gui.look.language import tr
from gui.look.splitters import side_by_side
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.contours import FieldPanel, Track
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.ticks import nice_step
from gui.screen.hero import WithHero
from gui.screen.options_widgets import quiet_label
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Room, Urgency, View, nothing, show_one, whole_run
from gui.views.bases import unit_of
from gui.views.curve_plots import Plot, fill_plot, mark_step, over_steps
from gui.views.entropy.gaussian_fit_words import NAMES, blocks, finding
from gui.views.schedule_blocks import schedule_blocks, schedule_terms

STROKES = {"forward": "kl", "reverse": "reverse_kl"}
COSTS = {"forward": "p·log(p/q)", "reverse": "q·log(q/p)"}
ROOM = 1.2  # height of the plot, in heights of the peaks
ARRIVED = 120  # the step at which both Qs have almost converged
TALL = 3.0  # the greatest height of the plot for a narrow start, in heights of the peaks of P
BELOW = {"costs": "Integrands of both divergences", "maps": "Maps of both divergences"}


class GaussianFitOptions(Config, frozen=True):
    """The options of the view."""

    below: Annotated[str, choice("Small plots", "What stands beside the densities.", BELOW)] = "costs"
    log: Annotated[bool, plain("Log axis", "Show the divergences on a logarithmic axis.")] = True


At = Moment[GaussianFitConfig, GaussianFitOptions]
Now = gaussian_fit.GaussianMoment


class GaussianFitView(View):
    """A large plot of the densities; small plots of the integrands and the divergences, or the maps of both.

    During a drag the axes do not change; they follow afterwards.
    """

    config_type, options_type = GaussianFitConfig, GaussianFitOptions
    pace = 60.0

    def build(self, theme: Theme) -> None:
        hint = quiet_label(
            tr("Drag the rings."),
            tr("The ring on a peak moves and weighs it, the one at its side widens it; so for the start."),
        )
        self.bar = self.options_bar("below", "log", "", hint)
        title = tr("P and one Gaussian fitted to it, by either divergence")
        self.densities = CurvesPanel(title, theme, "strip")
        self.integrands = CurvesPanel(tr("Integrands of both divergences"), theme, "strip")
        self.costs = CurvesPanel(tr("Both divergences"), theme, "strip")
        self.fields = {name: FieldPanel(NAMES[name], theme) for name in KL}
        self._fill_all()
        self.densities.handle_dragged.connect(self._drag)
        self.tell(finding, opens_on=lambda at: ARRIVED if at.last >= ARRIVED else None)
        first = side_by_side((self.integrands, self.fields["forward"]), (1, 1))
        second = side_by_side((self.costs, self.fields["reverse"]), (1, 1))
        self.lay_out(self.bar, WithHero(theme, self.densities, (first, second)))

    def _fill_all(self) -> None:
        settled = Urgency.SETTLED
        self.questions.spare("told")
        self.ask("told", lambda at: (gaussian_fit.inspect, at.config, at.recording, at.step))
        self.fill(self.densities, show_handles, early=True)
        self.fill(self.densities, show_density_axes, by=sight_of, anew=settled)
        self.fill(self.densities, show_densities)
        self.fill(self.integrands, show_integrand_axes, by=sight_of, anew=settled)
        self.fill(self.integrands, show_integrands)
        fill_plot(self, self.costs, costs, by=whole_run, steady=True)
        mark_step(self, self.costs)
        self.ask("maps", lambda at: (_maps, at.config, sight(at.config)), by=sight_of)
        for name, field in self.fields.items():
            field.set_axes(("μ", ""), ("ln σ", ""), NAMES[name])
            self.fill(field, partial(show_map, name=name), of="maps", by=nothing)
            self.fill(field, partial(show_paths, name=name))
            field.start_dragged.connect(self._move_start)
            self.on(field.point_clicked, lambda view, key, step: view.jump(step))

    def arrange(self, at: At, room: Room) -> bool:
        costs, maps = (self.integrands, self.costs), [*self.fields.values()]
        show_one(at.options.below, {"costs": costs, "maps": maps})
        return False

    def offers(self, at: At) -> dict[str, object]:
        return {"log": at.options.below == "costs"}

    def terms(self, at: At) -> list[Term]:
        costs, both = self.costs, tuple((self.densities, name) for name in KL)
        peaks = tuple((self.densities, f"peak.{k}") for k in range(at.config.count))
        widths = tuple((self.densities, f"width.{k}") for k in range(at.config.count))
        return [
            term(r"\mathrm{KL}(P\,\|\,Q)", tr("KL divergence from P to Q"), (costs, "forward")),
            term(r"\mathrm{KL}(Q\,\|\,P)", tr("KL divergence from Q to P"), (costs, "reverse")),
            term("p", tr("density of the truth"), (self.densities, "p")),
            term("q", tr("density of the fitted Gaussian"), *both),
            term("m_k", tr("mean of a peak"), *peaks),
            term("s_k", tr("width of a peak"), *widths),
            term(r"\mu^*", tr("mean of the truth")),
            term(r"\sigma^{*2}", tr("variance of the truth")),
            *schedule_terms(at.settings.optimizer, at.step),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        found: GaussianFitInspection | None = self.answer("told")
        if found is None:
            return None
        return [*blocks(at.config, found), *schedule_blocks(at.settings.optimizer, at.step)]

    def _drag(self, key: str, x: float, y: float) -> None:
        """A ring was moved to (x, y)."""
        config = self.at.config
        if key == "start":
            edited = with_start(config, x, config.start_width)
        elif key == "start_width":
            edited = with_start(config, config.start_mean, abs(x - config.start_mean))
        elif key.startswith("peak."):
            edited = with_peak(config, int(key[5:]), x, y)
        else:
            index = int(key.removeprefix("width."))
            edited = with_width(config, index, abs(x - config.means[index]))
        if edited != config:
            self.edited.emit(edited)

    def _move_start(self, mean: float, log_width: float) -> None:
        self.edited.emit(with_start(self.at.config, mean, exp(min(log_width, 10.0))))


def sight_of(at: At) -> tuple[object, ...]:
    """Return what the axes over x depend on: the range, the height, the unit."""
    return sight(at.config), _height(at.config), at.config.base, at.options.below


def _height(config: GaussianFitConfig) -> float:
    """Return the height of the plot of the densities: a round number above the peaks and the start."""
    peaks = max(_peak(share, width) for share, width in zip(config.fractions, config.widths, strict=True))
    wanted = ROOM * max(peaks, min(_peak(1.0, config.start_width), TALL * peaks))
    step = nice_step(wanted, 5)
    return step * (int(wanted / step) + 1)


def _peak(share: float, width: float) -> float:
    """Return the peak of a Gaussian with this weight and width."""
    return share / (width * sqrt(2 * pi))


def show_density_axes(panel: CurvesPanel, at: At) -> None:
    """Set the axes, and draw the densities again."""
    limits = (0.0, _height(at.config))
    panel.set_axes(("x", ""), (tr("density"), ""), x_limits=sight(at.config), y_limits=limits)
    show_densities(panel, at)


def show_densities(panel: CurvesPanel, at: At) -> None:
    """Show P, the start, both Qs, and those of pinned runs at this step or at their end."""
    now, theme = _now(panel, at), panel.theme
    curves = []
    for number, ghost in enumerate(at.ghosts):
        last = min(at.step, ghost.recording.last)
        then = at.once(gaussian_fit.moment, ghost.config, ghost.recording, last, panel.home[0])
        label = tr("pinned: {what}", what=ghost.label)
        for name, fit, stroke in _fits(then, theme):
            key, title = f"ghost {number}.{name}", label if name == "forward" else ""
            curves.append(Curve(key, title, then.x, fit.density, stroke, ghost=True))
    curves.append(Curve("p", "P", now.x, now.p, theme.stroke("p"), width=2.2, fill=True))
    curves.append(
        Curve("start", "", now.x, now.start, Stroke(theme.quiet, DOTTED), width=1.2, column=tr("start"))
    )
    marks = []
    for name, fit, stroke in _fits(now, theme):
        title = tr("Q by {divergence}", divergence=NAMES[name])
        if fit.lost is not None:
            title += "  " + tr("✗ step {step}", step=fit.lost)
        else:
            marks.append(Mark(fit.mean, _peak(1.0, fit.width), NAMES[name], stroke))
        curves.append(Curve(name, title, now.x, fit.density, stroke, width=2.2, fill=True))
    panel.set_curves(curves)
    panel.set_marks(marks)


def _now(panel: CurvesPanel, at: At) -> Now:
    """Return both fits over the visible range of x, which does not change during a drag."""
    return at.once(gaussian_fit.moment, at.config, at.recording, at.step, panel.home[0])


def _fits(now: Now, theme: Theme) -> list[tuple[str, GaussianFit, Stroke]]:
    return [(name, getattr(now, name), theme.stroke(STROKES[name])) for name in KL]


def show_handles(panel: CurvesPanel, at: At) -> None:
    """Show a ring on each peak and one at its side; the same for the start."""
    config, blue, quiet = at.config, panel.theme.stroke("p"), Stroke(panel.theme.quiet, DOTTED)
    rings = []
    for k, (share, mean, width) in enumerate(zip(config.fractions, config.means, config.widths, strict=True)):
        top = _peak(share, width)
        rings.append(Handle(f"peak.{k}", "", mean, top, blue, "xy"))
        rings.append(Handle(f"width.{k}", "", mean + width, top * exp(-0.5), blue, "x"))
    mean, width = config.start_mean, config.start_width
    top = _peak(1.0, width)
    rings.append(Handle("start", tr("start"), mean, top, quiet, "x"))
    rings.append(Handle("start_width", "", mean + width, top * exp(-0.5), quiet, "x"))
    panel.set_handles(rings)


def show_integrand_axes(panel: CurvesPanel, at: At) -> None:
    """Set the axes, and draw the curves again."""
    panel.set_axes(("x", ""), (tr("integrand"), unit_of(at.config.base)), x_limits=sight(at.config))
    show_integrands(panel, at)


def show_integrands(panel: CurvesPanel, at: At) -> None:
    """Show the integrands: which x contribute to each divergence."""
    now = _now(panel, at)
    panel.set_curves(
        [
            Curve(name, COSTS[name], now.x, fit.integrand, stroke, fill=True)
            for name, fit, stroke in _fits(now, panel.theme)
        ]
    )
    panel.restart()


def costs(at: At, theme: Theme) -> Plot:
    """Return both divergences, those of pinned runs in the unit of this one."""
    ghosts = [(f"ghost {k}.", ghost.recording, ghost.config.unit) for k, ghost in enumerate(at.ghosts)]
    unit = unit_of(at.config.base)
    return Plot(
        over_steps(at.config.steps, "KL", unit, at.options.log, log_option="log"),
        [
            Curve(
                key + name,
                "" if key else NAMES[name],
                np.arange(run.last + 1.0),
                unit / at.config.unit * run.column(f"{name}.kl"),
                theme.stroke(STROKES[name]),
                ghost=bool(key),
            )
            for key, run, unit in (*ghosts, ("", at.recording, at.config.unit))
            for name in KL
        ],
    )


def _maps(config: GaussianFitConfig, across: tuple[float, float]) -> tuple[Maps, DivergenceMinima]:
    """Return the map of each divergence over all Gaussians, and its minima."""
    return gaussian_fit.maps(config, across), gaussian_fit.minima(config)


def show_map(panel: FieldPanel, at: At, found: tuple[Maps, DivergenceMinima], name: str) -> None:
    """Show a divergence with its minima: the forward one has one, the reverse one may have several."""
    panel.set_field(getattr(found[0], name), found[0].bounds)
    minima = found[1].reverse if name == "reverse" else (found[1].forward,)
    panel.set_minima([(place.mean, log(place.width)) for place in minima])


def show_paths(panel: FieldPanel, at: At, name: str) -> None:
    """Show the path of a fit, and those of pinned runs."""
    panel.set_start(at.config.start_mean, log(at.config.start_width))
    stroke = panel.theme.stroke(STROKES[name])
    pinned = [
        _path(ghost.recording, name, inf, stroke, f"ghost {number}.", ghost=True)
        for number, ghost in enumerate(at.ghosts)
    ]
    panel.set_paths([*pinned, _path(at.recording, name, at.step, stroke)])


def _path(
    recording: Recording, name: str, step: float, stroke: Stroke, key: str = "", ghost: bool = False
) -> Track:
    last = int(min(step, recording.last)) + 1
    xy = np.column_stack([recording.column(f"{name}.{part}")[:last] for part in ("mean", "log_width")])
    known = np.isfinite(xy).all(axis=1)
    return Track(key + name, "", xy[known], stroke, ghost=ghost, diverged=not known.all(), column=NAMES[name])
