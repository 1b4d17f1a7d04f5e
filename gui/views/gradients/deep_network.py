"""Gradients ▸ Deep network: what reaches each layer, how the losses fall, and the chain factor by factor."""

from collections.abc import Sequence
from math import inf
from typing import ClassVar, NamedTuple

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QStackedWidget

from engine.config import Config
from engine.experiments.gradients.deep_network_config import DeepConfig
from engine.experiments.gradients.deep_network_inspection import (
    Chain,
    Inside,
    Look,
    Snapshot,
    check,
    inspect,
    look_all,
)
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.curves import CurvesPanel
from gui.plots.histogram import HistogramPanel
from gui.plots.panel import Panel
from gui.plots.table import TablePanel
from gui.questions import Answer
from gui.theme import Theme
from gui.views.gradients import deep_network_plots as plots
from gui.views.gradients.deep_network_controls import Bar, ChainBar, DeepOptions
from gui.views.gradients.deep_network_words import factor_live, judged, marked, start_live, verdict_live

PAUSE = 120  # milliseconds between two looks into networks that are learning
TALL = 470  # pixels of height below which the verdict stands only in the title of its plot


class Known(NamedTuple):
    """What has been looked into: the networks of a step, and the chain of an example."""

    step: int
    example: int
    bound: bool
    inside: Inside


class DeepView(OldView):
    """Gradients and losses above, the chain product and the activations below."""

    options_type: ClassVar[type[Config]] = DeepOptions
    pace: ClassVar[float] = inf
    options: DeepOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = DeepConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.checked: tuple[int, str, GradientCheck] | None = None  # the step and the network it is of
        self._shown: tuple[Recording, int] | None = None
        self._begun: dict[str, Look] | None = None  # the networks at the start
        self._known: Known | None = None
        self._named = False  # whether the axes are those of this run
        self.gradients = CurvesPanel(tr("Gradients"), theme)
        self.loss = CurvesPanel(tr("Loss"), theme)
        self.chain = CurvesPanel(tr("The chain of one example"), theme)
        self.factors = TablePanel(tr("The chain, factor by factor"), theme)
        self.activations = HistogramPanel(tr("Activations"), theme)
        self.inside = QStackedWidget()
        self.verdict = QLabel()
        self.bar, self.chain_bar = Bar(theme), ChainBar(theme)
        self._since, self._later = QElapsedTimer(), QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._look_inside)
        self.questions.answered.connect(self._take)
        self.questions.expired.connect(self._clear)
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self.loss.clicked.connect(lambda x: self.step_chosen.emit(max(0, round(x))))
        for panel in (self.gradients, self.chain):
            panel.clicked.connect(lambda x: self._choose_layer(round(x) - 1))
        self.factors.selected.connect(lambda row: self._choose_layer(self.config.depth - 1 - row))
        self.bar.changed.connect(self._change)
        self.chain_bar.changed.connect(self._change)
        self.chain_bar.check_wanted.connect(self.check_gradients)

    def _lay_out(self) -> None:
        px = self.theme.px
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(1)
        self.verdict.setContentsMargins(px(12), 0, px(8), px(4))
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.inside.addWidget(self.chain)
        self.inside.addWidget(self.factors)
        for panel in self._all():
            panel.setMinimumSize(px(150), px(90))
        grid.addWidget(self.bar, 0, 0, 1, 2)
        grid.addWidget(self.verdict, 1, 0, 1, 2)
        grid.addWidget(self.gradients, 2, 0)
        grid.addWidget(self.loss, 2, 1)
        grid.addWidget(self.chain_bar, 3, 0, 1, 2)
        grid.addWidget(self.inside, 4, 0)
        grid.addWidget(self.activations, 4, 1)
        for row in (2, 4):
            grid.setRowStretch(row, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)

    def _all(self) -> list[Panel]:
        return [self.gradients, self.loss, self.chain, self.factors, self.activations]

    def panels(self) -> list[Panel]:
        inside = self.factors if self.options.inside == "table" else self.chain
        return [self.gradients, self.loss, inside, self.activations]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.verdict.setVisible(self.height() > self.theme.px(TALL))

    # A run

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, DeepConfig)
        self._later.stop()
        self.config, self.ghosts = config, ghosts
        self.questions.forget()
        self.checked = self._shown = self._known = self._begun = None
        self._named = False
        self.loss.set_axes((tr("step"), ""), (tr("loss"), tr("nats")), log_y=True,
                           x_limits=(0.0, float(self.config.steps)))  # fmt: skip
        self.loss.set_curves(())
        self.chain_bar.show_check(None)
        self._arrange()

    def _clear(self) -> None:
        """Nothing of the run before."""
        for panel in (self.gradients, self.chain):
            panel.set_curves(())
        self._name_axes()

    def _name_axes(self) -> None:
        layer, ends, size = (tr("layer"), ""), (1.0, float(self.config.depth)), ("‖∂L/∂a‖", "")
        self._name_gradient()
        self.chain.set_axes(layer, size, log_y=True, x_limits=ends, whole_x=True)
        self._named = True
        self.activations.set_axes((tr("activation"), ""))

    def _name_gradient(self) -> None:
        """With respect to what: the axis says so, and begins anew."""
        size = "‖∂L/∂W‖" if self.options.of == "weights" else "‖∂L/∂a‖"
        ends = (1.0, float(self.config.depth))
        self.gradients.set_axes((tr("layer"), ""), (size, ""), log_y=True, x_limits=ends, whole_x=True)

    def draw(self, recording: Recording, step: int) -> None:
        before, self._shown = self._shown, (recording, step)
        pinned = [(ghost.label, ghost.recording) for ghost in self.ghosts if ghost.recording.last > 0]
        plots.show_losses(self.loss, self.theme, recording, list(self.config.networks), pinned)
        self.loss.set_cursor(step)
        learning = before is not None and before[1] < step == recording.last
        if learning and self._since.isValid() and self._since.elapsed() < PAUSE:
            if not self._later.isActive():
                self._later.start(PAUSE - self._since.elapsed())
        else:
            self._look_inside()

    def catch_up(self) -> None:
        if self._later.isActive():
            self._look_inside()
        super().catch_up()

    def _look_inside(self) -> None:
        """Ask for the networks of the step on show: the next batch goes through them, its gradient back."""
        if self._shown is None:
            return
        self._later.stop()
        self._since.start()
        recording, step = self._shown
        found, snapshot = recording.snapshot(step)
        pinned = tuple((ghost.config, self._then(ghost)) for ghost in self._pinned())
        example, bound = self.options.example, self.options.sizes == "bound"
        self.questions.ask("begun", look_all, self.config, recording.snapshot(0)[1])
        self.questions.ask(
            "inside", inspect, self.config, snapshot, example, bound, *pinned, about=(found, example, bound)
        )

    def _take(self, answer: Answer) -> None:
        """Show the networks that were looked into, or a check of their gradient."""
        if answer.key == "check":
            step, which = answer.about
            self.checked = (step, which, answer.value)
            self.chain_bar.show_check((step, answer.value))
        elif answer.key == "begun":
            self._begun = answer.value
        else:
            step, example, bound = answer.about
            before, self._known = self._known, Known(step, example, bound, answer.value)
            if before is not None and before[1:3] != self._known[1:3]:
                self.chain.set_curves(())
                self.chain.restart()
        if answer.key != "check":
            self._show()
        self.live_changed.emit()

    @property
    def looks(self) -> dict[str, Look]:
        """The networks that are on show, by letter."""
        return {} if self._known is None else self._known.inside.looks

    @property
    def chains(self) -> dict[str, Chain]:
        """The chain of each."""
        return {} if self._known is None else self._known.inside.chains

    @property
    def _which(self) -> str:
        return self.options.explained if self.options.explained in self.config.networks else "a"

    @property
    def _layer(self) -> int:
        return min(self.options.layer, self.config.depth - 1)

    def _pinned(self) -> list[Ghost]:
        """The pinned runs that have begun."""
        return [ghost for ghost in self.ghosts if ghost.recording.last >= 0]

    def _then(self, ghost: Ghost) -> Snapshot:
        """What a pinned run was like at the step on show."""
        assert self._shown is not None
        snapshot: Snapshot = ghost.recording.snapshot(min(self._shown[1], ghost.recording.last))[1]
        return snapshot

    def _show(self) -> None:
        """Show what has been looked into, as it is looked at now."""
        if self._known is None or self._begun is None:
            return
        if not self._named:
            self._clear()
        which, theme = self._which, self.theme
        settings, two = self.config.networks[which], len(self.looks) > 1
        weights = self.options.of == "weights"
        labels = [ghost.label for ghost in self._pinned()]
        pinned = list(zip(labels, self._known.inside.pinned, strict=False))  # one may have begun since
        plots.show_gradients(self.gradients, theme, self.looks, self._begun, pinned, weights)
        plots.show_chain(self.chain, theme, self.chains, self._known.bound)
        plots.show_histograms(self.activations, theme, self.looks[which], which)
        plots.show_factors(
            self.factors, theme, self.chains[which], which, settings.normalization != "none", self._layer
        )
        for panel in (self.gradients, self.chain):
            panel.set_cursor(self._layer + 1)
        self.chain.title = tr("The chain of example {n}", n=self._known.example)
        self.activations.title = tr("Activations of {name}", name=which.upper()) if two else tr("Activations")
        words = [
            f"{plots.letter(name, len(self.looks))} {marked(one.verdict)}" for name, one in self.looks.items()
        ]
        self.gradients.title = tr("Gradients: {verdict}", verdict=", ".join(w.strip() for w in words))
        self.verdict.setText(
            "<br>".join(
                f"<b>{plots.letter(name, len(self.looks))}</b> {judged(one.verdict)}{self._ended(name)}"
                for name, one in self.looks.items()
            )
        )

    def _ended(self, which: str) -> str:
        """Say when a network left the finite numbers while the other went on."""
        assert self._known is not None
        ended = self._known.inside.snapshot.networks[which].ended
        return "" if ended is None else " · " + tr("ended at step {step}: infinite", step=ended)

    # What the user does

    def check_gradients(self) -> None:
        """Compare the gradient of the network on show, on its batch, with differences."""
        if self._shown is None:
            return
        found, snapshot = self._shown[0].snapshot(self._shown[1])
        which = self._which
        self.questions.ask("check", check, self.config, snapshot, which, about=(found, which))

    def _choose_layer(self, layer: int) -> None:
        self._change({"layer": min(max(layer, 0), self.config.depth - 1)})

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        if "of" in changes:
            self.gradients.set_curves(())
            self._name_gradient()
        if "explained" in changes:
            self.chain_bar.show_check(None)
        self._arrange()
        self._look_inside()
        self._show()
        self.live_changed.emit()

    def _arrange(self) -> None:
        self.inside.setCurrentWidget(self.factors if self.options.inside == "table" else self.chain)
        self.bar.show_options(self.options, len(self.config.networks) > 1)
        self.chain_bar.show_options(self.options)

    # The numbers beside the formulas

    def live(self, recording: Recording, step: int) -> list[Live] | None:
        if self._known is None:
            return None
        which, known = self._which, self._known
        checked = self.checked[2] if self.checked and self.checked[:2] == (known.step, which) else None
        return [
            verdict_live(self.looks),
            factor_live(self.config, which, self.chains[which], self._layer, known.bound, checked),
            start_live(self.config, self.config.networks[which]),
        ]


VIEW = DeepView
