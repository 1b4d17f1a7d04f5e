"""The figures of an experiment: all its plots as they stand on the screen, and each plot alone."""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtWidgets import QWidget

from engine.experiments import EXPERIMENTS
from gui.export import export
from gui.export.composite import Composite, Size, drawn_together
from gui.export.formulas import formulas_of
from gui.export.paper import PLAIN, Paper
from gui.look.language import tr
from gui.plots.panel import Panel
from gui.screen.screen import Screen
from gui.screen.view import View

FORMATS = ("png", "svg", "pdf", "csv", "gif")
Parts = Sequence[tuple[Panel, QRectF]]


@dataclass(frozen=True)
class Figure:
    """A drawing under a title and the settings that matter, with a name for its file."""

    name: str
    title: str
    drawing: Composite
    panel: Panel | None = None  # the plot it shows alone

    @property
    def size(self) -> Size:
        """Width and height in logical pixels."""
        return self.drawing.size

    def save(self, path: Path, kind: str, dpi: float, marked: bool = False) -> Generator[float]:
        """Write the figure as png (with `dpi` dots an inch), svg, pdf or csv, telling what share is done.

        A csv that is `marked` begins with the mark of UTF-8. `gui.export.animation` makes GIFs.

        Raises:
            Problem: the file cannot be written, or the figure is too large or too small.
        """
        drawing, zoom = self.drawing, self.drawing.zoom
        if kind == "csv":
            export.save_csv(drawing, path, marked)
        else:
            drawing.check()
        if kind == "png":
            yield from export.paint_png(drawing, path, self.size, dpi, zoom, drawing.paper.transparent)
        elif kind != "csv":
            vector = {"svg": export.save_svg, "pdf": export.save_pdf}[kind]
            vector(drawing, path, self.size, self.title, zoom)
        yield 1.0


def figures_of(screen: Screen, paper: Paper = PLAIN) -> list[Figure]:
    """What can be exported of a screen: the whole experiment first, then each plot that is on show."""
    screen.view.catch_up()
    return figures_at(screen, screen.view, places_of(screen.view), screen.playback.step, paper)


def places_of(view: View) -> Parts:
    """The plots that are on show, each with its place in the view."""
    return [(panel, QRectF(panel.mapTo(view, QPoint()), panel.size())) for panel in view.panels()]


def figures_at(screen: Screen, view: View, parts: Parts, step: int, paper: Paper = PLAIN) -> list[Figure]:
    """The figures of the screen's experiment, made of plots of a view that is drawn at `step`."""
    experiment, subtitle = screen.playback.experiment, screen.subtitle(step)
    name, title = experiment.name, tr(experiment.title)
    ids = panel_ids(view)

    formulas = formulas_of(view) if paper.formulas and not paper.film else ()

    def figure(shown: str, own: Sequence[tuple[QWidget, QRectF]], panel: Panel | None) -> Figure:
        drawing = Composite(title, subtitle, own, view.theme, paper, formulas=formulas)
        return Figure(file_name(name, ids[panel] if panel else ""), shown, drawing, panel)

    found = [figure(title, drawn_together(parts), None)]
    for panel, place in parts:
        shown = (panel.title or panel.accessibleName()).partition(" · ")[0]
        found.append(figure(shown, [(panel, place)], panel))
    return found


def as_film(figure: Figure) -> Figure:
    """The same figure in its size on the screen, and opaque: a picture of an animation."""
    paper = replace(figure.drawing.paper, mm=None, transparent=False, film=True)
    return replace(figure, drawing=replace(figure.drawing, paper=paper, formulas=()))


# Names


def file_name(experiment: str, panel: str = "") -> str:
    """The name of a file, without its ending, by what never changes: "race-curves", whatever is shown.

    Two experiments that share their last word, such as *Softmax*, have their tab before it.
    """
    tab, _, own = experiment.rpartition(".")
    shared = sum(name.rpartition(".")[2] == own for name in EXPERIMENTS) > 1
    words = [tab] * shared + [own, panel]
    return "-".join(word.replace("_", "-") for word in words if word)


def panel_ids(view: View) -> dict[Panel, str]:
    """A name for each plot of a view, that of its attribute: stable, in ASCII, no two alike.

    Plots of the same name in several parts of a view have the name of the part before it.
    """
    paths: dict[Panel, tuple[str, ...]] = {}
    for panel, path in _panels_in(view, ()):
        paths[panel] = max(paths.get(panel, ()), path, key=len)  # a part may be known by a shorter way too
    ends = Counter(end for path in paths.values() for end in _ends(path))
    return {
        panel: "-".join(next((end for end in _ends(path) if ends[end] == 1), path)).replace("_", "-")
        for panel, path in paths.items()
    }


def _ends(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What a path may be shortened to, the shortest first; none begins with a number."""
    return [path[k:] for k in reversed(range(len(path))) if not path[k].isdecimal()]


def _panels_in(holder: object, path: tuple[str, ...]) -> Iterator[tuple[Panel, tuple[str, ...]]]:
    """The plots that an object of a view holds in its public attributes, with the way to each."""
    for name, value in getattr(holder, "__dict__", {}).items():
        if name.startswith("_"):
            continue
        for inner, word in _entries(value):
            here = (*path, name, *word)
            if isinstance(inner, Panel):
                yield inner, here
            elif type(inner).__module__.startswith("gui.views."):
                yield from _panels_in(inner, here)


def _entries(value: object) -> list[tuple[object, tuple[str, ...]]]:
    """A value, or each of several with its key or number."""
    if isinstance(value, dict):
        return [(inner, (str(key),)) for key, inner in value.items()]
    if isinstance(value, list | tuple):
        return [(inner, (str(k),)) for k, inner in enumerate(value, start=1)]
    return [(value, ())]
