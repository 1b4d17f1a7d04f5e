"""The learning curves of models: loss, length of the gradient and fraction of right answers."""

import numpy as np

from engine.changes import spans
from engine.experiments.lstm.train_config import TrainConfig, kinds, titles
from engine.experiments.lstm.train_tasks import Adding, Sine
from gui.look.language import tr
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.curves import Curve
from gui.screen.moment import Ghost
from gui.views.curve_plots import Plot, over_steps
from gui.views.lstm.train_options import At
from gui.views.pinned import level, pinned
from gui.views.step_curves import Lines, Vector, round_up

SLOTS = ("first", "second")


def stroke_of(theme: Theme, config: TrainConfig, model: int) -> Stroke:
    """The colour of a kind of cell; the second of two of one kind has another."""
    same = model == 1 and config.beside == config.cell
    return theme.stroke("q" if same else kinds(config)[model])


def lines_of(at: At) -> Lines:
    """The scalars of the run on show."""
    return at.once(Lines, at.recording)


def pinned_lines(ghosts: tuple[Ghost, ...]) -> list[Lines]:
    """The scalars of pinned runs."""
    return [Lines(ghost.recording) for ghost in ghosts]


def reach_of(at: At) -> float:
    """How far the axis of steps goes: beyond the run in round numbers, but not beyond its end."""
    reach = min(round_up(max(at.last, 50.0)), float(at.config.steps))
    return max([reach, *(float(ghost.recording.last) for ghost in at.ghosts)])


def losses(at: At, theme: Theme) -> Plot:
    """Each model on its batches, thin, and on what is held out, thick; what pinned runs lost, behind."""
    lines, curves = lines_of(at), _compared(at, theme)
    for k, (ghost, known) in enumerate(zip(at.ghosts, at.once(pinned_lines, at.ghosts), strict=True)):
        curves += pinned(_measured(known, ghost.config, "held_out", theme, 1.6), ghost.label, k)
    for k, curve in enumerate(_measured(lines, at.config, "held_out", theme, 2.4)):
        batch = tr("{name}, batch", name=curve.name)
        points = lines.points(f"{SLOTS[k]}.loss")
        curves += [Curve(batch, "", *points, Stroke(curve.stroke.colour), width=0.7), curve]
    unit = "" if isinstance(at.config.task, Adding | Sine) else tr("nats")
    axes = over_steps(reach_of(at), tr("loss"), unit, at.options.log_loss, log_option="log_loss")
    return Plot(axes, curves)


def _measured(lines: Lines, config: TrainConfig, what: str, theme: Theme, width: float) -> list[Curve]:
    """Return the values of every model that are measured every few steps."""
    return [
        Curve(
            f"{SLOTS[k]}.{what}",
            name,
            *lines.points(f"{SLOTS[k]}.{what}"),
            stroke_of(theme, config, k),
            width=width,
            sparse=True,
        )
        for k, name in enumerate(titles(config))
    ]


def _compared(at: At, theme: Theme) -> list[Curve]:
    """Return the losses of models without knowledge, as horizontal lines."""
    names = {"uniform": tr("uniform guess"), "frequencies": tr("frequencies"), "mean": tr("the mean")}
    strokes, ends = [theme.stroke("bound"), Stroke(theme.stroke("bound").colour, DOTTED)], (0.0, reach_of(at))
    return [
        level(line.key, names[line.key], ends, line.value, stroke, width=1.2)
        for line, stroke in zip(at.data.lines, strokes, strict=False)
    ]


def norms(at: At, theme: Theme) -> Plot:
    """The length of the gradient of every model, and where it is clipped."""
    x, y = at.once(_clipped_at, at.config, round(reach_of(at)))
    curves = [Curve("clip", tr("clip"), x, y, theme.stroke("bound"), width=1.2)] if x.size else []
    for k, name in enumerate(titles(at.config)):
        points, stroke = lines_of(at).points(f"{SLOTS[k]}.norm"), stroke_of(theme, at.config, k)
        curves.append(Curve(f"{SLOTS[k]}.norm", name, *points, Stroke(stroke.colour), width=0.9))
    return Plot(over_steps(reach_of(at), "‖g‖", log=True), curves)


def _clipped_at(config: TrainConfig, reach: int) -> tuple[Vector, Vector]:
    """At which length gradients are clipped, along the steps; nothing where they are not."""
    parts = [span for span in spans(config, 1, reach) if span.settings.clip]
    ends = [(span.first - 1.0, float(span.last), float(span.last)) for span in parts]
    heights = [(span.settings.clip, span.settings.clip, np.nan) for span in parts]  # NaN parts the line
    return np.ravel(ends)[:-1], np.ravel(heights)[:-1]


def rights(at: At, theme: Theme) -> Plot:
    """The share of right answers of every model."""
    curves = _measured(lines_of(at), at.config, "right", theme, 2.0)
    return Plot(over_steps(reach_of(at), tr("right"), limits=(0.0, 1.03), y_most=1.0), curves)
