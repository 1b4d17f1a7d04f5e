"""One step enlarged: the part of the momentum, the part of the gradient, and the end of the step.

For momentum and Nesterov both are drawn, side by side, from the same point with the same velocity: the
one difference is where the gradient is measured.
"""

from collections.abc import Sequence
from math import hypot, isfinite

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from engine.experiments.optimizers.race import RaceArrow as Vector
from engine.experiments.optimizers.race import RaceInspection
from engine.pieces import result_of
from engine.surfaces.surface import Bounds, Surface
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.contours import Arrow, FieldPanel
from gui.views.surface_grid import grid_values

GRID = 61
TITLES = {"momentum": "Momentum", "averaged_momentum": "Averaged momentum", "nesterov": "Nesterov"}

NAMES = {
    ("gradient", False): "−g",
    ("momentum", False): "−m",
    ("gradient", True): "−ηg",
    ("momentum", True): "−ηβv",
    ("lookahead", True): "−ηg(θ − ηβv)",
    ("iterate", True): "x",
}


def arrows_of(vectors: Sequence[Vector], theme: Theme, length: float) -> list[Arrow]:
    """Vectors as arrows; those that are only directions get a length."""
    arrows = []
    for vector in vectors:
        (x, y), (dx, dy) = vector.origin, vector.vector
        size = hypot(dx, dy)
        scale = 1.0 if vector.to_scale or not size or not isfinite(size) else length / size
        label = tr("step") if vector.name == "step" else NAMES[vector.name, vector.to_scale]
        stroke = theme.stroke(f"{vector.name}_vector")
        arrows.append(Arrow(x, y, dx * scale, dy * scale, label, stroke, vector.name))
    return arrows


class VectorField(FieldPanel):
    """Contours with the vectors of a step; a note beside the title says which of them are to scale."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.last_named = True  # the racer whose step that is

    def set_vectors(self, vectors: Sequence[Vector], length: float) -> None:
        """Draw these vectors; those that are only directions are made `length` long."""
        free = [NAMES[vector.name, False] for vector in vectors if not vector.to_scale]
        self.note = tr("arrows to scale") if vectors else ""
        if free:
            self.note = tr("{names}: direction only", names=", ".join(free))
        self.set_arrows(arrows_of(vectors, self.theme, length))


class AnatomyPair(QWidget):
    """Two plots of a step, side by side if they are larger then; only one if there is nothing to compare."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.panels = [VectorField("", theme), VectorField("", theme)]
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(1)
        for panel in self.panels:
            panel.colour_bar = False
            panel.aspect_locked = True
            self._row.addWidget(panel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() > self.height()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def show_step(self, surface: Surface, found: RaceInspection | None, name: str) -> None:
        """Show a step, or that there is none."""
        parts: list[tuple[str, Sequence[Vector]]] = []
        if found is not None and found.anatomy:
            parts = [(tr(TITLES[kind]), anatomy.arrows) for kind, anatomy in found.anatomy.items()]
        elif found is not None:
            parts = [(name, found.arrows)]
        bounds = _around([vector for _, vectors in parts for vector in vectors])
        for index, panel in enumerate(self.panels):
            panel.setVisible(index < max(len(parts), 1))
            if index >= len(parts) or bounds is None:
                panel.title = tr("No step leads here")
                panel.set_vectors((), 0.0)
                continue
            name, vectors = parts[index]
            panel.title = tr("One step of {name}", name=name)
            values = result_of(grid_values(surface, bounds, GRID))
            panel.set_field(values, bounds, False, 10, surface.value)
            panel.set_vectors(vectors, 0.3 * (bounds[0][1] - bounds[0][0]))


def _around(vectors: Sequence[Vector]) -> Bounds | None:
    """A square with all displacements in it, and room around them."""
    ends = [vector.origin for vector in vectors]
    ends += [(v.origin[0] + v.vector[0], v.origin[1] + v.vector[1]) for v in vectors if v.to_scale]
    if not ends or not np.isfinite(ends).all():
        return None
    points = np.array(ends)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    reach = max(0.85 * float(np.ptp(points, axis=0).max()), 1e-9 * max(1.0, float(np.abs(middle).max())))
    return (middle[0] - reach, middle[0] + reach), (middle[1] - reach, middle[1] + reach)
