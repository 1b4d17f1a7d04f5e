"""The learning curves of a classifier: loss and accuracy against steps or epochs, pinned runs behind."""

from math import inf, isfinite

import numpy as np

from engine.experiments.losses.classifier_config import ClassifierConfig, batch_sizes, steps_of
from engine.recording import Recording
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.ticks import value_text
from gui.views.curve_plots import CurveAxes, Plot
from gui.views.losses.classifier_options import At
from gui.views.pinned import behind
from gui.views.step_curves import STEPS, Lines, Ruler, round_up

ROOMY = 150  # from this height (pixels) on the playhead shows the values
LEAST = 5  # the least number of steps of the axis
RISEN = 1.5  # the held-out loss has risen if it is this many times its lowest value
SMOOTH = 20  # the training loss is the mean over this many batches


def finding(at: At) -> str:
    """Say which fraction of the held-out examples is right, and whether the network overfits."""
    column, step = at.recording.column, at.step
    if not isfinite(at.value("training.loss")):
        return tr("At step {n} the loss is no finite number any more: the training has diverged.", n=step)
    found = (column(f"held_out.{what}")[: step + 1] for what in ("accuracy", "loss"))
    accuracies, losses = (values[~np.isnan(values)] for values in found)
    shares = {"share": float(accuracies[-1]), "chance": 1.0 / len(at.data.class_names)}
    loss, lowest = float(losses[-1]), float(losses.min())
    training = float(column("training.loss")[max(1, step - SMOOTH + 1) : step + 1].mean()) if step else inf
    sentence = "After {n} steps its held-out accuracy is {share}; guessing gets {chance}."
    if step == 0:
        sentence = "Untrained, its held-out accuracy is {share}; guessing gets {chance}."
    elif loss > RISEN * lowest and training < lowest:
        sentence = (
            "Overfitting: held-out accuracy is {share}, but the held-out loss rose from {low} to {loss}."
        )
    slots = {slot: f"{100 * share:.3g} %" for slot, share in shares.items()}
    return tr(sentence, n=step, low=lowest, loss=loss, **slots)


def drawn_by_curves(at: At) -> object:
    """Return what the curves depend on: not on the digit that is being drawn."""
    return at.config, at.options.axis, at.options.log_loss, at.recording, at.last, at.ghosts, at.tight


def drawn_by_playhead(at: At) -> object:
    """Return the same, and the step."""
    return drawn_by_curves(at), at.step


def ruler_of(at: At, config: ClassifierConfig, recording: Recording) -> Ruler:
    """Return the ruler of the axis, which gives the place of a step."""
    if at.options.axis == "steps":
        return STEPS
    data = recording.data
    return Ruler(len(data.training), batch_sizes(config))


def own_ruler(at: At) -> Ruler:
    """Return the ruler of the present run."""
    return ruler_of(at, at.config, at.recording)


def place_of(at: At, step: int) -> float:
    """Return the place of a step of the present run on the axis."""
    return float(own_ruler(at).place(step))


def lines_of(at: At) -> Lines:
    """The scalars of the run on show."""
    return at.once(Lines, at.recording, own_ruler(at))


def _reach(at: At) -> float:
    """Return the end of the axis: a round number beyond the present step, but not beyond the end of the
    run.
    """
    ruler, steps = own_ruler(at), steps_of(at.config, len(at.data.training))
    reach = min(round_up(ruler.place(max(at.last, LEAST))), ruler.place(steps))
    begun = [ghost for ghost in at.ghosts if ghost.recording.last >= 0]
    ends = [ruler_of(at, ghost.config, ghost.recording).place(ghost.recording.last) for ghost in begun]
    return float(max([reach, *ends]))


def history(at: At, theme: Theme, *, quantity: str) -> Plot:
    """Loss or accuracy on what is held out, and on each batch, against steps or epochs."""

    def of_run(config: ClassifierConfig, recording: Recording, width: float = 1.4) -> list[Curve]:
        lines = at.once(Lines, recording, ruler_of(at, config, recording))
        held_out, training = (lines.points(f"{part}.{quantity}") for part in ("held_out", "training"))
        return [
            Curve("held_out", tr("held-out"), *held_out, theme.stroke("held_out"), width=width, sparse=True),
            Curve("training", tr("training"), *training, theme.stroke("training"), width=width),
        ]

    x, limits = (tr("epoch") if at.options.axis == "epochs" else tr("step"), ""), (0.0, _reach(at))
    axes = CurveAxes(
        x, (tr("loss"), tr("nats")), log_y=at.options.log_loss, x_limits=limits, log_option="log_loss"
    )
    if quantity == "accuracy":
        axes = CurveAxes(x, (tr("accuracy"), ""), x_limits=limits, y_limits=(0.0, 1.03))
    return Plot(axes, [*behind(at, of_run), *reversed(of_run(at.config, at.recording, 1.8))])


def show_playhead(panel: CurvesPanel, at: At, *, quantity: str) -> None:
    """Mark the step; where there is room, with the values there."""
    lines = lines_of(at)
    values = [lines.newest(f"{part}.{quantity}", at.step)[0] for part in ("training", "held_out")]
    roomy = at.step < at.last and panel.height() > panel.theme.px(ROOMY)
    panel.set_cursor(own_ruler(at).place(at.step), " · ".join(map(value_text, values)) if roomy else "")
