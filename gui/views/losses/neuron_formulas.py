"""The slopes of the two neurons taken apart: as formulas, and as a table. Who recovers first, in words."""

from dataclasses import replace
from math import inf, isinf

from engine.config import Config
from engine.experiments.losses.neuron import NeuronConfig, NeuronInspection, NeuronRecovery, inspect
from engine.losses.neuron import NEURON_LOSSES
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Stroke, Theme
from gui.plots.own.table import TablePanel, TableRow
from gui.plots.ticks import factor_text, value_text
from gui.screen.notes import Live
from gui.screen.terms import Term
from gui.screen.view import Moment
from gui.views.schedule_blocks import schedule_blocks, schedule_terms

At = Moment[NeuronConfig, Config]
STROKES = {"squared_error": "mse", "cross_entropy": "cross_entropy"}  # one loss, one colour on all pages


def begun(recording: Recording) -> bool:
    """Whether there is more than the start: all steps come with the next frame."""
    return recording.last >= 1


def stroke_of(theme: Theme, name: str) -> Stroke:
    """How a loss is drawn."""
    return theme.stroke(STROKES[name])


def formulas(at: At) -> list[Live]:
    """The neuron, ∂L/∂z of both losses, why one is larger, and the next step."""
    config, t = at.config, at.step + 1
    rules = {name: config.descent(name) for name in NEURON_LOSSES}
    found = {name: inspect(config, at.recording, at.step, name) for name in NEURON_LOSSES}
    latex = r"\Delta b=-\eta\,\frac{\partial L}{\partial z},\quad \Delta w=x\,\Delta b"
    latex = rules["cross_entropy"].with_schedule(latex)
    steps = [
        tr("{loss}: Δb = {value}", loss=tr(NEURON_LOSSES[name].title), value=-rules[name].rate(t) * one.by_z)
        for name, one in found.items()
    ]
    return [
        *(_slope(config, name, one) for name, one in found.items()),
        _cancelled(found["squared_error"]),
        *_rates(config, t),
        Live(tr("The step"), latex, "\n".join(steps)),
    ]


def _rates(config: NeuronConfig, t: int) -> list[Live]:
    """How η_t follows from η in step t; of both losses, where each has an η of its own."""
    blocks = {name: schedule_blocks(config.descent(name), t) for name in NEURON_LOSSES}
    found = blocks["cross_entropy"]
    if found and config.factor != 1:
        each = (f"{tr(NEURON_LOSSES[name].title)}: {blocks[name][-1].numbers}" for name in NEURON_LOSSES)
        found[-1] = replace(found[-1], numbers="\n".join(each))
    return found


def rate_terms(at: At) -> list[Term]:
    """The terms of the schedule, for the next step."""
    return schedule_terms(at.config.descent("cross_entropy"), at.step + 1)


def _slope(config: NeuronConfig, name: str, found: NeuronInspection) -> Live:
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


def _cancelled(found: NeuronInspection) -> Live:
    """How much the squared error loses to σ′ where its neuron is."""
    times = 1.0 / found.sigma if found.sigma > 0 else inf
    words = "Where the squared error's neuron is, the gradient of cross-entropy is {times} times as large."
    return Live(tr("What cancels"), r"\sigma'(z)=p(1-p)\le\tfrac14", tr(words, times=times))


def show_parts(panel: TablePanel, at: At) -> None:
    """A line for each neuron: p, the two factors, their product, and when it had recovered."""
    if not begun(at.recording):
        return
    lines = []
    for name, loss in NEURON_LOSSES.items():
        values = [at.value(f"{name}.{key}") for key in ("p", "by_p", "sigma", "by_z")]
        words = recovered(at.snapshot[name], at.config.steps)
        cells = (*map(value_text, values), words)
        lines.append(TableRow(tr(loss.title), stroke_of(panel.theme, name), cells, (*values, words)))
    panel.set_lines(("p", "∂L/∂p", "× σ′(z)", "= ∂L/∂z", tr("recovered")), lines)


def recovered(found: NeuronRecovery, steps: int) -> str:
    """When a neuron first came within the tolerance, in words."""
    if found.step is None:
        return tr("not in {steps} steps", steps=steps)
    if not found.stays:
        return tr("step {step}, not for good", step=found.step)
    return tr("step {step}", step=found.step)


def finding(at: At) -> str:
    """Which neuron recovers first, and how far behind the other one is."""
    found: dict[str, NeuronRecovery] = at.snapshot
    when = {name: inf if one.step is None else float(one.step) for name, one in found.items()}
    first, second = sorted(found, key=when.__getitem__)
    sooner, later = found[first].step, found[second].step
    if sooner is None or at.step < sooner:
        return _on_the_way(at)
    slots = {
        "n": sooner,
        "m": later,
        "first": _titled(first).lower(),
        "second": _titled(second).lower(),
        "steps": at.config.steps,
        "target": short_text(at.config.target, 4),
        "tolerance": short_text(at.config.tolerance, 4),
    }
    for name in (first, second):
        there, stays = found[name].step, found[name].stays
        if there is not None and not stays and at.step >= max(there, 1):
            own = {"loss": _titled(name), "n": there, "p": _answer(at, name)}
            away = "{loss} is within {tolerance} of {target} at step {n}, but leaves again: now it says {p}."
            return tr(away, **slots | own)
    if later is None:
        return tr("After {n} steps {first} has recovered; {second} does not in {steps}.", **slots)
    if sooner < later:
        return tr("After {n} steps {first} has recovered; {second} needs {m}.", **slots)
    if sooner:
        return tr("Both losses have recovered by step {n}.", **slots)
    return tr("Both neurons start within {tolerance} of {target}: there is nothing to recover from.", **slots)


def _on_the_way(at: At) -> str:
    """What is answered while neither has recovered."""
    squared, cross = (_answer(at, name) for name in NEURON_LOSSES)
    start = "Both neurons answer {p} where {target} is right. Which loss corrects it sooner?"
    later = "At step {step} cross-entropy answers {p}, squared error {q}; {target} is right."
    return tr(
        later if at.step else start, step=at.step, p=cross, q=squared, target=short_text(at.config.target, 4)
    )


def _answer(at: At, name: str) -> str:
    return value_text(at.value(f"{name}.p"))


def _titled(name: str) -> str:
    return tr(NEURON_LOSSES[name].title)
