"""Gradients ▸ Exploding and clipping: three runs from one start, and one step with and without clipping."""

from math import isfinite
from typing import Annotated

import numpy as np

from engine.config import Config, choice
from engine.experiments.gradients.clipping import (
    WAYS,
    ClippingConfig,
    ClippingSnapshot,
    SameStep,
    checked_step,
    scene_of,
)
from engine.experiments.gradients.clipping_scenes import PlaneScene, Vector
from engine.gradient_check import GradientCheck
from gui.look.language import tr
from gui.look.splitters import side_by_side
from gui.look.theme import Stroke, Theme
from gui.plots.contours import Arrow, FieldPanel
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.plots.ticks import value_text
from gui.screen.hero import WithHero
from gui.screen.options_widgets import push_button
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Question, Room, View, nothing
from gui.views.curve_plots import Plot, fill_history, over_steps
from gui.views.gradients.clipping_words import finding, thrown
from gui.views.pinned import column_curve, column_path, level, with_pinned
from gui.views.schedule_blocks import schedule_blocks, schedule_terms
from gui.views.surface_grid import Drawn, grid_values, see_closely

GRID = 301  # points along each side of the landscape
TITLES = {"none": "Unclipped", "norm": "Clipped by norm", "value": "Clipped by value"}
STROKES = {"none": "wrong", "norm": "right", "value": "momentum"}
Place = tuple[Vector | tuple[float, ...], int]  # θ, and how many steps led there
Found = tuple[SameStep, GradientCheck] | None  # None: the run has ended


class ClippingOptions(Config, frozen=True):
    """The options of the view."""

    of: Annotated[str, choice("Step of", "Whose step is drawn, with and without clipping.", TITLES)] = "norm"


At = Moment[ClippingConfig, ClippingOptions]


class ClippingView(View):
    """The landscape; beside it the gradient norm, the step and the loss. For a net, the norm is the large
    plot.
    """

    config_type, options_type = ClippingConfig, ClippingOptions
    pace = 10.0

    def build(self, theme: Theme) -> None:
        tip = tr("Stand where the gradient of this run is longest.")
        self.steepest = push_button(tr("Go to the steepest step"), tip, self._go_to_steepest)
        self.bar = self.options_bar("of:", self.steepest, "")
        self.field = FieldPanel(tr("Loss, and the three runs"), theme)
        self.profile = CurvesPanel(tr("Along the gradient: clipped and unclipped"), theme)
        self.loss = CurvesPanel(tr("Loss"), theme)
        self.norm = CurvesPanel(tr("Gradient norm ‖g‖, before clipping"), theme)
        self.ask("landscape", landscape_wanted, by=lambda at: at.config.scene, early=True)
        self.ask("step", step_wanted)
        self.fill(self.field, show_landscape, of="landscape", by=nothing, early=True)
        see_closely(self, self.field, drawn_loss)
        self.fill(self.field, show_start, early=True)
        self.fill(self.field, show_paths)
        self.fill(self.field, show_arrows, of="step")
        self.fill(self.profile, show_profile, of="step")
        fill_history(self, self.loss, losses)
        fill_history(self, self.norm, norms)
        self.field.start_dragged.connect(self._drag)
        self.tell(finding, opens_on=thrown)
        self.pictures = side_by_side((self.field,), (1,))
        self.middle = WithHero(theme, self.pictures, (self.norm, self.profile, self.loss))
        self.lay_out(self.bar, self.middle)

    def arrange(self, at: At, room: Room) -> bool:
        """Show the gradient norm instead of the landscape for a net, which has too many parameters for
        one.
        """
        net = at.config.scene == "net"
        self.field.setVisible(not net)
        home = self.pictures if net else self.middle.others
        if self.norm.parentWidget() is not home:
            home.insertWidget(0, self.norm)
            self.norm.show()
            self.middle.share_out()
        return False

    def _drag(self, x: float, y: float) -> None:
        self.edit(**{start_of(self.at)[0]: (float(f"{x:.4g}"), float(f"{y:.4g}"))})

    def _go_to_steepest(self) -> None:
        norms = self.at.recording.column(f"{self.at.options.of}.norm") if self.at.last >= 0 else np.zeros(0)
        if np.isfinite(norms).any():
            self.step_chosen.emit(int(np.nanargmax(norms)))

    def terms(self, at: At) -> list[Term]:
        ways = tuple((self.field, way) for way in STROKES)
        return [
            term(r"\|g\|", tr("norm of the gradient"), *((self.norm, f"{way}.norm") for way in STROKES)),
            term("g_i", tr("an entry of the gradient")),
            term("g", tr("the gradient"), (self.profile, "profile")),
            term("c", "", (self.norm, "threshold")),
            term(r"\theta", tr("the weights"), *ways),
            *(schedule_terms(at.config.descent, place[1] + 1) if (place := place_of(at)) else ()),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        if (place := place_of(at)) is None:
            return [end_block(at)]
        found: Found = self.answer("step")
        return None if found is None else step_blocks(at.config, place[1] + 1, *found)


def landscape_wanted(at: At) -> Question | None:
    """Ask for the loss over the plane, if there is one."""
    drawn = drawn_loss(at)
    return None if drawn is None else (*drawn, drawn[1].bounds, GRID)


def drawn_loss(at: At) -> Drawn:
    """Return what computes the loss."""
    scene = scene_of(at.config)
    return (grid_values, scene) if isinstance(scene, PlaneScene) else None


def place_of(at: At) -> Place | None:
    """Return where the chosen run is at the step; None once it has diverged."""
    way = at.options.of
    if at.config.scene != "net":
        place = tuple(at.value(f"{way}.{axis}") for axis in "xy")
        return (place, at.step) if all(map(isfinite, place)) else None
    theta = at.snapshot.thetas[WAYS.index(way)]
    return (theta, at.kept) if theta is not None else None


def step_wanted(at: At) -> Question:
    """Ask for the step of the chosen run, in all three ways of clipping."""
    place = place_of(at)
    return (no_step,) if place is None else (checked_step, at.config, *place)


def no_step() -> Found:
    """Return None: a run that has ended takes no step."""
    return None


def show_landscape(panel: FieldPanel, at: At, values: Vector) -> None:
    """Draw another landscape."""
    scene = scene_of(at.config)
    assert isinstance(scene, PlaneScene)
    panel.reset_zoom()
    panel.set_axes((scene.names[0], ""), (scene.names[1], ""))
    panel.set_field(values, scene.bounds, False, value_at=scene.value)


def start_of(at: At) -> tuple[str, tuple[float, float]]:
    """Return the setting of the start, and the place; for a net, which has none, that of the single unit."""
    name = "cliff_start" if at.config.scene == "cliff" else "unit_start"
    return name, getattr(at.config, name)


def show_start(panel: FieldPanel, at: At) -> None:
    """Mark the start in the new plane."""
    scene = scene_of(at.config)
    if isinstance(scene, PlaneScene):
        panel.expect(scene.bounds)
    panel.set_start(*start_of(at)[1])


def show_paths(panel: FieldPanel, at: At) -> None:
    """Show the paths of the three runs so far."""
    panel.set_paths(
        [
            column_path(at.recording, way, tr(TITLES[way]), panel.theme.stroke(STROKES[way]), at.step)
            for way in WAYS
        ]
    )


def show_arrows(panel: FieldPanel, at: At, found: Found) -> None:
    """Show the step of each way of clipping; an answer for a net, which has no place in the plane, shows
    none.
    """
    place, arrows = place_of(at), []
    if found is not None and place is not None and at.config.scene != "net":
        x, y = map(float, place[0])
        for way, (dx, dy) in found[0].moves.items():
            if isfinite(dx + dy):
                arrows.append(Arrow(x, y, float(dx), float(dy), "", panel.theme.stroke(STROKES[way])))
    panel.set_arrows(arrows)


def show_profile(panel: CurvesPanel, at: At, found: Found) -> None:
    """Show the loss along the gradient, and the end of the step with and without clipping."""
    if found is None:
        panel.set_curves(())
        panel.set_marks(())
        return
    same, stroke = found[0], panel.theme.stroke
    panel.set_curves(
        [Curve("profile", "", same.distances, same.profile, Stroke(panel.theme.text), column=tr("loss"))]
    )
    # After the curve, so that the curve of the step before does not affect the axes.
    end = float(same.distances[-1])
    panel.set_axes((tr("length of the step"), ""), (tr("loss"), ""), x_limits=(0.0, end))
    marks = [Mark(0.0, same.loss, tr("here"), Stroke(panel.theme.text))]
    cut = same.norm > at.config.threshold  # else both steps are the same
    panel.title = tr(
        "Along the gradient: clipped and unclipped" if cut else "Along the gradient: not clipped here"
    )
    for way in ("none", "norm") if cut else ("none",):
        marks.append(Mark(same.lengths[way], same.after[way], tr(TITLES[way]), stroke(STROKES[way])))
    panel.set_marks(marks)


def losses(at: At, theme: Theme) -> Plot:
    """Return the loss of the three runs, those of pinned runs behind."""
    return _three(at, "loss", tr("loss"), theme)


def norms(at: At, theme: Theme) -> Plot:
    """Return the lengths of their gradients, and the threshold above which they are clipped."""
    c, ends = at.config.threshold, (0.0, float(at.config.steps))
    threshold = level("threshold", f"c = {value_text(c)}", ends, c, theme.stroke("bound"), width=1.2)
    return _three(at, "norm", "‖g‖", theme, threshold)


def _three(at: At, quantity: str, name: str, theme: Theme, *beside: Curve) -> Plot:
    curves = with_pinned(
        at,
        lambda _, recording: [
            column_curve(recording, f"{way}.{quantity}", tr(TITLES[way]), theme.stroke(STROKES[way]))
            for way in WAYS
        ],
    )
    return Plot(over_steps(at.config.steps, name, log=True), [*curves, *beside])


def step_blocks(config: ClippingConfig, t: int, same: SameStep, check: GradientCheck) -> list[Live]:
    """Return the formulas of the gradient, of both ways of clipping, and of step t in three ways."""
    factor = min(1.0, config.threshold / same.norm) if same.norm > 0 else 1.0
    largest = float(np.abs(same.gradient).max(initial=0.0))
    return [
        Live(
            tr("The gradient here"),
            r"\|g\|=\sqrt{\sum_i g_i^2}",
            tr("‖g‖ = {norm}, the largest entry {largest}", norm=same.norm, largest=largest),
            check,
        ),
        Live(
            tr("Clipped by norm: the direction stays"),
            r"g\leftarrow g\cdot\min\left(1,\;\frac{c}{\|g\|}\right)",
            tr("times {factor}", factor=factor),
        ),
        Live(
            tr("Clipped by value: each entry for itself"),
            r"g_i\leftarrow\max(-c,\min(c,g_i))",
            tr("turned by {angle}°", angle=same.turned),
        ),
        *schedule_blocks(config.descent, t),
        Live(
            tr("The same step, three times"),
            config.descent.with_schedule(r"\theta\leftarrow\theta-\eta\,g"),
            "\n".join(
                tr(
                    "{way}: {length} long, loss {before} → {after}",
                    way=tr(TITLES[way]),
                    length=same.lengths[way],
                    before=same.loss,
                    after=same.after[way],
                )
                for way in WAYS
            ),
        ),
    ]


def end_block(at: At) -> Live:
    """Say when a run diverged."""
    shot: ClippingSnapshot = at.recording.snapshot(at.last)[1]
    step = shot.ended[WAYS.index(at.options.of)]
    ended = tr("Its loss diverged at step {step}.", step=step)
    return Live(tr("This run has ended"), r"\theta\rightarrow\infty", ended)
