"""The texts of *Cell*: what is left of the last input, and the equations of a step with their numbers.

The equations are in the order of computation: delete, add, read.
"""

from math import tanh
from typing import Any

from engine.experiments.lstm.cell import Before, CellConfig, CellSnapshot, before, effective, values
from engine.gradient_check import GradientCheck
from engine.recurrent import through_time as recurrent
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import factor_text, value_text
from gui.screen.view import Live, Moment

At = Moment[CellConfig, Any]

STATES = {"lstm": "lstm.cell_state", "gru": "gru.hidden_state", "rnn": "rnn.hidden_state"}
NAMES = {"lstm": "the LSTM's cell state c", "gru": "the GRU's state h", "rnn": "the RNN's state h"}
HOLDS, BEYOND = 0.5, 1.5  # between these fractions of its earlier value a state counts as kept
TOO_LITTLE = 1e-3  # a smaller state counts as 0

Way = tuple[str, float, float]  # whose state, what it was, what it is


def finding(at: At) -> str:
    """What the drawn cell and the RNN do with the last input that was not 0 (or the LSTM and the RNN)."""
    if at.step == 0:
        return tr("LSTM, GRU and RNN are about to read the same numbers. Which of them remembers?")
    ours = at.options.cell if at.options.cell != "rnn" else "lstm"
    read = last_read(at.config.inputs, at.step)
    since = at.step - 1 if read == at.step else read
    columns = {kind: at.recording.column(STATES[kind]) for kind in (ours, "rnn")}
    ways = [(tr(NAMES[kind]), float(y[since]), float(y[at.step])) for kind, y in columns.items()]
    if not read:
        sentence = "Nothing but zeros so far: {one} is {b}, {two} is {d}."
    elif read == at.step:
        sentence = "Step {k} reads {x}: {one} goes from {a} to {b}, {two} from {c} to {d}."
    else:
        sentence, ways = _remembered(ways)
    (one, a, b), (two, c, d) = ways
    x = short_text(at.config.inputs[read - 1], 4)
    return tr(sentence, k=read, x=x, one=one, a=a, b=b, two=two, c=c, d=d)


def _remembered(ways: list[Way]) -> tuple[str, list[Way]]:
    """The sentence on what both still hold, and which of them it begins with."""
    shares = [now / then if abs(then) >= TOO_LITTLE else None for _, then, now in ways]
    first, second = (share is not None and share >= HOLDS for share in shares)
    sentence = "Of the input {x} at step {k}, {one} holds only {b} of {a}, {two} only {d} of {c}."
    if any(share is None or abs(share) > BEYOND for share in shares):
        sentence = "Since the input {x} at step {k}, {one} has gone from {a} to {b}, {two} from {c} to {d}."
    elif first and second:
        sentence = "Of the input {x} at step {k}, {one} still holds {b} of {a}, {two} {d} of {c}."
    elif first or second:
        sentence = "Of the input {x} at step {k}, {one} still holds {b} of {a}, {two} only {d} of {c}."
        ways = ways if first else ways[::-1]
    return sentence, ways


def last_read(inputs: tuple[float, ...], step: int) -> int:
    """The last step up to this one whose input was not 0; 0 if there was none."""
    return next((k for k in range(min(step, len(inputs)), 0, -1) if inputs[k - 1]), 0)


def still_known(inputs: tuple[float, ...]) -> int | None:
    """The last step of the first stretch of zeros that follows on an input; None without one."""
    for k, (x, after) in enumerate(zip(inputs, (*inputs[1:], 1.0), strict=True), start=1):
        if not x and after and last_read(inputs, k):
            return k
    return None


def formulas(
    config: CellConfig, shot: CellSnapshot, kind: str, step: int, check: GradientCheck
) -> list[Live]:
    """Return the formulas of a step of a cell, of the influence of its input on the end, and of the
    parameters.
    """
    now, old = values(shot, kind, step), before(shot, kind, step)
    start = Live(
        tr("Before the first step"), r"h_0=0,\quad c_0=0", tr("Nothing has been read yet. Go one step on.")
    )
    steps = {"lstm": _lstm, "gru": _gru, "rnn": _rnn}[kind](config, now, old) if step else [start]
    return [*steps, _felt(shot, kind, step, check), _count(config, kind)]


def _sum(config: CellConfig, name: str, old: Before) -> str:
    """w·x + u·h + b with numbers; of a clamped gate, what holds it."""
    if effective(config, name) != getattr(config, name):
        return tr("clamped")
    w, u, b = (short_text(weight, 4) for weight in effective(config, name))
    return plus(f"{w}·{factor_text(old.x)}", f"{u}·{factor_text(old.hidden_state)}", b)


def plus(*terms: str) -> str:
    """The sum of numbers in words; a term that begins with a minus is taken away."""
    return " + ".join(terms).replace("+ −", "− ")


def _lstm(config: CellConfig, now: dict[str, float], old: Before) -> list[Live]:
    f, i, g, o, c, h = (
        now[name]
        for name in ("forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state")
    )
    text = value_text
    return [
        Live(
            tr("1 · Delete: the forget gate"),
            r"f=\sigma(w_f x+u_f h_{t-1}+b_f)",
            f"σ({_sum(config, 'forget_gate', old)}) = {text(f)}\n"
            f"f·c = {text(f)} · {factor_text(old.cell_state)} = {text(f * old.cell_state)}",
        ),
        Live(
            tr("2 · Add: input gate and candidate"),
            r"i=\sigma(\ldots),\quad g=\tanh(\ldots),\quad c=f\,c_{t-1}+i\,g",
            f"i = σ({_sum(config, 'input_gate', old)}) = {text(i)}\n"
            f"g = tanh({_sum(config, 'candidate', old)}) = {text(g)}\n"
            f"c = {text(f * old.cell_state)} + {text(i)} · {factor_text(g)} = {text(c)}",
        ),
        Live(
            tr("3 · Read: the output gate"),
            r"o=\sigma(\ldots),\quad h=o\,\tanh c",
            f"o = σ({_sum(config, 'output_gate', old)}) = {text(o)}\n"
            f"h = {text(o)} · {factor_text(tanh(c))} = {text(h)}",
        ),
    ]


def _gru(config: CellConfig, now: dict[str, float], old: Before) -> list[Live]:
    z, r, n, h = (now[name] for name in ("update_gate", "reset_gate", "candidate", "hidden_state"))
    text = value_text
    w, recurrent, b = config.gru_candidate
    recalled = factor_text(recurrent * old.hidden_state)
    inner = plus(f"{short_text(w, 4)}·{factor_text(old.x)}", short_text(b, 4), f"{text(r)}·{recalled}")
    return [
        Live(
            tr("1 · Delete: the update gate keeps a fraction"),
            r"z=\sigma(w_z x+u_z h_{t-1}+b_z)",
            f"σ({_sum(config, 'gru_update', old)}) = {text(z)}\n"
            f"z·h = {text(z)} · {factor_text(old.hidden_state)} = {text(z * old.hidden_state)}",
        ),
        Live(
            tr("2 · Add: the candidate, through the reset gate"),
            r"n=\tanh(w_n x+b_n+r\,u_n h_{t-1})",
            f"r = σ({_sum(config, 'gru_reset', old)}) = {text(r)}\nn = tanh({inner}) = {text(n)}",
        ),
        Live(
            tr("Both together: the new state"),
            r"h=z\,h_{t-1}+(1-z)\,n",
            f"h = {text(z * old.hidden_state)} + {text(1 - z)} · {factor_text(n)} = {text(h)}",
        ),
    ]


def _rnn(config: CellConfig, now: dict[str, float], old: Before) -> list[Live]:
    numbers = f"tanh({_sum(config, 'rnn_state', old)}) = {value_text(now['hidden_state'])}"
    return [Live(tr("All in one: the state is made anew"), r"h=\tanh(w\,x+u\,h_{t-1}+b)", numbers)]


def _felt(shot: CellSnapshot, kind: str, step: int, check: GradientCheck) -> Live:
    """Return the formula of how much the last output depends on the input of this step."""
    last, t = len(shot.inputs), max(step, 1)
    numbers = f"∂h({last})/∂x({t}) = {value_text(float(shot.d_inputs[kind][t - 1]))}"
    return Live(tr("Gradient of the output"), r"\frac{\partial h_T}{\partial x_t}", numbers, check)


def _count(config: CellConfig, kind: str) -> Live:
    d, units = config.count_inputs, config.count_hidden
    cell = recurrent.CELLS[kind](d, units)
    gates = len(cell.gate_names)
    here = f"{gates} · ({units}·({d} + {units}) + {units}) = {cell.count:,}"
    elsewhere = tr("with two biases, as some frameworks count: {n}", n=f"{cell.count_with_two_biases:,}")
    latex = rf"{gates if gates > 1 else ''}\,(H\,(d+H)+H)"
    return Live(tr("Parameters of a layer: d inputs, H units"), latex, f"{here}\n{elsewhere}")
