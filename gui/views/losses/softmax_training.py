"""The two classifiers side by side: how they learn, where their logits drift to, what they say."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.experiments.losses.softmax import Trained
from engine.experiments.losses.softmax_config import SoftmaxConfig
from engine.experiments.losses.softmax_inspection import probabilities, shares
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.plots.bars import Bars, BarsPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.images import ImagesPanel
from gui.plots.panel import Panel
from gui.plots.regions import RegionsPanel
from gui.theme import GREY, Stroke, Theme

GRID = 56  # points along a side of the regions
KEYS = (("right", "right"), ("notes", "wrong"))  # way → stroke


class Training(QObject):
    """The panels below the chain. `clicked` tells a step, `chosen` a way (0 right, 1 notes) and a row."""

    clicked = Signal(int)
    chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.loss = CurvesPanel(tr("Loss on the training examples"), theme)
        self.accuracy = CurvesPanel(tr("Accuracy on held-out examples"), theme)
        self.drift = CurvesPanel(tr("Mean of all logits"), theme)
        self.shares = BarsPanel(tr("Share of each class, and its mean probability"), theme)
        self.regions = [RegionsPanel(words, theme) for words in self._titles()]
        self.weights = [ImagesPanel(words, theme) for words in self._titles()]
        for panel in (self.loss, self.accuracy, self.drift):
            panel.legend = "ends"
            panel.clicked.connect(lambda x: self.clicked.emit(max(0, round(x))))
        for way, regions in enumerate(self.regions):
            regions.selected.connect(lambda row, way=way: self.chosen.emit(way, row))
        self._marked: int | None = None
        self._run: Trained | None = None
        self._of: tuple[object, ...] = ()  # whose curves are drawn
        self._inside: tuple[object, ...] = ()  # which run at which step is in the other panes

    @staticmethod
    def _titles() -> tuple[str, str]:
        return tr("Trained right"), tr("Trained with the notes' gradient")

    def panes(self, pictures: bool) -> dict[str, list[Panel]]:
        """The panels of each pane; pictures have weights instead of regions."""
        return {
            "chain": [],
            "training": [self.loss, self.accuracy],
            "drift": [self.drift, self.shares],
            "regions": [*(self.weights if pictures else self.regions)],
        }

    @property
    def every(self) -> list[Panel]:
        """All panels."""
        return [self.loss, self.accuracy, self.drift, self.shares, *self.regions, *self.weights]

    def draw(
        self, config: SoftmaxConfig, run: Trained, step: int, ghosts: Sequence[Ghost], pane: str
    ) -> None:
        """Show a pane at a step."""
        self._draw_curves(config, run, ghosts)
        for panel in (self.loss, self.accuracy, self.drift):
            panel.set_cursor(step)
        if self._inside == (id(run), step, pane):
            return
        self._inside = (id(run), step, pane)
        if pane == "drift":
            self._draw_shares(run, step)
        elif pane == "regions" and len(run.data.shape) == 1:
            self._draw_regions(run, step)
        elif pane == "regions":
            self._draw_weights(run, step)

    def _draw_curves(self, config: SoftmaxConfig, run: Trained, ghosts: Sequence[Ghost]) -> None:
        of = (id(run), *(id(ghost.recording) for ghost in ghosts))
        if of == self._of:
            return
        self._of, self._run = of, run  # the run is kept, so that no other gets its id
        last = max(config.steps, *(ghost.recording.last for ghost in ghosts), 1)
        step, limits = (tr("step"), ""), (0.0, float(last))
        self.loss.set_axes(step, (tr("loss"), tr("nats")), x_limits=limits)
        self.accuracy.set_axes(step, (tr("accuracy"), ""), x_limits=limits, y_limits=(0.0, 1.03))
        self.drift.set_axes(step, (tr("mean logit"), ""), x_limits=limits)
        for panel, name in ((self.loss, "loss"), (self.accuracy, "accuracy"), (self.drift, "mean_logit")):
            curves = [curve for ghost in ghosts for curve in self._ghost(ghost, name)]
            names = dict(zip(("right", "notes"), (tr("right"), tr("the notes'")), strict=True))
            for way, stroke in KEYS:
                y = run.scalars[f"{name}.{way}"]
                x = np.arange(float(len(y)))
                curves.append(Curve(way, names[way], x, y, self.theme.stroke(stroke), width=2.0))
            panel.set_curves(curves)

    def _ghost(self, ghost: Ghost, name: str) -> list[Curve]:
        recording: Recording = ghost.recording
        if recording.last < 1:
            return []
        x = np.arange(recording.last + 1.0)
        return [
            Curve(f"{way}-{id(recording)}", ghost.label if way == "right" else "", x,
                  recording.column(f"{name}.{way}"), self.theme.stroke(stroke), ghost=True)
            for way, stroke in KEYS
        ]  # fmt: skip

    def _draw_shares(self, run: Trained, step: int) -> None:
        true, right, notes = shares(run, step)
        self.shares.set_axes((tr("class"), ""), (tr("share"), ""), (0.0, 1.0))
        self.shares.set_bars(
            run.data.class_names,
            [
                Bars("true", tr("true share"), true, Stroke(GREY[self.theme.dark])),
                Bars("right", tr("right"), right, self.theme.stroke("right")),
                Bars("notes", tr("the notes'"), notes, self.theme.stroke("wrong")),
            ],
        )

    def _draw_regions(self, run: Trained, step: int) -> None:
        data = run.data
        points = data.inputs[:, 1:]
        low, high = points.min(axis=0) - 0.3, points.max(axis=0) + 0.3
        bounds = ((float(low[0]), float(high[0])), (float(low[1]), float(high[1])))
        grid = np.stack(np.meshgrid(*(np.linspace(*edge, GRID) for edge in bounds)), axis=-1)
        training = np.isin(np.arange(len(points)), data.training)
        for way, panel in enumerate(self.regions):
            wrong = probabilities(run, step, way, points).argmax(axis=1) != data.labels
            panel.set_axes(("x", ""), ("y", ""))
            panel.set_regions(probabilities(run, step, way, grid), bounds)
            panel.set_points(points, data.labels, training, wrong, data.class_names)

    def _draw_weights(self, run: Trained, step: int) -> None:
        for way, panel in enumerate(self.weights):
            pictures = run.weights[step, way, 1:].T.reshape(-1, *run.data.shape)
            panel.set_images(pictures, run.data.class_names, signed=True)

    def mark(self, row: int | None) -> None:
        """Mark the example that is followed, where it is a point."""
        if row != self._marked:
            self._marked = row
            for panel in self.regions:
                panel.select(row)
