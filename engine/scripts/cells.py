"""The recurrent cells of a script in NumPy, forward and backward through time.

Each cell is two functions. The parameters of a cell are [gates, hidden, in + 1 + hidden], the factors of x,
of 1 and of h. The arithmetic is that of `engine.recurrent.fast`, in the same order, so that a run in float32
gives the same numbers to the last bit.
"""

from engine.scripts.writer import ScriptWriter


def write_cell(script: ScriptWriter, kind: str, of_inputs: bool) -> None:
    """Write both functions of a cell; with `of_inputs` the backward pass returns ∂L/∂x too."""
    {"lstm": _lstm, "gru": _gru, "rnn": _rnn}[kind](script, of_inputs)


def _begin(script: ScriptWriter) -> str:
    """The lines with which each forward pass begins."""
    words = script.tr("x, 1 and h of the step before")
    return f"""
            inputs = x.shape[2]
            rows = np.zeros((len(x) + 1, x.shape[1], inputs + 1 + hidden), dtype)  # {words}
            rows[:-1, :, :inputs], rows[:, :, inputs] = x, 1.0
            h = rows[:, :, inputs + 1 :]"""


IFGO, GIFO = "i, f, g, o", "g, i, f, o"
SIZES = """
            count, split = len(d_hidden) * d_hidden.shape[1], rows.shape[2] - hidden"""


def _end(of_inputs: bool, of_input: str, d_z: str, gradient: str = "gradient") -> str:
    """The lines with which a backward pass ends; W is in `of_input`, and `d_z` are its rows of ∂L/∂z."""
    if not of_inputs:
        return f"return {gradient}"
    return f"""d_x = {d_z} @ {of_input}[:, : split - 1].copy()
            return {gradient}, d_x.reshape(*d_hidden.shape[:2], -1)"""


def _lstm(script: ScriptWriter, of_inputs: bool) -> None:
    tr = script.tr
    formula = "i, f, o = σ(W·x + b + U·h₋₁), g = tanh(W·x + b + U·h₋₁), c = f∘c₋₁ + i∘g, h = o∘tanh c"
    script.note(f"LSTM: {formula}")
    script.code(f"""
        def lstm_forward(cell, x):{_begin(script)}
            c = np.zeros((len(x) + 1, x.shape[1], hidden), dtype)
            gates = np.zeros((len(x), 4, x.shape[1], hidden), dtype)
            weights = cell.swapaxes(1, 2).copy()  # {tr("[W; b; U] of {gates}", gates=IFGO)}
            for t in range(len(x)):
                z = rows[t] @ weights
                i, f, o = 1.0 / (1.0 + np.exp(-z[[0, 1, 3]]))
                g = np.tanh(z[2])
                c[t + 1] = i * g + f * c[t]
                h[t + 1] = o * np.tanh(c[t + 1])
                gates[t] = i, f, g, o
            return rows, (gates, c)
    """)
    script.note(
        tr("The same backward: ∂L/∂h and ∂L/∂c, ∂L/∂z of g, i, f and o, and from these ∂L/∂[W, b, U]")
    )
    ending = _end(of_inputs, "ordered", "d_z.reshape(count, -1)")
    script.code(f"""
        def lstm_backward(cell, rows, kept, d_hidden):
            (gates, c), d_h, d_c = kept, 0.0, 0.0{SIZES}
            ordered = cell[[2, 0, 1, 3]].reshape(4 * hidden, -1)  # {tr("in the order {gates}", gates=GIFO)}
            recurrent = ordered[:, split:].copy()
            d_z = np.zeros((*d_hidden.shape[:2], 4, hidden), dtype)
            for t in reversed(range(len(d_hidden))):
                i, f, g, o = gates[t]
                tanh_c = np.tanh(c[t + 1])
                d_h = d_h + d_hidden[t]
                d_c = d_c + d_h * (o - tanh_c * (o * tanh_c))
                d_z[t, :, 0] = d_c * (i - g * (i * g))
                d_z[t, :, 1] = d_c * (i * g * (1.0 - i))
                d_z[t, :, 2] = d_c * (f * c[t] * (1.0 - f))
                d_z[t, :, 3] = d_h * (o * tanh_c * (1.0 - o))
                d_h = np.dot(d_z[t].reshape(len(d_c), -1), recurrent)
                d_c = d_c * f
            gradient = np.dot(d_z.reshape(count, -1).T, rows[:-1].reshape(count, -1))
            gradient = gradient.reshape(cell.shape)[[1, 2, 0, 3]]  # {tr("in the order {gates}", gates=IFGO)}
            {ending}
    """)


def _gru(script: ScriptWriter, of_inputs: bool) -> None:
    tr = script.tr
    script.note("GRU: r, u = σ(W·x + b + U·h₋₁), n = tanh(W·x + b + r∘(U·h₋₁)), h = n + u∘(h₋₁ − n)")
    script.code(f"""
        def gru_forward(cell, x):{_begin(script)}
            gates = np.zeros((len(x), 4, x.shape[1], hidden), dtype)
            weights = cell.swapaxes(1, 2).copy()  # {tr("[W; b; U] of {gates}", gates="r, u, n")}
            of_x = rows[:-1].reshape(-1, rows.shape[2])[:, : inputs + 1] @ weights[2, : inputs + 1]
            of_x = of_x.reshape(*x.shape[:2], hidden)  # {tr("W·x + b of {gates}", gates="n")}
            for t in range(len(x)):
                r, u = 1.0 / (1.0 + np.exp(-(rows[t] @ weights[:2])))
                q = h[t] @ weights[2, inputs + 1 :]
                n = np.tanh(r * q + of_x[t])
                h[t + 1] = n + (h[t] - n) * u
                gates[t] = r, u, q, n
            return rows, gates
    """)
    script.note(
        tr("The same backward: ∂L/∂h, ∂L/∂z of n, r, u and of q = U·h₋₁, and from these ∂L/∂[W, b, U]")
    )
    ending = _end(of_inputs, "cell[[2, 0, 1]].reshape(3 * hidden, -1)", "d_z[:, : 3 * hidden]")
    script.code(f"""
        def gru_backward(cell, rows, gates, d_hidden):
            d_h = 0.0{SIZES}
            recurrent = cell.reshape(3 * hidden, -1)[:, split:].copy()
            d_z = np.zeros((*d_hidden.shape[:2], 4, hidden), dtype)
            for t in reversed(range(len(d_hidden))):
                (r, u, q, n), before = gates[t], rows[t, :, split:]
                of_n = (1.0 - n * n) * (1.0 - u)
                d_h = d_h + d_hidden[t]
                d_z[t, :, 0] = d_h * of_n
                d_z[t, :, 1] = d_h * ((1.0 - r) * q * (of_n * r))
                d_z[t, :, 2] = d_h * ((before - n) * u * (1.0 - u))
                d_z[t, :, 3] = d_h * (of_n * r)
                d_h = d_z[t].reshape(len(d_h), -1)[:, hidden:] @ recurrent + d_h * u
            d_z, rows, gradient = d_z.reshape(count, -1), rows[:-1].reshape(count, -1), np.empty_like(cell)
            of_n, of_r, of_u = (d_z[:, : 3 * hidden].T @ rows[:, :split]).reshape(3, hidden, split)
            gradient[:, :, :split] = of_r, of_u, of_n
            gradient[:, :, split:] = (d_z[:, hidden:].T @ rows[:, split:]).reshape(3, hidden, hidden)
            {ending}
    """)


def _rnn(script: ScriptWriter, of_inputs: bool) -> None:
    tr = script.tr
    script.note("RNN: h = tanh(W·x + b + U·h₋₁)")
    script.code(f"""
        def rnn_forward(cell, x):{_begin(script)}
            weights = cell[0].T.copy()  # [W; b; U]
            for t in range(len(x)):
                h[t + 1] = np.tanh(np.dot(rows[t], weights))
            return rows, h
    """)
    script.note(tr("The same backward: ∂L/∂h, ∂L/∂z with tanh′ = 1 − h², and from these ∂L/∂[W, b, U]"))
    ending = _end(of_inputs, "cell[0]", "d_z.reshape(count, -1)", "gradient[None]")
    script.code(f"""
        def rnn_backward(cell, rows, h, d_hidden):
            d_h = 0.0{SIZES}
            d_z, recurrent = np.zeros_like(d_hidden), cell[0, :, split:].copy()
            for t in reversed(range(len(d_hidden))):
                d_h = d_h + d_hidden[t]
                d_z[t] = d_h * (1.0 - h[t + 1] * h[t + 1])
                d_h = np.dot(d_z[t], recurrent)
            gradient = np.dot(d_z.reshape(count, -1).T, rows[:-1].reshape(count, -1))
            {ending}
    """)
