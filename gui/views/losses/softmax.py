"""Losses ▸ Softmax + cross-entropy: the chain with its numbers, the gradient four ways, two classifiers."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLayout, QWidget

from engine.config import Config, replaced
from engine.experiments.losses.softmax import WAYS
from engine.experiments.losses.softmax_config import SoftmaxConfig
from gui.language import tr
from gui.moment import Moment
from gui.notes import Live
from gui.options_bar import Switches
from gui.options_widgets import entitle
from gui.plots.bars import BarsPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.own.chain import ChainPanel
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.theme import Theme
from gui.view import Room, View
from gui.views.losses.softmax_chain import (
    BACKWARD,
    FORWARD,
    SIGMOID,
    At,
    SoftmaxOptions,
    chain_of,
    show_backward,
    show_forward,
    show_jacobian,
    show_logits,
    show_sigmoid,
)
from gui.views.losses.softmax_training import (
    Training,
    curves_of,
    followed_of,
    show_accuracy,
    show_drift,
    show_followed,
    show_loss,
    show_notes_regions,
    show_notes_weights,
    show_right_regions,
    show_right_weights,
    show_shares,
    show_step,
    step_of,
)
from gui.views.losses.softmax_words import cell_words, formulas, jacobian_words

LOW = 430  # height, in pixels at the ordinary size, below which there is room for two rows only
Cell = tuple[str, tuple[int, int]]  # a panel, and one of its cells


class SoftmaxView(View):
    """Above the chain: logits to ∂L/∂p; in the middle Jacobian and gradients; below what one chooses."""

    config_type, options_type = SoftmaxConfig, SoftmaxOptions
    pace = 60.0

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        tips = {
            "chain": tr("The chain alone, with all the room"),
            "training": tr("Loss and accuracy of both classifiers while they train"),
            "drift": tr("Where the logits drift to, and how often each class is expected"),
            "regions": tr("What each classifier says of every point; click a point to follow it"),
            "sigmoid": tr("The same logits with sigmoid and binary cross-entropy"),
        }
        self.bar = self.options_bar("source", "example", "", Switches("pane", tips))
        self.logits = BarsPanel(tr("Logits z"), theme)
        self.forward = ChainPanel(tr("Forward, and one step back"), theme)
        self.jacobian = HeatmapPanel(tr("Jacobian ∂p/∂z"), theme)
        self.jacobian.square = self.jacobian.scale_bar = False
        self.backward = ChainPanel(tr("Backward: ∂L/∂z"), theme)
        self.sigmoid = ChainPanel(
            tr("Softmax: exactly one class is true · sigmoid: each class is a yes or no of its own"), theme
        )
        self.training = Training(theme)
        self.words = QLabel()
        self._pointed: Cell | None = None
        self._chosen: Cell | None = None
        self._fill_all()
        self._connect()
        self._lay_out()

    def _fill_all(self) -> None:
        training = self.training
        self.fill(self.logits, show_logits, by=chain_of)
        self.fill(self.forward, show_forward, by=chain_of)
        self.fill(self.jacobian, show_jacobian, by=chain_of)
        self.fill(self.backward, show_backward, by=chain_of)
        for panel, show in zip(training.curves, (show_loss, show_accuracy, show_drift), strict=True):
            self.fill(panel, show, by=curves_of)
            self.fill(panel, show_step)
        self.fill(training.shares, show_shares, by=step_of)
        for regions, show_regions in zip(
            training.regions, (show_right_regions, show_notes_regions), strict=True
        ):
            self.fill(regions, show_regions, by=step_of)
            self.fill(regions, show_followed, by=followed_of)
        for weights, show_weights in zip(
            training.weights, (show_right_weights, show_notes_weights), strict=True
        ):
            self.fill(weights, show_weights, by=step_of)
        self.fill(self.sigmoid, show_sigmoid, by=chain_of)

    # How it is laid out

    def _lay_out(self) -> None:
        px = self.theme.px
        self.setMinimumSize(px(260), px(300))
        self._below: list[Panel] = [*self.training.every, self.sigmoid]
        for panel in (self.logits, self.forward, self.jacobian, self.backward, *self._below):
            panel.setMinimumSize(px(110), px(72))
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.words.setFixedHeight(2 * self.words.fontMetrics().lineSpacing() + px(8))
        self.words.setContentsMargins(px(10), 0, px(10), 0)
        self.words.setAccessibleName(tr("Formula of a cell"))
        body = QWidget()
        grid = self._grid = QGridLayout(body)
        grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(1)
        grid.addLayout(_beside((self.logits, 8), (self.forward, 19)), 1, 0)
        grid.addLayout(_beside((self.jacobian, 10), (self.backward, 17)), 2, 0)
        grid.addWidget(self.words, 3, 0)
        grid.addLayout(_beside(*((panel, 1) for panel in self._below)), 4, 0)
        self.lay_out(self.bar, body)

    def _connect(self) -> None:
        self.logits.dragged.connect(self._drag)
        for panel in self.training.curves:
            panel.clicked.connect(self.jump)
        for way, regions in enumerate(self.training.regions):
            regions.selected.connect(lambda row, way=way: self._follow_point(way, row))
        for name, cells in self._cells().items():
            cells.hovered.connect(lambda cell, name=name: self._point(name, cell))
            cells.selected.connect(lambda a, b, name=name: self._choose(name, (a, b)))

    def _cells(self) -> dict[str, ChainPanel | HeatmapPanel]:
        return {"forward": self.forward, "backward": self.backward, "sigmoid": self.sigmoid,
                "jacobian": self.jacobian}  # fmt: skip

    def arrange(self, at: At, room: Room) -> bool:
        """Show the panels of the chosen pane; in a low window it takes the place of the first row."""
        pane, alone = at.options.pane, at.options.pane == "chain"
        shown = self.training.panes(_has_pictures(at)) | {"sigmoid": [self.sigmoid]}
        for panel in self._below:
            panel.setVisible(panel in shown[pane])
        whole = alone or room.height >= LOW
        for panel in (self.logits, self.forward):
            panel.setVisible(whole)
        for row, share in ((1, 10 if whole else 0), (2, 10), (4, 0 if alone else 11)):
            self._grid.setRowStretch(row, share)
        entitle(self.bar["pane"]["regions"], tr("Weights") if _has_pictures(at) else tr("Regions"))
        self.bar["pane"].layout().activate()  # the row inside the bar asks for its new width at once
        return False

    def offers(self, at: At) -> dict[str, object]:
        if at.options.source == "typed":
            return {"example": False}
        count = len(at.snapshot.data.training) if at.last >= 0 else 1
        return {"example": range(count)}

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        """Where logits or label are set these are shown, and no longer those of an example."""
        assert isinstance(before, SoftmaxConfig)
        assert isinstance(after, SoftmaxConfig)
        if (before.logits, before.label) != (after.logits, after.label):
            options = replaced(options, source="typed")
        return options, after

    def show_moment(self, at: Moment[Any, Any]) -> None:
        super().show_moment(at)
        self._explain()

    # What the user does

    def _drag(self, key: str, index: int, value: float) -> None:
        logits = list(self.at.config.logits)
        reach = (self.logits.limits or (0.0, 0.0))[1]
        logits[index] = round(value, 2 if reach < 100 else 0)
        self.edit(logits=tuple(logits))

    def _follow_point(self, way: int, row: int) -> None:
        """Follow a training example that was clicked, as that classifier sees it."""
        training = self.at.snapshot.data.training
        if row in training:
            self.set_option(source=WAYS[way], example=int(training.searchsorted(row)))

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
        cell = self._pointed or self._chosen
        if self.at is None or self.at.last < 0:
            return
        self.forward.relate(_related(cell, len(chain_of(self.at).names)) if cell else set())
        self.words.setText(_sentence(cell, self.at))

    def formulas(self, at: At) -> list[Live]:
        """The chain with its numbers, and how far both classifiers have come."""
        chain, _, names, _, _ = chain_of(at)
        right, notes = (value_text(float(at.snapshot.scalars[f"loss.{way}"][at.step])) for way in WAYS)
        numbers = tr("right {right}, with the notes' gradient {notes}", right=right, notes=notes)
        title = tr("Mean loss while training, step {step}", step=at.step)
        return [*formulas(chain, names), Live(title, r"\frac{1}{N}\sum_{n=1}^{N} L_n", numbers)]


def _has_pictures(at: At) -> bool:
    return at.last >= 0 and len(at.snapshot.data.shape) > 1


def _sentence(cell: Cell | None, at: At) -> str:
    """The formula of a cell with its numbers."""
    if cell is None:
        return tr("Point at a number, or choose one with the arrow keys: here is its formula.")
    chain, other, names, _, _ = chain_of(at)
    panel, (first, second) = cell
    if panel == "jacobian":
        return jacobian_words(first, second, chain, names) if max(first, second) < len(names) else ""
    columns = {"forward": FORWARD, "backward": BACKWARD, "sigmoid": SIGMOID}[panel]
    return cell_words(columns[first], second, chain, other, names) if second < len(names) else ""


def _related(cell: Cell, count: int) -> set[tuple[int, int]]:
    """The cells of the forward chain, (column, row), that a cell is made of."""
    panel, (column, row) = cell
    if (panel, column) in (("forward", 1), ("backward", 0)):
        return {(0 if panel == "forward" else 4, k) for k in range(count)}
    if (panel, column) in (("forward", 3), ("forward", 4), ("backward", 1), ("backward", 3)):
        return {(1, row), (2, row)}
    return {(1, column), (1, row)} if panel == "jacobian" else set()


def _beside(*widgets: tuple[QWidget, int]) -> QHBoxLayout:
    """Widgets in a row, with their shares of the width."""
    row = QHBoxLayout()
    row.setSpacing(1)
    for widget, share in widgets:
        row.addWidget(widget, share)
    return row


VIEW = SoftmaxView
