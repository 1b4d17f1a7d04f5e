"""Entropy ▸ Softmax and sigmoid: logits to drag, the chain to the probabilities, and three looks at it."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, choice, number, replaced
from engine.experiments.entropy.softmax import (
    COLDEST,
    FEWEST,
    HOTTEST,
    LARGEST,
    MOST,
    Snapshot,
    SoftmaxConfig,
    with_logit_against,
)
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.numbers import short_text
from gui.old_view import OldView
from gui.plots.bars import Bars, BarsPanel
from gui.plots.chain import ChainColumn, ChainPanel
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.splitters import above_each_other, side_by_side
from gui.theme import SKY, Stroke, Theme
from gui.views.entropy.softmax_controls import PANES, Controls
from gui.views.entropy.softmax_formulas import formulas
from gui.views.entropy.softmax_panes import NaivePane, SigmoidPane, TemperaturePane

LOW = 470  # pixels of height, at the ordinary size of text, below which the chain is a pane
HEIGHTS = (5.0, 10.0, 30.0, 100.0, 300.0, LARGEST)  # how far the axis of the logits may reach


class SoftmaxOptions(Config, frozen=True):
    """How one looks at the chain."""

    pane: Annotated[str, choice("Below", "What is shown under the chain.", PANES)] = "naive"
    chosen: Annotated[
        int, number("Class", "Which class is set against all others, from 0.", ge=0, le=MOST - 1)
    ] = 0


class SoftmaxView(OldView):
    """Bars of the logits and of the probabilities, the chain between them, and below what one asks for."""

    options_type: ClassVar[type[Config]] = SoftmaxOptions
    options: SoftmaxOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.logits = BarsPanel("", theme)
        self.logits.entitle(tr("Logits z"), tr("drag the bars"))
        self.logits.draggable = True
        self.shares = BarsPanel(tr("Probabilities p"), theme)
        self.shares.set_axes((tr("class"), ""), ("p", ""), (0.0, 1.0))
        self.chain = ChainPanel(tr("The stable way, in float64"), theme)
        self.chain.selectable = False
        self.naive, self.sigmoid, self.heat = NaivePane(theme), SigmoidPane(theme), TemperaturePane(theme)
        self.panes = {"naive": self.naive, "sigmoid": self.sigmoid, "temperature": self.heat}
        self.compact = False  # too low for the chain to stand between the bars and a pane
        self.controls = Controls(theme)
        self.config = SoftmaxConfig()
        self.ghosts: tuple[Ghost, ...] = ()
        self._height = 0.0
        self._shown: Snapshot | None = None
        self._connect()
        self._lay_out()
        self._arrange()

    def _connect(self) -> None:
        self.logits.dragged.connect(lambda key, index, value: self._set_logit(index, round(value, 2)))
        self.shares.clicked.connect(lambda index: self._change({"pane": "sigmoid", "chosen": index}))
        self.sigmoid.dragged.connect(self._drag_against)
        self.sigmoid.chosen.connect(lambda index: self._change({"chosen": index}))
        self.heat.dragged.connect(self._drag_temperature)
        self.controls.changed.connect(self._change)
        self.controls.resized.connect(self._resize_classes)

    def _lay_out(self) -> None:
        px = self.theme.px
        self.setMinimumSize(px(260), px(300))
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bars = side_by_side((self.logits, self.shares), (1, 1))
        self._above = above_each_other((bars, self.chain), (29, 37))
        column.addWidget(self._above, 66)
        column.addWidget(self.controls)
        for pane in self.panes.values():
            column.addWidget(pane, 34)

    def panels(self) -> list[Panel]:
        below = self.panes[self.pane].panels() if self.pane in self.panes else []
        chain = [] if self.chain.isHidden() else [self.chain]
        return [self.logits, self.shares, *chain, *below]

    @property
    def pane(self) -> str:
        """What is shown below; where the chain stands above, something else than the chain."""
        return "naive" if self.options.pane == "chain" and not self.compact else self.options.pane

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the chain is one of the panes."""
        super().resizeEvent(event)
        compact = self.height() < self.theme.px(LOW)
        if compact != self.compact:
            self.compact = compact
            self._arrange()
            if self._shown is not None:
                self._draw_chain(self._shown)
                self._draw_pane(self._shown)

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, SoftmaxConfig)
        self.config, self.ghosts = config, tuple(ghosts)

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = recording.snapshot(step)[1]
        self._draw_bars(self._shown)
        self._draw_chain(self._shown)
        self._draw_pane(self._shown)
        self.controls.show_count(len(self.config.logits))

    def live(self, recording: Recording, step: int) -> list[Live]:
        return formulas(self.config, recording.snapshot(step)[1], self.chosen)

    @property
    def chosen(self) -> int:
        """The class that is set against all others."""
        return min(self.options.chosen, len(self.config.logits) - 1)

    # What is drawn

    def _draw_bars(self, shot: Snapshot) -> None:
        names = class_names(len(self.config.logits))
        marked = self.chosen if self.pane == "sigmoid" else None
        height = self._fitting(max(map(abs, self.config.logits)))
        if height != self._height:
            self._height = height
            self.logits.set_axes((tr("class"), ""), ("z", ""), (-height, height))
        self.logits.set_bars(
            names, [Bars("z", "z", np.array(self.config.logits), logit_stroke(self.theme))], marked
        )
        pinned = [
            Bars(
                f"ghost{k}", ghost.label, ghost.recording.snapshot(0)[1].stable.p, self.theme.stroke("bound")
            )
            for k, ghost in enumerate(self.ghosts)
            if ghost.recording.last >= 0 and len(ghost.config.logits) == len(names)
        ]
        self.shares.set_bars(names, [Bars("p", "p", shot.stable.p, self.theme.stroke("q")), *pinned], marked)

    def _fitting(self, largest: float) -> float:
        """An axis that holds the logits, and does not shrink under the mouse."""
        if self._height >= 1.02 * largest and largest > self._height / 10:
            return self._height
        return next((height for height in HEIGHTS if height >= largest), LARGEST)

    def _draw_chain(self, shot: Snapshot) -> None:
        z, p, stable = logit_stroke(self.theme), self.theme.stroke("q"), shot.stable
        quiet, config = self.theme.stroke("bound"), self.config
        settings = (
            short_text(config.shift, 4),
            short_text(config.temperature, 4),
            value_text(stable.largest),
        )
        notes = [
            "" if self.compact else f"{name} = {text}" for name, text in zip("cTm", settings, strict=True)
        ]
        self.chain.set_columns(
            [
                ChainColumn("z + c", notes[0], shot.shifted, z, signed=True),
                ChainColumn("x", notes[1], shot.scaled, z, signed=True),
                ChainColumn("x − m", notes[2], stable.moved, z, signed=True),
                ChainColumn(
                    "exp(x−m)", "", stable.exponentials, quiet, foot=f"Σ = {value_text(stable.total)}"
                ),
                ChainColumn("p", "", stable.p, p, foot=f"Σ = {value_text(float(stable.p.sum()))}", limit=1.0),
                ChainColumn("ln p", "", stable.log_p, p),
            ],
            class_names(len(shot.shifted)),
            ["÷ T", "− m", "exp", "÷ Σ", "ln"],
            highlight=self.chosen if self.pane == "sigmoid" else None,
        )

    def _draw_pane(self, shot: Snapshot) -> None:
        """Only the one that is seen."""
        names = class_names(len(self.config.logits))
        if self.pane == "naive":
            self.naive.draw(shot, names)
        elif self.pane == "sigmoid":
            self.sigmoid.draw(shot, names, self.chosen)
        elif self.pane == "temperature":
            self.heat.draw(shot, names, self.config.temperature)

    # What the user does

    def _set_logit(self, index: int, value: float) -> None:
        bounded = min(max(value, -LARGEST), LARGEST)
        logits = (*self.config.logits[:index], bounded, *self.config.logits[index + 1 :])
        self.edited.emit(replaced(self.config, logits=logits))

    def _drag_against(self, against: float) -> None:
        """The point on the sigmoid was moved: the logit of its class follows."""
        logits = with_logit_against(self.config, self.chosen, against)
        self._set_logit(self.chosen, round(logits[self.chosen], 3))

    def _drag_temperature(self, value: float) -> None:
        warmth = min(max(float(f"{value:.3g}"), COLDEST), HOTTEST)
        self.edited.emit(replaced(self.config, temperature=warmth))

    def _resize_classes(self, by: int) -> None:
        """One class more, with the logit 0, or one less."""
        count = min(max(len(self.config.logits) + by, FEWEST), MOST)
        logits = (*self.config.logits, 0.0)[:count]
        self.edited.emit(replaced(self.config, logits=logits))

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self._arrange()
        if self._shown is not None:
            self._draw_bars(self._shown)
            self._draw_chain(self._shown)
            self._draw_pane(self._shown)
        self.live_changed.emit()

    def _arrange(self) -> None:
        for name, pane in self.panes.items():
            pane.setVisible(name == self.pane)
            self._column.setStretchFactor(pane, 60 if self.compact else 34)
        self._column.setStretchFactor(self._above, 45 if self.compact else 66)
        self.chain.setVisible(not self.compact or self.pane == "chain")
        self.controls.show_pane(self.pane, self.compact)


def class_names(count: int) -> list[str]:
    """1, 2, 3 …"""
    return [str(k + 1) for k in range(count)]


def logit_stroke(theme: Theme) -> Stroke:
    """How a logit is drawn."""
    return Stroke(SKY[theme.dark])


VIEW = SoftmaxView
