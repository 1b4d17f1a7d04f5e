"""Fully connected networks in a script: activations, first weights, and the passes layer by layer.

In NumPy all weights are one vector θ, as in the engine: `parts(theta)` cuts it into W1, b1, W2, … as views.
In PyTorch they are layers of `torch.nn`, with the same first weights.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import prod
from typing import Any

from engine import activations
from engine.activations import ACTIVATIONS
from engine.config import Problem
from engine.networks import initializers
from engine.networks.initializers import INITIALIZERS
from engine.optimizers.iterate_averaging import ASGD
from engine.scripts.changing import ChangedSettings, MovingLines, group_lines, turn_lines
from engine.scripts.rules import rule_lines
from engine.scripts.torch_rules import torch_call, torch_lines
from engine.scripts.writer import ScriptWriter, literal

TORCH_LAYERS = {
    "identity": "torch.nn.Identity()",
    "sigmoid": "torch.nn.Sigmoid()",
    "tanh": "torch.nn.Tanh()",
    "relu": "torch.nn.ReLU()",
    "leaky_relu": f"torch.nn.LeakyReLU({activations.LEAK})",
    "elu": "torch.nn.ELU()",
    "gelu": "torch.nn.GELU()",
    "softplus": "torch.nn.Softplus(threshold=40)",
    "silu": "torch.nn.SiLU()",
}
# What the functions of an activation need: names in `engine.activations`
NEEDED = {
    "sigmoid": ("sigmoid", "d_sigmoid"),
    "tanh": ("tanh", "d_sigmoid", "d_tanh"),
    "elu": ("elu", "d_elu"),
    "gelu": ("normal_cdf", "gelu", "d_gelu"),
    "softplus": ("softplus", "sigmoid"),
    "silu": ("sigmoid", "d_sigmoid", "silu", "d_silu"),
}
SIMPLE = {  # functions of one line that are shorter here than in the engine
    "identity": ("z", "np.ones_like(z)"),
    "relu": ("np.maximum(z, 0.0)", "(z > 0).astype(z.dtype)"),
    "leaky_relu": (
        f"np.where(z > 0, z, {activations.LEAK} * z)",
        f"np.maximum((z > 0).astype(z.dtype), {activations.LEAK})",
    ),
}
ONLY_ZEROS = (
    "With all first weights 0, rounding decides how the network learns, and PyTorch rounds in another way: "
    "choose NumPy, or another initialisation"
)
ERFC = """
    FARTHEST = 26.0


    def scaled_erfc(u):
        distance = [4.0 / node - 4.0 for node in u.tolist()]
        return np.array([math.exp(y * y) * math.erfc(y) for y in distance])


    SCALED_ERFC = {
        np.dtype(kind): np.polynomial.Chebyshev.interpolate(
            scaled_erfc, degree, domain=(4.0 / (4.0 + FARTHEST), 1.0)
        )
        for kind, degree in ((np.float32, 11), (np.float64, 24))
    }
"""


def write_activation(script: ScriptWriter, name: str) -> tuple[str, str]:
    """Write φ and φ′ in NumPy; returns the names of both functions."""
    words = script.tr("The activation φ(z), and its slope φ′(z)")
    if name in SIMPLE:
        value, slope = SIMPLE[name]
        script.note(words)
        script.code(f"def {name}(z):\n    return {value}\n\n\ndef d_{name}(z):\n    return {slope}")
        return name, f"d_{name}"
    if name == "gelu":
        script.note(script.tr("e^(y²)·erfc(y) as a polynomial of u = 4/(4 + y), since NumPy has no erfc"))
        script.code(ERFC)
    for function in NEEDED[name]:
        script.function(getattr(activations, function), words if function == name else "")
    return name, ACTIVATIONS[name].slope.__name__


def write_initializer(script: ScriptWriter, name: str) -> str:
    """Write how first weights [in, out] are drawn; returns the name of the function (rng, n_in, n_out)."""
    draw, words = (
        INITIALIZERS[name].draw,
        script.tr("First weights [in, out]: {name}", name=script.tr(INITIALIZERS[name].title)),
    )
    for helper in ("normal", "uniform"):
        if name in (f"xavier_{helper}", f"he_{helper}"):
            script.function(getattr(initializers, helper), words)
            words = ""
    script.function(draw, words)
    return draw.__name__


@dataclass(frozen=True)
class ScriptLayers:
    """The fully connected layers of a network in a script, with `before`, the parts of θ before them."""

    sizes: tuple[int, ...]  # inputs, hidden …, outputs
    activation: str
    before: tuple[tuple[str, tuple[int, ...]], ...] = ()  # names and shapes

    @property
    def depth(self) -> int:
        """How many hidden layers there are."""
        return len(self.sizes) - 2

    @property
    def parts(self) -> dict[str, tuple[int, ...]]:
        """The parts of θ in their order, with their shapes."""
        found = dict(self.before)
        for k, (n_in, n_out) in enumerate(pairwise(self.sizes), start=1):
            found |= {f"W{k}": (n_in, n_out), f"b{k}": (n_out,)}
        return found

    def cut(self) -> str:
        """The functions `parts`, which cuts a vector like θ, and `joined`, which joins its parts again."""
        join = "\n\n\ndef joined(*parts):\n    return np.concatenate([part.ravel() for part in parts])"
        ends = list(accumulate(map(prod, self.parts.values())))[:-1]
        if self.depth > 2:
            shapes = ",\n".join(f"    {literal(shape)}" for shape in self.parts.values())
            return (
                f"shapes = [\n{shapes},\n]\n"
                "ends = np.cumsum([math.prod(shape) for shape in shapes])[:-1]\n\n\n"
                "def parts(vector):\n"
                "    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends), shapes)]"
                + join
            )
        shaped = [
            name if len(shape) == 1 else f"{name}.reshape{literal(shape)}"
            for name, shape in self.parts.items()
        ]
        names = f"{', '.join(self.parts)} = np.split(vector, {literal(ends)})"
        return f"def parts(vector):\n    {names}\n    return {', '.join(shaped)}{join}"

    def drawn(self, draw: str) -> list[str]:
        """Lines that draw the weights of the layers from `rng`; biases begin at 0."""
        sizes = enumerate(pairwise(self.sizes), start=1)
        return [f"W{k}, b{k} = {draw}(rng, {n_in}, {n_out}), np.zeros({n_out})" for k, (n_in, n_out) in sizes]

    def joined(self, prefix: str = "") -> str:
        """An expression for the vector of all parts, whose names have a prefix."""
        return f"joined({', '.join(prefix + name for name in self.parts)})"

    def forward(self, x: str = "x") -> list[str]:
        """Lines of the forward pass, to `logits`."""
        lines = []
        for k in range(1, self.depth + 1):
            lines += [f"z{k} = {x} @ W{k} + b{k}", f"a{k} = {self.activation}(z{k})"]
            x = f"a{k}"
        return [*lines, f"logits = {x} @ W{self.depth + 1} + b{self.depth + 1}"]

    def backward(self, slope: str, x: str = "x", to_input: bool = False) -> list[str]:
        """Lines of the backward pass, from ∂L/∂logits to ∂L/∂W1, ∂L/∂b1, … and with `to_input` to ∂L/∂x."""
        lines, d_z = [], "d_logits"
        for k in range(self.depth + 1, 0, -1):
            below = f"a{k - 1}" if k > 1 else x
            lines.append(f"d_W{k}, d_b{k} = {below}.T @ {d_z}, {d_z}.sum(axis=0)")
            if k > 1:
                lines.append(f"d_z{k - 1} = ({d_z} @ W{k}.T) * {slope}(z{k - 1})")
                d_z = f"d_z{k - 1}"
        return [*lines, f"d_{x} = {d_z} @ W1.T"] if to_input else lines

    @property
    def kept(self) -> str:
        """The names that the forward pass hands to the backward pass."""
        return ", ".join([*(f"z{k}, a{k}" for k in range(1, self.depth + 1)), "logits"])

    def modules(self) -> list[str]:
        """The layers in PyTorch, for torch.nn.Sequential."""
        lines = []
        for k, (n_in, n_out) in enumerate(pairwise(self.sizes), start=1):
            lines.append(f"torch.nn.Linear({n_in}, {n_out}),")
            if k <= self.depth:
                lines.append(f"{TORCH_LAYERS[self.activation]},")
        return lines


def write_softmax_loss(script: ScriptWriter, words: str = "") -> None:
    """Write `cross_entropy(logits, target)` after softmax: the mean over a batch, and its slope."""
    script.note(
        words or script.tr("Softmax + cross-entropy: the mean of −Σ y·log p, and its slope (p − y)/B")
    )
    script.code("""
        def cross_entropy(logits, target):
            shifted = logits - logits.max(axis=1, keepdims=True)
            e = np.exp(shifted)
            total = e.sum(axis=1, keepdims=True)
            loss = (float(np.log(total).sum()) - float(np.vdot(target, shifted))) / len(logits)
            return loss, (e / total - target) / len(logits)
    """)


def check_first_weights(initializer: str) -> None:
    """Refuse hidden layers that begin with all weights 0, in PyTorch.

    Raises:
        Problem: they do: gradients that are 0 up to rounding decide how they are trained.
    """
    if initializer == "zeros":
        raise Problem(ONLY_ZEROS, where="initializer")


def write_torch_weights(script: ScriptWriter, draw: str, filters: tuple[int, int] | None = None) -> None:
    """Write that the layers of `model` get weights drawn by `draw` with NumPy, and biases 0.

    `filters` are the number of filters and k, of filters of k × k pixels in the second layer.
    """
    script.note(script.tr("The same first weights as in NumPy; in PyTorch they have the shape [out, in]"))
    script.code("with torch.no_grad():")
    if filters is not None:
        count, side = filters
        script.code(f"drawn = {draw}(rng, {side**2}, {count}).T.reshape(-1, 1, {side}, {side})", 1)
        script.code("model[1].weight.copy_(torch.from_numpy(drawn))\nmodel[1].bias.zero_()", 1)
    script.code(
        f"""
        for layer in model:
            if isinstance(layer, torch.nn.Linear):
                drawn = {draw}(rng, layer.in_features, layer.out_features)
                layer.weight.copy_(torch.from_numpy(drawn).T)
                layer.bias.zero_()
        """,
        1,
    )


GRADIENTS = "torch.cat([p.grad.ravel() for p in model.parameters()])"


def theta_lines(rule: Any, found: list[ChangedSettings], average: bool = True) -> MovingLines:
    """The lines with which NumPy moves the vector `theta` by its `gradient`, with the changes.

    A `position` that is not used is left out: that of Nesterov's method, and of ASGD without `average`.
    """
    lines = rule_lines(rule, "numpy", "theta")
    start, step = (_without_answer(rule, some, average) for some in (lines.start, lines.step))
    return MovingLines(_used(lines.settings, step), start, (*turn_lines(found), *step), "", True)


def _without_answer(rule: Any, lines: tuple[str, ...], average: bool) -> tuple[str, ...]:
    if isinstance(rule, ASGD):
        return lines if average else tuple(line for line in lines if not re.match("position|weight", line))
    return tuple(line for line in lines if not line.startswith("position = "))


def _used(settings: Mapping[str, Any], lines: tuple[str, ...]) -> dict[str, Any]:
    text = "\n".join(lines)
    return {name: value for name, value in settings.items() if re.search(rf"\b{name}\b", text)}


def model_lines(rule: Any, found: list[ChangedSettings], average: bool = True) -> MovingLines:
    """The lines with which PyTorch moves the weights of `model`, with the changes of the settings.

    A rule that PyTorch does not have moves the vector `theta` of all weights, by their `gradient`; without
    `average` the `position` of ASGD is left out.
    """
    groups = group_lines(rule, found)
    if torch_call(rule, "") is not None and groups is not None:
        own = torch_lines(rule, parameters="model.parameters()")
        return MovingLines({}, own.start, (*groups, *own.step), own.zero, True)
    lines = rule_lines(rule, "torch", "theta", "gradient")
    start = (
        "theta = torch.nn.utils.parameters_to_vector(model.parameters()).detach()",
        "torch.nn.utils.vector_to_parameters(theta, model.parameters())",
        *_without_answer(rule, lines.start, average),
    )
    moved = _without_answer(rule, lines.step, average)
    step = (*turn_lines(found), f"gradient = {GRADIENTS}", *moved)
    return MovingLines(_used(lines.settings, moved), start, step, "model.zero_grad()", True)
