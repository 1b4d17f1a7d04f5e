"""The plots of deep networks: gradients layer by layer, the chain product, losses, activations, factors."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.experiments.gradients.deep_network_config import DeepConfig
from engine.experiments.gradients.deep_network_inspection import Inside, Look, Vector
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.histogram import Histogram, HistogramPanel
from gui.plots.own.table import Line, TablePanel
from gui.screen.moment import Ghost, Moment
from gui.views.gradients.deep_network_words import letter, titled

ROWS = 8  # histograms that have room
STROKES = {"a": "network_a", "b": "network_b"}
Looks = Mapping[str, Look]
At = Moment[DeepConfig, Any]


class GradientsPanel(CurvesPanel):
    """Gradients against the layer, with those at the start of the run."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.start: Looks = {}


def explained(at: At) -> str:
    """The network that is explained."""
    which: str = at.options.explained
    return which if which in at.config.networks else "a"


def layer_of(at: At) -> int:
    """The layer whose factor is shown, from 0."""
    return min(at.options.layer, at.config.depth - 1)


def begun(at: At) -> list[Ghost]:
    """The pinned runs that have begun."""
    return [ghost for ghost in at.ghosts if ghost.recording.last >= 0]


def _layers(values: Vector) -> Vector:
    """1 … L."""
    return np.arange(1.0, len(values) + 1.0)


def _dotted(stroke: Stroke) -> Stroke:
    return Stroke(stroke.colour, DOTTED)


def _pinned(k: int, which: str, label: str, x: Any, y: Any, theme: Theme) -> Curve:
    """A curve of a pinned run; its network A carries the name."""
    name, stroke = label if which == "a" else "", theme.stroke(STROKES[which])
    return Curve(f"pinned.{k}.{which}", name, x, y, stroke, ghost=True)


# Gradients


def gradient_axes(at: At) -> tuple[object, int, bool]:
    """The run, its layers, and with respect to what the gradient is taken."""
    return at.recording, at.config.depth, at.options.of == "weights"


def show_gradient_axes(panel: GradientsPanel, at: At) -> None:
    """‖∂L/∂a‖ or ‖∂L/∂W‖ against the layer."""
    _over_layers(panel, at, "‖∂L/∂W‖" if at.options.of == "weights" else "‖∂L/∂a‖")


def _over_layers(panel: CurvesPanel, at: At, size: str) -> None:
    ends = (1.0, float(at.config.depth))
    panel.set_axes((tr("layer"), ""), (size, ""), log_y=True, x_limits=ends, whole_x=True)


def keep_start(panel: GradientsPanel, at: At, start: Looks) -> None:
    """Keep the networks at the start: what comes after is drawn beside them."""
    panel.start = start


def show_gradients(panel: GradientsPanel, at: At, inside: Inside) -> None:
    """What reaches each layer: now, as it began, and in pinned runs."""

    def size(look: Look) -> Vector:
        return look.d_weights if at.options.of == "weights" else look.d_activations

    curves, theme = [], panel.theme
    for k, (ghost, looks) in enumerate(zip(begun(at), inside.pinned, strict=False)):  # one may be too new
        for which, one in looks.items():
            curves.append(_pinned(k, which, ghost.label, _layers(size(one)), size(one), theme))
    for which, one in inside.looks.items():
        stroke, name = theme.stroke(STROKES[which]), letter(which, len(inside.looks))
        if which in panel.start:
            y, words = size(panel.start[which]), tr("{name} at the start", name=name).strip()
            curves.append(Curve(f"{which}.start", words, _layers(y), y, _dotted(stroke), width=1.3))
        y, words = size(one), tr("{name} now", name=name).strip()
        curves.append(Curve(f"{which}.now", words, _layers(y), y, stroke, width=2.0))
    panel.set_curves(curves)
    panel.set_cursor(layer_of(at) + 1)
    panel.title = titled(inside.looks)


# The chain


def chain_axes(at: At) -> object:
    """The run, its layers, the example, and how factors are measured."""
    return at.recording, at.config.depth, at.options.example, at.options.sizes


def show_chain_axes(panel: CurvesPanel, at: At) -> None:
    """‖∂L/∂a‖ of one example against the layer."""
    _over_layers(panel, at, "‖∂L/∂a‖")


def show_chain(panel: CurvesPanel, at: At, inside: Inside) -> None:
    """The gradient of the example in each layer, and what the factors alone would leave."""
    curves = []
    for which, one in inside.chains.items():
        stroke, name = panel.theme.stroke(STROKES[which]), letter(which, len(inside.chains))
        product = tr("{name} bound", name=name) if inside.bound else tr("{name} product", name=name)
        gradient, x = tr("{name} gradient", name=name).strip(), _layers(one.actual)
        curves += [
            Curve(f"{which}.product", product.strip(), x, one.product, _dotted(stroke), width=1.3),
            Curve(f"{which}.actual", gradient, x, one.actual, stroke, width=2.0),
        ]
    panel.set_curves(curves)
    panel.set_cursor(layer_of(at) + 1)
    panel.title = tr("The chain of example {n}", n=inside.row)


def show_factors(panel: TablePanel, at: At, inside: Inside) -> None:
    """The chain factor by factor: the way back goes from the first line down."""
    which = explained(at)
    chain, normalized = inside.chains[which], at.config.networks[which].normalization != "none"
    head = ["‖∂L/∂a‖", tr("product"), tr("factor"), "‖W‖", tr("slope"), *(["γ/σ"] if normalized else [])]
    lines = []
    for k in range(len(chain.actual) - 1, -1, -1):
        parts = [chain.weights[k], chain.slopes[k], *([chain.stretches[k]] if normalized else [])]
        factors: list[float | None] = [chain.factors[k], *parts]
        if k == 0:  # what the first layer hands on, nobody needs
            factors = [None] * len(factors)
        values = (chain.actual[k], chain.product[k], *factors)
        cells = tuple("–" if value is None else short_text(value, 3) for value in values)
        lines.append(Line(str(k + 1), panel.theme.stroke(STROKES[which]), cells, values))
    panel.set_lines(head, lines, len(chain.actual) - 1 - layer_of(at))


# Losses


def loss_axes(at: At) -> object:
    """The run, and its steps."""
    return at.recording, at.config.steps


def show_loss_axes(panel: CurvesPanel, at: At) -> None:
    """Loss against steps."""
    steps = (0.0, float(at.config.steps))
    panel.set_axes((tr("step"), ""), (tr("loss"), tr("nats")), log_y=True, x_limits=steps)


def show_losses(panel: CurvesPanel, at: At) -> None:
    """The losses of all networks, those of pinned runs behind."""
    curves, theme, names = [], panel.theme, list(at.config.networks)
    for k, ghost in enumerate(at.ghosts):
        for which in ghost.config.networks if ghost.recording.last > 0 else ():
            for points in _points(ghost.recording, f"{which}.loss"):
                curves.append(_pinned(k, which, ghost.label, *points, theme))
    for which in names:
        stroke, name = theme.stroke(STROKES[which]), letter(which, len(names))
        words, key = tr("{name} training", name=name).strip(), f"{which}.loss"
        curves += [Curve(key, words, *xy, stroke, width=1.4) for xy in _points(at.recording, key)]
        words, key, dots = tr("{name} held-out", name=name).strip(), f"{which}.held_out", _dotted(stroke)
        curves += [Curve(key, words, *xy, dots, width=1.4, sparse=True) for xy in _points(at.recording, key)]
    panel.set_curves(curves)


def _points(recording: Recording, name: str) -> list[tuple[Vector, Vector]]:
    """A column against the step; nothing where a network was infinite from the start."""
    if name not in recording.names:
        return []
    y = recording.column(name)
    return [(np.arange(float(len(y))), y)]


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step."""
    panel.set_cursor(at.step)


# Activations


def shown_layers(depth: int) -> list[int]:
    """Of many layers as many as have room, evenly, with the first and the last."""
    return sorted({round(k) for k in np.linspace(0, depth - 1, min(depth, ROWS))})


def show_histograms(panel: HistogramPanel, at: At, inside: Inside) -> None:
    """How the activations of the layers are spread, the last layer on top."""
    which = explained(at)
    spreads, stroke = inside.looks[which].spreads, panel.theme.stroke(STROKES[which])
    panel.set_histograms([
        Histogram(tr("layer {n}", n=k + 1), spreads[k].edges, spreads[k].counts.astype(float), stroke)
        for k in reversed(shown_layers(len(spreads)))
    ])  # fmt: skip
    two = len(inside.looks) > 1
    panel.title = tr("Activations of {name}", name=which.upper()) if two else tr("Activations")
