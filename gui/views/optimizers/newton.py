"""Optimizers ▸ Newton's method: a parabola on a curve, ellipses on a surface, the cost of n."""

from typing import Annotated

import numpy as np

from engine.config import Config, choice
from engine.experiments.optimizers.newton import METHODS, objective_of
from engine.experiments.optimizers.newton_config import NewtonConfig, function_of, surface_of
from engine.experiments.optimizers.newton_inspection import checks, cost_checks
from gui.look.language import tr
from gui.look.splitters import side_by_side
from gui.look.theme import Stroke, Theme
from gui.plots.contours import Arrow, FieldPanel
from gui.plots.curves import CurvesPanel, Handle
from gui.plots.own.table import TablePanel
from gui.screen.hero import WithHero
from gui.screen.options_widgets import push_button
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Room, View, show_one
from gui.views.curve_plots import fill_history, fill_plot
from gui.views.optimizers import newton_curves as drawn
from gui.views.optimizers import newton_words as words
from gui.views.optimizers.newton_finding import finding, telling_step
from gui.views.pinned import column_path
from gui.views.surface_grid import walk_over

GRID = 161


class NewtonOptions(Config, frozen=True):
    """The options of the view."""

    of: Annotated[
        str, choice("Step of", "Whose parabola is drawn: what its next step takes f for.", drawn.TITLES)
    ] = "newton"


At = Moment[NewtonConfig, NewtonOptions]


class NewtonView(View):
    """A large plot of the function (or of the times); beside it the errors and a table."""

    config_type, options_type = NewtonConfig, NewtonOptions
    pace = 1.0

    def build(self, theme: Theme) -> None:
        tip = tr("Begin where this function shows what it is here for.")
        self.button = push_button(tr("Instructive start"), tip, self._telling_start)
        self.bar = self.options_bar("of:", self.button, "")
        self.curve = CurvesPanel("", theme)
        self.field = FieldPanel(tr("Contours of f(x, y)"), theme)
        self.times = CurvesPanel(tr("Seconds for one step, against the number of unknowns"), theme)
        self.errors = CurvesPanel("", theme)
        self.table = TablePanel("", theme)
        self._fill_all()
        self.on(self.curve.handle_dragged, lambda view, key, x, y: view.edit(curve_start=x))
        self.on(self.field.point_clicked, lambda view, way, step: view.jump(step))
        self.table.selected.connect(self._choose_row)
        self.tell(finding, opens_on=telling_step)
        pictures = side_by_side((self.curve, self.field, self.times), (1, 1, 1))
        self.lay_out(self.bar, WithHero(theme, pictures, (self.errors, self.table), (9, 11)))

    def _fill_all(self) -> None:
        self.fill(self.curve, show_function, by=function_key, early=True)
        self.fill(self.curve, show_curve)
        walk_over(self, self.field, lambda at: surface_of(at.config), "surface_start", points=GRID)
        self.fill(self.field, show_paths)
        fill_plot(self, self.times, drawn.costs)
        fill_history(self, self.errors, drawn.errors)
        self.fill(self.table, show_table)

    def arrange(self, at: At, room: Room) -> bool:
        scene = at.config.scene
        show_one(scene, {"curve": self.curve, "surface": self.field, "cost": self.times})
        self.bar.setVisible(scene != "cost" and not self.theme.presenting)
        self.errors.setVisible(scene != "cost")
        return False

    def _choose_row(self, row: int) -> None:
        """A line of the table is a step, a size, or a way."""
        if self.at.config.scene == "surface":
            self.set_option(of=METHODS[row])
        else:
            self.jump(row + (self.at.config.scene == "cost"))

    def _telling_start(self) -> None:
        if self.at.config.scene == "curve":
            self.edit(curve_start=function_of(self.at.config).start)
        else:
            self.edit(surface_start=surface_of(self.at.config).start)

    def terms(self, at: At) -> list[Term]:
        way, curve = at.options.of, self.curve
        error = (self.errors, f"{way}.error")
        return [
            term("f(x_t)", tr("height of the curve where the step begins"), (curve, "f")),
            *(term(left, tr("value of f"), (curve, "f"), self.field) for left in ("f",)),
            term("q(x)", tr("the parabola of this step"), (curve, "parabola")),
            term("f'(x_t)", tr("slope where the step begins"), (curve, "tangent")),
            term("f''(x_t)", tr("curvature where the step begins"), (curve, "parabola")),
            term("x_{t+1}", tr("where the step ends: the vertex"), (curve, "drop"), (self.field, way)),
            term("x_t", tr("where the step begins"), (self.field, way)),
            term("e_t", tr("distance from the solution"), error),
            term("d", tr("the step"), (self.field, "step")),
            term("H", tr("Hessian of f"), (self.times, "forming")),
            *words.rate_terms(at),
        ]

    def formulas(self, at: At) -> list[Live]:
        if at.config.scene == "cost":
            return words.cost_blocks(at, at.once(cost_checks, at.config))
        found = drawn.step_shown(at)
        if found is None:
            return [words.end_block(at)]
        blocks = words.curve_blocks if at.config.scene == "curve" else words.surface_blocks
        return blocks(at, found, checks(objective_of(at.config), found.x))


def function_key(at: At) -> object:
    """Which function it is."""
    return at.config.function, at.config.expression, at.config.reach


def show_function(panel: CurvesPanel, at: At) -> None:
    """The axes of another function."""
    function = function_of(at.config)
    panel.title = drawn.curve_title(at)
    panel.reset_zoom()
    panel.set_axes(("x", ""), ("f", ""), x_limits=function.bounds, y_limits=drawn.room_for(function))


def show_curve(panel: CurvesPanel, at: At) -> None:
    """The curve, the parabola of the step, and the places so far."""
    panel.set_curves(drawn.model_curves(at, panel.theme))
    panel.set_marks(drawn.place_marks(at, panel.theme))
    x = at.config.curve_start
    y = drawn.height(function_of(at.config), np.array([x]))
    panel.set_handles([Handle("start", "x₀", x, y, Stroke(panel.theme.text), free="x")])


def show_paths(panel: FieldPanel, at: At) -> None:
    """The paths so far, the ellipses of the model, and the way to its vertex."""
    found, stroke = drawn.step_shown(at), panel.theme.stroke
    behind = [
        column_path(ghost.recording, "newton", ghost.label, stroke("newton"), pinned_as=f"ghost.{k}")
        for k, ghost in enumerate(at.ghosts)
        if ghost.config.scene == "surface"
    ]
    names = {way: tr(drawn.TITLES[way]) if at.step else "" for way in METHODS}
    own = [column_path(at.recording, way, name, stroke(way), at.step) for way, name in names.items()]
    panel.set_paths([*drawn.outlines(found, at.options.of, panel.theme), *behind, *own])
    arrows = []
    if found is not None and found.vertex is not None:
        (x, y), (dx, dy) = found.x, found.vertex - found.x
        if np.hypot(dx, dy) > 0:
            arrows.append(Arrow(x, y, dx, dy, tr("to the vertex"), stroke("step_vector"), "step"))
    panel.set_arrows(arrows)


def show_table(panel: TablePanel, at: At) -> None:
    """A line for every step, way or size."""
    panel.title, head, lines, chosen = words.TABLES[at.config.scene](at, panel.theme)
    panel.set_lines(head, lines, chosen)
