"""How models have learnt so far: loss, length of the gradient and share of right answers, step by step."""

import numpy as np

from engine.experiments.lstm.train_config import TrainConfig, kinds, titles
from engine.experiments.lstm.train_tasks import Adding, Sine
from gui.look.language import tr
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.screen.moment import Ghost
from gui.views.lstm.train_options import At
from gui.views.pinned import pinned
from gui.views.step_curves import Lines, round_up

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


# Axes


def reach_of(at: At) -> float:
    """How far the axis of steps goes: beyond the run in round numbers, but not beyond its end."""
    reach = min(round_up(max(at.last, 50.0)), float(at.config.steps))
    return max([reach, *(float(ghost.recording.last) for ghost in at.ghosts)])


def axes_of(at: At) -> tuple[object, float, bool]:
    """The run, the reach of its steps, and whether the loss is logarithmic."""
    return at.recording, reach_of(at), at.options.log_loss


def show_loss_axes(panel: CurvesPanel, at: At) -> None:
    """Loss against steps."""
    unit = "" if isinstance(at.config.task, Adding | Sine) else tr("nats")
    limits = (0.0, reach_of(at))
    panel.set_axes((tr("step"), ""), (tr("loss"), unit), log_y=at.options.log_loss, x_limits=limits)


def show_norm_axes(panel: CurvesPanel, at: At) -> None:
    """Length of the gradient against steps."""
    panel.set_axes((tr("step"), ""), ("‖g‖", ""), log_y=True, x_limits=(0.0, reach_of(at)))


def show_right_axes(panel: CurvesPanel, at: At) -> None:
    """Share of right answers against steps."""
    limits = (0.0, reach_of(at))
    panel.set_axes((tr("step"), ""), (tr("right"), ""), x_limits=limits, y_limits=(0.0, 1.03))


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step."""
    panel.set_cursor(at.step)


# Curves


def show_loss(panel: CurvesPanel, at: At) -> None:
    """Each model on its batches, thin, and on what is held out, thick; what pinned runs lost, behind."""
    theme, lines, curves = panel.theme, lines_of(at), _compared(at, panel.theme)
    for k, known in enumerate(at.once(pinned_lines, at.ghosts)):
        curves += pinned(_held_out(known, at.ghosts[k].config, theme, 1.6), at.ghosts[k].label, k)
    held_out = _held_out(lines, at.config, theme, 2.4)
    for k, curve in enumerate(held_out):
        batch = tr("{name}, batch", name=curve.name)
        points = lines.points(f"{SLOTS[k]}.loss")
        curves += [Curve(batch, "", *points, Stroke(curve.stroke.colour), width=0.7), curve]
    panel.set_curves(curves)


def _held_out(lines: Lines, config: TrainConfig, theme: Theme, width: float) -> list[Curve]:
    return [
        Curve(f"{SLOTS[k]}.held_out", name, *lines.points(f"{SLOTS[k]}.held_out"),
              stroke_of(theme, config, k), width=width, sparse=True)
        for k, name in enumerate(titles(config))
    ]  # fmt: skip


def _compared(at: At, theme: Theme) -> list[Curve]:
    """The losses of those who have learnt nothing, as lines across."""
    names = {"uniform": tr("uniform guess"), "frequencies": tr("frequencies"), "mean": tr("the mean")}
    bound = theme.stroke("bound")
    strokes = [bound, Stroke(bound.colour, DOTTED)]
    return [
        _across(at, line.key, names[line.key], line.value, stroke)
        for line, stroke in zip(at.snapshot.data.lines, strokes, strict=False)
    ]


def _across(at: At, key: str, name: str, height: float, stroke: Stroke) -> Curve:
    return Curve(key, name, np.array([0.0, reach_of(at)]), np.full(2, height), stroke, width=1.2)


def show_norm(panel: CurvesPanel, at: At) -> None:
    """The length of the gradient of every model, and where it is clipped."""
    theme, clip = panel.theme, at.config.clip
    curves = [_across(at, "clip", tr("clip"), clip, theme.stroke("bound"))] if clip else []
    for k, name in enumerate(titles(at.config)):
        points, stroke = lines_of(at).points(f"{SLOTS[k]}.norm"), stroke_of(theme, at.config, k)
        curves.append(Curve(f"{SLOTS[k]}.norm", name, *points, Stroke(stroke.colour), width=0.9))
    panel.set_curves(curves)


def show_right(panel: CurvesPanel, at: At) -> None:
    """The share of right answers of every model."""
    panel.set_curves([
        Curve(f"{SLOTS[k]}.right", name, *lines_of(at).points(f"{SLOTS[k]}.right"),
              stroke_of(panel.theme, at.config, k), width=2.0, sparse=True)
        for k, name in enumerate(titles(at.config))
    ])  # fmt: skip
