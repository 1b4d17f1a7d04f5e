"""Losses ▸ Softmax + cross-entropy: the chain with its numbers, the gradient four ways, two classifiers."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from engine.config import Config, replaced
from engine.experiments.losses.softmax import WAYS
from engine.experiments.losses.softmax_config import SoftmaxConfig
from engine.experiments.losses.softmax_inspection import Explained, check, explain
from gui.look.language import tr
from gui.look.splitters import above_each_other, side_by_side
from gui.look.theme import Theme
from gui.plots.bars import BarsPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.own.chain import ChainPanel
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.screen.hero import WithHero
from gui.screen.options_bar import Switches
from gui.screen.terms import Term, term
from gui.screen.view import Followed, Live, Room, Urgency, View, nothing
from gui.views.logit_bars import with_dragged
from gui.views.losses import softmax_chain as chain
from gui.views.losses.softmax_chain import At, SoftmaxOptions, followed_row, row_of
from gui.views.losses.softmax_training import TrainingPanels, finding
from gui.views.losses.softmax_words import cell_words, formulas, jacobian_words
from gui.views.schedule_blocks import schedule_blocks, schedule_terms

ROOMY = 740  # pixels of height that a row above the large plot takes, and a third small one
WIDE = 900  # pixels of width in which the formula of a cell is one line
CELLS = ("forward", "backward", "sigmoid", "jacobian")  # the panels whose cells have a formula
Cell = tuple[str, tuple[int, int]]  # a panel, and one of its cells


class SoftmaxView(View):
    """Above the chain: logits to ∂L/∂p; large what one chooses; beside it ∂L/∂z and the Jacobian."""

    config_type, options_type = SoftmaxConfig, SoftmaxOptions
    pace = 60.0

    def build(self, theme: Theme) -> None:
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
        self.words = QLabel()
        self._pointed: Cell | None = None
        self._chosen: Cell | None = None
        self.ask("chain", lambda at: (explain, row_of(at)), by=row_of)
        self.ask("checks", lambda at: (check, row_of(at)), Urgency.SOON, by=row_of)
        self.fill(self.logits, chain.show_logits, by=row_of)
        self.fill(self.forward, chain.show_forward, of="chain", by=nothing)
        self.fill(self.jacobian, chain.show_jacobian, of="chain", by=nothing)
        self.fill(self.backward, chain.show_backward, of="chain", by=nothing)
        self.training = TrainingPanels(self)
        self.fill(self.sigmoid, chain.show_sigmoid, of="chain", by=nothing)
        self._connect()
        self._lay_out()

    def _lay_out(self) -> None:
        px = self.theme.px
        self.setMinimumSize(px(260), px(240))
        self._below: list[Panel] = [*self.training.every, self.sigmoid]
        for panel in (self.logits, self.forward, self.jacobian, self.backward, *self._below):
            panel.setMinimumSize(px(110), px(72))
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.words.setContentsMargins(px(10), 0, px(10), 0)
        self.words.setAccessibleName(tr("Formula of a cell"))
        if self.theme.presenting:
            self.words.hide()
        self._first = side_by_side((self.logits, self.forward), (8, 19))
        large = [panel for panel in self._below if panel is not self.training.accuracy]
        small = (self.backward, self.jacobian, self.training.accuracy)
        self._middle = WithHero(self.theme, side_by_side(large, [1] * len(large)), small, (10, 8, 8))
        self.tell(finding)
        self.lay_out(self.bar, above_each_other((self._first, self._middle, self.words), (35, 65, 0)))

    def _connect(self) -> None:
        self.logits.dragged.connect(self._drag)
        self.live_changed.connect(self._explain)
        for way, regions in enumerate(self.training.regions):
            regions.selected.connect(lambda row, way=way: self._follow_point(way, row))
        for name in CELLS:
            cells = getattr(self, name)
            cells.hovered.connect(lambda cell, name=name: self._point(name, cell))
            cells.selected.connect(lambda a, b, name=name: self._choose(name, (a, b)))

    def arrange(self, at: At, room: Room) -> bool:
        """Show the panels of the chosen pane; in a low window without the first row."""
        alone = at.options.pane == "chain"
        panes = {**self.training.panes(_has_pictures(at)), "sigmoid": [self.sigmoid]}
        for panel in self._below:
            panel.setVisible(panel in panes.get(at.options.pane, ()))
        lines = 1 if room.width >= WIDE else 2
        self.words.setFixedHeight(lines * self.words.fontMetrics().lineSpacing() + self.theme.px(8))
        if room.height < ROOMY:
            self.training.accuracy.hide()
        self._first.setVisible(not self.theme.presenting and (alone or room.height >= ROOMY))
        self._middle.hero.setVisible(not alone)
        self.bar["pane"].rename("regions", tr("Weights") if _has_pictures(at) else tr("Regions"))
        return False

    def offers(self, at: At) -> dict[str, object]:
        count = len(at.data.training) if at.last >= 0 else 1
        return {"example": at.options.source != "typed" and range(count)}

    @classmethod
    def followed(cls, options: Config, before: SoftmaxConfig, after: SoftmaxConfig) -> Followed:
        """Where logits or label are set these are shown, and no longer those of an example."""
        if (before.logits, before.label) != (after.logits, after.label):
            options = replaced(options, source="typed")
        return options, after

    def _drag(self, key: str, index: int, value: float) -> None:
        self.edit(logits=with_dragged(self.logits, self.at.config.logits, index, value))

    def _follow_point(self, way: int, row: int) -> None:
        """Follow a training example that was clicked, as that classifier sees it."""
        training = self.at.data.training
        if row in training:
            self.set_option(source=WAYS[way], example=int(training.searchsorted(row)))
        else:  # no example of the training: the mark stays at the one that is followed
            for regions in self.training.regions:
                regions.select(followed_row(self.at))

    def _point(self, panel: str, cell: tuple[int, int] | None) -> None:
        self._pointed = None if cell is None else (panel, cell)
        self._explain()

    def _choose(self, panel: str, cell: tuple[int, int]) -> None:
        self._chosen = (panel, cell)
        for name in CELLS:
            if name != panel:
                getattr(self, name).select(None)
        self._explain()

    def _explain(self) -> None:
        """Write the formula of the cell that is pointed at or chosen, and mark what it is made of."""
        cell, found = self._pointed or self._chosen, self.answer("chain")
        if found is not None:
            self.forward.relate(_related(cell, len(found.row.names)) if cell else set())
            self.words.setText(_sentence(cell, found))

    def terms(self, at: At) -> list[Term]:
        forward, back, loss = self.forward, self.backward, (self.training.loss, "right")
        return [
            *(term(f"p_{k}", tr("probability of a class"), (forward, "1")) for k in "ij"),
            *(term(f"z_{k}", tr("logit of a class"), (forward, "0"), (self.logits, "z")) for k in "ik"),
            *(term(f"y_{k}", tr("label of a class"), (forward, "2")) for k in "ij"),
            term("L", tr("the loss"), (forward, "3")),
            term("L_n", tr("loss of an example"), loss, (self.training.loss, "notes")),
            term(r"\frac{\partial p_i}{\partial z_j}", tr("Jacobian of softmax"), self.jacobian),
            term(r"\frac{\partial L}{\partial z_j}", tr("gradient at the logits"), (back, "1"), (back, "0")),
            term(r"y_j\,(p_j - 1)", tr("the common mistake"), (back, "3")),
            *schedule_terms(at.config.descent, at.step),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        """The chain with its numbers, and how far both classifiers have come."""
        found = self.answer("checks")
        if found is None:
            return None
        right, notes = (value_text(float(at.snapshot.scalars[f"{way}.loss"][at.step])) for way in WAYS)
        numbers = tr("right {right}, with the common mistake {notes}", right=right, notes=notes)
        title = tr("Mean loss while training, step {step}", step=at.step)
        mean = Live(title, r"\frac{1}{N}\sum_{n=1}^{N} L_n", numbers)
        return [*formulas(found), mean, *schedule_blocks(at.config.descent, at.step)]


def _has_pictures(at: At) -> bool:
    return at.last >= 0 and len(at.data.shape) > 1


def _sentence(cell: Cell | None, found: Explained) -> str:
    """The formula of a cell with its numbers."""
    if cell is None:
        return tr("Point at a number, or choose one with the arrow keys: here is its formula.")
    panel, (first, second) = cell
    count = len(found.row.names)
    if panel == "jacobian":
        return jacobian_words(first, second, found) if max(first, second) < count else ""
    return cell_words(chain.COLUMNS[panel][first], second, found) if second < count else ""


def _related(cell: Cell, count: int) -> set[tuple[int, int]]:
    """The cells of the forward chain, (column, row), that a cell is made of."""
    panel, (column, row) = cell
    if (panel, column) in (("forward", 1), ("backward", 0)):
        return {(0 if panel == "forward" else 4, k) for k in range(count)}
    if (panel, column) in (("forward", 3), ("forward", 4), ("backward", 1), ("backward", 3)):
        return {(1, row), (2, row)}
    return {(1, column), (1, row)} if panel == "jacobian" else set()
