"""The plots of deep networks: gradients layer by layer, the chain product, losses, activations, factors."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.experiments.gradients.deep_network_inspection import Chain, Look
from engine.recording import Recording
from gui.language import tr
from gui.numbers import short_text
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.histogram import Histogram, HistogramPanel
from gui.plots.table import Line, TablePanel
from gui.theme import DOTTED, Stroke, Theme

ROWS = 8  # histograms that have room
STROKES = {"a": "network_a", "b": "network_b"}
Looks = Mapping[str, Look]


def letter(which: str, networks: int) -> str:
    """How a network is called: not at all, when it is alone."""
    return which.upper() if networks > 1 else ""


def layers_of(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 … L."""
    return np.arange(1.0, len(values) + 1.0)


def show_gradients(
    panel: CurvesPanel,
    theme: Theme,
    now: Looks,
    start: Looks,
    pinned: Sequence[tuple[str, Looks]],
    weights: bool,
) -> None:
    """Draw ‖∂L/∂a‖ or ‖∂L/∂W‖ against the layer: now, as it began, and in pinned runs."""
    curves = []
    for k, (label, looks) in enumerate(pinned):
        for which, one in looks.items():
            y = one.d_weights if weights else one.d_activations
            curves.append(_ghost(k, which, label, layers_of(y), y, theme))
    for which in now:
        stroke, name = theme.stroke(STROKES[which]), letter(which, len(now))
        for key, looks in (("start", start), ("now", now)):
            y = looks[which].d_weights if weights else looks[which].d_activations
            told = tr("{name} at the start", name=name) if key == "start" else tr("{name} now", name=name)
            curves.append(
                Curve(f"{which}.{key}", told.strip(), layers_of(y), y,
                      Stroke(stroke.colour, DOTTED) if key == "start" else stroke,
                      width=1.3 if key == "start" else 2.0)
            )  # fmt: skip
    panel.set_curves(curves)


def _ghost(
    k: int, which: str, label: str, x: NDArray[np.float64], y: NDArray[np.float64], theme: Theme
) -> Curve:
    """A curve of a pinned run; its network A carries the name."""
    name, stroke = label if which == "a" else "", theme.stroke(STROKES[which])
    return Curve(f"pinned.{k}.{which}", name, x, y, stroke, ghost=True)


def show_chain(panel: CurvesPanel, theme: Theme, chains: Mapping[str, Chain], bound: bool) -> None:
    """Draw the gradient of the example in each layer, and what the factors alone would leave."""
    curves = []
    for which, one in chains.items():
        stroke, name = theme.stroke(STROKES[which]), letter(which, len(chains))
        product = tr("{name} bound", name=name) if bound else tr("{name} product", name=name)
        x = layers_of(one.actual)
        curves += [
            Curve(
                f"{which}.product", product.strip(), x, one.product, Stroke(stroke.colour, DOTTED), width=1.3
            ),
            Curve(
                f"{which}.actual", tr("{name} gradient", name=name).strip(), x, one.actual, stroke, width=2.0
            ),
        ]
    panel.set_curves(curves)


def show_losses(panel: CurvesPanel, theme: Theme, recording: Recording, names: Sequence[str],
                pinned: Sequence[tuple[str, Recording]]) -> None:  # fmt: skip
    """Draw the losses of all networks against the step."""
    curves = []
    for k, (label, other) in enumerate(pinned):
        for which in ("a", "b"):
            if f"{which}.loss" in other.names:
                y = other.column(f"{which}.loss")
                curves.append(_ghost(k, which, label, np.arange(float(len(y))), y, theme))
    for which in names:
        stroke, name = theme.stroke(STROKES[which]), letter(which, len(names))
        for key, told in (
            ("loss", tr("{name} training", name=name)),
            ("held_out", tr("{name} held-out", name=name)),
        ):
            if f"{which}.{key}" in recording.names:
                y, tested = recording.column(f"{which}.{key}"), key == "held_out"
                dash = Stroke(stroke.colour, DOTTED) if tested else stroke
                curves.append(Curve(f"{which}.{key}", told.strip(), np.arange(len(y), dtype=float), y, dash,
                                    width=1.4, sparse=tested))  # fmt: skip
    panel.set_curves(curves)


def shown_layers(depth: int) -> list[int]:
    """Of many layers as many as have room, evenly, with the first and the last."""
    return sorted({round(k) for k in np.linspace(0, depth - 1, min(depth, ROWS))})


def show_histograms(panel: HistogramPanel, theme: Theme, look: Look, which: str) -> None:
    """Show how the activations of the layers are spread, the last layer on top."""
    panel.set_histograms(
        [
            Histogram(tr("layer {n}", n=k + 1), look.spreads[k].edges, look.spreads[k].counts.astype(float),
                      theme.stroke(STROKES[which]))
            for k in reversed(shown_layers(len(look.spreads)))
        ]
    )  # fmt: skip


def show_factors(
    panel: TablePanel, theme: Theme, chain: Chain, which: str, normalized: bool, layer: int
) -> None:
    """Show the chain factor by factor: the way back goes from the first line down."""
    head = ["‖∂L/∂a‖", tr("product"), tr("factor"), "‖W‖", tr("slope"), *(["γ/σ"] if normalized else [])]
    lines = []
    for k in range(len(chain.actual) - 1, -1, -1):
        parts = [chain.weights[k], chain.slopes[k], *([chain.stretches[k]] if normalized else [])]
        factors: list[float | None] = [chain.factors[k], *parts]
        if k == 0:  # what the first layer hands on, nobody needs
            factors = [None] * len(factors)
        values = (chain.actual[k], chain.product[k], *factors)
        cells = tuple("–" if value is None else _three(value) for value in values)
        lines.append(Line(str(k + 1), theme.stroke(STROKES[which]), cells, values))
    panel.set_lines(head, lines, len(chain.actual) - 1 - layer)


def _three(x: float) -> str:
    """Three digits: there are many columns."""
    return short_text(x, 3)
