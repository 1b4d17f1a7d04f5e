"""Losses ▸ Softmax + cross-entropy: the chain with its numbers, the gradient four ways, two classifiers."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLayout, QWidget

from engine.config import Config, Problem, replaced
from engine.experiments.losses.softmax import WAYS, Trained
from engine.experiments.losses.softmax_config import OneHot, Smoothed, SoftmaxConfig
from engine.experiments.losses.softmax_inspection import Chain, Independent, example, follow, independent
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.bars import Bars, BarsPanel
from gui.plots.chain import ChainPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.theme import Theme
from gui.views.losses.softmax_chain import (
    BACKWARD,
    FORWARD,
    SIGMOID,
    show_backward,
    show_forward,
    show_sigmoid,
)
from gui.views.losses.softmax_controls import SoftmaxBar, SoftmaxOptions
from gui.views.losses.softmax_training import Training
from gui.views.losses.softmax_words import cell_words, formulas, jacobian_words

LETTERS = "ABCDEFGH"
LOW = 430  # height, in pixels at the ordinary size, below which there is room for two rows only
REACH = 5.0  # of the axis of logits, at least


class SoftmaxView(OldView):
    """Above the chain: logits to ∂L/∂p; in the middle Jacobian and gradients; below what one chooses."""

    options_type: ClassVar[type[Config]] = SoftmaxOptions
    pace: ClassVar[float] = 60.0
    options: SoftmaxOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = SoftmaxConfig()
        self.bar = SoftmaxBar(theme)
        self.logits = BarsPanel(tr("Logits z"), theme)
        self.forward = ChainPanel(tr("Forward, and one step back"), theme)
        self.jacobian = HeatmapPanel(tr("Jacobian ∂p/∂z"), theme)
        self.jacobian.square = self.jacobian.scale_bar = False
        self.backward = ChainPanel(tr("Backward: ∂L/∂z"), theme)
        self.sigmoid = ChainPanel(
            tr("Softmax: exactly one class is true · sigmoid: each class is a yes or no of its own"), theme
        )
        self.training = Training(theme, self)
        self.words = QLabel()
        self.chain: Chain | None = None
        self.other: Independent | None = None
        self.names: Sequence[str] = ()
        self._ghosts: Sequence[Ghost] = ()
        self._shown: tuple[Recording, int] | None = None
        self._pointed: tuple[str, tuple[int, int]] | None = None  # a panel, and one of its cells
        self._chosen: tuple[str, tuple[int, int]] | None = None
        self._reach = REACH
        self._lay_out()
        self._connect()
        self._arrange()

    def _show_typed(self) -> None:
        """Logits or label were set: show these, and no longer those of an example."""
        if self.options.source != "typed":
            self.set_option(source="typed")
            self._arrange()

    # How it is laid out

    def _lay_out(self) -> None:
        px = self.theme.px
        self.setMinimumSize(px(260), px(300))
        for panel in (self.logits, self.forward, self.jacobian, self.backward, self.sigmoid,
                      *self.training.every):  # fmt: skip
            panel.setMinimumSize(px(110), px(72))
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.words.setFixedHeight(2 * self.words.fontMetrics().lineSpacing() + px(8))
        self.words.setContentsMargins(px(10), 0, px(10), 0)
        self.words.setAccessibleName(tr("Formula of a cell"))
        below = QHBoxLayout()
        below.setSpacing(1)
        for panel in (*self.training.every, self.sigmoid):
            below.addWidget(panel, 1)
        grid = self.grid = QGridLayout(self)
        grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(1)
        grid.addWidget(self.bar, 0, 0)
        grid.addLayout(_beside(self.logits, 8, self.forward, 19), 1, 0)
        grid.addLayout(_beside(self.jacobian, 10, self.backward, 17), 2, 0)
        grid.addWidget(self.words, 3, 0)
        grid.addLayout(below, 4, 0)

    def _connect(self) -> None:
        self.bar.changed.connect(self._change)
        self.logits.dragged.connect(self._drag)
        self.training.clicked.connect(self.step_chosen)
        self.training.chosen.connect(self._follow_point)
        for name, panel in self._cells().items():
            panel.hovered.connect(lambda cell, name=name: self._point(name, cell))
            panel.selected.connect(lambda a, b, name=name: self._choose(name, (a, b)))

    def _cells(self) -> dict[str, ChainPanel | HeatmapPanel]:
        return {"forward": self.forward, "backward": self.backward, "sigmoid": self.sigmoid,
                "jacobian": self.jacobian}  # fmt: skip

    def panels(self) -> list[Panel]:
        """The plots on show."""
        every: list[Panel] = [self.logits, self.forward, self.jacobian, self.backward,
                              *self.training.every, self.sigmoid]  # fmt: skip
        return [panel for panel in every if not panel.isHidden()]

    def _arrange(self) -> None:
        """Show the panels of the chosen pane."""
        run = self._run()
        pictures = run is not None and len(run.data.shape) > 1
        panes: dict[str, list[Panel]] = {**self.training.panes(pictures), "sigmoid": [self.sigmoid]}
        for panel in (*self.training.every, self.sigmoid):
            panel.setVisible(panel in panes[self.options.pane])
        self._share_height()
        examples = len(run.data.training) if run is not None else 1
        self.bar.show_options(self.options, examples, pictures)

    def _share_height(self) -> None:
        """Give every row its share; in a low window what is below takes the place of the first row."""
        alone = self.options.pane == "chain"
        low = self.height() < self.theme.px(LOW)
        for panel in (self.logits, self.forward):
            panel.setVisible(alone or not low)
        for row, share in ((1, 10 if alone or not low else 0), (2, 10), (4, 0 if alone else 11)):
            self.grid.setRowStretch(row, share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _run(self) -> Trained | None:
        if self._shown is None or self._shown[0].last < 0:
            return None
        run: Trained = self._shown[0].snapshot(self._shown[1])[1]
        return run

    # A run

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, SoftmaxConfig)
        before = self.config
        if self._shown is not None and (before.logits, before.label) != (config.logits, config.label):
            self._show_typed()
        self.config, self._ghosts = config, ghosts
        self._shown = None

    def draw(self, recording: Recording, step: int) -> None:
        fresh = self._shown is None
        self._shown = (recording, step)
        run = self._run()
        if run is None:
            return
        if fresh:
            self._arrange()
        self._draw_chain(run, step)
        self.training.draw(self.config, run, step, self._ghosts, self.options.pane)
        self.training.mark(None if self.options.source == "typed" else self._row(run))

    def _row(self, run: Trained) -> int:
        """The row of the data that is followed."""
        return int(run.data.training[min(self.options.example, len(run.data.training) - 1)])

    def _draw_chain(self, run: Trained, step: int) -> None:
        """The chain of the logits that were typed, or of an example as a classifier sees it at the step."""
        source = self.options.source
        typed = source == "typed"
        if typed:
            z = np.array(self.config.logits)
            y, self.names = self.config.label.weights(len(z)), LETTERS[: len(z)]
            true = self._true_class()
        else:
            z, y = example(run, step, WAYS.index(source), self._row(run))
            self.names, true = run.data.class_names, int(y.argmax())
        self.chain, self.other = follow(z, y), independent(z, y)
        self._draw_logits(typed, true)
        show_forward(self.forward, self.chain, self.names, true)
        show_backward(self.backward, self.chain, self.names, true)
        self.jacobian.set_matrix(self.chain.jacobian, self.names, self.names, signed=True, limit=0.25)
        self.jacobian.set_captions("∂p", "∂z")
        if not self.sigmoid.isHidden():
            show_sigmoid(self.sigmoid, self.chain, self.other, self.names, true)
        self._explain()

    def _true_class(self) -> int | None:
        label = self.config.label
        return label.true_class - 1 if isinstance(label, OneHot | Smoothed) else None

    def _draw_logits(self, typed: bool, true: int | None) -> None:
        assert self.chain is not None
        largest = float(abs(self.chain.z).max())
        if largest > self._reach or largest < self._reach / 20:
            self._reach = max(REACH, 1.25 * largest)
        self.logits.draggable = typed
        self.logits.entitle(*((tr("Logits z"), tr("drag them")) if typed else (tr("Logits of the example"),)))
        self.logits.set_axes(("", ""), ("z", ""), (-self._reach, self._reach))
        self.logits.set_bars(
            tuple(self.names), [Bars("z", "z", self.chain.z, self.theme.stroke("q"))], highlight=true
        )

    # What the user does

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self._arrange()
        if self._shown is not None:
            self.draw(*self._shown)
            self.live_changed.emit()

    def _drag(self, key: str, index: int, value: float) -> None:
        logits = list(self.config.logits)
        logits[index] = round(value, 2 if self._reach < 100 else 0)
        try:
            self.edited.emit(replaced(self.config, logits=tuple(logits)))
        except Problem:
            return  # beyond what is allowed: the logit stays where it was

    def _follow_point(self, way: int, row: int) -> None:
        """Follow a training example that was clicked, as that classifier sees it."""
        run = self._run()
        if run is not None and row in run.data.training:
            place = int(run.data.training.searchsorted(row))
            self._change({"source": WAYS[way], "example": place})

    def _point(self, panel: str, cell: tuple[int, int] | None) -> None:
        self._pointed = None if cell is None else (panel, cell)
        self._explain()

    def _choose(self, panel: str, cell: tuple[int, int]) -> None:
        self._chosen = (panel, cell)
        for name, other in self._cells().items():
            if name != panel:
                other.select(None)
        self._explain()

    def _explain(self) -> None:
        """Write the formula of the cell that is pointed at or chosen, and mark what it is made of."""
        self._relate()
        self.words.setText(self._sentence())

    def _sentence(self) -> str:
        at = self._pointed or self._chosen
        if at is None or self.chain is None or self.other is None:
            return tr("Point at a number, or choose one with the arrow keys: here is its formula.")
        panel, (first, second) = at
        columns = {"forward": FORWARD, "backward": BACKWARD, "sigmoid": SIGMOID}.get(panel, ())
        count = len(self.names)
        if panel == "jacobian":
            return jacobian_words(first, second, self.chain, self.names) if max(first, second) < count else ""
        if second >= count:
            return ""
        return cell_words(columns[first], second, self.chain, self.other, self.names)

    def _relate(self) -> None:
        """Underline the numbers that the pointed one is made of."""
        panel, (column, row) = self._pointed or self._chosen or ("", (0, 0))
        forward: set[tuple[int, int]] = set()
        every = range(len(self.names))
        if (panel, column) == ("forward", 1):
            forward = {(0, k) for k in every}
        elif panel == "forward" and column in (3, 4):
            forward = {(1, row), (2, row)}
        elif (panel, column) == ("backward", 0):
            forward = {(4, k) for k in every}
        elif panel == "backward" and column in (1, 3):
            forward = {(1, row), (2, row)}
        elif panel == "jacobian":
            forward = {(1, column), (1, row)}
        self.forward.relate(forward)

    # The numbers beside the formulas

    def live(self, recording: Recording, step: int) -> list[Live]:
        run = self._run()
        if self.chain is None or run is None:
            return []
        right, notes = (value_text(float(run.scalars[f"loss.{way}"][step])) for way in WAYS)
        numbers = tr("right {right}, with the notes' gradient {notes}", right=right, notes=notes)
        mean = Live(tr("Mean loss while training, step {step}", step=step), r"\frac{1}{N}\sum_{n=1}^{N} L_n",
                    numbers)  # fmt: skip
        return [*formulas(self.chain, self.names), mean]


def _beside(left: QWidget, share: int, right: QWidget, other: int) -> QHBoxLayout:
    """Two widgets in a row, the width divided."""
    row = QHBoxLayout()
    row.setSpacing(1)
    row.addWidget(left, share)
    row.addWidget(right, other)
    return row


VIEW = SoftmaxView
