"""Optimizers ▸ Race on the screen: contours and landscape with the paths, f against step, the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from engine.config import Config, Problem, choice, number, plain, replaced
from engine.experiments.optimizers.race import Inspection, RaceConfig, inspect, results
from engine.experiments.optimizers.race_config import surface_of
from engine.recording import Recording
from engine.surfaces import Surface
from gui.language import tr
from gui.notes import Live
from gui.plots.contours import Arrow, FieldPanel, Path
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.plots.surface3d import Surface3DPanel
from gui.plots.table import TablePanel
from gui.strokes import racer_names, racer_strokes
from gui.theme import Stroke, Theme
from gui.view import Ghost, View
from gui.views.optimizers.race_anatomy import AnatomyPair, arrows_of
from gui.views.optimizers.race_numbers import rule_blocks, surface_block, table_head, table_lines, table_title

FLOOR = 1e-16  # relative rounding of f
LATER = 60  # ms between drawings of the landscape; the contours beside it keep up with the mouse
LONG = 20_000  # points of a path; more cannot be seen
GRID = 181  # points along each side of the field
LAYOUTS = {"both": "Contours and landscape", "contour": "Contours", "surface": "Landscape",
           "step": "Contours and one step"}  # fmt: skip


class RaceOptions(Config, frozen=True):
    """How one looks at a race."""

    layout: Annotated[str, choice("Show", "Which plots stand side by side.", LAYOUTS)] = "both"
    relative: Annotated[bool, plain("f − f*", "Measure f from the lowest known minimum.")] = True
    log: Annotated[bool, plain("Log axis", "Show f on a logarithmic axis.")] = True
    vectors: Annotated[bool, plain("Vectors", "Draw the vectors of the step on the contours.")] = True
    racer: Annotated[int, number("Racer", "Whose steps are explained.", ge=0, le=23)] = 4
    camera: tuple[float, float, float] = (-60.0, 35.0, 1.35)


@dataclass(frozen=True)
class Tracks:
    """A run made ready for drawing: curves of f, and paths; of a long run every `stride`-th point."""

    paths: list[NDArray[np.float64]]
    values: list[NDArray[np.float64]]
    steps: NDArray[np.float64]
    stride: int

    def path(self, recording: Recording, index: int, step: int) -> NDArray[np.float64]:
        """The path of a racer up to a step, ending in that very step; shape (points, 2)."""
        xy = self.paths[index][: step // self.stride + 1]
        if step % self.stride == 0:
            return xy
        head = [recording.column(f"{index}.{name}")[step] for name in "xy"]
        return np.concatenate([xy, [head]])


def tracks(recording: Recording, count: int) -> Tracks:
    """Gather the columns of a recording."""
    last = recording.last
    stride = 1 + last // LONG
    columns = [[recording.column(f"{i}.{name}")[: last + 1] for name in "xyf"] for i in range(count)]
    paths = [np.column_stack([x[::stride], y[::stride]]) for x, y, _ in columns]
    return Tracks(paths, [f for _, _, f in columns], np.arange(last + 1.0), stride)


class RaceView(View):
    """Draws a race at any of its steps; the start is dragged on the contours."""

    options_type = RaceOptions
    pace = 60.0
    options: RaceOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = RaceConfig()
        self.surface: Surface = surface_of(self.config)
        self.field = FieldPanel(tr("Contours of f(x, y)"), theme)
        self.landscape = Surface3DPanel(tr("Landscape of f(x, y)"), theme)
        self.anatomy = AnatomyPair(theme)
        self.curves = CurvesPanel("", theme)
        self.curves.legend = "paper"  # on the screen the table beside it tells the lines apart
        self.results = TablePanel("", theme)
        self._ghosts: Sequence[Ghost] = ()
        self._field_of: object = None
        self._drawn_run: tuple[Recording, int] | None = None
        self._inspected: tuple[object, Inspection | None] = (None, None)
        self._moment: tuple[Recording, int] | None = None
        self._lay_out()
        self._connect()
        self._apply_options()

    # Widgets

    def _lay_out(self) -> None:
        self.layouts, self.racer = QComboBox(), QComboBox()
        for name, title in LAYOUTS.items():
            self.layouts.addItem(tr(title), name)
        self.layouts.setAccessibleName(tr("Show"))
        self.racer.setAccessibleName(tr("Racer"))
        self.racer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.racer.setToolTip(tr("Whose steps are explained."))
        self.relative = self._switch("f − f*", tr("Measure f from the lowest known minimum."))
        self.log = self._switch(tr("Log axis"), tr("Show f on a logarithmic axis."))
        self.vectors = self._switch(tr("Vectors"), tr("Draw the vectors of the step on the contours."))
        bar = QHBoxLayout()
        bar.setContentsMargins(self.theme.px(8), self.theme.px(6), self.theme.px(8), self.theme.px(6))
        bar.setSpacing(self.theme.px(10))
        for widget in (self.layouts, self.relative, self.log, self.vectors):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(QLabel(tr("Explain")))
        bar.addWidget(self.racer)
        above, below = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Horizontal)
        parts: list[tuple[QSplitter, list[QWidget]]] = [
            (above, [self.field, self.landscape, self.anatomy]),
            (below, [self.curves, self.results]),
        ]
        for splitter, widgets in parts:
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            for widget in widgets:
                splitter.addWidget(widget)
        above.setSizes([1000, 900, 900])
        below.setSizes([1000, 1250])
        rows = QSplitter(Qt.Orientation.Vertical)
        rows.setHandleWidth(1)
        rows.setChildrenCollapsible(False)
        rows.addWidget(above)
        rows.addWidget(below)
        rows.setStretchFactor(0, 5)
        rows.setStretchFactor(1, 3)
        rows.setSizes([1000, 620])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(rows, 1)

    @staticmethod
    def _switch(text: str, tip: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setToolTip(tip)
        return box

    def _connect(self) -> None:
        self.field.start_dragged.connect(self._move_start)
        self.field.clicked.connect(self._move_start)
        self.field.point_clicked.connect(self._choose_point)
        self.curves.clicked.connect(lambda x: self.step_chosen.emit(max(0, round(x))))
        self.results.selected.connect(self._choose_racer)
        self.landscape.camera = self.options.camera
        self.landscape.camera_changed.connect(self._keep_camera)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(150)
        self._settle.timeout.connect(self._draw_anatomy)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(LATER)
        self._later.timeout.connect(self._draw_later)
        self.layouts.setCurrentIndex(list(LAYOUTS).index(self.options.layout))
        self.relative.setChecked(self.options.relative)
        self.log.setChecked(self.options.log)
        self.vectors.setChecked(self.options.vectors)
        self.layouts.currentIndexChanged.connect(lambda: self._opt(layout=self.layouts.currentData()))
        self.relative.toggled.connect(lambda on: self._opt(relative=on))
        self.log.toggled.connect(lambda on: self._opt(log=on))
        self.vectors.toggled.connect(lambda on: self._opt(vectors=on))
        self.racer.activated.connect(self._choose_racer)

    def panels(self) -> list[Panel]:
        """The plots that are on show."""
        every = [self.field, self.landscape, *self.anatomy.panels, self.curves, self.results]
        return [panel for panel in every if not panel.isHidden() and not panel.parentWidget().isHidden()]

    # What the user does in the plots

    def _opt(self, **changes: object) -> None:
        self.set_option(**changes)
        self._apply_options()

    def _apply_options(self) -> None:
        layout = self.options.layout
        self.field.setVisible(layout != "surface")
        self.landscape.setVisible(layout in ("both", "surface"))
        self.anatomy.setVisible(layout == "step")
        self._set_axes()
        self._inspected = (None, None)
        if self._moment is not None:
            self.draw(*self._moment)

    def _move_start(self, x: float, y: float) -> None:
        try:
            self.edited.emit(replaced(self.config, start=(x, y)))
        except Problem:
            return  # beyond what a number can hold: the start stays where it was

    def _choose_point(self, key: str, index: int) -> None:
        if key.isdecimal():
            self._choose_racer(int(key))
            self.step_chosen.emit(index * self._tracks.stride)

    def _choose_racer(self, index: int) -> None:
        self.racer.setCurrentIndex(index)
        self._opt(racer=index)

    def _keep_camera(self) -> None:
        self.set_option(camera=self.landscape.camera)

    # A run

    @property
    def inspected(self) -> int:
        """The racer whose steps are explained."""
        return min(self.options.racer, len(self.config.racers) - 1)

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        """Prepare for a race."""
        assert isinstance(config, RaceConfig)
        self.config, self._ghosts = config, ghosts
        self.surface = surface_of(config)
        names = racer_names(config.racers)
        if names != [self.racer.itemText(index) for index in range(self.racer.count())]:
            self.racer.clear()
            self.racer.addItems(names)
        self.racer.setCurrentIndex(self.inspected)
        self.results.title = table_title(config)
        self._draw_field()
        self._set_axes()

    def _draw_field(self) -> None:
        """Draw the surface, when it is another one than before."""
        config, surface = self.config, self.surface
        key = (config.surface, config.condition, config.expression, config.reach)
        self.field.set_start(*config.start)
        if key == self._field_of:
            return
        self._field_of = key
        values = grid_values(surface, surface.bounds, GRID)
        self.field.reset_zoom()
        self.field.set_field(values, surface.bounds, surface.log_levels, value_at=surface.value)
        self.landscape.set_surface(values, surface.bounds, surface.log_levels)
        for panel in (self.field, self.landscape):
            panel.set_minima([(x, y) for x, y, _ in surface.minima])

    @property
    def _offset(self) -> float:
        """What f is measured from: f*, where it is known and asked for."""
        return min((f for _, _, f in self.surface.minima), default=0.0) if self.options.relative else 0.0

    def _set_axes(self) -> None:
        known = bool(self.surface.minima)
        name = "f − f*" if self.options.relative and known else "f"
        title = tr("{value} against step", value=name)
        if self.options.relative and not known:
            title += " · " + tr("no minimum is known here")
        limits = self._limits()
        axes = (title, self.options.log, self.config.steps, limits)
        if axes != getattr(self, "_axes", None):
            self._axes = axes
            self.curves.title = title
            self.curves.set_axes((tr("step"), ""), (name, ""), log_y=self.options.log,
                                 x_limits=(0, self.config.steps), y_limits=limits)  # fmt: skip
        self.curves.restart()
        self._drawn_run = None

    def _limits(self) -> tuple[float, float] | None:
        """For f − f* on a log axis: what lies below the rounding of f is not worth the room."""
        start = float(self.surface.value(*self.config.start)) - self._offset
        if not (self.options.log and self.options.relative and self.surface.minima and 0 < start < np.inf):
            return None
        return FLOOR * max(1.0, abs(self._offset)), 10 ** (np.ceil(np.log10(start)) + 0.5)

    def draw(self, recording: Recording, step: int) -> None:
        """Show the race at `step`: paths so far, the whole curves with a line at the step."""
        self._moment = (recording, step)
        names = racer_names(self.config.racers)
        strokes = racer_strokes(self.config.racers, self.theme)
        fresh = self._drawn_run is None or self._drawn_run != (recording, recording.last)
        if fresh:
            self._drawn_run = (recording, recording.last)
            self._tracks = tracks(recording, len(self.config.racers))
            self._ghost_paths = self._paths_of_ghosts()
            self.curves.set_curves(self._curves(names, strokes))
        self.curves.set_cursor(step, str(step))
        paths = [
            self._path(index, name, stroke, self._tracks.path(recording, index, step))
            for index, (name, stroke) in enumerate(zip(names, strokes, strict=True))
        ]
        self._all_paths = [*self._ghost_paths, *paths]
        if not self.field.isHidden():
            self.field.set_paths(self._all_paths)
        if not self._later.isActive():
            self._later.start()
        lines = table_lines(results(self.config, recording, step), names, strokes)
        self.results.set_lines(table_head(), lines, self.inspected)
        if fresh:
            self.field.set_arrows([])  # while the start is dragged they would only flicker
        else:
            self._draw_vectors(recording, step)

    def catch_up(self) -> None:
        """Draw what waits for a quieter moment."""
        for timer, draw in ((self._later, self._draw_later), (self._settle, self._draw_anatomy)):
            if timer.isActive():
                timer.stop()
                draw()

    def _draw_later(self) -> None:
        """Draw what need not keep up with the mouse."""
        if not self.landscape.isHidden():
            self.landscape.set_start(*self.config.start)
            self.landscape.set_paths(self._all_paths)
        if self._moment is not None:
            self._draw_vectors(*self._moment)

    @staticmethod
    def _path(index: int, name: str, stroke: Stroke, xy: NDArray[np.float64]) -> Path:
        lost = bool(len(xy)) and not np.isfinite(xy[-1]).all()
        if lost:
            xy = xy[np.isfinite(xy).all(axis=1)]
        return Path(str(index), name, xy, stroke, diverged=lost)

    def _curves(self, names: Sequence[str], strokes: Sequence[Stroke]) -> list[Curve]:
        offset, steps = self._offset, self._tracks.steps
        curves = []
        for number_, ghost in enumerate(self._ghosts):
            run = tracks(ghost.recording, len(ghost.config.racers))  # type: ignore[attr-defined]
            ghosted = racer_strokes(ghost.config.racers, self.theme)  # type: ignore[attr-defined]
            for index, values in enumerate(run.values):
                name = tr("pinned: {what}", what=ghost.label) if index == 0 else ""
                curves.append(Curve(f"ghost {number_}.{index}", name, run.steps, values - offset,
                                    ghosted[index], ghost=True))  # fmt: skip
        for index, values in enumerate(self._tracks.values):
            measured = values - offset if offset else values
            curves.append(Curve(str(index), names[index], steps, measured, strokes[index]))
        return curves

    def _paths_of_ghosts(self) -> list[Path]:
        paths = []
        for number_, ghost in enumerate(self._ghosts):
            run = tracks(ghost.recording, len(ghost.config.racers))  # type: ignore[attr-defined]
            strokes = racer_strokes(ghost.config.racers, self.theme)  # type: ignore[attr-defined]
            for index, xy in enumerate(run.paths):
                xy = xy[np.isfinite(xy).all(axis=1)]
                paths.append(Path(f"ghost {number_}.{index}", "", xy, strokes[index], ghost=True))
        return paths

    # One step

    def inspection(self, recording: Recording, step: int) -> Inspection | None:
        """The step of the inspected racer that led here, taken apart."""
        key = (recording, step, self.inspected, self.config)
        if key != self._inspected[0]:
            found = None
            if 0 < step <= recording.last:
                kept, snapshot = recording.snapshot(step - 1)
                found = inspect(self.config, kept, snapshot, step, self.inspected)
            self._inspected = (key, found)
        return self._inspected[1]

    def _draw_vectors(self, recording: Recording, step: int) -> None:
        wanted = self.options.vectors and not self.field.isHidden()
        found = self.inspection(recording, step) if wanted or not self.anatomy.isHidden() else None
        arrows: list[Arrow] = []
        if found and wanted:
            arrows = arrows_of(found.arrows, self.theme, 0.12 * self._width())
        self.field.set_arrows(arrows)
        if not self.anatomy.isHidden() and not self._settle.isActive():
            self._settle.start()

    def _width(self) -> float:
        (low, high), _ = self.field.ranges
        return high - low

    def _draw_anatomy(self) -> None:
        if self._moment is not None and not self.anatomy.isHidden():
            name = racer_names(self.config.racers)[self.inspected]
            self.anatomy.show_step(self.surface, self.inspection(*self._moment), name)

    def live(self, recording: Recording, step: int) -> list[Live]:
        """The surface and the update rule, with the numbers of the step."""
        found = self.inspection(recording, step)
        point = found.x if found else self.config.start
        name = racer_names(self.config.racers)[self.inspected]
        rule = self.config.racers[self.inspected]
        if found:
            return [*rule_blocks(found, name), surface_block(self.config, point)]
        rules = [Live("" if index else name, line.latex) for index, line in enumerate(rule.equations)]
        return [*rules, surface_block(self.config, point)]


def grid_values(
    surface: Surface, bounds: tuple[tuple[float, float], tuple[float, float]], points: int
) -> NDArray[np.float64]:
    """Values of a surface on a grid, rows along y; shape (points, points)."""
    (left, right), (low, high) = bounds
    x, y = np.meshgrid(np.linspace(left, right, points), np.linspace(low, high, points))
    with np.errstate(all="ignore"):
        return np.asarray(surface.value(x, y), np.float64)


VIEW = RaceView
