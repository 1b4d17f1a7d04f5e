"""The figures of an experiment: all its plots as they stand on the screen, and each plot alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF

from gui import export
from gui.language import tr
from gui.plots.panel import Panel
from gui.tab import Tab
from gui.view import View

FORMATS = ("png", "svg", "pdf", "csv", "gif")
Parts = Sequence[tuple[Panel, QRectF]]


@dataclass(frozen=True)
class Figure:
    """A drawing under a title and the settings that matter, with a name for its file."""

    name: str
    title: str
    drawing: export.Composite
    film: str  # the name of its animation: that of the file, without the step
    panel: Panel | None = None  # the plot it shows alone

    @property
    def size(self) -> export.Size:
        """Width and height in logical pixels."""
        return self.drawing.size

    def save(self, path: Path, kind: str, dpi: float) -> None:
        """Write the figure as png (with `dpi` dots an inch), svg, pdf or csv; `gui.animation` makes GIFs.

        Raises:
            Problem: the file cannot be written.
        """
        if kind == "png":
            export.save_png(self.drawing, path, self.size, dpi)
        elif kind == "csv":
            export.save_csv(self.drawing, path)
        else:
            vector = {"svg": export.save_svg, "pdf": export.save_pdf}[kind]
            vector(self.drawing, path, self.size, self.title)


def figures_of(tab: Tab) -> list[Figure]:
    """What can be exported of a tab: the whole experiment first, then each plot that is on show."""
    tab.view.catch_up()
    return figures_at(tab, places_of(tab.view), tab.page.step)


def places_of(view: View) -> Parts:
    """The plots that are on show, each with its place in the view."""
    return [(panel, QRectF(panel.mapTo(view, QPoint()), panel.size())) for panel in view.panels()]


def figures_at(tab: Tab, parts: Parts, step: int) -> list[Figure]:
    """The figures of the tab's experiment, made of plots that are drawn at `step`."""
    name, title, subtitle = tab.page.experiment.name, tr(tab.page.experiment.title), tab.subtitle(step)
    at = f"{tr('step')} {step}" if tab.page.runner.last_step else ""

    def figure(own: str, shown: str, parts: Parts, panel: Panel | None) -> Figure:
        drawing = export.Composite(title, subtitle, parts, tab.theme)
        film = export.suggested_name(name, own)
        return Figure(export.suggested_name(name, own, at), shown, drawing, film, panel)

    found = [figure("", title, parts, None)]
    for panel, place in parts:
        own = (panel.title or panel.accessibleName()).partition(" · ")[0]
        found.append(figure(own, own, [(panel, place)], panel))
    return found
