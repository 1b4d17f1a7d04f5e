"""An LSTM's step as one writes it at first: float64, a product for x and one for h, slices, new arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.optimizers.adam import Adam


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1/(1 + e⁻ᶻ)."""
    return 1.0 / (1.0 + np.exp(-z))


def naive_step(data: Any) -> Callable[[], np.ndarray]:
    """Forward, back through time and Adam, on `data` of `lstm_step`."""
    n, hidden = data.cell.inputs, data.cell.hidden
    x, d_hidden = data.x.astype(np.float64), data.d_hidden.astype(np.float64)
    rule, theta = Adam(0.001), data.theta.astype(np.float64)
    state = rule.start(theta)

    def step() -> np.ndarray:
        nonlocal theta, state
        matrix = theta.reshape(4 * hidden, -1)
        w, b, u = matrix[:, :n].T, matrix[:, n], matrix[:, n + 1 :].T
        h = c = np.zeros((data.batch, hidden))
        past = []
        for x_t in x:
            z = x_t @ w + h @ u + b
            i, f = sigmoid(z[:, :hidden]), sigmoid(z[:, hidden : 2 * hidden])
            g, o = np.tanh(z[:, 2 * hidden : 3 * hidden]), sigmoid(z[:, 3 * hidden :])
            past.append((x_t, h, c, i, f, g, o))
            c = f * c + i * g
            h = o * np.tanh(c)
            past[-1] += (np.tanh(c),)
        d_w, d_b, d_u = np.zeros_like(w), np.zeros_like(b), np.zeros_like(u)
        d_h = d_c = np.zeros((data.batch, hidden))
        for (x_t, h, c, i, f, g, o, shown), own in zip(reversed(past), reversed(d_hidden), strict=True):
            d_h = d_h + own
            d_c = d_c + d_h * o * (1 - shown**2)
            d_gates = (d_c * g * i * (1 - i), d_c * c * f * (1 - f))
            d_z = np.hstack([*d_gates, d_c * i * (1 - g**2), d_h * shown * o * (1 - o)])
            d_w += x_t.T @ d_z
            d_u += h.T @ d_z
            d_b += d_z.sum(axis=0)
            d_h, d_c = d_z @ u.T, d_c * f
        gradient = np.hstack([d_w.T, d_b[:, None], d_u.T]).ravel()
        theta, state = rule.update(theta, gradient, state)
        return gradient

    return step
