"""What is drawn of Newton's method: the parabola on the curve, its level lines on a surface, the errors."""

from collections.abc import Sequence

import numpy as np

from engine.experiments.optimizers.newton import WAYS
from engine.experiments.optimizers.newton_inspection import Step
from engine.functions_1d import Array, Function1D
from engine.newton_cost import power
from engine.quadratic_model import level_lines
from engine.recording import Recording
from gui.look.language import tr
from gui.look.theme import DASHED, DOTTED, SOLID, Stroke, Theme
from gui.plots.contours import Path
from gui.plots.curves import Curve, Mark
from gui.plots.ticks import fixed_text
from gui.screen.moment import Ghost

TITLES = {
    "newton": "Newton",
    "damped_newton": "Damped Newton",
    "gradient_descent": "Gradient descent",
}

# Where there is little room.
SHORT = {
    "newton": "Newton",
    "damped_newton": "damped",
    "gradient_descent": "descent",
}
LEAST = 1e-17  # where an error of 0 is drawn on a log axis
POINTS = 801
BEYOND = 2.0  # widths of the picture in which there is a curve beyond either side of it, for who zooms out
MOST_DOTS = 40
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LEVELS = (0.5, 1.0, 2.0)  # of the model's level lines, as shares of the way to the vertex
PARTS = {"gradient": "measuring the gradient", "forming": "forming H", "solving": "solving H d = g"}
PART_STROKES = {"gradient": "gradient_vector", "forming": "js", "solving": "newton"}


def place_name(step: int) -> str:
    """x₃."""
    return "x" + str(step).translate(SUBSCRIPTS)


def sampled(function: Function1D) -> tuple[Array, Array]:
    """The curve, well beyond the picture on both sides."""
    low, high = function.bounds
    far = BEYOND * (high - low)
    x = np.unique(
        np.concatenate((np.linspace(low - far, high + far, POINTS), np.linspace(low, high, POINTS)))
    )
    with np.errstate(all="ignore"):
        return x, np.asarray(function.value(x), float)


def room_for(function: Function1D) -> tuple[float, float] | None:
    """From below the lowest to above the highest f in the picture; None where there is no value."""
    with np.errstate(all="ignore"):
        f = function.value(np.linspace(*function.bounds, 401))
    f = f[np.isfinite(f)]
    if not len(f):
        return None
    low, high = float(f.min()), float(f.max())
    margin = 0.12 * (high - low) or 1.0
    return low - 1.6 * margin, high + margin


def model_curves(
    curve: tuple[Array, Array], found: Step | None, function: Function1D, way: str, theme: Theme
) -> list[Curve]:
    """f, and of the step its tangent, its parabola and the drop from the vertex to the curve."""
    x, f = curve
    curves = [Curve("f", "f", x, f, Stroke(theme.text), width=2.0)]
    if found is None:
        return curves
    away = x - found.x[0]
    tangent = Stroke(theme.stroke("numeric").colour, DASHED)
    parabola = Stroke(theme.stroke(way).colour, SOLID)
    with np.errstate(all="ignore"):
        line, bent = found.value + found.gradient[0] * away, found.model.at(away[:, None])
    curves += [
        Curve("tangent", tr("tangent"), x, line, tangent, width=1.4),
        Curve("parabola", tr("parabola"), x, bent, parabola, width=2.0),
    ]
    if found.vertex is not None:
        with np.errstate(all="ignore"):
            ends = found.model.at(found.vertex - found.x), function.value(found.vertex)[0]
        drop = Stroke(parabola.colour, DOTTED)
        curves.append(
            Curve(
                "drop",
                "",
                np.full(2, found.vertex[0]),
                np.array([float(e) for e in ends]),
                drop,
                width=1.4,
                column=tr("vertex"),
            )
        )
    return curves


def place_marks(
    recording: Recording, step: int, found: Step | None, function: Function1D, way: str, theme: Theme
) -> list[Mark]:
    """Where the chosen way and descent have been on the curve; the vertex, and the next place."""
    marks = []
    for other in dict.fromkeys(("gradient_descent", way)):
        x, f = (recording.column(f"{other}.{name}")[: step + 1] for name in "xf")
        stroke = theme.stroke(other)
        first = max(1, step + 1 - MOST_DOTS)
        marks += [Mark(float(a), float(b), "", stroke) for a, b in zip(x[first:], f[first:], strict=True)]
        if other != way and step and marks and np.isfinite(x[-1] + f[-1]):
            marks[-1] = Mark(float(x[-1]), float(f[-1]), tr("descent"), stroke)
    stroke = theme.stroke(way)
    if found is not None:
        if step:
            marks.append(Mark(float(found.x[0]), found.value, place_name(step), stroke))
        if found.vertex is not None:
            at = float(found.vertex[0])
            with np.errstate(all="ignore"):
                marks.append(Mark(at, float(found.model.at(found.vertex - found.x)), tr("vertex"), stroke))
                marks.append(Mark(at, float(function.value(found.vertex)[0]), place_name(step + 1), stroke))
    return marks


def outlines(found: Step | None, way: str, theme: Theme) -> list[Path]:
    """Level lines of the quadratic model: ellipses around the vertex, hyperbolas where it is a saddle."""
    if found is None:
        return []
    stroke = Stroke(theme.stroke(way).colour, DASHED)
    with np.errstate(all="ignore"):
        lines = [line for share in LEVELS for line in level_lines(found.model, share)]
    return [
        Path(f"model.{k}", "", line, stroke, head=False)
        for k, line in enumerate(lines)
        if np.isfinite(line).all()
    ]


def errors(recording: Recording, ghosts: Sequence[Ghost], quantity: str, theme: Theme) -> list[Curve]:
    """The error or the length of the gradient of every way at every step; 0 is drawn at the bottom."""
    runs = [
        (ghost.recording, ghost.label) for ghost in ghosts if f"newton.{quantity}" in ghost.recording.names
    ]
    curves = []
    for k, (run, label) in enumerate([*runs, (recording, "")]):
        steps, ghost = np.arange(run.last + 1.0), k < len(runs)
        for way in WAYS:
            name = tr(SHORT[way]) if not ghost else (label if way == "newton" else "")
            y = np.maximum(run.column(f"{way}.{quantity}"), LEAST)
            curves.append(Curve(f"{way}.{k}", name, steps, y, theme.stroke(way), ghost=ghost))
    return curves


def error_limits(recording: Recording, quantity: str) -> tuple[float, float]:
    """Whole decades around all errors; who flies off leaves the picture at 1000 times the start."""
    found = np.concatenate([recording.column(f"{way}.{quantity}") for way in WAYS])
    found = np.maximum(found[np.isfinite(found)], LEAST)
    if not len(found):
        return 0.1, 10.0
    top = min(float(found.max()), 1e3 * float(found[0]))
    low, high = np.floor(np.log10(found.min()) - 0.1), np.ceil(np.log10(max(top, found.min())) + 0.1)
    return float(10.0**low), float(10.0**high)


def costs(recording: Recording, ghosts: Sequence[Ghost], theme: Theme) -> list[Curve]:
    """Seconds against n: each part with the slope of its last sizes, and a line that grows as n³."""
    curves = [
        Curve(
            f"ghost.{k}", ghost.label, *_times(ghost.recording, "solving"), theme.stroke("newton"), ghost=True
        )
        for k, ghost in enumerate(ghosts)
        if "n" in ghost.recording.names
    ]
    for part, title in PARTS.items():
        n, seconds = _times(recording, part)
        slope = power(n, seconds)
        name = (
            tr("{part}: slope {slope}", part=tr(title), slope=fixed_text(slope, 2))
            if slope == slope
            else tr(title)
        )
        curves.append(Curve(part, name, n, seconds, theme.stroke(PART_STROKES[part]), width=2.0))
    n, seconds = _times(recording, "solving")
    cube = seconds[-1] * (n / n[-1]) ** 3 if len(n) else n
    seen = cube >= 0.3 * seconds.min(initial=np.inf)  # not far below everything that was measured
    return [*curves, Curve("cube", "n³", n[seen], cube[seen], theme.stroke("bound"), width=1.4)]


def _times(recording: Recording, part: str) -> tuple[Array, Array]:
    if "n" not in recording.names:
        return np.zeros(0), np.zeros(0)
    return recording.column("n")[1:], recording.column(part)[1:]
