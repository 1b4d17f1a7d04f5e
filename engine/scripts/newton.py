"""The script of *Optimizers ▸ Newton's method*: Newton, damped Newton and gradient descent from one start."""

import ast
import inspect
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from engine.config import Problem
from engine.experiments.optimizers.newton import METHODS, walk
from engine.experiments.optimizers.newton_config import NewtonConfig, function_of, surface_of
from engine.scripts.formulas import FormulaGraphs, formula_lines, write_helpers
from engine.scripts.race import ENDS_EARLY, NO_START
from engine.scripts.rates import rate_text, write_factor
from engine.scripts.rounding import CHAOTIC, last_same
from engine.scripts.searches import write_solve
from engine.scripts.surfaces import write_known
from engine.scripts.writer import INDENT, ScriptWriter, literal
from engine.surfaces import functions_1d

TIMES = "Here times are measured, which differ from run to run and from computer to computer"
TITLES = {
    "newton": "Newton: H d = g, x ← x − d",
    "damped_newton": "Damped Newton: (H + λI) d = g, x ← x − d",
    "gradient_descent": "Gradient descent: x ← x − η g",
}
NUDGE, SAME, NEAR_ZERO = 1e-14, 1e-6, 1e-10  # of the start; of the numbers of a step


def write(script: ScriptWriter, config: NewtonConfig, data: Any) -> None:
    """Write the function, and the steps of the three methods."""
    tr, curve = script.tr, config.scene == "curve"
    if config.scene == "cost":
        raise Problem(TIMES, where="scene")
    lasts = _last_steps(script, config)
    if script.framework == "torch":
        script.code("torch.set_default_dtype(torch.float64)")
    else:
        script.code('np.seterr(all="ignore")  # ' + tr("where a method diverges, numbers overflow"))
    script.setting("EPSILON", 2.0**-52, tr("float64's precision"))
    script.note(tr("The start, and the number of steps"))
    script.setting("start", config.curve_start if curve else tuple(map(float, config.surface_start)))
    script.setting("steps", config.steps)
    script.setting("damping", config.damping, "λ")
    script.setting("learning_rate", config.learning_rate, "η")
    write_factor(script, config.descent)
    if curve:
        _write_curve(script, config)
    else:
        surface = surface_of(config)
        write_known(script, surface, getattr(surface, "condition", 0.0), hessian=True)
        write_solve(script)
    for method in METHODS:
        script.note(tr(TITLES[method]))
        if lasts[method] < config.steps:
            script.note(tr(ENDS_EARLY))
        steps = "steps" if lasts[method] == config.steps else str(lasts[method])
        _write_method(script, config, method, steps)
    if curve and function_of(config).stationary:
        _write_error(script, config)
    script.plot(f"""
        for method in {literal(list(METHODS))}:
            plt.semilogy(list(curves[method + ".slope"].values()), label=method)
        plt.xlabel({literal(tr("step"))})
        plt.ylabel({literal("|f′|" if curve else "‖∇f‖")})
        plt.legend()
        plt.show()
    """)


def _last_steps(script: ScriptWriter, config: NewtonConfig) -> dict[str, int]:
    """The last step of each method: in PyTorch, as long as other rounding does not lead elsewhere.

    Raises:
        Problem: f has no finite value at the start, or no method can be repeated.
    """
    lasts = {}
    with np.errstate(all="ignore"):
        for method in METHODS:
            found = walk(config, method)
            if not np.isfinite(found.f[0]):
                raise Problem(NO_START, where="curve_start" if config.scene == "curve" else "surface_start")
            lasts[method] = config.steps
            for sign in (1, -1) if script.framework == "torch" else ():
                other = walk(_nudged(config, 1 + sign * NUDGE), method)
                last = last_same(found.x, other.x, SAME, NEAR_ZERO)
                lasts[method] = lasts[method] if last is None else min(lasts[method], last)
    if max(lasts.values()) < 1:
        raise Problem(CHAOTIC)
    return lasts


def _nudged(config: NewtonConfig, factor: float) -> NewtonConfig:
    """The same from a start that differs in its last digits."""
    if config.scene == "curve":
        return msgspec.structs.replace(config, curve_start=config.curve_start * factor)
    x, y = config.surface_start
    return msgspec.structs.replace(config, surface_start=(x * factor, y / factor))


# The curve


def _write_curve(script: ScriptWriter, config: NewtonConfig) -> None:
    """Write f, and in NumPy f′ and f″, as functions of x."""
    tr, own = script.tr, config.function == "expression"
    in_numpy = script.framework == "numpy"
    names = ("f", "slope", "curvature") if in_numpy else ("f",)
    title = f"f = {config.expression}" if own else tr(function_of(config).title)
    words = {"f": tr("The curve: {name}", name=title), "slope": "f′", "curvature": "f″"}
    if own:
        graphs = FormulaGraphs(config.expression)
        roots = (graphs.f, graphs.slopes[0], graphs.curvatures[0])[: len(names)]
        write_helpers(script, roots)
        bodies = [formula_lines([root], ["answer"], script.framework) for root in roots]
        if not in_numpy and "x" not in bodies[0][-1]:
            bodies[0][-1] += " + 0 * x"  # autograd needs it
    else:
        bodies = [[f"return {text}"] for text in _formulas(config.function)[: len(names)]]
    for name, body in zip(names, bodies, strict=True):
        script.note(words[name])
        text = "\n".join(INDENT + line for line in body)
        script.code(f"def {name}(x):\n{text if in_numpy else text.replace('np.', 'torch.')}")


def _formulas(name: str) -> list[str]:
    """f, f′ and f″ of a well-known curve, as they stand in the table `FUNCTIONS`."""
    for node in ast.parse(inspect.getsource(functions_1d)).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            for key, call in zip(node.value.keys, node.value.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name and isinstance(call, ast.Call):
                    return [ast.unparse(one.body) for one in call.args if isinstance(one, ast.Lambda)]
    raise KeyError(name)


def _write_error(script: ScriptWriter, config: NewtonConfig) -> None:
    """The distance of each path from the stationary point near its end, or near its start if it has left."""
    known = function_of(config)
    script.note(script.tr("The error: the distance from the stationary point near which a method ends"))
    script.setting("known", np.array(known.stationary))
    script.setting("bounds", known.bounds)
    script.code(f"""
        for method in {literal(list(METHODS))}:
            path = list(curves[method + ".x"].values())
            stays = len(path) == steps + 1 and bounds[0] <= path[-1] <= bounds[1]
            goal = known[np.abs(known - (path[-1] if stays else path[0])).argmin()]
            for step, x in enumerate(path):
                keep(step, {{f"{{method}}.error": abs(x - goal)}})
    """)


# The methods


def _write_method(script: ScriptWriter, config: NewtonConfig, method: str, steps: str) -> None:
    newton, curve = method != "gradient_descent", config.scene == "curve"
    in_numpy = script.framework == "numpy"
    first = ("np.float64(start)" if curve else "np.array(start)") if in_numpy else "torch.tensor(start)"
    script.code(f"x = {first}\nresting = False" if newton else f"x = {first}")
    script.code(f"for step in range({steps} + 1):")
    finite = "[x, value, g]" if curve else "[*x, value, *g]"
    kept = [{"x": "x", "f": "value", "slope": "abs(g)"}]
    if not curve:
        kept = [{"x": "x[0]", "y": "x[1]"}, {"f": "value", "slope": "math.hypot(*g)"}]
    lines = [
        f"value, g = {_measured(curve, in_numpy)}",
        f"if not all(map(math.isfinite, {finite})):",
        f"    break  # {script.tr('no finite value or slope here')}",
        *(f"keep(step, {_kept(method, numbers)})" for numbers in kept),
    ]
    if not newton:
        lines.append(f"x = x - {rate_text(config.descent)} * g")
    else:
        lines += ["if not resting:", *(INDENT + line for line in _newton_step(script, curve, method))]
    script.code("\n".join(lines), 1)


def _kept(method: str, numbers: dict[str, str]) -> str:
    return "{" + ", ".join(f'"{method}.{name}": {text}' for name, text in numbers.items()) + "}"


def _measured(curve: bool, in_numpy: bool) -> str:
    if curve:
        return "f(x), slope(x)" if in_numpy else "f(x), torch.autograd.functional.jacobian(f, x)"
    if in_numpy:
        return "f(*x), np.array(gradient(*x))"
    return "f(*x), torch.autograd.functional.jacobian(lambda x: f(*x), x)"


def _newton_step(script: ScriptWriter, curve: bool, method: str) -> Sequence[str]:
    """The lines of a step, which leave the loop where there is none."""
    tr, in_numpy, damped = script.tr, script.framework == "numpy", method == "damped_newton"
    singular = f"    break  # {tr('the Hessian is singular: the parabola has no single vertex')}"
    not_finite = f"    break  # {tr('no finite slope or curvature here')}"
    if curve:
        measured = "curvature(x)" if in_numpy else "torch.autograd.functional.hessian(f, x)"
        return [
            f"h = {measured}{' + damping' if damped else ''}",
            "if not math.isfinite(h):",
            not_finite,
            "if g != 0 and h == 0:",
            singular,
            "d = g / h if g != 0 else 0.0",
            "resting = bool(abs(d) <= 4 * EPSILON * abs(x))",
            "x = x - d",
        ]
    if in_numpy:
        second = ["xx, xy, yy = hessian(*x)", "h = np.array([[xx, xy], [xy, yy]])"]
    else:
        second = ["h = torch.autograd.functional.hessian(lambda x: f(*x), x)"]
    eye = "np.eye(2)" if in_numpy else "torch.eye(2)"
    return [
        *second,
        "if not all(map(math.isfinite, h.ravel())):",
        not_finite,
        f"d = solve(h{f' + damping * {eye}' if damped else ''}, g) if g.any() else 0 * g",
        "if d is None:",
        singular,
        "resting = bool((abs(d) <= 4 * EPSILON * abs(x)).all())",
        "x = x - d",
    ]
