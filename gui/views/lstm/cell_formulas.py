"""The equations of a step in the order of what happens: delete, add, read; with their numbers."""

from math import tanh

from engine.experiments.lstm.cell import Before, CellConfig, Snapshot, before, effective, values
from engine.gradient_check import GradientCheck
from engine.recurrent import CELLS
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import factor_text, value_text
from gui.screen.notes import Live


def formulas(config: CellConfig, shot: Snapshot, kind: str, step: int, check: GradientCheck) -> list[Live]:
    """What a cell does in a step, what its end still feels, and how many parameters it has."""
    now, old = values(shot, kind, step), before(shot, kind, step)
    steps = {"lstm": _lstm, "gru": _gru, "rnn": _rnn}[kind](config, now, old) if step else [_start()]
    return [*steps, _felt(shot, kind, step, check), _count(config, kind)]


def _start() -> Live:
    words = tr("Nothing has been read yet. Go one step on.")
    return Live(tr("Before the first step"), r"h_0=0,\quad c_0=0", words)


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
    f, i, g, o, c, h = (now[name] for name in ("forget_gate", "input_gate", "candidate", "output_gate",
                                               "cell_state", "hidden_state"))  # fmt: skip
    text = value_text
    return [
        Live(tr("1 · Delete: the forget gate"), r"f=\sigma(w_f x+u_f h_{t-1}+b_f)",
             f"σ({_sum(config, 'forget_gate', old)}) = {text(f)}\n"
             f"f·c = {text(f)} · {factor_text(old.cell_state)} = {text(f * old.cell_state)}"),
        Live(tr("2 · Add: input gate and candidate"),
             r"i=\sigma(\ldots),\quad g=\tanh(\ldots),\quad c=f\,c_{t-1}+i\,g",
             f"i = σ({_sum(config, 'input_gate', old)}) = {text(i)}\n"
             f"g = tanh({_sum(config, 'candidate', old)}) = {text(g)}\n"
             f"c = {text(f * old.cell_state)} + {text(i)} · {factor_text(g)} = {text(c)}"),
        Live(tr("3 · Read: the output gate"), r"o=\sigma(\ldots),\quad h=o\,\tanh c",
             f"o = σ({_sum(config, 'output_gate', old)}) = {text(o)}\n"
             f"h = {text(o)} · {factor_text(tanh(c))} = {text(h)}"),
    ]  # fmt: skip


def _gru(config: CellConfig, now: dict[str, float], old: Before) -> list[Live]:
    u, r, n, h = (now[name] for name in ("update_gate", "reset_gate", "candidate", "hidden_state"))
    text = value_text
    w, recurrent, b = config.gru_candidate
    recalled = factor_text(recurrent * old.hidden_state)
    inner = plus(f"{short_text(w, 4)}·{factor_text(old.x)}", short_text(b, 4), f"{text(r)}·{recalled}")
    return [
        Live(tr("1 · Delete: the update gate keeps a share"), r"u=\sigma(w_u x+u_u h_{t-1}+b_u)",
             f"σ({_sum(config, 'gru_update', old)}) = {text(u)}\n"
             f"u·h = {text(u)} · {factor_text(old.hidden_state)} = {text(u * old.hidden_state)}"),
        Live(tr("2 · Add: the candidate, through the reset gate"),
             r"n=\tanh(w_n x+b_n+r\,u_n h_{t-1})",
             f"r = σ({_sum(config, 'gru_reset', old)}) = {text(r)}\nn = tanh({inner}) = {text(n)}"),
        Live(tr("Both together: the new state"), r"h=u\,h_{t-1}+(1-u)\,n",
             f"h = {text(u * old.hidden_state)} + {text(1 - u)} · {factor_text(n)} = {text(h)}"),
    ]  # fmt: skip


def _rnn(config: CellConfig, now: dict[str, float], old: Before) -> list[Live]:
    numbers = f"tanh({_sum(config, 'rnn_state', old)}) = {value_text(now['hidden_state'])}"
    return [Live(tr("All in one: the state is made anew"), r"h=\tanh(w\,x+u\,h_{t-1}+b)", numbers)]


def _felt(shot: Snapshot, kind: str, step: int, check: GradientCheck) -> Live:
    """How much the last output still depends on the input of this step."""
    last, t = len(shot.inputs), max(step, 1)
    numbers = f"∂h({last})/∂x({t}) = {value_text(float(shot.felt[kind][t - 1]))}"
    return Live(tr("Felt at the end"), r"\frac{\partial h_T}{\partial x_t}", numbers, check)


def _count(config: CellConfig, kind: str) -> Live:
    d, h = config.count_inputs, config.count_hidden
    cell = CELLS[kind](d, h)
    gates = len(cell.gate_names)
    here = f"{gates} · ({h}·({d} + {h}) + {h}) = {cell.count:,}"
    elsewhere = tr("with two biases, as some frameworks count: {n}", n=f"{cell.count_with_two_biases:,}")
    latex = rf"{gates if gates > 1 else ''}\,(h\,(d+h)+h)"
    return Live(tr("Parameters of a layer: d inputs, h units"), latex, f"{here}\n{elsewhere}")
