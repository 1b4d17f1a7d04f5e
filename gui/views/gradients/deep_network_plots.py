"""The plots of deep networks: gradients layer by layer, the chain product, losses, activations, factors."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from engine.experiments.gradients.deep_network_config import DeepConfig
from engine.experiments.gradients.deep_network_inspection import DeepInspection, NetworkLook
from engine.experiments.gradients.deep_network_snapshot import Vector
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.histogram import Histogram, HistogramPanel
from gui.plots.own.table import TablePanel, TableRow
from gui.screen.moment import Ghost, Moment
from gui.views.curve_plots import CurveAxes, Plot, over_steps
from gui.views.gradients.deep_network_words import letter, told_apart
from gui.views.pinned import behind, column_curve, pinned

ROWS = 7  # the most histograms
STROKES = {"a": "network_a", "b": "network_b"}
WORDS = {  # for the curves of a network; {name} is its letter, or nothing where it is alone
    "start": "{name} at the start",
    "now": "{name} now",
    "product": "{name} product",
    "bound": "{name} bound",
    "actual": "{name} gradient",
    "loss": "{name} training",
    "held_out": "{name} held-out",
}
Looks = Mapping[str, NetworkLook]
At = Moment[DeepConfig, Any]


class GradientsPanel(CurvesPanel):
    """Gradients against the layer, with those at the start of the run."""

    start: Looks = {}


def explained(at: At) -> str:
    """Return the network that is explained."""
    which: str = at.options.explained
    return which if which in at.config.networks else "a"


def layer_of(at: At) -> int:
    """The layer whose factor is shown, from 0."""
    return min(at.options.layer, at.config.depth - 1)


def begun(at: At) -> list[Ghost]:
    """Return the pinned runs that have begun."""
    return [ghost for ghost in at.ghosts if ghost.recording.last >= 0]


def _dotted(stroke: Stroke) -> Stroke:
    return Stroke(stroke.colour, DOTTED)


def _named(part: str, which: str, count: int) -> str:
    """Return the name of a curve, with the letter of its network if there are two."""
    return tr(WORDS[part], name=letter(which, count)).strip()


def _over_layers(which: str, part: str, name: str, y: Vector, stroke: Stroke, width: float) -> Curve:
    return Curve(f"{which}.{part}", name, np.arange(1.0, len(y) + 1.0), y, stroke, width=width)


def layer_axes(at: At, size: str = "‖∂L/∂a‖") -> CurveAxes:
    """The length of a gradient against the layer."""
    ends = (1.0, float(at.config.depth))
    return CurveAxes((tr("layer"), ""), (size, ""), log_y=True, x_limits=ends, whole_x=True)


def keep_start(panel: GradientsPanel, at: At, start: Looks) -> None:
    """Keep the curves of the start, to be drawn beside the later ones."""
    panel.start = start


def show_gradients(panel: GradientsPanel, at: At, inside: DeepInspection) -> None:
    """Show the gradient of each layer: now, at the start, and in pinned runs."""

    def drawn(looks: Looks, part: str, width: float) -> list[Curve]:
        curves = []
        for which, look in looks.items():
            y = look.d_weights if at.options.of == "weights" else look.d_activations
            stroke, name = panel.theme.stroke(STROKES[which]), _named(part, which, len(looks))
            stroke = _dotted(stroke) if part == "start" else stroke
            curves.append(_over_layers(which, part, name, y, stroke, width))
        return curves

    curves = []
    for k, (ghost, looks) in enumerate(zip(begun(at), inside.pinned, strict=False)):  # one may be too new
        curves += pinned(drawn(looks, "now", 1.8), ghost.label, k)
    start = {which: look for which, look in panel.start.items() if which in inside.looks}
    panel.set_curves([*curves, *drawn(start, "start", 1.3), *drawn(inside.looks, "now", 2.0)])
    panel.title = " · ".join(filter(None, (tr("Gradients"), told_apart(at.config))))


def show_chain(panel: CurvesPanel, at: At, inside: DeepInspection) -> None:
    """Show the gradient of the example in each layer, and the product of the factors."""
    curves, count, part = [], len(inside.chains), "bound" if inside.bound else "product"
    for which, one in inside.chains.items():
        stroke = panel.theme.stroke(STROKES[which])
        product, gradient = _named(part, which, count), _named("actual", which, count)
        curves += [
            _over_layers(which, "product", product, one.product, _dotted(stroke), 1.3),
            _over_layers(which, "actual", gradient, one.actual, stroke, 2.0),
        ]
    panel.set_curves(curves)
    panel.title = tr("‖∂L/∂a‖ and product of factors: example {n}", n=inside.row)


def show_factors(panel: TablePanel, at: At, inside: DeepInspection) -> None:
    """Show the chain factor by factor; the backward pass goes from the first line down."""
    which = explained(at)
    chain, normalized = inside.chains[which], at.config.networks[which].normalization != "none"
    head = ["‖∂L/∂a‖", tr("product"), tr("factor"), "‖W‖", tr("slope"), *(["γ/σ"] if normalized else [])]
    lines = []
    for k in range(len(chain.actual) - 1, -1, -1):
        parts = [chain.weights[k], chain.slopes[k], *([chain.stretches[k]] if normalized else [])]
        factors: list[float | None] = [chain.factors[k], *parts]
        if k == 0:  # the gradient below the first layer is not needed
            factors = [None] * len(factors)
        values = (chain.actual[k], chain.product[k], *factors)
        cells = tuple("–" if value is None else short_text(value, 3) for value in values)
        lines.append(TableRow(str(k + 1), panel.theme.stroke(STROKES[which]), cells, values))
    panel.set_lines(head, lines, len(chain.actual) - 1 - layer_of(at))


def losses(at: At, theme: Theme) -> Plot:
    """The losses of all networks, on batches and held out; on batches those of pinned runs behind.

    There is none of a network that was infinite from the start.
    """

    def of_run(config: DeepConfig, recording: Recording, parts: Sequence[str] = ("loss",)) -> list[Curve]:
        curves = []
        for which, what in product(config.networks, parts):
            if (column := f"{which}.{what}") in recording.names:
                stroke, name = theme.stroke(STROKES[which]), _named(what, which, len(config.networks))
                held = what == "held_out"
                stroke = _dotted(stroke) if held else stroke
                curves.append(column_curve(recording, column, name, stroke, width=1.4, sparse=held))
        return curves

    own = of_run(at.config, at.recording, ("loss", "held_out"))
    return Plot(over_steps(at.config.steps, tr("loss"), tr("nats"), log=True), [*behind(at, of_run), *own])


def show_histograms(panel: HistogramPanel, at: At, inside: DeepInspection) -> None:
    """Show the distribution of the activations of the layers, the last layer on top."""
    which = explained(at)
    spreads, stroke = inside.looks[which].spreads, panel.theme.stroke(STROKES[which])
    depth = len(spreads)
    # Of many layers as many as have room: every second one, or third, …, from the first, and the last.
    layers = {*range(0, depth, max(1, -(-(depth - 1) // (ROWS - 1)))), depth - 1}
    panel.set_histograms(
        [
            Histogram(tr("layer {n}", n=k + 1), spreads[k].edges, spreads[k].counts.astype(float), stroke)
            for k in sorted(layers, reverse=True)
        ]
    )
    two = len(inside.looks) > 1
    panel.title = tr("Activations of {name}", name=which.upper()) if two else tr("Activations")
