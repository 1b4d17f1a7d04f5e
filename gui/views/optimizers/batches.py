"""Optimizers ▸ Mini-batches on the screen: paths over the true loss, the cloud, loss and noise ball."""

from typing import Annotated

import numpy as np

from engine.config import Config, choice, number
from engine.experiments.optimizers import batches as experiment
from engine.experiments.optimizers import batches_ball
from engine.experiments.optimizers.batches_config import (
    BatchesConfig,
    BatchesData,
    count_of,
    examples_of,
    sizes,
)
from engine.linear.linear_models import Array, LinearModel
from engine.linear.mini_batches import ellipse
from engine.recording import Recording
from engine.surfaces.surface import Bounds
from gui.form.choices import kept_choice
from gui.look.language import tr
from gui.look.strokes import class_stroke
from gui.look.theme import Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Followed, Live, Moment, Question, View, nothing
from gui.views.curve_plots import CurveAxes, Plot, fill_plot, mark_turns
from gui.views.optimizers import batches_words as words
from gui.views.optimizers.batches_plots import WIDE, CloudPanel, LossField
from gui.views.pinned import column_path, with_pinned
from gui.views.schedule_blocks import schedule_blocks, schedule_terms
from gui.views.surface_grid import Drawn, see_closely

GRID = 81  # points along each side of the field
ROOM = 1.5  # half the width of the field, in distances of the minimum from 0
LEAST = 1e-6  # the least L − L* that is shown
AGAINST = {"steps": "Steps", "epochs": "Epochs", "seconds": "Seconds"}


def _name(config: BatchesConfig, size: int) -> str:
    """Return the name of a run: its batch size."""
    return tr("B = {n}, all", n=size) if size == count_of(config) else f"B = {size}"


def _names(config: BatchesConfig, step: int = 1) -> list[str]:
    """What the runs are called in a step."""
    return [_name(config, size) for size in sizes(config, step)]


class BatchesOptions(Config, frozen=True):
    """The options of the view."""

    against: Annotated[
        str,
        choice(
            "Loss against", "Steps taken, examples seen, or the time of a step on this computer.", AGAINST
        ),
    ] = "steps"
    explained: Annotated[
        int, number("Explain", "Which batch size the cloud and the formulas tell of.", ge=0, le=2, of=_names)
    ] = 0


At = Moment[BatchesConfig, BatchesOptions]


class BatchesView(View):
    """A large plot of the contours with the paths; beside it loss, noise ball and cloud."""

    config_type, options_type = BatchesConfig, BatchesOptions
    pace = 30.0

    def build(self, theme: Theme) -> None:
        self.bar = self.options_bar("against:", "explained:", "", lists=["explained"])
        self.field = LossField(theme)
        self.cloud = CloudPanel(theme)
        self.loss = CurvesPanel(tr("True loss above its minimum"), theme)
        self.ball = CurvesPanel(tr("Radius of the noise ball (all: 0)"), theme)
        self.fill(self.field, show_landscape, of="field", by=nothing)
        see_closely(self, self.field, drawn_loss, points=2 * GRID)
        self.fill(self.field, lambda panel, at: panel.set_start(*at.config.start), early=True)
        self.fill(self.field, show_paths)
        self.fill(
            self.cloud,
            lambda panel, at: panel.begin_run(at.config.start_names),
            by=lambda at: (at.config, at.options),
            early=True,
        )
        self.fill(self.cloud, show_cloud, of="look")
        fill_plot(self, self.loss, losses)
        fill_plot(self, self.ball, ball, of="theory")
        self.ask("field", field_wanted, by=model_of)
        self.ask("look", lambda at: (experiment.inspect, at.config, at.recording, _run(at), at.step))
        self.ask(
            "theory",
            lambda at: (batches_ball.predicted_radii, at.settings.optimizer, model_of(at), rate_now(at)),
        )
        self.field.start_dragged.connect(self._move_start)
        self.loss.clicked.connect(self._go_to)
        mark_turns(self, self.loss, _place_of)
        self.tell(words.finding)
        self.lay_out(self.bar, WithHero(theme, self.field, (self.loss, self.ball, self.cloud)))

    @classmethod
    def followed(cls, options: Config, before: BatchesConfig, after: BatchesConfig) -> Followed:
        return kept_choice(options, "explained", sizes(before), sizes(after)), after

    def offers(self, at: At) -> dict[str, object]:
        return {"explained": _names(at.config, at.step)}

    def _move_start(self, x: float, y: float) -> None:
        self.edit(start=(float(f"{x:.4g}"), float(f"{y:.4g}")))

    def _go_to(self, x: float) -> None:
        steps = np.arange(self.at.config.steps + 1.0)
        there = _reached(self.at, self.at.config, self.at.data, _run(self.at), steps)
        self.step_chosen.emit(int(np.abs(there - x).argmin()))

    def terms(self, at: At) -> list[Term]:
        spread = tuple((self.cloud, f"predicted.{k}") for k in range(2))
        return [
            term("g_B", tr("gradient of a batch"), (self.cloud, "batches")),
            term(r"\sigma^2", tr("variance of the gradients"), *spread),
            term("g", tr("the true gradient"), (self.cloud, "true")),
            term(r"\Sigma", tr("spread of the noise ball"), (self.ball, "predicted"), self.field),
            term("S", tr("spread of the noise ball"), (self.ball, "predicted"), self.field),
            term("t", tr("step"), value=str(at.step)),
            *schedule_terms(at.settings.optimizer, at.step),
        ]

    def formulas(self, at: At) -> list[Live]:
        look, of_run = self.answer("look"), (at.config, at.recording, _run(at), chosen(at), at.step)
        blocks = [words.ball_block(*of_run), words.cost_block(*of_run)]
        blocks = [*schedule_blocks(at.settings.optimizer, at.step), *blocks]
        if look is None:
            return blocks
        gradient = words.gradient_block(look)
        return [gradient, words.variance_block(at.config, look.cloud, chosen(at)), *blocks]


def model_of(at: At) -> LinearModel:
    """The examples of the run, and their loss."""
    data: BatchesData = at.data
    return data.model


def drawn_loss(at: At) -> Drawn:
    """What computes the loss of the examples; None while these are made."""
    return None if at.data is None else (experiment.landscape, model_of(at))


def _run(at: At) -> int:
    """Which of the runs is explained."""
    return min(at.options.explained, len(sizes(at.config)) - 1)


def rate_now(at: At) -> float:
    """Return the learning rate of the step, on which the ball depends."""
    return batches_ball.rate_at(at.config, at.step)


def chosen(at: At) -> int:
    """Its batch size."""
    return sizes(at.config, at.step)[_run(at)]


def _bounds(at: At) -> Bounds:
    x, y = model_of(at).minimum.tolist()
    half = ROOM * max(abs(x), abs(y), 1e-3)
    return (x - half, x + half), (y - half, y + half)


def field_wanted(at: At) -> Question:
    """The true loss around its minimum."""
    return experiment.landscape, model_of(at), _bounds(at), GRID


def show_landscape(panel: LossField, at: At, values: Array) -> None:
    """Draw another landscape."""
    model, names = model_of(at), at.config.start_names
    panel.reset_zoom()
    panel.set_axes((names[0], ""), (names[1], ""), "L")
    panel.set_field(values, _bounds(at), True, value_at=lambda x, y: float(model.loss(np.array([x, y]))))
    panel.set_minima([tuple(model.minimum.tolist())])


def show_paths(panel: LossField, at: At) -> None:
    """The paths so far, those of pinned runs over the same landscape, and the ball of the explained run."""
    paths = []
    for k, ghost in enumerate(at.ghosts):
        if examples_of(ghost.config) == examples_of(at.config):
            stroke = class_stroke(panel.theme, 0)
            paths.append(column_path(ghost.recording, "0", ghost.label, stroke, pinned_as=f"ghost.{k}"))
    for i, size in reversed([*enumerate(sizes(at.config, at.step))]):
        stroke = class_stroke(panel.theme, i)
        paths.append(column_path(at.recording, str(i), f"B = {size}", stroke, at.step))
    panel.set_paths(paths)
    spread = None
    if at.config.order == "independent":
        of = at.settings.optimizer, model_of(at), chosen(at), rate_now(at)
        spread = at.once(batches_ball.ball_of, *of)
    panel.set_ball(None if spread is None else ellipse(model_of(at).minimum, spread, WIDE))


def show_cloud(panel: CloudPanel, at: At, look: experiment.BatchLook | None) -> None:
    """Show the gradients where the explained run is; none once it has diverged."""
    if look is None:
        panel.clear_cloud()
    else:
        panel.show_cloud(look.cloud, class_stroke(panel.theme, _run(at)))


def _reached(at: At, config: BatchesConfig, data: BatchesData, run: int, steps: Array) -> Array:
    """Where on the axis a run is after each of these numbers of steps."""
    if at.options.against == "epochs":
        return np.asarray(experiment.seen(config, run, steps) / data.model.count)
    if at.options.against == "seconds":
        return np.asarray(1e3 * experiment.seconds(config, data, run, steps))
    return steps


def _place_of(at: At, step: int) -> float:
    """Where on the axis the explained run is after a step."""
    return float(_reached(at, at.config, at.data, _run(at), np.array(step)))


def _loss_axes(at: At) -> CurveAxes:
    """Loss above its minimum against steps, epochs or time; the axes fit the whole run."""
    against, ends, model = at.options.against, np.array([1, at.config.steps]), model_of(at)
    reached = np.array([_reached(at, at.config, at.data, run, ends) for run in range(len(sizes(at.config)))])
    first, last = (0.0 if against == "steps" else float(reached.min())), float(reached.max())
    title = {"steps": tr("step"), "epochs": tr("epochs"), "seconds": tr("time")}[against]
    above = float(model.loss(np.array(at.config.start)) - model.loss(model.minimum))
    limits = LEAST, 10 * above if LEAST < above < np.inf else 1.0
    x, across = (title, "ms" if against == "seconds" else ""), (first, max(last, 2 * first))
    return CurveAxes(x, ("L − L*", ""), against != "steps", True, across, limits)


def losses(at: At, theme: Theme) -> Plot:
    """The loss of every run, and where the explained one is; of a pinned run that of the first."""
    first = 0 if at.options.against == "steps" else 1  # a log axis has no 0
    now = np.array(at.step)
    here = float(_reached(at, at.config, at.data, _run(at), now)) if at.step >= first else None

    def of_run(config: BatchesConfig, recording: Recording) -> list[Curve]:
        curves, data = [], recording.data
        least = float(data.model.loss(data.model.minimum))
        own = sizes(config, at.step)
        for i, size in enumerate(own if recording is at.recording else own[:1]):
            x = _reached(at, config, data, i, np.arange(first, recording.last + 1.0))
            loss = recording.column(f"{i}.loss")[first:] - least
            above, width = np.maximum(loss, LEAST / 10), 2.0 if i == _run(at) else 1.4
            curves.append(
                Curve(f"loss.{i}", _name(at.config, size), x, above, class_stroke(theme, i), width=width)
            )
        return curves

    return Plot(_loss_axes(at), with_pinned(at, of_run), cursor=(here, ""))


def ball(at: At, theme: Theme, theory: tuple[Array, Array, float]) -> Plot:
    """The radius against the batch size: predicted as a line; measured, of the runs with noise, as points."""
    (asked, radii, one), count = theory, count_of(at.config)  # one: the radius of a single example
    known, curves, marks = np.isfinite(radii), [], []
    if known.any():  # a ball of small batches may have no finite size
        name = tr("predicted") if batches_ball.constant_rate(at.settings) else tr("at this learning rate")
        name = name if at.config.order == "independent" else tr("if drawn anew")
        root, bound = one / np.sqrt(asked), theme.stroke("bound")
        curves = [
            Curve("predicted", name, asked[known], radii[known], Stroke(theme.text), width=1.6),
            Curve("root", tr("as 1/√B"), asked, root, bound, width=1.4),
        ]
    for i, size in enumerate(sizes(at.config, at.step)):
        radius = batches_ball.measured_ball(at.recording, i, at.step) if size < count else 0.0
        if radius > 0:
            stroke, name = class_stroke(theme, i), _name(at.config, size)
            curves.append(Curve(name, "", np.array([float(size)]), np.array([radius]), stroke, width=3.0))
            marks.append(Mark(size, radius, name, stroke))
    axes = CurveAxes(("B", ""), (tr("radius"), ""), True, True, (0.8, 1.25 * count), whole_x=True)
    return Plot(axes, curves, marks)
