"""Entropy ▸ Forward or reverse KL on the screen: P and both Qs, where their costs come from, their ways."""

from collections.abc import Sequence
from math import exp, inf, log, pi, sqrt
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config
from engine.experiments.entropy.gaussian_fit import KL, Fit, Maps, Moment, landmarks, maps, moment, sight
from engine.experiments.entropy.gaussian_fit_config import (
    GaussianFitConfig,
    with_peak,
    with_start,
    with_width,
)
from engine.gaussian_kl import Minimum
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.annotations import Handle, Mark
from gui.plots.contours import FieldPanel, Path
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.plots.ticks import nice_step
from gui.splitters import above_each_other, side_by_side
from gui.theme import DOTTED, Stroke, Theme
from gui.views.entropy.gaussian_fit_controls import GaussianFitBar, GaussianFitOptions
from gui.views.entropy.gaussian_fit_numbers import blocks, unit_name

STROKES = {"forward": "kl", "reverse": "reverse_kl"}
NAMES = {"forward": "KL(P‖Q)", "reverse": "KL(Q‖P)"}
SETTLED = 400  # ms after the last drag until the axes follow
ROOM = 1.2  # how much higher than the peaks the plot is
TALL = 3.0  # times the peaks of P: how high a narrow start may make the plot


class GaussianFitView(OldView):
    """The densities above; below them the integrands and the divergences, or the maps of both."""

    options_type: ClassVar[type[Config]] = GaussianFitOptions
    pace: ClassVar[float] = 60.0
    options: GaussianFitOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = GaussianFitConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.sight = sight(self.config)
        self._axes: object = None
        self._maps: Maps | None = None
        self._shown: tuple[Recording, int] | None = None
        self._dragging = QTimer(self)
        self._dragging.setSingleShot(True)
        self._dragging.setInterval(SETTLED)
        self._dragging.timeout.connect(self._settle)
        self.bar = GaussianFitBar(theme, self.options)
        self.densities = CurvesPanel(tr("P and one bell for it, by either divergence"), theme)
        self.integrands = CurvesPanel(tr("Where the cost comes from"), theme)
        self.costs = CurvesPanel(tr("Both divergences"), theme)
        self.fields = {name: FieldPanel(f"{NAMES[name]}", theme) for name in KL}
        self._connect()
        self._lay_out()
        self._apply_options()

    def _lay_out(self) -> None:
        for panel in (self.densities, self.integrands):
            panel.legend, panel.readout = "strip", True
        self.costs.legend = "strip"
        below = side_by_side((self.integrands, self.costs, *self.fields.values()), (1, 1, 1, 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(above_each_other((self.densities, below), (6, 5)), 1)

    def _connect(self) -> None:
        self.bar.changed.connect(self._change)
        self.densities.handle_dragged.connect(self._drag)
        self.costs.clicked.connect(lambda step: self.step_chosen.emit(max(0, round(step))))
        for name, field in self.fields.items():
            field.start_dragged.connect(self._move_start)
            field.point_clicked.connect(lambda _, step: self.step_chosen.emit(step))
            field.set_axes(("μ", ""), ("ln σ", ""), NAMES[name])

    def panels(self) -> list[Panel]:
        """The densities, and what is chosen to stand below them."""
        below = [self.integrands, self.costs] if self.options.below == "costs" else [*self.fields.values()]
        return [self.densities, *below]

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self._apply_options()
        self._axes = None
        self._show()

    def _apply_options(self) -> None:
        for panel in (self.integrands, self.costs, *self.fields.values()):
            panel.setVisible(panel in self.panels())

    # What is drawn

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        """Prepare for a run of `config`."""
        assert isinstance(config, GaussianFitConfig)
        self.config, self.ghosts = config, ghosts
        self._set_axes()
        self.densities.set_handles(self._handles())

    def _set_axes(self) -> None:
        """Name the axes; while something is dragged they stand still."""
        if not self._dragging.isActive() or self._axes is None:
            self.sight = sight(self.config)
        unit = unit_name(self.config)
        wanted = (self.sight, self._height(), unit, self.config.steps, self.options.log)
        if self._dragging.isActive() and self._axes is not None and wanted[2:] == self._axes[2:]:  # type: ignore[index]
            return
        if wanted != self._axes:
            self._axes = wanted
            x = ("x", "")
            top = (0.0, wanted[1])
            self.densities.set_axes(x, (tr("density"), ""), x_limits=self.sight, y_limits=top)
            self.integrands.set_axes(x, (tr("cost at x"), unit), x_limits=self.sight)
            steps = (0.0, float(self.config.steps))
            self.costs.set_axes((tr("step"), ""), ("KL", unit), x_limits=steps, log_y=self.options.log)

    def _height(self) -> float:
        """How high the plot of the densities is: a round number above the peaks and the start."""
        bells = zip(self.config.shares, self.config.widths, strict=True)
        peaks = max(_peak(share, width) for share, width in bells)
        wanted = ROOM * max(peaks, min(_peak(1.0, self.config.start_width), TALL * peaks))
        step = nice_step(wanted, 5)
        return step * (int(wanted / step) + 1)

    def _settle(self) -> None:
        """The drag is over: let the axes follow."""
        self._set_axes()
        self._show()

    def _show(self) -> None:
        if self._shown is not None:
            self.draw(*self._shown)

    def draw(self, recording: Recording, step: int) -> None:
        """Show both fits at `step`."""
        self._shown = (recording, step)
        now = moment(self.config, recording, step, self.sight)
        self.densities.set_curves([*self._ghost_densities(step), *self._densities(now)])
        self.densities.set_marks(self._names(now))
        if self.options.below == "costs":
            self.integrands.set_curves(self._integrands(now))
            self.integrands.restart()
            self.costs.set_curves(self._costs(recording))
            self.costs.set_cursor(step)
        else:
            self._draw_maps(recording, step)

    def _fits(self, now: Moment) -> list[tuple[str, Fit, Stroke]]:
        return [(name, getattr(now, name), self.theme.stroke(STROKES[name])) for name in KL]

    @property
    def _quiet(self) -> Stroke:
        """The stroke of the start."""
        return Stroke(self.theme.quiet, DOTTED)

    def _densities(self, now: Moment) -> list[Curve]:
        curves = [
            Curve("p", "P", now.x, now.p, self.theme.stroke("p"), width=2.2, fill=True),
            Curve("start", "", now.x, now.start, self._quiet, width=1.2),
        ]
        for name, fit, stroke in self._fits(now):
            title = tr("Q by {divergence}", divergence=NAMES[name])
            if fit.lost is not None:
                title += "  " + tr("✗ step {step}", step=fit.lost)
            curves.append(Curve(name, title, now.x, fit.density, stroke, width=2.2, fill=True))
        return curves

    def _names(self, now: Moment) -> list[Mark]:
        """Which divergence each Q follows, written at its top."""
        return [
            Mark(fit.mean, _peak(1.0, fit.width), NAMES[name], stroke)
            for name, fit, stroke in self._fits(now)
            if fit.lost is None
        ]

    def _ghost_densities(self, step: int) -> list[Curve]:
        """The Qs of the pinned runs, as they were at this step or at their end."""
        curves = []
        for number, ghost in enumerate(self.ghosts):
            assert isinstance(ghost.config, GaussianFitConfig)
            last = min(step, ghost.recording.last)
            now = moment(ghost.config, ghost.recording, last, self.sight)
            label = tr("pinned: {what}", what=ghost.label)
            for name, fit, stroke in self._fits(now):
                key, title = f"ghost {number}.{name}", label if name == "forward" else ""
                curves.append(Curve(key, title, now.x, fit.density, stroke, ghost=True))
        return curves

    def _integrands(self, now: Moment) -> list[Curve]:
        titles = {"forward": "p·log(p/q)", "reverse": "q·log(q/p)"}
        return [
            Curve(name, titles[name], now.x, fit.integrand, stroke, fill=True)
            for name, fit, stroke in self._fits(now)
        ]

    def _costs(self, recording: Recording) -> list[Curve]:
        curves = []
        for number, ghost in enumerate(self.ghosts):
            assert isinstance(ghost.config, GaussianFitConfig)
            times = ghost.config.unit / self.config.unit  # it may be in another unit
            curves += self._cost_curves(ghost.recording, f"ghost {number}.", times, ghost=True)
        return curves + self._cost_curves(recording, "")

    def _cost_curves(
        self, recording: Recording, key: str, times: float = 1.0, ghost: bool = False
    ) -> list[Curve]:
        steps = np.arange(recording.last + 1.0)
        return [
            Curve(key + name, "" if ghost else NAMES[name], steps, times * recording.column(f"{name}.kl"),
                  self.theme.stroke(STROKES[name]), ghost=ghost)
            for name in KL
        ]  # fmt: skip

    def _draw_maps(self, recording: Recording, step: int) -> None:
        wanted = maps(self.config, self.sight)
        if wanted is not self._maps:
            self._maps = wanted
            for name, field in self.fields.items():
                field.set_field(getattr(wanted, name), wanted.bounds)
        found = landmarks(self.config)
        for name, field in self.fields.items():
            places: tuple[Minimum, ...] = (found.forward,) if name == "forward" else found.reverse
            field.set_minima([(place.mean, log(place.width)) for place in places])
            field.set_start(self.config.start_mean, log(self.config.start_width))
            field.set_paths([*self._ghost_paths(name), self._path(recording, name, step)])

    def _path(self, recording: Recording, name: str, step: float, key: str = "", ghost: bool = False) -> Path:
        last = int(min(step, recording.last)) + 1
        xy = np.column_stack([recording.column(f"{name}.{part}")[:last] for part in ("mean", "log_width")])
        known = np.isfinite(xy).all(axis=1)
        stroke = self.theme.stroke(STROKES[name])
        return Path(key + name, "", xy[known], stroke, ghost=ghost, diverged=not known.all())

    def _ghost_paths(self, name: str) -> list[Path]:
        return [
            self._path(ghost.recording, name, inf, f"ghost {number}.", ghost=True)
            for number, ghost in enumerate(self.ghosts)
        ]

    # What is dragged

    def _handles(self) -> list[Handle]:
        """A ring on each peak and one at its side; the same for the start."""
        config, blue = self.config, self.theme.stroke("p")
        rings = []
        bells = zip(config.shares, config.means, config.widths, strict=True)
        for k, (share, mean, width) in enumerate(bells):
            top = _peak(share, width)
            rings.append(Handle(f"peak.{k}", "", mean, top, blue, "xy"))
            rings.append(Handle(f"width.{k}", "", mean + width, top * exp(-0.5), blue, "x"))
        mean, width = config.start_mean, config.start_width
        top = _peak(1.0, width)
        rings.append(Handle("start", tr("start"), mean, top, self._quiet, "x"))
        rings.append(Handle("start_width", "", mean + width, top * exp(-0.5), self._quiet, "x"))
        return rings

    def _drag(self, key: str, x: float, y: float) -> None:
        """A ring was moved to (x, y)."""
        config = self.config
        self._dragging.start()
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
        self._dragging.start()
        self.edited.emit(with_start(self.config, mean, exp(min(log_width, 10.0))))

    def live(self, recording: Recording, step: int) -> list[Live]:
        """The formulas with their numbers at `step`."""
        return blocks(self.config, moment(self.config, recording, step, self.sight))


def _peak(share: float, width: float) -> float:
    """How high a bell is that holds this share of a density."""
    return share / (width * sqrt(2 * pi))


VIEW = GaussianFitView
