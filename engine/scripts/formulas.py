"""The user's own formula as lines of a script: f, and in NumPy also its derivatives, part by part.

    sin(3x)·y   →   np.sin(3 * x) * y          ∂f/∂x = np.cos(3 * x) * 3 * y

A part that occurs more than once, and is not short, gets a name: it is computed once. PyTorch needs f alone,
because autograd differentiates it. Operations that the libraries do not have are written out, in forms that
do not overflow.

Reference: as in `engine.surfaces.expression.derivatives`.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from engine.scripts.writer import INDENT, Framework, ScriptWriter
from engine.surfaces.expression.derivatives import gradient
from engine.surfaces.expression.nodes import Node, in_order
from engine.surfaces.expression.parser import Parser
from engine.surfaces.expression.tokens import tokens_of

SUM, PRODUCT, SIGN, POWER, ATOM = range(5)  # how strongly a part binds
Part = tuple[str, int]
INFIX = {"+": ("+", SUM), "-": ("-", SUM), "*": ("*", PRODUCT), "/": ("/", PRODUCT), "over": ("/", PRODUCT)}
CONSTANTS = {math.pi: "math.pi", math.tau: "math.tau", math.e: "math.e"}
CAUGHT = "except (ValueError, ArithmeticError):"
SHORT = 12  # letters of a part that is written again, instead of getting a name
LONG = 60  # letters of a part that always gets a name

# How each operation is written; those of `math` round as in the run
RAISING = ("tan", "asin", "acos", "sinh", "cosh", "expm1", "log1p", "log", "log2", "log10")
NUMPY = {name: f"np.{name}({{0}})" for name in ("sin", "cos", "sqrt", "abs", "sign")}
NUMPY |= {name: f"math.{name}({{0}})" for name in (*RAISING, "tanh", "atan")}
NUMPY |= {name: f"{name}({{0}})" for name in ("exp", "sech", "sigmoid", "softplus", "logcosh")}
NUMPY |= {
    "hypot": "np.hypot({0}, {1})",
    "logaddexp": "logaddexp({0}, {1})",
    "angle": "np.arctan({0} / {1})",
    "angle over": "np.arctan({0} / {1})",
    "cosine": "{0} / np.hypot({0}, {1})",
    "step": "np.heaviside({0}, 0.0)",
    "relu": "np.maximum({0}, 0.0)",
    "min": "np.minimum({0}, {1})",
    "max": "np.maximum({0}, {1})",
    "odd power": "np.copysign(np.abs({0}) ** {1}, {0})",
    "even power": "np.abs({0}) ** {1}",
    "fade": "fade({0}, {1})",
    "power log": "power_log({0}, {1})",
    "power log squared": "power_log_squared({0}, {1})",
}
TORCH = {name: text.replace("np.", "torch.").replace("math.", "torch.") for name, text in NUMPY.items()} | {
    "exp": "torch.exp({0})",
    "logaddexp": "torch.logaddexp({0}, {1})",
    "asin": "torch.asin({0})",
    "acos": "torch.acos({0})",
    "atan": "torch.atan({0})",
    "angle": "torch.atan({0} / {1})",
    "angle over": "torch.atan({0} / {1})",
    "relu": "torch.relu({0})",
    "min": "torch.where({0} > {1}, {1}, {0})",
    "max": "torch.where({0} > {1}, {0}, {1})",
    "odd power": "torch.sign({0}) * torch.abs({0}) ** {1}",
    "sech": "2 * torch.exp(-torch.logaddexp({0}, -({0})))",
    "sigmoid": "torch.sigmoid({0})",
    "softplus": "torch.logaddexp({0}, torch.zeros(()))",
    "logcosh": "torch.logaddexp({0}, -({0})) - math.log(2)",
}
HELPERS = {
    "exp": """
        def exp(u):
            return math.exp(u) if u < 700 else np.exp(u)
    """,
    "sigmoid": """
        def sigmoid(u):
            e = math.exp(-abs(u))
            return 1 / (1 + e) if u >= 0 else e / (1 + e)
    """,
    "sech": """
        def sech(u):
            e = math.exp(-abs(u))
            return 2 * e / (1 + e * e)
    """,
    "softplus": """
        def softplus(u):
            return max(u, 0.0) + math.log1p(math.exp(-abs(u)))
    """,
    "logaddexp": """
        def logaddexp(u, v):
            return max(u, v) + math.log1p(math.exp(-abs(u - v)))
    """,
    "logcosh": """
        def logcosh(u):
            a = abs(u)
            if a < 1:
                return math.log1p(2 * math.sinh(0.5 * a) ** 2)
            return a + math.log1p(math.expm1(-2 * a) / 2)
    """,
    "fade": """
        def fade(small, u):
            return small * u if small != 0 else np.float64(0.0)
    """,
    "power log": """
        def power_log(u, v):
            return np.log(u) * u**v if u != 0 or v <= 0 else np.float64(0.0)
    """,
    "power log squared": """
        def power_log_squared(u, v):
            return np.log(u) ** 2 * u**v if u != 0 or v <= 0 else np.float64(0.0)
    """,
}


class FormulaGraphs:
    """A formula and its derivatives as graphs: `f`, `slopes` (along x, y), `curvatures` (xx, xy, yy)."""

    def __init__(self, text: str) -> None:
        """Read a formula that is known to be right."""
        self.f = Parser(tokens_of(text)).read()[0]
        self.slopes = gradient(self.f)
        (xx, xy), (_, yy) = map(gradient, self.slopes)
        self.curvatures = xx, xy, yy


def write_helpers(script: ScriptWriter, roots: Sequence[Node]) -> None:
    """Write the functions that the formulas of some graphs call in NumPy."""
    used = {node.symbol for root in roots for node in in_order(root)}
    found = [text for name, text in HELPERS.items() if name in used and script.framework == "numpy"]
    if found:
        script.note(script.tr("Functions that do not overflow, and are 0 where their limit is 0"))
    for text in found:
        script.code(text)


def formula_lines(roots: Sequence[Node], results: Sequence[str], framework: Framework) -> list[str]:
    """The lines of a function of x and y that returns the values of the roots, under the names `results`."""
    if framework == "torch":
        return _Lines(roots, TORCH).lines(results)
    lines = _Lines(roots, NUMPY).lines(results)
    text = "\n".join(lines)
    divided = " / " in text and re.search(r"(math\.\w+|exp|sech|sigmoid|softplus|logcosh|logaddexp)\(", text)
    if not divided and not any(f"math.{name}(" in text for name in RAISING):
        return lines
    nothing = ", ".join(["np.nan"] * len(results))
    return ["try:", *(INDENT + line for line in lines), CAUGHT, f"{INDENT}return {nothing}"]


class _Lines:
    """Writes graphs as text. Equal parts have one number, and one name if they occur more than once."""

    def __init__(self, roots: Sequence[Node], forms: Mapping[str, str]) -> None:
        self.forms = forms
        self.numbers: dict[tuple[object, ...], int] = {}
        self.of: dict[Node, int] = {}
        self.parts: list[tuple[Node, list[int]]] = []  # by number: a node and the numbers of its arguments
        self.roots = [self._number(root) for root in roots]
        self.texts: list[Part] = []

    def _number(self, root: Node) -> int:
        for node in in_order(root):
            inputs = [self.of[argument] for argument in node.arguments]
            key = (node.symbol, node.number, *inputs)
            if key not in self.numbers:
                self.numbers[key] = len(self.parts)
                self.parts.append((node, inputs))
            self.of[node] = self.numbers[key]
        return self.of[root]

    def lines(self, results: Sequence[str]) -> list[str]:
        """The lines, of which the last returns."""
        uses = Counter(number for _, inputs in self.parts for number in inputs)
        uses.update(self.roots)
        written, named = [], 0
        for number, (node, inputs) in enumerate(self.parts):
            text, strength = self._text(node, inputs)
            twice = uses[number] > 1 or (uses[number] and self._said_twice(number))
            if node.arguments and len(text) > (SHORT if twice else LONG) and number not in self.roots:
                named += 1
                written.append(f"u{named} = {text}")
                text, strength = f"u{named}", ATOM
            self.texts.append((text, strength))
        said = []
        for root in self.roots:
            node = self.parts[root][0]
            said.append(repr(node.number) if node.is_number else self.texts[root][0])
        if len(said) == 1:
            return [*written, f"return {said[0]}"]
        written += [f"{name} = {text}" for name, text in zip(results, said, strict=True)]
        return [*written, f"return {', '.join(results)}"]

    def _said_twice(self, number: int) -> bool:
        """Whether an operation that uses a part says it more than once."""
        users = (node.symbol for node, inputs in self.parts if inputs[:1] == [number])
        return any(self.forms.get(symbol, "").count("{0}") > 1 for symbol in users)

    def _text(self, node: Node, inputs: Sequence[int]) -> Part:
        parts = [self.texts[number] for number in inputs]
        if node.is_number:
            return number_text(node.number), ATOM if node.number >= 0 else SIGN
        if not parts:
            return node.symbol, ATOM
        plain = _arithmetic(node, parts)
        if plain:
            return plain
        form, said = self.forms[node.symbol], [text for text, _ in parts]
        if self.forms is TORCH and node.symbol == "logaddexp":
            said = [
                f"torch.tensor({float(argument.number)!r})" if argument.is_number else text
                for text, argument in zip(said, node.arguments, strict=True)
            ]
        for place, (text, (_, strength)) in enumerate(zip(said, parts, strict=True)):
            if not _enclosed(form, place):
                said[place] = _within((text, strength), ATOM)
        return form.format(*said), ATOM if re.fullmatch(r"[\w.]+\([^()]*(\(\))?\)", form) else SUM


def _arithmetic(node: Node, parts: Sequence[Part]) -> Part | None:
    """An operation that is written with a sign, such as u + v; None for others."""
    if node.symbol == "negative" or (node.symbol == "*" and parts[0][0] == "-1"):
        return f"-{_within(parts[-1], POWER)}", SIGN
    if node.symbol == "+" and parts[1][1] == SIGN and not node.arguments[1].is_number:
        return f"{_within(parts[0], SUM)} - {parts[1][0][1:]}", SUM
    if node.symbol in INFIX:
        sign, strength = INFIX[node.symbol]
        return f"{_within(parts[0], strength)} {sign} {_within(parts[1], strength + 1)}", strength
    return (_power(*parts), POWER) if node.symbol == "**" else None


def _enclosed(form: str, place: int) -> bool:
    """Whether a part stands alone between brackets or commas wherever a form has it."""
    alone = re.findall(rf"(?<=\(|,) ?\{{{place}\}}(?=\)|,)", form)
    return len(alone) == form.count(f"{{{place}}}")


def _power(base: Part, exponent: Part) -> str:
    left, right = _within(base, ATOM), _within(exponent, SIGN)
    simple = all(re.fullmatch(r"-?[\w.]+", text) for text in (left, right))
    return f"{left}**{right}" if simple else f"{left} ** {right}"


def _within(part: Part, strength: int) -> str:
    """A part, in parentheses where it binds less strongly."""
    text, own = part
    return text if own >= strength else f"({text})"


def number_text(value: float) -> str:
    """A number of a formula: a constant by its name, a whole number without its point."""
    if value in CONSTANTS:
        return CONSTANTS[value]
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
