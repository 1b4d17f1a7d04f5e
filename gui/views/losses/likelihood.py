"""Losses ▸ Likelihood and least squares on the screen: one of three scenes, a large plot and two small
ones.
"""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt

from engine.config import Problem
from engine.experiments.losses.likelihood_config import (
    MOST_POINTS,
    LikelihoodConfig,
    with_outlier,
    with_point,
    with_start,
    without_point,
)
from engine.experiments.losses.likelihood_inspection import checks, sweep
from gui.look.language import tr
from gui.look.splitters import side_by_side
from gui.look.theme import Theme
from gui.plots.contours import FieldPanel
from gui.plots.curves import CurvesPanel
from gui.plots.points import PointsPanel
from gui.screen.hero import WithHero
from gui.screen.options_widgets import push_button, quiet_label
from gui.screen.terms import Term, term
from gui.screen.view import Live, Room, Urgency, View, show_one
from gui.views.curve_plots import fill_axes, fill_history, fill_plot
from gui.views.losses import likelihood_coin as coin
from gui.views.losses import likelihood_points as points
from gui.views.losses.likelihood_formulas import FORMULAS, finding
from gui.views.losses.likelihood_outlier import edges, show_lines, show_pulls, show_sweep
from gui.views.losses.likelihood_shared import At, data_axes, fit_of, lines_of
from gui.views.schedule_blocks import schedule_terms

DIGITS = range(3, 9)  # how many digits of the line at the start are kept: as few as will do
ABOUT, FINE = 0.05, 0.0005  # the start stands so near to where it was put, of its way and of the range


class LikelihoodView(View):
    """Points with a curve, a coin, or points with an outlier; most things in them can be dragged."""

    config_type = LikelihoodConfig
    pace = 30.0

    def build(self, theme: Theme) -> None:
        self._make_bar()
        self._make_points(theme)
        self._make_coin(theme)
        self._make_outlier(theme)
        self.questions.spare("checks")
        self.ask("checks", lambda at: (checks, at.config, at.recording, at.step))
        for data in (self.points_data, self.outlier_data):
            data.handle_dragged.connect(self._drag)
            data.added.connect(self._add_point)
            data.removed.connect(self.remove_point)
        heroes, first, second = (
            side_by_side(panels, (1, 1, 1)) for panels in zip(*self._scenes.values(), strict=True)
        )
        self.tell(finding)
        self.lay_out(self.bar, WithHero(theme, heroes, (first, second)))

    @property
    def _scenes(self) -> dict[str, tuple[CurvesPanel | FieldPanel, ...]]:
        """The panels of each scene: a large one and two small ones."""
        return {
            "points": (self.points_data, self.surface, self.descent),
            "coin": (self.likelihood, self.mirror, self.frequency),
            "outlier": (self.outlier_data, self.pulls, self.sweep),
        }

    def _make_bar(self) -> None:
        """Make the two buttons, which do not take the focus, so that the arrow keys go on moving the
        point.
        """
        self.add = push_button(
            tr("Add a point"),
            tr("Put a point into the middle of the plot. A click with Ctrl puts it under the mouse."),
        )
        self.remove = push_button(
            tr("Remove the point"),
            tr("Remove the point that was moved last. A click with Ctrl on a point, or Delete, does it too."),
        )
        for button in (self.add, self.remove):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.on(self.add.clicked, lambda view: view.data.add_in_the_middle())
        self.on(self.remove.clicked, lambda view: view.remove_point(view.data.chosen or ""))
        hint = quiet_label(
            tr("Drag the points; Ctrl+click adds or removes one."),
            tr("A click with Ctrl adds a point; on a point it removes it."),
        )
        self.bar = self.options_bar(self.add, self.remove, "", hint)

    def _make_points(self, theme: Theme) -> None:
        self.points_data = PointsPanel(tr("Points, and the most likely curve"), theme, "strip")
        self.surface = FieldPanel(tr("Negative log-likelihood, L − L*"), theme)
        self.descent = CurvesPanel(tr("Distance from the best curve"), theme)
        fill_axes(self, self.points_data, data_axes)
        self.fill(self.points_data, points.show_fit)
        self.fill(self.surface, points.show_surface, by=points.surface_of)
        whole, settled = points.whole_surface_of, Urgency.SETTLED  # not during a drag
        self.fill(self.surface, points.show_surface, settled, by=whole)
        self.fill(self.surface, points.show_way)
        fill_history(self, self.descent, points.descent)
        self.surface.start_dragged.connect(self._drag_start)
        self.on(self.surface.point_clicked, lambda view, key, step: view.jump(step))

    def _make_coin(self, theme: Theme) -> None:
        self.likelihood = CurvesPanel(tr("How likely each q makes what was tossed"), theme, "strip")
        self.mirror = CurvesPanel(tr("Its logarithm, and the cross-entropy"), theme, "strip")
        self.frequency = CurvesPanel(tr("Fraction of heads so far"), theme, "strip")
        fill_plot(self, self.likelihood, coin.likelihood)
        fill_plot(self, self.mirror, coin.mirror)
        fill_history(self, self.frequency, coin.frequency)
        for panel in (self.likelihood, self.mirror, self.frequency):
            panel.handle_dragged.connect(self._drag_up if panel is self.frequency else self._drag)

    def _make_outlier(self, theme: Theme) -> None:
        self.outlier_data = PointsPanel(tr("One point more, and three losses"), theme, "strip")
        self.pulls = CurvesPanel(tr("Influence of a residual"), theme, "none")  # the names stand above
        self.sweep = CurvesPanel(tr("How the slopes follow the outlier"), theme, "none")
        fill_axes(self, self.outlier_data, data_axes)
        self.fill(self.outlier_data, show_lines)
        self.fill(self.pulls, show_pulls)
        self.ask("sweep", lambda at: (sweep, at.config, lines_of(at), edges(at)))
        self.fill(self.sweep, show_sweep, of="sweep")
        self.on(self.sweep.handle_dragged, lambda view, key, y, slope: view.lift(y))
        self.sweep.clicked.connect(self.lift)

    def arrange(self, at: At, room: Room) -> bool:
        show_one(at.config.scene, self._scenes)
        self.bar.setVisible(at.config.scene != "coin" and not self.theme.presenting)
        count, least = len(at.config.points), at.config.degree + 1 if at.config.scene == "points" else 2
        self.add.setEnabled(count < MOST_POINTS)
        self.remove.setEnabled(count > least)
        return False

    def terms(self, at: At) -> list[Term]:
        data, fitted = self.points_data, (self.points_data, "descent")
        way, tossed = (self.surface, "descent"), (self.likelihood, "likelihood")
        return [
            term("L", tr("negative log-likelihood"), self.surface, (self.descent, "above"), told=False),
            term(r"\hat y_i", tr("what the curve says of a point"), fitted),
            term("y_i", tr("height of a point"), *((data, str(k)) for k in range(len(at.config.points)))),
            term(r"\theta^*", tr("coefficients in closed form"), (data, "closed")),
            term(r"\theta", tr("coefficients of the descent"), way, fitted),
            term("L(q)", tr("likelihood of q"), tossed),
            term(r"\hat q", tr("the likeliest q"), (self.frequency, "share")),
            term("q", "", (self.likelihood, "guess"), (self.mirror, "guess")),
            term(r"H\left(f,q\right)", tr("cross-entropy"), (self.mirror, "cross_entropy")),
            term("f", tr("fraction of heads"), (self.frequency, "share")),
            term("r", tr("distance of a point from the line"), (self.outlier_data, "residuals")),
            *(schedule_terms(at.config.descent, at.step + 1) if at.config.scene == "points" else ()),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        found = self.answer("checks")
        return FORMULAS[at.config.scene](at, found) if found is not None else None

    def _ask_for(self, change: Callable[..., LikelihoodConfig], *values: float) -> None:
        """Set `change(config, *values)`; a config that is not allowed changes nothing."""
        try:
            wanted = change(self.at.config, *values)
        except Problem:
            return
        if wanted != self.at.config:
            self.edited.emit(wanted)

    def _drag(self, key: str, x: float, y: float) -> None:
        """A point was moved, the outlier, p or q."""
        if key.isdigit():
            self._ask_for(with_point, int(key), x, y)
        elif key == "outlier":
            self._ask_for(with_outlier, x, y)
        else:
            self.edit(**{key: round(min(max(x, 0.0), 1.0), 4)})

    def _drag_up(self, key: str, x: float, y: float) -> None:
        self._drag(key, y, y)

    def _drag_start(self, x: float, y: float) -> None:
        """Keep as few digits of the line as bring the start about there.

        The axes are other coordinates than intercept and slope, so these are no tidy numbers; with too few
        digits an arrow key would not move the start, or aside.
        """
        basis, wanted = fit_of(self.at).basis, np.array([x, y])
        before, ranges = basis.line(*self.at.config.start), np.ptp(self.surface.ranges, axis=1)
        allowed = np.maximum(np.abs(wanted - before) * ABOUT, ranges * FINE)
        intercept, slope = basis.coefficients(wanted).tolist()
        for digits in DIGITS:
            start = with_start(self.at.config, intercept, slope, digits).start
            if (np.abs(basis.line(*start) - wanted) <= allowed).all():
                break
        self._ask_for(with_start, intercept, slope, digits)

    def lift(self, y: float) -> None:
        """Put the outlier at another height."""
        self._ask_for(with_outlier, self.at.config.outlier[0], float(f"{y:.4g}"))

    @property
    def data(self) -> PointsPanel:
        """Return the panel of the points that are shown."""
        return self.points_data if self.at.config.scene == "points" else self.outlier_data

    def _add_point(self, x: float, y: float) -> None:
        """Add a point at (x, y); then the keys move it."""
        self._ask_for(with_point, len(self.at.config.points), x, y)
        self.data.choose(str(len(self.at.config.points) - 1))

    def remove_point(self, key: str) -> None:
        """Remove a point, by its number; the outlier stays."""
        if key.isdigit():
            self._ask_for(without_point, int(key))
