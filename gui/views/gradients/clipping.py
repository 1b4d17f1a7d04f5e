"""Gradients ▸ Exploding and clipping: three ways from one start, and one step cut and uncut."""

from collections.abc import Sequence
from math import isfinite
from typing import Annotated, ClassVar

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.config import Config, choice, replaced
from engine.experiments.gradients.clipping import (
    WAYS,
    ClippingConfig,
    SameStep,
    Snapshot,
    checked_step,
    landscape,
    scene_of,
)
from engine.experiments.gradients.clipping_scenes import Plane, Vector
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Check, Live
from gui.old_view import OldView
from gui.plots.annotations import Mark
from gui.plots.contours import Arrow, FieldPanel, Path
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.questions import Answer
from gui.splitters import above_each_other, side_by_side
from gui.theme import Stroke, Theme

GRID = 140
STROKES = {"none": "wrong", "norm": "right", "value": "momentum"}
TITLES = {"none": "Unclipped", "norm": "Clipped by norm", "value": "Clipped by value"}
Place = tuple[Vector | tuple[float, ...], int]  # θ, and how many steps led there


class ClippingOptions(Config, frozen=True):
    """How one looks at the three ways."""

    of: Annotated[str, choice("Step of", "Whose step is drawn, with and without clipping.", TITLES)] = "norm"


class Bar(QWidget):
    """Whose step is drawn, and a way to the steepest one."""

    chosen = Signal(str)
    steepest = Signal()

    def __init__(self, theme: Theme, of: str) -> None:
        super().__init__()
        self.ways = QComboBox()
        for name, title in TITLES.items():
            self.ways.addItem(tr(title), name)
        self.ways.setCurrentIndex(self.ways.findData(of))
        self.ways.setAccessibleName(tr("Step of"))
        self.ways.setToolTip(tr("Whose step is drawn, with and without clipping."))
        self.ways.activated.connect(lambda index: self.chosen.emit(self.ways.itemData(index)))
        self.button = QPushButton(tr("Go to the steepest step"))
        self.button.setToolTip(tr("Stand where the gradient of this way is longest."))
        self.button.clicked.connect(self.steepest)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(8))
        row.addWidget(QLabel(tr("Step of")))
        row.addWidget(self.ways)
        row.addWidget(self.button)
        row.addStretch(1)


class ClippingView(OldView):
    """Landscape and step above, loss and gradient norm below; a net has no landscape that could be drawn."""

    options_type: ClassVar[type[Config]] = ClippingOptions
    pace: ClassVar[float] = 10.0
    options: ClippingOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = ClippingConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.same: SameStep | None = None
        self._checked: GradientCheck | None = None  # of the gradient of `same`
        self._from: Place | None = None  # where the step that `same` tells of sets out
        self._shown: tuple[Recording, int] | None = None
        self._landscape: object = None
        self.bar = Bar(theme, self.options.of)
        self.field = FieldPanel(tr("Loss, and the three ways"), theme)
        self.profile = CurvesPanel(tr("Along the gradient: cut and uncut"), theme)
        self.loss = CurvesPanel(tr("Loss"), theme)
        self.norm = CurvesPanel(tr("Length of the gradient, before clipping"), theme)
        self.questions.answered.connect(self._take)
        self.field.start_dragged.connect(self._drag)
        self.bar.chosen.connect(self._choose)
        self.bar.steepest.connect(self._go_to_steepest)
        for panel in (self.loss, self.norm):
            panel.clicked.connect(lambda t: self.step_chosen.emit(max(0, round(t))))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        above = side_by_side((self.field, self.profile), (1, 1))
        below = side_by_side((self.loss, self.norm), (1, 1))
        column.addWidget(above_each_other((above, below), (58, 42)), 1)

    def panels(self) -> list[Panel]:
        field = [] if self.field.isHidden() else [self.field]
        return [*field, self.profile, self.loss, self.norm]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, ClippingConfig)
        self.config, self.ghosts = config, ghosts
        scene = scene_of(config)
        self.field.setVisible(isinstance(scene, Plane))
        if isinstance(scene, Plane):
            self._set_landscape(scene)
        limits = (0.0, float(config.steps))
        self.loss.set_axes((tr("step"), ""), (tr("loss"), ""), log_y=True, x_limits=limits)
        self.norm.set_axes((tr("step"), ""), (tr("length"), ""), log_y=True, x_limits=limits)

    def _set_landscape(self, scene: Plane) -> None:
        if self._landscape is type(scene):
            return
        self._landscape = type(scene)
        self.questions.ask("landscape", landscape, scene, GRID, about=scene)

    def _show_landscape(self, scene: Plane, values: Vector) -> None:
        self.field.reset_zoom()
        self.field.set_axes((scene.names[0], ""), (scene.names[1], ""))
        self.field.set_field(values, scene.bounds, False, value_at=scene.value)

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        shot: Snapshot = recording.snapshot(step)[1]
        place = self._place(recording, shot, step)
        if place is None:
            self.questions.forget("step")
            self.same = self._checked = None
        else:
            self.questions.ask("step", checked_step, self.config, *place, about=place)
        if not self.field.isHidden():
            self._draw_paths(recording, step)
        self._draw_profile()
        self._draw_curves(self.loss, recording, "loss", step)
        self._draw_curves(self.norm, recording, "norm", step)
        edge = np.array([0.0, float(self.config.steps)])
        level, name = np.full(2, self.config.threshold), f"c = {value_text(self.config.threshold)}"
        threshold = Curve("threshold", name, edge, level, self.theme.stroke("bound"), width=1.2)
        self.norm.set_curves([*self.norm.curves, threshold])

    def _take(self, answer: Answer) -> None:
        """Show the landscape, or the step that the chosen way takes."""
        if answer.key == "landscape":
            self._show_landscape(answer.about, answer.value)
            return
        self._from, (self.same, self._checked) = answer.about, answer.value
        self._draw_arrows()
        self._draw_profile()
        self.live_changed.emit()

    def _place(self, recording: Recording, shot: Snapshot, step: int) -> Place | None:
        """Where the chosen way is at the step; None once it has left the numbers."""
        way = self.options.of
        if f"{way}.x" in recording.names and self.config.scene != "net":
            place = tuple(float(recording.column(f"{way}.{axis}")[step]) for axis in "xy")
            return (place, step) if all(map(isfinite, place)) else None
        theta = shot.thetas[WAYS.index(way)]
        return (theta, recording.snapshot(step)[0]) if theta is not None else None

    def _draw_paths(self, recording: Recording, step: int) -> None:
        paths = []
        for way in WAYS:
            xy = np.stack([recording.column(f"{way}.{axis}")[: step + 1] for axis in "xy"], axis=1)
            known = np.isfinite(xy).all(axis=1)
            paths.append(Path(way, tr(TITLES[way]), xy[known], self._stroke(way), diverged=not known.all()))
        self.field.set_paths(paths)
        start = self.config.cliff_start if self.config.scene == "cliff" else self.config.unit_start
        self.field.set_start(*start)
        self._draw_arrows()

    def _draw_arrows(self) -> None:
        """Where the step goes, each way."""
        arrows: list[Arrow] = []
        if self.same is not None and self._from is not None and len(self._from[0]) == 2:
            (x, y) = map(float, self._from[0])
            for way in WAYS:
                dx, dy = map(float, self.same.moves[way])
                if isfinite(dx + dy):
                    arrows.append(Arrow(x, y, dx, dy, "", self._stroke(way)))
        self.field.set_arrows(arrows)

    def _draw_profile(self) -> None:
        same = self.same
        if same is None:
            self.profile.set_curves(())
            self.profile.set_marks(())
            return
        top = float(same.distances[-1])
        self.profile.set_curves(
            [Curve("profile", "", same.distances, same.profile, self.theme.stroke("mse"))]
        )
        # After the curve: that of the step before has no say in the axes.
        self.profile.set_axes((tr("length of the step"), ""), (tr("loss"), ""), x_limits=(0.0, top))
        marks = [Mark(0.0, same.loss, tr("here"), Stroke(self.theme.text))]
        for way in ("none", "norm"):
            marks.append(Mark(same.lengths[way], same.after[way], tr(TITLES[way]), self._stroke(way)))
        self.profile.set_marks(marks)

    def _draw_curves(self, panel: CurvesPanel, recording: Recording, quantity: str, step: int) -> None:
        steps = np.arange(recording.last + 1.0)
        curves = [
            Curve(f"{way}.{k}", ghost.label if way == "none" else "", np.arange(ghost.recording.last + 1.0),
                  ghost.recording.column(f"{way}.{quantity}"), self._stroke(way), ghost=True)
            for k, ghost in enumerate(self.ghosts) if ghost.recording.last >= 0 for way in WAYS
        ]  # fmt: skip
        curves += [
            Curve(way, tr(TITLES[way]), steps, recording.column(f"{way}.{quantity}"), self._stroke(way))
            for way in WAYS
        ]
        panel.set_curves(curves)
        panel.set_cursor(step)

    def _stroke(self, way: str) -> Stroke:
        return self.theme.stroke(STROKES[way])

    # What the user does

    def _choose(self, way: str) -> None:
        self.set_option(of=way)
        if self._shown is not None:
            self.draw(*self._shown)
            self.live_changed.emit()

    def _drag(self, x: float, y: float) -> None:
        name = "cliff_start" if self.config.scene == "cliff" else "unit_start"
        self.edited.emit(replaced(self.config, **{name: (float(f"{x:.4g}"), float(f"{y:.4g}"))}))

    def _go_to_steepest(self) -> None:
        if self._shown is not None:
            norms = self._shown[0].column(f"{self.options.of}.norm")
            if np.isfinite(norms).any():
                self.step_chosen.emit(int(np.nanargmax(norms)))

    # The numbers beside the formulas

    def live(self, recording: Recording, step: int) -> list[Live] | None:
        if self.same is None and self.questions.waits("step"):
            return None
        if self.same is None or self._checked is None:
            return [Live(tr("This way has ended"), r"\theta\rightarrow\infty", self._ends(recording, step))]
        same, text = self.same, value_text
        factor = min(1.0, self.config.threshold / same.norm) if same.norm > 0 else 1.0
        largest = float(np.abs(same.gradient).max(initial=0.0))
        checked = self._checked
        return [
            Live(tr("The gradient here"), r"\|g\|=\sqrt{\sum_i g_i^2}",
                 tr("‖g‖ = {norm}, the largest entry {largest}", norm=text(same.norm), largest=text(largest)),
                 Check(checked.max_relative_error, checked.passed)),
            Live(tr("Clipped by norm: the direction stays"),
                 r"g\leftarrow g\cdot\min\left(1,\;\frac{c}{\|g\|}\right)",
                 tr("times {factor}", factor=text(factor))),
            Live(tr("Clipped by value: each entry for itself"), r"g_i\leftarrow\max(-c,\min(c,g_i))",
                 tr("turned by {angle}°", angle=text(self._angle(same)))),
            Live(tr("The same step, three times"), r"\theta\leftarrow\theta-\eta\,g", "\n".join(
                tr("{way}: {length} long, loss {before} → {after}", way=tr(TITLES[way]),
                   length=text(same.lengths[way]), before=text(same.loss), after=text(same.after[way]))
                for way in WAYS)),
        ]  # fmt: skip

    def _angle(self, same: SameStep) -> float:
        """Between the gradient and the gradient clipped by value, in degrees; exactly 0 for the same."""
        long, short = same.lengths["none"], same.lengths["value"]
        if not (0 < long < np.inf and 0 < short < np.inf):
            return 0.0
        a, b = same.moves["none"] / long, same.moves["value"] / short
        return float(np.degrees(2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b))))

    def _ends(self, recording: Recording, step: int) -> str:
        shot: Snapshot = recording.snapshot(recording.last)[1]
        ended = shot.ended[WAYS.index(self.options.of)]
        return tr("Its loss left the numbers at step {step}.", step=ended if ended is not None else step)


VIEW = ClippingView
