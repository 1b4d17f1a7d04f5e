"""Optimizers ▸ Sparse features: the losses, and for every feature how often it comes and how it is learnt."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config
from engine.experiments.optimizers.sparse import Snapshot, SparseConfig, World, first_rare, world_of
from engine.recording import Recording
from gui.choices import kept_choice
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.annotations import Span
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.splitters import above_each_other, side_by_side
from gui.strokes import racer_names, racer_strokes
from gui.theme import DOTTED, Stroke, Theme
from gui.views.optimizers.sparse_controls import SparseBar, SparseOptions
from gui.views.optimizers.sparse_formulas import gradient_block, rule_blocks, step_block, truth_block


class SparseView(OldView):
    """Loss and weights on the left, effective steps over the frequencies on the right."""

    options_type: ClassVar[type[Config]] = SparseOptions
    options: SparseOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = SparseConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.world: World = world_of(self.config)
        self._shown: tuple[Recording, int] | None = None
        self.bar = SparseBar(theme, self.options)
        self.loss = CurvesPanel("", theme)
        self.steps = CurvesPanel(tr("Effective step of each feature"), theme)
        self.weights = CurvesPanel(tr("Weights along the true ones"), theme)
        self.often = CurvesPanel(tr("How often each feature comes"), theme)
        self.bar.changed.connect(self._choose)
        self.loss.clicked.connect(lambda t: self.step_chosen.emit(max(0, round(t))))
        for panel in self._by_rank:
            panel.clicked.connect(lambda x: self._choose({"feature": self._rank(round(x))}))
        for panel in (self.steps, self.weights):
            panel.legend = "paper"  # the names stand beside the losses
        self.often.legend = "strip"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        above = side_by_side((self.loss, self.steps), (1, 1))
        below = side_by_side((self.weights, self.often), (1, 1))
        column.addWidget(above_each_other((above, below), (1, 1)), 1)

    @property
    def _by_rank(self) -> tuple[CurvesPanel, ...]:
        return self.steps, self.weights, self.often

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        assert isinstance(before, SparseConfig)
        assert isinstance(after, SparseConfig)
        return kept_choice(options, "racer", before.racers, after.racers), after

    def panels(self) -> list[Panel]:
        return [self.loss, *self._by_rank]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, SparseConfig)
        self.config, self.ghosts = config, ghosts
        self.world = world_of(config)
        self.names = racer_names(config.racers)
        self.strokes = racer_strokes(config.racers, self.theme)
        self.bar.offer(self.names, self._racer, config.features, self._feature + 1)
        self.loss.set_axes((tr("step"), ""), (tr("loss"), ""), x_limits=(0.0, float(config.steps)))
        ranks = (1.0, float(config.features))
        rank = (tr("rank"), "")
        self.steps.set_axes(rank, ("", ""), log_x=True, log_y=True, x_limits=ranks)
        self.often.set_axes(rank, ("", ""), log_x=True, log_y=True, x_limits=ranks)
        self.weights.set_axes(rank, (tr("weight"), ""), x_limits=ranks)
        rarer = Span(first_rare(config.features) - 0.5, ranks[1], tr("rare"))
        for panel in self._by_rank:
            panel.set_spans([rarer])
        self._name_losses()

    def _name_losses(self) -> None:
        count = {"all": len(self.world.rare), "rare": int(self.world.rare.sum())}
        count["common"] = count["all"] - count["rare"]
        shown = count[self.options.group]
        self.loss.title = (
            tr("Held-out loss: {n} of {all}", n=shown, all=count["all"])
            if shown
            else tr("No held-out example is of this kind")
        )

    @property
    def _racer(self) -> int:
        """Whose numbers are told."""
        return min(self.options.racer, len(self.config.racers) - 1)

    @property
    def _feature(self) -> int:
        """Which feature is told of, from 0."""
        return self._rank(self.options.feature) - 1

    @property
    def _truth(self) -> Stroke:
        """What is given, and not learnt."""
        return Stroke(self.theme.text)

    def _rank(self, wanted: int) -> int:
        return min(max(wanted, 1), self.config.features)

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        if recording.last < 0:
            return
        shot: Snapshot = recording.snapshot(step)[1]
        self._draw_losses(recording, step)
        self._draw_ranks(shot)
        for panel in self._by_rank:
            panel.set_cursor(self._feature + 1.0)

    def _draw_losses(self, recording: Recording, step: int) -> None:
        group = self.options.group
        curves = self._ghost_curves()
        best, edge = self.world.best[group], np.array([0.0, float(self.config.steps)])
        curves.append(Curve("best", tr("true weights"), edge, np.full(2, best), self._truth, width=1.2))
        time = np.arange(recording.last + 1.0)
        for i, (name, stroke) in enumerate(zip(self.names, self.strokes, strict=True)):
            curves.append(Curve(f"{i}", name, time, recording.column(f"{i}.{group}"), stroke, width=1.4))
        self.loss.set_curves(curves)
        self.loss.set_cursor(step)

    def _ghost_curves(self) -> list[Curve]:
        curves = []
        for ghost in self.ghosts:
            assert isinstance(ghost.config, SparseConfig)
            run, time = ghost.recording, np.arange(ghost.recording.last + 1.0)
            for i, stroke in enumerate(racer_strokes(ghost.config.racers, self.theme)):
                if run.last >= 0:
                    values = run.column(f"{i}.{self.options.group}")
                    name = "" if i else ghost.label
                    curves.append(Curve(f"{ghost.label}.{i}", name, time, values, stroke, ghost=True))
        return curves

    def _draw_ranks(self, shot: Snapshot) -> None:
        """What there is to tell of every feature: how it is stepped along, learnt, and met."""
        ranks, truth = np.arange(1.0, self.config.features + 1), self.world.truth
        steps, along = [], [Curve("truth", tr("true weights"), ranks, np.abs(truth), self._truth, width=1.2)]
        for i, (name, stroke) in enumerate(zip(self.names, self.strokes, strict=True)):
            steps.append(Curve(f"{i}", name, ranks, shot.steps[i], stroke))
            along.append(Curve(f"{i}", name, ranks, shot.weights[i] * np.sign(truth), stroke, width=1.4))
        self.steps.set_curves(steps)
        self.weights.set_curves(along)
        share = shot.seen / max(1, shot.step * self.config.batch)
        seen = np.where(share > 0, share, np.nan)
        dots = Stroke(self.theme.accent, DOTTED)
        self.often.set_curves(
            [
                Curve("chance", tr("chance"), ranks, self.world.chance, self._truth, width=1.2),
                Curve("seen", tr("so far"), ranks, seen, dots, sparse=True, width=1.2),
            ]
        )

    def _choose(self, change: dict[str, object]) -> None:
        self.set_option(**change)
        self.bar.offer(self.names, self._racer, self.config.features, self._feature + 1)
        self._name_losses()
        if self._shown is not None:
            self.draw(*self._shown)
            self.live_changed.emit()

    def live(self, recording: Recording, step: int) -> list[Live]:
        if recording.last < 0:
            return []
        shot: Snapshot = recording.snapshot(step)[1]
        racer, feature = self._racer, self._feature
        truth = truth_block(self.config, self.world, shot, racer, feature)
        if shot.step == 0:
            return [truth]
        return [
            gradient_block(shot, racer, feature),
            *rule_blocks(self.config, shot, racer, feature, self.names[racer]),
            step_block(self.config, shot, self.names, racer, feature),
            truth,
        ]


VIEW = SparseView
