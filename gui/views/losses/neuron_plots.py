"""The plots of the two neurons: over z, where they are, and over the steps, how they got there."""

from functools import partial

import numpy as np

from engine.activations import Array, sigmoid
from engine.config import Config
from engine.experiments.losses.neuron import NeuronConfig
from engine.neuron import NEURON_LOSSES
from engine.recording import Recording
from gui.look.language import tr
from gui.look.theme import Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.ticks import nice_step
from gui.screen.moment import Moment
from gui.views.curve_plots import CurveAxes, over_steps
from gui.views.pinned import level, with_pinned

NARROWEST, WIDEST = 8.0, 60.0  # how far z is shown to either side
TANGENT = 0.22  # of the width, to either side
ASIDE = 0.04  # of the steps: the target's handle stands off the numbers of the axis
STROKES = {"squared_error": "mse", "cross_entropy": "cross_entropy"}  # one loss, one colour on all pages

At = Moment[NeuronConfig, Config]


def begun(recording: Recording) -> bool:
    """Whether there is more than the start: all steps come with the next frame."""
    return recording.last >= 1


def stroke_of(theme: Theme, name: str) -> Stroke:
    """How a loss is drawn."""
    return theme.stroke(STROKES[name])


def furthest_apart(recording: Recording, last: int) -> int | None:
    """The step at which the two answers differ most; None where they are the same, or not there yet."""
    if last < 1:
        return None
    one, other = (recording.column(f"{name}.p") for name in NEURON_LOSSES)
    return int(np.abs(one - other).argmax()) or None


def value(at: At, name: str, key: str) -> float:
    """What one neuron has at the step: z, p, sigma, by_p or by_z."""
    return float(at.recording.column(f"{name}.{key}")[at.step])


# Over z


def reach_of(at: At) -> float:
    """How far the axis of z reaches to either side: over the whole run of both, in round steps."""
    farthest = max(float(np.abs(at.recording.column(f"{name}.z")).max()) for name in NEURON_LOSSES)
    wanted = 1.15 * max(farthest, abs(at.config.start))
    return min(max(NARROWEST, nice_step(wanted, 1) if wanted > 0 else 0.0), WIDEST)


def _over_z(at: At, name: str, room: tuple[float, float]) -> CurveAxes:
    reach = reach_of(at)
    return CurveAxes(("z = w·x + b", ""), (name, ""), x_limits=(-reach, reach), y_limits=room)


def sigmoid_axes(at: At) -> CurveAxes:
    """σ(z) against z."""
    return _over_z(at, "p = σ(z)", (-0.2, 1.04))


def sigmoid_curves(at: At, theme: Theme) -> list[Curve]:
    """The sigmoid, and where both neurons are its tangents."""
    if not begun(at.recording):
        return []
    reach = reach_of(at)
    grid = np.linspace(-reach, reach, 301)
    tangents = [
        Curve(f"{name}.tangent", "", *_tangent(at, name, reach), stroke_of(theme, name), width=2.6)
        for name in NEURON_LOSSES
    ]
    return [Curve("sigmoid", "σ(z)", grid, sigmoid(grid), Stroke(theme.quiet)), *tangents]


def _tangent(at: At, name: str, reach: float) -> tuple[Array, Array]:
    """A stretch of the tangent of the sigmoid at z, not steeper off the plot than it is high."""
    z, p, sigma = (value(at, name, key) for key in ("z", "p", "sigma"))
    half = min(TANGENT * reach, 0.3 / max(sigma, 1e-3)) * np.array([-1.0, 1.0])
    return z + half, p + sigma * half


def show_places(panel: CurvesPanel, at: At) -> None:
    """Both neurons as points on the sigmoid; the start is dragged."""
    panel.set_marks([
        Mark(value(at, name, "z"), value(at, name, "p"), tr(loss.title), stroke_of(panel.theme, name))
        for name, loss in NEURON_LOSSES.items()
    ])  # fmt: skip
    quiet = Stroke(panel.theme.quiet)
    start = at.config.start
    panel.set_handles([Handle("start", tr("start"), start, float(sigmoid(np.array(start))), quiet, "x")])


def pull_axes(at: At) -> CurveAxes:
    """∂L/∂z against z; p − y is never outside."""
    return _over_z(at, "∂L/∂z", (-0.06 - at.config.target, 1.06 - at.config.target))


def pull_curves(at: At, theme: Theme) -> list[Curve]:
    """∂L/∂z for every z, of both losses, and 0."""
    if not begun(at.recording):
        return []
    reach = reach_of(at)
    grid = np.linspace(-reach, reach, 301)
    curves = [
        Curve(name, tr(loss.title), grid, loss.chain(grid, at.config.target).by_z, stroke_of(theme, name),
              width=2.0)
        for name, loss in NEURON_LOSSES.items()
    ]  # fmt: skip
    return [*curves, level("zero", "", (-reach, reach), 0.0, theme.stroke("bound"), width=1.0)]


def show_pulls(panel: CurvesPanel, at: At) -> None:
    """Both neurons as points on the curves of their pulls."""
    panel.set_marks([
        Mark(value(at, name, "z"), value(at, name, "by_z"), "", stroke_of(panel.theme, name))
        for name in NEURON_LOSSES
    ])  # fmt: skip


# Over the steps


def answer_axes(at: At) -> CurveAxes:
    """p against steps."""
    return over_steps(at.config.steps, "p", limits=(-0.04, 1.04))


def slope_axes(at: At) -> CurveAxes:
    """The size of the pull against steps, with a logarithm where there is one (0 has none)."""
    log = any(at.recording.column(f"{name}.by_z").any() for name in NEURON_LOSSES)
    return over_steps(at.config.steps, "|∂L/∂z|", log=log)


def answer_curves(at: At, theme: Theme) -> list[Curve]:
    """p of both towards the target."""
    return [*_both(at, theme, "p"), *(_band(at.config, theme) if begun(at.recording) else ())]


def slope_curves(at: At, theme: Theme) -> list[Curve]:
    """The size of the pull on both."""
    return _both(at, theme, "by_z")


def _both(at: At, theme: Theme, key: str) -> list[Curve]:
    return with_pinned(at, partial(_of_run, theme=theme, key=key))


def _of_run(_: NeuronConfig, recording: Recording, theme: Theme, key: str) -> list[Curve]:
    return [
        Curve(name, tr(loss.title), np.arange(recording.last + 1.0),
              np.abs(recording.column(f"{name}.{key}")), stroke_of(theme, name), width=2.0)
        for name, loss in NEURON_LOSSES.items() if begun(recording)
    ]  # fmt: skip


def _band(config: NeuronConfig, theme: Theme) -> list[Curve]:
    """The target, and the two lines between which a neuron has recovered."""
    ends = (-1.0, config.steps + 1.0)  # beyond the playhead, which so sets no dot on them
    edges = (config.target - config.tolerance, config.target + config.tolerance)
    solid, bound = Stroke(theme.quiet), theme.stroke("bound")
    levels = [(config.target, solid), *((edge, bound) for edge in edges if 0 <= edge <= 1)]
    return [
        level(f"level{k}", "", ends, height, stroke, width=1.1) for k, (height, stroke) in enumerate(levels)
    ]


def show_recoveries(panel: CurvesPanel, at: At) -> None:
    """Where each has recovered; the target is dragged."""
    config, theme = at.config, panel.theme
    steps = {name: at.snapshot[name].step for name in NEURON_LOSSES if begun(at.recording)}
    panel.set_marks([
        Mark(step, float(at.recording.column(f"{name}.p")[step]), tr("step {step}", step=step),
             stroke_of(theme, name))
        for name, step in steps.items() if step is not None
    ])  # fmt: skip
    target = Handle(
        "target", f"y = {config.target:g}", ASIDE * config.steps, config.target, Stroke(theme.text), "y"
    )
    panel.set_handles([target])
