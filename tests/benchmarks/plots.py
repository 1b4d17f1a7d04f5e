"""How long a redraw takes, without a display: `python tests/benchmarks/plots.py`.

Each line is the time of one frame: new data handed over, and the widget painted into memory.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path as FilePath
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(FilePath(__file__).resolve().parents[2]))

import numpy as np
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from gui.look.theme import LIGHT
from gui.plots.contours import FieldPanel, Track
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.own.surface3d import Surface3DPanel
from gui.plots.panel import Panel

NAMES = ("gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "newton")
BOUNDS = ((-2.0, 2.0), (-1.0, 3.0))


def rosenbrock(size: int = 200) -> np.ndarray:
    """The field to draw on."""
    x, y = np.meshgrid(np.linspace(*BOUNDS[0], size), np.linspace(*BOUNDS[1], size))
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def racing(steps: int, noise: float, shift: float, count: int) -> list[Track]:
    """Paths that settle and then tremble, as gradient noise makes them."""
    rng = np.random.default_rng(0)
    k = np.arange(steps)
    paths = []
    for i, name in enumerate(NAMES[:count]):
        fall = np.exp(-k / (40.0 + 30 * i))
        x, y = 1 - 2.2 * fall + shift, 1 - 1.2 * fall * np.cos(k / 9.0)
        xy = np.stack((x, y), axis=1) + noise * rng.normal(size=(steps, 2))
        paths.append(Track(name, name, xy, LIGHT.stroke(name)))
    return paths


def curves(steps: int, noise: float) -> list[Curve]:
    """Losses that fall, with noise."""
    rng = np.random.default_rng(1)
    x = np.arange(float(steps))
    made = []
    for i, name in enumerate(NAMES):
        fall = np.exp(-x / steps * (3 + i)) * (1 + noise * rng.normal(size=steps))
        made.append(Curve(name, name, x, fall + 0.1 * i + 0.01, LIGHT.stroke(name)))
    return made


def begun(many: list[Curve], steps: int) -> list[Curve]:
    """The same curves as they were after some steps."""
    return [replace(curve, x=curve.x[:steps], y=curve.y[:steps]) for curve in many]


def timed(
    title: str,
    panel: Panel,
    frame: Callable[[int], None],
    frames: int = 120,
    size: tuple[int, int] = (760, 560),
) -> None:
    """Print how long a frame takes, at the median and at the slow end."""
    panel.resize(*size)
    target = QPixmap(panel.size())
    seconds = []
    for k in range(frames):
        begin = perf_counter()
        frame(k)
        panel.render(target)
        seconds.append(perf_counter() - begin)
    p50, p99 = np.quantile(seconds[5:], (0.5, 0.99)) * 1000
    print(f"{title:58} p50 {p50:6.2f} ms   p99 {p99:6.2f} ms")


def main() -> None:
    """Time every plot that moves."""
    application = QApplication.instance() or QApplication([])
    field = FieldPanel("Race", LIGHT)
    field.set_field(rosenbrock(), BOUNDS)
    dragged = [racing(500, 0.0, 0.002 * k, 8) for k in range(40)]
    timed("contours: 8 new paths of 500 points", field, lambda k: field.set_paths(dragged[k % 40]))
    loss = CurvesPanel("f", LIGHT)
    loss.set_axes(("step", ""), ("f", ""), log_y=True)
    short = [curves(500, 0.0) for _ in range(2)]
    timed(
        "curves: 8 new curves of 500 points", loss, lambda k: loss.set_curves(short[k % 2]), size=(760, 300)
    )
    long = racing(100_000, 0.05, 0.0, 6)
    timed(
        "contours: 6 noisy paths growing to 100,000 points",
        field,
        lambda k: field.set_paths([replace(path, xy=path.xy[: 40_000 + 500 * k]) for path in long]),
    )
    train = CurvesPanel("Loss", LIGHT)
    train.set_axes(("step", ""), ("loss", "nats"))
    for title, noise in (("smooth", 0.0), ("noisy", 0.2)):
        many = curves(100_000, noise)
        timed(
            f"curves: 8 {title} curves growing to 100,000 points",
            train,
            lambda k, many=many: train.set_curves(begun(many, 88_000 + 100 * k)),
        )
    timed(
        "curves: the playhead over 8 curves of 100,000 points",
        train,
        lambda k: train.set_cursor(700.0 * k, f"step {700 * k}"),
    )
    surface = Surface3DPanel("Race", LIGHT)
    surface.set_surface(rosenbrock(), BOUNDS)
    surface.set_paths(dragged[0])
    surface.begin_turning()
    timed(
        "surface: 40 × 40 while it is turned, 8 paths",
        surface,
        lambda k: setattr(surface, "camera", (3.0 * k, 34, 1)),
    )
    surface.end_turning()
    timed(
        "surface: 60 × 60 at rest, 8 paths",
        surface,
        lambda k: setattr(surface, "camera", (3.0 * k, 34, 1)),
        frames=40,
    )
    timed("surface: 8 new paths over a still surface", surface, lambda k: surface.set_paths(dragged[k % 40]))
    del application


if __name__ == "__main__":
    main()
