"""The slopes of the two neurons taken apart: as formulas with numbers, and as a table."""

from math import isinf

from engine.experiments.losses.neuron import Inspection, NeuronConfig, Recovery, inspect
from engine.neuron import NEURON_LOSSES
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.own.table import Line, TablePanel
from gui.plots.ticks import factor_text, value_text
from gui.screen.notes import Live
from gui.views.losses.neuron_plots import At, begun, value


def formulas(config: NeuronConfig, recording: Recording, step: int) -> list[Live]:
    """The neuron, ∂L/∂z of both losses, why one is larger, and the step."""
    found = {name: inspect(config, recording, step, name) for name in NEURON_LOSSES}
    latex = r"\Delta b=-\eta\,\frac{\partial L}{\partial z},\quad \Delta w=x\,\Delta b"
    steps = [
        f"{tr(NEURON_LOSSES[name].title)}: Δb = {value_text(-config.rate(name) * one.by_z)}"
        for name, one in found.items()
    ]
    return [
        *(_slope(config, name, one) for name, one in found.items()),
        _cancelled(found["squared_error"]),
        Live(tr("The step"), latex, "\n".join(steps)),
    ]


def _slope(config: NeuronConfig, name: str, found: Inspection) -> Live:
    """∂L/∂p × σ′ = ∂L/∂z with the numbers of this step, checked by differences of the loss."""
    loss = NEURON_LOSSES[name]
    parts = " × ".join(factor_text(value) for value in (found.by_p, found.sigma))
    p, y = value_text(found.p), short_text(config.target, 4)
    numbers = [f"L = {value_text(found.loss)}", f"{parts} = {value_text(found.by_z)}"]
    if name == "cross_entropy":
        numbers.append(f"p − y = {p} − {y} = {value_text(found.by_z)}")
    if isinf(found.by_p):
        numbers.append(tr("∞ × 0 is no number: the product is taken from p − y."))
    return Live(tr(loss.title), loss.slope_latex, "\n".join(numbers), found.check)


def _cancelled(found: Inspection) -> Live:
    """How much the squared error loses to σ′ where its neuron is."""
    times = value_text(1.0 / found.sigma) if found.sigma > 0 else "∞"
    words = tr(
        "Where the squared error's neuron is, cross-entropy would pull {times} times as hard.", times=times
    )
    return Live(tr("What cancels"), r"\sigma'(z)=p(1-p)\le\tfrac14", words)


def show_parts(panel: TablePanel, at: At) -> None:
    """A line for each neuron: p, the two factors, their product, and when it had recovered."""
    if not begun(at.recording):
        return
    lines = []
    for name, loss in NEURON_LOSSES.items():
        values = [value(at, name, key) for key in ("p", "by_p", "sigma", "by_z")]
        words = recovered(at.snapshot[name], at.config.steps)
        cells = (*map(value_text, values), words)
        lines.append(Line(tr(loss.title), panel.theme.stroke(name), cells, (*values, words)))
    panel.set_lines(("p", "∂L/∂p", "× σ′(z)", "= ∂L/∂z", tr("recovered")), lines)


def recovered(found: Recovery, steps: int) -> str:
    """When a neuron first came within the tolerance, in words."""
    if found.step is None:
        return tr("not in {steps} steps", steps=steps)
    if not found.stays:
        return tr("step {step}, not for good", step=found.step)
    return tr("step {step}", step=found.step)
