"""The figures of an experiment: all its plots as they stand on the screen, and each plot alone."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF

from gui import export
from gui.language import tr
from gui.plots.panel import Panel
from gui.tab import Tab

FORMATS = ("png", "svg", "pdf", "csv")


@dataclass(frozen=True)
class Figure:
    """A drawing under a title and the settings that matter, with a name for its file."""

    name: str
    title: str
    drawing: export.Composite
    panel: Panel | None = None  # the plot it shows alone

    @property
    def size(self) -> export.Size:
        """Width and height in logical pixels."""
        return self.drawing.size

    def save(self, path: Path, kind: str, dpi: float) -> None:
        """Write the figure as png (with `dpi` dots an inch), svg, pdf or csv.

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
    page, title = tab.page, tr(tab.page.experiment.title)
    panels = tab.view.panels()
    parts = [(panel, QRectF(panel.mapTo(tab.view, QPoint()), panel.size())) for panel in panels]
    step = f"{tr('step')} {page.step}"
    whole = export.Composite(title, tab.subtitle(), parts, tab.theme)
    found = [Figure(export.suggested_name(page.experiment.name, settings=step), title, whole)]
    for panel, place in parts:
        own = (panel.title or panel.accessibleName()).partition(" · ")[0]
        alone = export.Composite(title, tab.subtitle(), [(panel, place)], tab.theme)
        found.append(Figure(export.suggested_name(page.experiment.name, own, step), own, alone, panel))
    return found
