"""Gradients ▸ Dying ReLU: which units die, when, and what the chosen one can still learn."""

from dataclasses import replace
from typing import Annotated, Any

from engine.config import Config, choice, number, plain
from engine.data.training_data import TrainingData
from engine.experiments.gradients.dying_relu_config import BiasKick, DyingReluConfig, NoKick
from engine.experiments.gradients.dying_relu_inspection import (
    DyingReluSnapshot,
    UnitGradient,
    balance,
    check,
    deadliest,
    unit_gradient,
)
from gui.look.language import tr
from gui.look.strokes import class_stroke
from gui.look.theme import Stroke, Theme
from gui.plots.curves import CurvesPanel, Mark
from gui.plots.units import UnitsPanel
from gui.screen.hero import WithHero
from gui.screen.options_bar import Switches
from gui.screen.options_widgets import push_button
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Question, Room, View, this_step, whole_run
from gui.views.curve_plots import CurveAxes, Plot, fill_history, over_steps
from gui.views.gradients import dying_relu_words as words
from gui.views.pinned import behind, column_curve, with_pinned
from gui.views.schedule_blocks import schedule_blocks, schedule_terms
from gui.views.step_curves import round_up

ROOMY = 440  # from this height (pixels) on there is room for all four plots
BESIDE = 2.6  # ratio of width to height from which on plots stand beside the map
CURVES = {"loss": "Loss", "accuracy": "Accuracy"}
FIRST = 100  # updates after which most deaths have happened
Unit = tuple[int, int]  # layer and unit, counted from 0


class DyingReluOptions(Config, frozen=True):
    """The options of the view."""

    layer: Annotated[int, number("Layer", "The layer of the unit that is followed.", ge=1, le=6)] = 2
    unit: Annotated[int, number("Unit", "The unit that is followed.", ge=1, le=64)] = 6
    curve: Annotated[str, choice("Curve", "What is drawn beside the dead units.", CURVES)] = "loss"
    log_loss: Annotated[bool, plain("Log loss", "Show the loss on a logarithmic axis.")] = False


At = Moment[DyingReluConfig, DyingReluOptions]


class DyingReluView(View):
    """The map of all units; below it dead fractions, deaths and revivals, and the loss."""

    config_type, options_type = DyingReluConfig, DyingReluOptions
    pace = 60.0

    def build(self, theme: Theme) -> None:
        self._make_bar()
        self.dead = CurvesPanel(tr("Fraction of dead units"), theme)
        self.learning = CurvesPanel("", theme, "paper")  # its title names the only curve
        title = tr("Fraction of the training examples with z > 0, for each unit (× = dead)")
        self.units = UnitsPanel(title, theme)
        self.turns = CurvesPanel(tr("Died (up), revived (down): at each update"), theme)
        for panel in (self.dead, self.learning, self.units, self.turns):
            panel.setMinimumSize(theme.px(120), theme.px(72))
        self.tell(words.finding, opens_on=telling_step)
        self._fill_all()
        self.on(self.units.selected, lambda view, layer, k: view.set_option(layer=layer + 1, unit=k + 1))
        self.setMinimumSize(theme.px(260), theme.px(300))
        small = (self.dead, self.turns, self.learning)
        self.lay_out(self.bar, WithHero(theme, self.units, small, (4, 4, 3), wide=BESIDE))

    def _make_bar(self) -> None:
        tip = tr("Go to the update that killed the most units so far")
        self.deadliest = push_button(tr("Deadliest update"), tip)
        self.on(self.deadliest.clicked, lambda view: view.jump(deadliest_step(view.at)))
        tip = tr("Go to the update that killed the chosen unit")
        self.death = push_button(tr("Death of the unit"), tip)
        self.on(self.death.clicked, lambda view: view.jump(death(view.at)))
        tip = tr(
            "Begin again and perturb the network once, at the step on show "
            "(its biases are pushed down if nothing is set)"
        )
        self.kick = push_button(tr("Perturb here"), tip, self.kick_here)
        self.check = self.check_button(
            tr("Compare the gradient of this network on its batch with numeric differences")
        )
        tips = {
            "loss": tr("Show how the loss falls"),
            "accuracy": tr("Show the fraction of examples that are classified correctly"),
        }
        buttons = self.deadliest, self.death, self.kick
        self.bar = self.options_bar(*buttons, "log_loss", Switches("curve", tips), self.check)

    def _fill_all(self) -> None:
        self.ask("gradient", gradient_wanted)
        # A jump is offered only if it leads to another step.
        self.fill(
            self.deadliest,
            lambda button, at: button.setEnabled(deadliest_step(at) >= 0),
            by=whole_run,
            early=True,
        )
        self.fill(self.death, lambda button, at: button.setEnabled(death(at) >= 0), by=this_step, early=True)
        fill_history(self, self.dead, dead_fractions)
        fill_history(self, self.learning, learning)
        self.fill(self.units, show_units, by=this_step)
        fill_history(self, self.turns, turns)

    def arrange(self, at: At, room: Room) -> bool:
        """Hide the plot of deaths and revivals in a low window; in a low lecture all plots but the units."""
        self.dead.setVisible(not self.theme.presenting or room.height >= ROOMY)
        self.turns.setVisible(room.height >= ROOMY)
        return False

    def offers(self, at: At) -> dict[str, object]:
        return {"log_loss": at.options.curve == "loss"}

    def kick_here(self) -> None:
        """Begin again with the kick at the present step; without a kick, one that pushes the biases is
        chosen.
        """
        config = self.at.config
        step = min(max(self.at.step, 1), config.steps)
        kick = config.kick
        self.edit(kick=BiasKick(step=step) if isinstance(kick, NoKick) else kick.with_(step=step))

    def check_question(self, at: At) -> Question:
        return check, at.config, at.data, at.snapshot

    def terms(self, at: At) -> list[Term]:
        layer, loss = f"{followed(at)[0] + 1}.dead", (self.learning, "loss")
        return [
            term("z", tr("what the unit adds up"), self.units),
            term(r"\max_n z_n", tr("the largest of all examples"), (self.dead, layer), told=False),
            term(r"\varphi'(z_n)", tr("slope of the activation"), self.units),
            term(r"\varphi'(z)", tr("slope of the activation"), self.units),
            term(
                r"\frac{\partial L}{\partial \mathbf{w}}",
                tr("what the unit is told to learn"),
                loss,
                told=False,
            ),
            term("a", tr("what the unit gives on"), self.units),
            *schedule_terms(at.settings.optimizer, at.step),
        ]

    def formulas(self, at: At) -> list[Live]:
        shot: DyingReluSnapshot = at.snapshot
        answer: tuple[Unit, UnitGradient] | None = self.answer("gradient")
        told = answer[1] if answer is not None and answer[0] == followed(at) else None
        sums = balance(at.recording, at.kept, shot.seen.dead.size)
        return [
            words.unit_block(at.config, shot, *followed(at)),
            words.gradient_block(at.config, told, *self.checks(at)),
            words.dead_block(at.config, shot, sums, deadliest(at.recording)),
            *words.kick_blocks(at.config),
            *schedule_blocks(at.settings.optimizer, at.step),
        ]


def followed(at: At) -> Unit:
    """Return the unit that is followed, or the nearest one that exists in this network."""
    return min(at.options.layer, at.config.layers) - 1, min(at.options.unit, at.config.width) - 1


def death(at: At) -> int:
    """Return the update that killed it; negative while it is alive."""
    return int(at.snapshot.since[followed(at)]) if at.last >= 0 else -1


def gradient_wanted(at: At) -> Question:
    """Ask for the gradient of the loss on all training examples for the unit."""
    return told_to, at.config, at.data, at.snapshot, *followed(at)


def told_to(
    config: DyingReluConfig, data: TrainingData, snapshot: DyingReluSnapshot, layer: int, unit: int
) -> tuple[Unit, UnitGradient]:
    """Return a unit and its gradient."""
    return (layer, unit), unit_gradient(config, data, snapshot, layer, unit)


def deadliest_step(at: At) -> int:
    """Return the update that killed the most units so far; negative if none has."""
    worst = deadliest(at.recording)
    return -1 if worst is None else worst.step


def telling_step(at: At) -> int | None:
    """The deadliest update, once the first ones and the kick are past: later ones kill few."""
    past = max(FIRST, 0 if isinstance(kick := at.config.kick, NoKick) else kick.step + 1)
    step = deadliest_step(at) if at.last >= min(past, at.config.steps) else -1
    return step if step >= 0 else None


def show_units(panel: UnitsPanel, at: At) -> None:
    """Show how active each unit is, which are dead, and which is followed."""
    seen = at.snapshot.seen
    panel.set_units(seen.positive / at.config.points, seen.dead)
    panel.select(followed(at))


def _axes(at: At, *y: Any, **more: Any) -> CurveAxes:
    """Return the axes of a quantity against the steps."""
    return over_steps(max([at.config.steps, *(ghost.recording.last for ghost in at.ghosts)]), *y, **more)


def dead_fractions(at: At, theme: Theme) -> Plot:
    """The fraction of dead units, layer by layer and in all; of pinned runs in all. Marked is the kick."""
    all_units, layers = theme.stroke("all_units"), range(at.config.layers)
    curves = behind(at, lambda _, recording: [column_curve(recording, "dead", "", all_units)])
    curves += [
        column_curve(at.recording, f"{k + 1}.dead", tr("layer {n}", n=k + 1), class_stroke(theme, k))
        for k in layers
    ]
    if len(layers) > 1:
        curves.append(column_curve(at.recording, "dead", tr("all units"), all_units, width=2.4))
    kick, marks = at.config.kick, []
    if not isinstance(kick, NoKick) and at.last >= kick.step:
        height = float(at.recording.column("dead")[kick.step])
        marks.append(Mark(kick.step, height, tr("perturbation"), Stroke(theme.text)))
    return Plot(_axes(at, tr("fraction"), limits=(0.0, 1.03)), curves, marks)


def learning(at: At, theme: Theme) -> Plot:
    """The loss, or the accuracy."""
    what, name, stroke = at.options.curve, tr(at.options.curve), theme.stroke("training")
    curves = with_pinned(at, lambda _, recording: [column_curve(recording, what, name, stroke)])
    if what == "accuracy":
        title = tr("Accuracy on the training examples")
        return Plot(_axes(at, name, limits=(0.0, 1.03), title=title), curves)
    title = tr("Loss on the training examples")
    axes = _axes(at, name, tr("nats"), at.options.log_loss, title=title, log_option="log_loss")
    return Plot(axes, curves)


def turns(at: At, theme: Theme) -> Plot:
    """Return how many units died (up) and came back (down) in each update, with a mark at the deadliest."""
    died, back = (
        column_curve(at.recording, column, name, theme.stroke(key), width=1.4, fill=True, counts=True)
        for column, name, key in (("deaths", tr("died"), "death"), ("revivals", tr("revived"), "revival"))
    )
    worst, marks = deadliest(at.recording), []
    if worst is not None:
        told = tr("{n} at step {step}", n=worst.deaths, step=worst.step)
        marks.append(Mark(worst.step, worst.deaths, told, theme.stroke("death")))
    up, down = (round_up(float(curve.y.max(initial=1.0))) for curve in (died, back))  # both have a tick
    axes = _axes(at, tr("units"), limits=(-down, 1.06 * up))
    return Plot(axes, [died, replace(back, y=0.0 - back.y)], marks)
