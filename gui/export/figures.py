"""The figures of an experiment: all its plots as on the screen, and each plot alone."""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtWidgets import QWidget

from engine.experiments import EXPERIMENTS
from engine.session import Session
from gui.export import export
from gui.export.carried import text_of
from gui.export.composite import Composite, Size, drawn_together
from gui.export.formulas import formulas_of
from gui.export.paper import PLAIN, Paper
from gui.look.language import tr
from gui.plots.panel import Panel
from gui.screen.screen import Screen
from gui.screen.view import View

FILMS = ("gif", "apng", "webp")  # animations
FORMATS = ("png", "svg", "pdf", "csv", *FILMS)
Parts = Sequence[tuple[Panel, QRectF]]


@dataclass(frozen=True)
class Figure:
    """A drawing under a title and the settings that matter, with a name for its file."""

    name: str
    title: str
    drawing: Composite
    panel: Panel | None = None  # the plot it shows alone
    session: str = ""  # what opens the experiment again

    @property
    def size(self) -> Size:
        """Width and height in logical pixels."""
        return self.drawing.size

    def save(self, path: Path, kind: str, dpi: float, marked: bool = False) -> Generator[float]:
        """Write the figure as png (with `dpi` dots an inch), svg, pdf or csv; yield the fraction done.

        A csv that is `marked` begins with the mark of UTF-8. `gui.export.animation` makes animations.

        Raises:
            Problem: the file cannot be written, or the figure is too large or too small.
        """
        drawing, zoom = self.drawing, self.drawing.zoom
        if kind == "csv":
            export.save_csv(drawing, path, marked)
        else:
            drawing.check()
        if kind == "png":
            transparent = drawing.paper.transparent
            yield from export.paint_png(drawing, path, self.size, dpi, zoom, transparent, self.session)
        elif kind != "csv":
            vector = {"svg": export.save_svg, "pdf": export.save_pdf}[kind]
            vector(drawing, path, self.size, self.title, zoom, self.session)
        yield 1.0


def figures_of(screen: Screen, paper: Paper = PLAIN) -> list[Figure]:
    """Return what can be exported of a screen: the whole experiment first, then each plot that is shown."""
    screen.view.catch_up()
    return figures_at(screen, screen.view, places_of(screen.view), screen.playback.step, paper)


def places_of(view: View) -> Parts:
    """Return the plots that are shown, each with its place in the view."""
    return [(panel, QRectF(panel.mapTo(view, QPoint()), panel.size())) for panel in view.panels()]


def figures_at(screen: Screen, view: View, parts: Parts, step: int, paper: Paper = PLAIN) -> list[Figure]:
    """Return the figures of the screen's experiment, made of the plots of a view that is drawn at `step`."""
    experiment, subtitle = screen.playback.experiment, screen.subtitle(step)
    name, title = experiment.name, tr(experiment.title)
    ids = panel_ids(view)

    formulas = formulas_of(view) if paper.formulas and not paper.film else ()
    session = text_of(session_at(screen, step)) if paper.session and not paper.film else ""

    def figure(shown: str, own: Sequence[tuple[QWidget, QRectF]], panel: Panel | None) -> Figure:
        drawing = Composite(title, subtitle, own, view.theme, paper, formulas=formulas)
        return Figure(file_name(name, ids[panel] if panel else ""), shown, drawing, panel, session)

    found = [figure(title, drawn_together(parts), None)]
    for panel, place in parts:
        shown = (panel.title or panel.accessibleName()).partition(" · ")[0]
        found.append(figure(shown, [(panel, place)], panel))
    return found


def session_at(screen: Screen, step: int) -> Session:
    """The session of one experiment: what it takes to have the picture on the screen again."""
    playback = screen.playback
    name, look = playback.experiment.name, structs.replace(playback.look(), step=step)
    return Session(experiments={name: playback.config}, open=name, looks={name: look})


def as_film(figure: Figure) -> Figure:
    """Return the figure as a picture of an animation: as large as on the screen, and opaque."""
    paper = replace(figure.drawing.paper, mm=None, transparent=False, film=True)
    return replace(figure, drawing=replace(figure.drawing, paper=paper, formulas=()))


# Names


def file_name(experiment: str, panel: str = "") -> str:
    """Return the name of a file, without its ending: "race-curves". It does not depend on what is shown.

    Two experiments that share their last word, such as *Softmax*, have their tab before it.
    """
    tab, _, own = experiment.rpartition(".")
    shared = sum(name.rpartition(".")[2] == own for name in EXPERIMENTS) > 1
    words = [tab] * shared + [own, panel]
    return "-".join(word.replace("_", "-") for word in words if word)


def panel_ids(view: View) -> dict[Panel, str]:
    """Return a name for each plot of a view, made from its attribute: stable, in ASCII, all different.

    Where plots in several parts of a view have the same name, the name of the part stands before it.
    """
    paths: dict[Panel, tuple[str, ...]] = {}
    for panel, path in _panels_in(view, ()):
        paths[panel] = max(paths.get(panel, ()), path, key=len)  # an attribute may also lead to it directly
    ends = Counter(end for path in paths.values() for end in _ends(path))
    return {
        panel: "-".join(next((end for end in _ends(path) if ends[end] == 1), path)).replace("_", "-")
        for panel, path in paths.items()
    }


def _ends(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the ends that a path may be shortened to, the shortest first; none begins with a number."""
    return [path[k:] for k in reversed(range(len(path))) if not path[k].isdecimal()]


def _panels_in(holder: object, path: tuple[str, ...]) -> Iterator[tuple[Panel, tuple[str, ...]]]:
    """Yield the plots in the public attributes of an object of a view, with the path to each."""
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
    """Return a value, or each entry of a container, with its key or number."""
    if isinstance(value, dict):
        return [(inner, (str(key),)) for key, inner in value.items()]
    if isinstance(value, list | tuple):
        return [(inner, (str(k),)) for k, inner in enumerate(value, start=1)]
    return [(value, ())]
