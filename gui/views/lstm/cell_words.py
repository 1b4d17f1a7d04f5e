"""The sentence over a cell: what the cells still hold of the last input, or write of this one."""

from typing import Any

from engine.experiments.lstm.cell import CellConfig
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import number_text, short_text
from gui.screen.moment import Moment

STATES = {"lstm": "lstm.cell_state", "gru": "gru.hidden_state", "rnn": "rnn.hidden_state"}
NAMES = {"lstm": "the LSTM's diary c", "gru": "the GRU's state h", "rnn": "the RNN's state h"}
HOLDS, BEYOND = 0.5, 1.5  # the shares of a state between which it is said to hold what it had
TOO_LITTLE = 1e-3  # of a state, to say that it remembers

Way = tuple[str, float, float]  # whose state, what it was, what it is


def finding(at: Moment[CellConfig, Any]) -> str:
    """What the drawn cell and the RNN do with the last input that was not 0 (or the LSTM and the RNN)."""
    if at.step == 0:
        return tr("LSTM, GRU and RNN are about to read the same numbers. Which of them remembers?")
    ours = at.options.cell if at.options.cell != "rnn" else "lstm"
    read = last_read(at.config.inputs, at.step)
    since = at.step - 1 if read == at.step else read
    one, two = (_way(at.recording, kind, since, at.step) for kind in (ours, "rnn"))
    if not read:
        return tr("Nothing but zeros so far: {one} is {b}, {two} is {d}.", **_slots(one, two))
    x = short_text(at.config.inputs[read - 1], 4)
    if read == at.step:
        return tr("Step {k} reads {x}: {one} goes from {a} to {b}, {two} from {c} to {d}.",
                  k=read, x=x, **_slots(one, two))  # fmt: skip
    return _remembered(one, two, x, read)


def _remembered(one: Way, two: Way, x: str, read: int) -> str:
    shares = [now / then if abs(then) >= TOO_LITTLE else None for _, then, now in (one, two)]
    if any(share is None or abs(share) > BEYOND for share in shares):
        return tr("Since the input {x} at step {k}, {one} has gone from {a} to {b}, {two} from {c} to {d}.",
                  x=x, k=read, **_slots(one, two))  # fmt: skip
    first, second = (share is not None and share >= HOLDS for share in shares)
    if first and second:
        return tr("Of the input {x} at step {k}, {one} still holds {b} of {a}, {two} {d} of {c}.",
                  x=x, k=read, **_slots(one, two))  # fmt: skip
    if first or second:
        return tr("Of the input {x} at step {k}, {one} still holds {b} of {a}, {two} only {d} of {c}.",
                  x=x, k=read, **(_slots(one, two) if first else _slots(two, one)))  # fmt: skip
    return tr("Of the input {x} at step {k}, {one} holds only {b} of {a}, {two} only {d} of {c}.",
              x=x, k=read, **_slots(one, two))  # fmt: skip


def last_read(inputs: tuple[float, ...], step: int) -> int:
    """The last step up to this one whose input was not 0; 0 if there was none."""
    return next((k for k in range(min(step, len(inputs)), 0, -1) if inputs[k - 1]), 0)


def still_known(inputs: tuple[float, ...]) -> int | None:
    """The last step of the first stretch of zeros that follows on an input; None without one."""
    for k, (x, after) in enumerate(zip(inputs, (*inputs[1:], 1.0), strict=True), start=1):
        if not x and after and last_read(inputs, k):
            return k
    return None


def _way(recording: Recording, kind: str, then: int, now: int) -> Way:
    column = recording.column(STATES[kind])
    return tr(NAMES[kind]), float(column[then]), float(column[now])


def _slots(one: Way, two: Way) -> dict[str, str]:
    a, b, c, d = (number_text(value).strip() for value in (*one[1:], *two[1:]))
    return {"one": one[0], "two": two[0], "a": a, "b": b, "c": c, "d": d}
