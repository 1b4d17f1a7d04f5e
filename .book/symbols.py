"""The list of symbols: those of the formulas by hand, those of the settings from where they are declared."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from plain_math import latex

# What a letter stands for everywhere, unless a page says otherwise.
FORMULAS = (
    ("p,\\; q", "what happens, and what is believed; p is also a prediction", "information, losses"),
    ("H(P),\\; H(P, Q)", "entropy, cross-entropy", "information"),
    ("\\mathrm{KL}(P \\| Q)", "KL divergence: what believing Q costs where P is true", "information"),
    ("x,\\; y", "features and label of an example; the coordinates of a point", "losses, surfaces"),
    ("z", "a weighted sum before its nonlinearity; a logit", "activations, networks"),
    ("\\sigma(z)", "the sigmoid; σ alone is a standard deviation", "activations, losses"),
    ("\\varphi(z)", "a nonlinearity", "activations, networks"),
    ("a", "an activation: what a layer hands on", "networks"),
    ("W,\\; b", "weights and bias of a layer; of a gate, those of its input", "networks, recurrent"),
    ("U", "weights of the state within a recurrent cell", "recurrent"),
    ("\\theta", "all parameters of a model, as one vector", "linear, networks, recurrent"),
    ("L", "a loss; the Lipschitz constant of a gradient", "losses; convergence"),
    ("f", "the function that is walked on; f* is its least value", "surfaces, convergence"),
    ("g,\\; \\nabla f", "the gradient", "surfaces, optimizers"),
    ("H", "the Hessian: the matrix of second derivatives", "surfaces, optimizers"),
    ("m,\\; v", "running means of the gradient and of its square; v alone is a velocity", "optimizers"),
    ("\\hat m,\\; \\hat v", "the same, corrected for having begun at 0", "optimizers"),
    ("\\kappa", "condition: the largest curvature over the smallest", "convergence"),
    ("\\mu,\\; \\lambda", "a mean; an eigenvalue, or a damping", "convergence, optimizers"),
    ("h_t,\\; c_t", "state and cell (the diary) of a recurrent cell at step t", "recurrent"),
    ("i, f, o, g", "input, forget and output gate of the LSTM, and its candidate", "recurrent"),
    ("r, u, n", "reset and update gate of the GRU, and its candidate", "recurrent"),
    ("\\circ", "multiplies entry by entry", "networks, recurrent"),
)  # fmt: skip


def page() -> Iterator[str]:
    """Yield the lines of the page, in reStructuredText."""
    yield from _table("In formulas", ("Symbol", "What it is", "Chapters"), list(FORMULAS))
    settings = sorted(
        {(_tex(symbol), title, words) for symbol, title, words in _settings()}, key=lambda row: row[1]
    )
    yield from _table("Settings", ("Symbol", "Setting", "What it does"), settings)


def _table(title: str, head: tuple[str, ...], rows: list[tuple[str, str, str]]) -> Iterator[str]:
    yield from (
        title,
        "-" * len(title),
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "   :class: symbols",
        "",
    )
    for k, row in enumerate([head, *rows]):
        first = row[0] if k == 0 else f":math:`{row[0]}`"
        for n, cell in enumerate((first, *row[1:])):
            yield f"   {'* -' if n == 0 else '  -'} {cell if n == 0 else cell.replace('*', chr(92) + '*')}"
    yield ""


def _tex(symbol: str) -> str:
    return latex(symbol)


def _settings() -> Iterator[tuple[str, str, str]]:
    """Yield symbol, title and meaning of every setting of optimizers and experiments that has a symbol."""
    from engine.experiments import EXPERIMENTS
    from engine.optimizers import OPTIMIZERS

    seen: set[Any] = set()
    waiting: list[Any] = [
        *OPTIMIZERS.values(),
        *(experiment.config_type for experiment in EXPERIMENTS.values()),
    ]
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            waiting += get_type_hints(kind, include_extras=True).values()
        elif get_origin(kind) is not None or get_args(kind):
            waiting += [part for part in get_args(kind) if not isinstance(part, msgspec.Meta | str | int)]
            for part in get_args(kind):
                extra = getattr(part, "extra", None) or {}
                if extra.get("symbol"):
                    yield extra["symbol"], part.title, part.description or ""
