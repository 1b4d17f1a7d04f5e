"""The surface of a run in a script: f(x, y), and in NumPy its gradient and second derivatives by hand.

In PyTorch autograd differentiates f. The functions are those of the engine; the user's own formula is written
by `formulas`.
"""

import ast
import re
from collections.abc import Callable
from typing import Any

from engine.scripts.formulas import CAUGHT, FormulaGraphs, formula_lines, write_helpers
from engine.scripts.writer import INDENT, ScriptWriter, function_text
from engine.surfaces.choice import OnSurface
from engine.surfaces.classic import SURFACES
from engine.surfaces.expression.nodes import X, Y, in_order
from engine.surfaces.surface import Surface

NUMPY = {"cos": "np.cos", "sin": "np.sin", "sqrt": "np.sqrt"}
NUMPY |= {"exp": "math.exp", "expm1": "math.expm1", "tanh": "math.tanh"}  # as exact as in the run
TORCH = {name: f"torch.{name}" for name in NUMPY}
OWN = {"self._terms": "terms", "self._parts": "parts", "self.condition": "condition"}
AT_TIP = ("torch.sqrt(0.5 * (x * x + y * y))", "torch.sqrt((0.5 * (x * x + y * y)).clamp(min=1e-300))")


def write_surface(script: ScriptWriter, config: OnSurface, hessian: bool) -> None:
    """Write f and its gradient, and where it is needed the Hessian, as functions of the script."""
    if config.surface == "expression":
        write_formula(script, config.expression, hessian)
    else:
        write_known(script, SURFACES[config.surface], config.condition, hessian)


def write_known(script: ScriptWriter, surface: Surface, condition: float, hessian: bool) -> None:
    """Write a well-known surface."""
    tr = script.tr
    script.note(tr("The surface: {name}", name=tr(surface.title)))
    if surface.name == "bowl":
        script.setting("condition", condition, "κ")
    in_numpy = script.framework == "numpy"
    names = (NUMPY if in_numpy else TORCH) | OWN
    wanted = ["_value", *(["_gradient", *(["_hessian"] if hessian else [])] if in_numpy else [])]
    found = [part for part in ("_terms", "_parts") if hasattr(surface, part)]
    functions = [_text(getattr(surface, name), names) for name in (*found, *wanted)]
    if any("reciprocal_or_0" in text for text in functions):
        script.code("def reciprocal_or_0(r):\n    return 1.0 / r if r else 0.0")
    for name, text in zip((*found, *wanted), functions, strict=True):
        if name[1:] in _words(tr):
            script.note(_words(tr)[name[1:]])
        script.code(text.replace(*AT_TIP))


def _words(tr: Callable[[str], str]) -> dict[str, str]:
    """The comments above the functions of derivatives."""
    return {
        "gradient": tr("The gradient (∂f/∂x, ∂f/∂y)"),
        "hessian": tr("The second derivatives ∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²"),
    }


def _text(function: Callable[..., Any], names: dict[str, str]) -> str:
    """A method of a surface as a function: `_value` is called f, and others have no underscore."""
    text = function_text(function, names)
    name = "f" if function.__name__ == "_value" else function.__name__.removeprefix("_")
    text = re.sub(r"( = |return )\((.+, .+)\)$", _without_brackets, text, flags=re.MULTILINE)
    return re.sub(r"^def \w+\((self, )?", f"def {name}(", text)


def _without_brackets(found: re.Match[str]) -> str:
    """A tuple without the brackets around it."""
    before, inside = found.groups()
    try:
        is_tuple = isinstance(ast.parse(inside, mode="eval").body, ast.Tuple)
    except SyntaxError:  # the brackets were those of two parts
        return found[0]
    return f"{before}{inside}" if is_tuple else found[0]


def write_formula(script: ScriptWriter, text: str, hessian: bool) -> None:
    """Write the user's own formula and its derivatives, differentiated exactly."""
    tr, graphs = script.tr, FormulaGraphs(text)
    in_numpy = script.framework == "numpy"
    wanted: dict[str, tuple[str, ...]] = {"f": ("f",)}
    if in_numpy:
        wanted["gradient"] = ("by_x", "by_y")
    if in_numpy and hessian:
        wanted["hessian"] = ("by_xx", "by_xy", "by_yy")
    roots = {"f": (graphs.f,), "gradient": graphs.slopes, "hessian": graphs.curvatures}
    write_helpers(script, [root for name in wanted for root in roots[name]])
    words = _words(tr) | {"f": tr("The surface: {name}", name=f"f = {text}")}
    for name, results in wanted.items():
        script.note(words[name])
        lines = formula_lines(roots[name], results, script.framework)
        if not in_numpy and not {X, Y} & {*in_order(graphs.f)}:
            lines[-1] += " + 0 * x"  # autograd needs it
        body = "\n".join(INDENT + line for line in lines)
        body = body.replace(CAUGHT, f"{CAUGHT}  # {tr('a hole: f has no value here')}")
        script.code(f"def {name}(x, y):\n{body}")
