"""Newton's method, L-BFGS and conjugate gradients as lines of a script, with their line search.

The lines are the same in NumPy and in PyTorch; only `value_at`, `gradient_at` and `hessian_at` differ.
Factors that the engine takes out so that no product overflows or underflows are left out: they change no
digit as long as the lengths of gradients and steps are between 10⁻¹⁵⁰ and 10¹⁵⁰.

References: as in `engine.optimizers.line_search_methods` and `engine.optimizers.newton`.
"""

from collections.abc import Sequence

from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.optimizers.newton import DampedNewton, ObjectiveRule
from engine.scripts.writer import ScriptWriter

TRIAL = 'Trial = namedtuple("Trial", "length value slope x gradient")'
LINE_SEARCH = """
def line_search(x, value, gradient, direction, length, c2):
    slope = gradient @ direction
    if not slope < 0:
        return None
    low = Trial(0.0, value, slope, x, gradient)
    for _ in range(30):  # {longer}
        trial = tried(x, direction, length)
        if not falls(trial, value, slope) or (low.length and trial.value >= low.value):
            high = trial
            break
        trial = measured(trial, direction)
        if abs(trial.slope) <= -c2 * slope:
            return trial
        if not trial.slope < 0:
            low, high = trial, low
            break
        low, length = trial, 2 * length
    else:
        return low
    for _ in range(30):  # {smaller}
        width = high.length - low.length
        rise = high.value - low.value - low.slope * width
        part = -0.5 * low.slope * width / rise if 0 < rise < np.inf else 0.5
        trial = tried(x, direction, low.length + width * min(max(part, 0.1), 0.9))
        if not falls(trial, value, slope) or trial.value >= low.value:
            high = trial
            continue
        trial = measured(trial, direction)
        if abs(trial.slope) <= -c2 * slope:
            return trial
        if not trial.slope * (high.length - low.length) < 0:
            high = low
        low = trial
    return low if low.length else None
"""
SOLVE = """
def solve(matrix, right):
    scaled = {scaled}
    a, b, c = scaled[0, 0], scaled[0, 1], scaled[1, 1]
    if not abs(a * c - b * b) > 2 * EPSILON * (abs(a * c) + b * b):
        return None
    return {package}.linalg.solve(matrix, right)
"""
SCALED = {
    "numpy": "np.ldexp(matrix, -np.frexp(abs(matrix).max())[1])",
    "torch": "matrix / abs(matrix).max()",
}


def write_methods(script: ScriptWriter, rules: Sequence[ObjectiveRule], noisy: bool, counted: bool) -> None:
    """Write the functions that the lines of these methods need; where asked, they count how often."""
    tr = script.tr
    searching = any(isinstance(rule, LBFGS | ConjugateGradient) for rule in rules)
    solving = not all(isinstance(rule, LBFGS | ConjugateGradient) for rule in rules)
    if searching:
        script.imports.add("from collections import namedtuple")
    if solving or any(isinstance(rule, LBFGS) for rule in rules):
        script.setting("EPSILON", 2.0**-52, tr("float64's precision"))
    if counted:
        script.note(tr("How often f, its gradient and its Hessian were computed"))
        script.code('calls = {"values": 0, "gradients": 0, "hessians": 0}')
    _computing(script, noisy, counted, searching, solving)
    if solving:
        write_solve(script)
    if searching:
        _searching(script)
    if any(isinstance(rule, LBFGS) for rule in rules):
        script.note(
            tr("The approximate inverse Hessian times a vector, by the two-loop recursion (algorithm 7.4)")
        )
        script.code(
            """
            def inverse_hessian_times(product, pairs):
                weights = []
                for s, y in reversed(pairs):
                    weights.append((s @ product) / (y @ s))
                    product = product - weights[-1] * y
                if pairs:
                    s, y = pairs[-1]
                    product = (y @ s) / (y @ y) * product
                for s, y in pairs:
                    product = product + (weights.pop() - (y @ product) / (y @ s)) * s
                return product
            """
        )


def write_solve(script: ScriptWriter) -> None:
    """Write the function `solve`, for two unknowns; the script has `EPSILON`."""
    script.note(
        script.tr("The solution of a linear system; None where the matrix is singular up to rounding")
    )
    package = "np" if script.framework == "numpy" else "torch"
    script.code(SOLVE.format(scaled=SCALED[script.framework], package=package))


def _computing(script: ScriptWriter, noisy: bool, counted: bool, searching: bool, solving: bool) -> None:
    """The functions that compute f, its gradient and its Hessian."""
    in_numpy, tilt = script.framework == "numpy", " + tilt" if noisy else ""
    if searching:
        _function(
            script,
            "value_at",
            "values" if counted else "",
            f"return f(*x){' + (tilt[0] * x[0] + tilt[1] * x[1])' if noisy else ''}",
        )
    text = f"return np.array(gradient(*x)){tilt}"
    if not in_numpy:
        text = f"x = x.clone().requires_grad_()\nreturn torch.autograd.grad(f(*x), x)[0]{tilt}"
    _function(script, "gradient_at", "gradients" if counted else "", text)
    text = "xx, xy, yy = hessian(*x)\nreturn np.array([[xx, xy], [xy, yy]])"
    if not in_numpy:
        text = "return torch.autograd.functional.hessian(lambda x: f(*x), x)"
    if solving:
        _function(script, "hessian_at", "hessians" if counted else "", text)


def _function(script: ScriptWriter, name: str, kind: str, text: str) -> None:
    script.code(f"def {name}(x):")
    script.code(f'calls["{kind}"] += 1\n{text}' if kind else text, 1)


def _searching(script: ScriptWriter) -> None:
    tr = script.tr
    script.note(
        tr("A step length that was tried: f there, and where f has fallen its gradient and slope along d")
    )
    script.code(TRIAL)
    script.code("""
        def tried(x, direction, length):
            point = x + length * direction
            return Trial(length, value_at(point), None, point, None)
    """)
    script.code("""
        def measured(trial, direction):
            gradient = gradient_at(trial.x)
            return trial._replace(gradient=gradient, slope=gradient @ direction)
    """)
    script.note(tr("The first Wolfe condition (Armijo), with c₁ = 10⁻⁴"))
    script.code("""
        def falls(trial, value, slope):
            return trial.value <= value + 1e-4 * trial.length * slope
    """)
    script.note(
        tr(
            "A step length that meets the strong Wolfe conditions (Nocedal and Wright, algorithms 3.5 and"
            " 3.6); None if f does not fall"
        )
    )
    longer = tr("longer, until an accepted length lies between two tried ones")
    smaller = tr("then the interval is made smaller")
    script.code(LINE_SEARCH.format(longer=longer, smaller=smaller))
    script.note(tr("Whether a search has found a lower f or a smaller slope"))
    script.code("""
        def better(trial, value, gradient):
            if trial is None:
                return False
            return not (trial.value >= value and math.hypot(*trial.gradient) >= math.hypot(*gradient))
    """)


def method_start(rule: ObjectiveRule) -> list[str]:
    """Lines before the first step."""
    if isinstance(rule, LBFGS):
        return ["pairs = []"]
    return ["taken = 0"] if isinstance(rule, ConjugateGradient) else []


def method_lines(rule: ObjectiveRule, script: ScriptWriter) -> list[str]:
    """The lines of a step from x. They leave the loop with `break` where there is no step.

    `resting` says that there is nothing left to do. A search begins with f and its gradient at x, `value` and
    `g`.
    """
    if isinstance(rule, LBFGS):
        return _lbfgs(script)
    if isinstance(rule, ConjugateGradient):
        return _conjugate_gradient(script)
    tr, damped = script.tr, isinstance(rule, DampedNewton)
    eye = "np.eye(2)" if script.framework == "numpy" else "torch.eye(2)"
    length = "learning_rate * direction" if damped else "direction"
    matrix = f"curvature + damping * {eye}" if damped else "curvature"
    return [
        "g, curvature = gradient_at(x), hessian_at(x)",
        "if not all(map(math.isfinite, [*g, *curvature.ravel()])):",
        "    last = path[-1][0]",
        f"    break  # {tr('no finite slope or curvature here')}",
        f"direction = solve({matrix}, g) if g.any() else 0 * g",
        "if direction is None:",
        "    last = path[-1][0]",
        f"    break  # {tr('the Hessian is singular: the parabola has no single vertex')}",
        f"resting = bool((abs({length}) <= 4 * EPSILON * abs(x)).all())",
        f"x = x - {length}",
    ]


def _begin(script: ScriptWriter) -> list[str]:
    return [
        "if not all(map(math.isfinite, [value, *g])):",
        "    last = path[-1][0]",
        f"    break  # {script.tr('no finite value or slope here')}",
    ]


def _resting(script: ScriptWriter) -> list[str]:
    """Whether a search was the last; in PyTorch also one that has reached the last digits of f.

    From there on the steps depend on how f is rounded.
    """
    if script.framework == "numpy":
        return ["    resting = not better(trial, value, g)"]
    return [
        "    resting = not better(trial, value, g)",
        f"    if not resting:  # {script.tr('f has fallen only in its last digits')}",
        "        resting = bool(value - trial.value <= 1e-14 * (1 + abs(value)))",
    ]


def _lbfgs(script: ScriptWriter) -> list[str]:
    tr = script.tr
    return [
        *_begin(script),
        "trial, resting = None, True",
        "if g.any():",
        "    first = 1.0 if pairs else 1.0 / math.hypot(*g)",
        "    trial = line_search(x, value, g, -inverse_hessian_times(g, pairs), first, 0.9)",
        "    if pairs and not better(trial, value, g):",
        f"        pairs = []  # {tr('they gave a bad direction')}",
        "        trial = line_search(x, value, g, -g, 1.0 / math.hypot(*g), 0.9)",
        *_resting(script),
        "if trial is not None:",
        "    s, y = trial.x - x, trial.gradient - g",
        "    if s.any() and y.any() and (s / math.hypot(*s)) @ (y / math.hypot(*y)) > 4 * EPSILON:",
        "        pairs = [*pairs, (s, y)][-memory:]",
        "    x, value, g = trial.x, trial.value, trial.gradient",
    ]


def _conjugate_gradient(script: ScriptWriter) -> list[str]:
    tr = script.tr
    return [
        *_begin(script),
        "trial, resting = None, True",
        "if g.any():",
        f"    direction, length = -g, 1.0 / math.hypot(*g)  # {tr('again after every two steps')}",
        "    if taken:",
        "        beta = max(g @ (g - old_g) / (old_g @ old_g), 0.0) if taken % 2 else 0.0",
        "        direction = beta * old_direction - g",
        "        before, now = old_g @ old_direction, g @ direction",
        "        if before < 0 and now < 0:",
        "            length = old_length * (before / now)",
        "    trial = line_search(x, value, g, direction, length, 0.1)",
        "    if not better(trial, value, g):",
        "        direction = -g",
        "        trial = line_search(x, value, g, direction, 1.0 / math.hypot(*g), 0.1)",
        *_resting(script),
        "    old_g, old_direction, taken = g, direction, taken + 1",
        "    old_length = 0.0 if trial is None else trial.length",
        "if trial is not None:",
        "    x, value, g = trial.x, trial.value, trial.gradient",
    ]
