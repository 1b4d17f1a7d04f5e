"""Optimizers ▸ Sparse features: the losses, and for every feature how often it comes and how it is learnt."""

from typing import Annotated

import numpy as np

from engine.config import Config, choice, number
from engine.experiments.optimizers.sparse import Snapshot, SparseConfig, World, first_rare, world_of
from gui.choices import kept_choice
from gui.language import tr
from gui.moment import Moment, whole_run
from gui.notes import Live
from gui.plots.curves import Curve, CurvesPanel, Span
from gui.splitters import above_each_other, side_by_side
from gui.strokes import racer_names, racer_strokes
from gui.theme import DOTTED, Stroke, Theme
from gui.view import View
from gui.views.optimizers.sparse_formulas import gradient_block, rule_blocks, step_block, truth_block

GROUPS = {
    "all": "All examples",
    "rare": "With a rare feature",
    "common": "Only common features",
}


class SparseOptions(Config, frozen=True):
    """How one looks at the runs."""

    group: Annotated[str, choice("Loss on", "The held-out examples whose mean loss is drawn.", GROUPS)] = (
        "rare"
    )
    feature: Annotated[
        int,
        number("Feature", "Whose numbers stand beside the formulas; 1 is the most frequent.", ge=1, le=200),
    ] = 30
    racer: Annotated[
        int, number("Optimizer", "Whose numbers stand beside the formulas.", ge=0, le=7, of="racers")
    ] = 2


At = Moment[SparseConfig, SparseOptions]


class SparseView(View):
    """Loss and weights on the left, effective steps over the frequencies on the right."""

    config_type, options_type = SparseConfig, SparseOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.bar = self.options_bar("group", "", "feature:", "racer")
        self.loss = CurvesPanel("", theme)
        self.steps = CurvesPanel(tr("Effective step of each feature"), theme)
        self.weights = CurvesPanel(tr("Weights along the true ones"), theme)
        self.often = CurvesPanel(tr("How often each feature comes"), theme)
        self.fill(self.loss, show_loss_axes, by=config_of, early=True)
        self.fill(self.loss, show_losses, by=whole_run)
        self.fill(self.loss, show_playhead)
        for panel, axes, content in (
            (self.steps, show_step_axes, show_steps),
            (self.weights, show_weight_axes, show_weights),
            (self.often, show_often_axes, show_often),
        ):
            panel.clicked.connect(self._choose_feature)
            self.fill(panel, axes, by=config_of, early=True)
            self.fill(panel, content)
            self.fill(panel, show_feature)
        self.loss.clicked.connect(self.jump)
        self.steps.legend = self.weights.legend = "paper"  # the names stand beside the losses
        self.often.legend = "strip"
        above = side_by_side((self.loss, self.steps), (1, 1))
        below = side_by_side((self.weights, self.often), (1, 1))
        self.lay_out(self.bar, above_each_other((above, below), (1, 1)))

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        assert isinstance(before, SparseConfig)
        assert isinstance(after, SparseConfig)
        return kept_choice(options, "racer", before.racers, after.racers), after

    def offers(self, at: At) -> dict[str, object]:
        return {"racer": racer_names(at.config.racers), "feature": range(1, at.config.features + 1)}

    def _choose_feature(self, rank: float) -> None:
        self.set_option(feature=min(max(round(rank), 1), self.at.config.features))

    def formulas(self, at: At) -> list[Live]:
        shot: Snapshot = at.snapshot
        racer, feature, names = _racer(at), _feature(at), racer_names(at.config.racers)
        truth = truth_block(at.config, _world(at), shot, racer, feature)
        if shot.step == 0:
            return [truth]
        return [
            gradient_block(shot, racer, feature),
            *rule_blocks(at.config, shot, racer, feature, names[racer]),
            step_block(at.config, shot, names, racer, feature),
            truth,
        ]


def _world(at: At) -> World:
    return at.once(world_of, at.config)


def _racer(at: At) -> int:
    """Whose numbers are told."""
    return min(at.options.racer, len(at.config.racers) - 1)


def _feature(at: At) -> int:
    """Which feature is told of, from 0."""
    return min(max(at.options.feature, 1), at.config.features) - 1


def _racers(at: At, theme: Theme) -> list[tuple[str, Stroke]]:
    """Name and stroke of each optimizer."""
    return [*zip(racer_names(at.config.racers), racer_strokes(at.config.racers, theme), strict=True)]


def config_of(at: At) -> object:
    """What the axes depend on."""
    return at.config


def show_loss_axes(panel: CurvesPanel, at: At) -> None:
    """Loss against steps."""
    panel.set_axes((tr("step"), ""), (tr("loss"), ""), x_limits=(0.0, float(at.config.steps)))


def show_losses(panel: CurvesPanel, at: At) -> None:
    """The held-out loss of the chosen examples, those of pinned runs, and the least there is."""
    group, world, text = at.options.group, _world(at), Stroke(panel.theme.text)
    count = {"all": len(world.rare), "rare": int(world.rare.sum())}
    count["common"] = count["all"] - count["rare"]
    panel.title = tr("No held-out example is of this kind")
    if count[group]:
        panel.title = tr("Held-out loss: {n} of {all}", n=count[group], all=count["all"])
    curves = []
    for ghost in at.ghosts:
        run, time = ghost.recording, np.arange(ghost.recording.last + 1.0)
        for i, stroke in enumerate(racer_strokes(ghost.config.racers, panel.theme)):
            name, values = "" if i else ghost.label, run.column(f"{i}.{group}")
            curves.append(Curve(f"{ghost.label}.{i}", name, time, values, stroke, ghost=True))
    edge, best = np.array([0.0, float(at.config.steps)]), np.full(2, world.best[group])
    curves.append(Curve("best", tr("true weights"), edge, best, text, width=1.2))
    time = np.arange(at.last + 1.0)
    for i, (name, stroke) in enumerate(_racers(at, panel.theme)):
        curves.append(Curve(f"{i}", name, time, at.recording.column(f"{i}.{group}"), stroke, width=1.4))
    panel.set_curves(curves)


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step."""
    panel.set_cursor(at.step)


# What there is to tell of every feature, by its rank


def _set_rank_axes(panel: CurvesPanel, at: At, name: str, log: bool) -> None:
    ranks = (1.0, float(at.config.features))
    panel.set_axes((tr("rank"), ""), (name, ""), log_x=log, log_y=log, x_limits=ranks)
    panel.set_spans([Span(first_rare(at.config.features) - 0.5, ranks[1], tr("rare"))])


def show_step_axes(panel: CurvesPanel, at: At) -> None:
    """Effective step against rank."""
    _set_rank_axes(panel, at, "", log=True)


def show_weight_axes(panel: CurvesPanel, at: At) -> None:
    """Weight against rank."""
    _set_rank_axes(panel, at, tr("weight"), log=False)


def show_often_axes(panel: CurvesPanel, at: At) -> None:
    """Chance against rank."""
    _set_rank_axes(panel, at, "", log=True)


def show_feature(panel: CurvesPanel, at: At) -> None:
    """Mark the feature that is told of."""
    panel.set_cursor(_feature(at) + 1.0)


def _ranks(at: At) -> np.ndarray:
    return np.arange(1.0, at.config.features + 1)


def show_steps(panel: CurvesPanel, at: At) -> None:
    """How each feature is stepped along."""
    panel.set_curves([
        Curve(f"{i}", name, _ranks(at), at.snapshot.steps[i], stroke)
        for i, (name, stroke) in enumerate(_racers(at, panel.theme))
    ])  # fmt: skip


def show_weights(panel: CurvesPanel, at: At) -> None:
    """How each feature is learnt."""
    ranks, truth, weights = _ranks(at), _world(at).truth, at.snapshot.weights
    text = Stroke(panel.theme.text)  # what is given, and not learnt
    panel.set_curves([
        Curve("truth", tr("true weights"), ranks, np.abs(truth), text, width=1.2),
        *(Curve(f"{i}", name, ranks, weights[i] * np.sign(truth), stroke, width=1.4)
          for i, (name, stroke) in enumerate(_racers(at, panel.theme))),
    ])  # fmt: skip


def show_often(panel: CurvesPanel, at: At) -> None:
    """How often each feature comes, and has come so far."""
    shot: Snapshot = at.snapshot
    share = shot.seen / max(1, shot.step * at.config.batch)
    seen, dots = np.where(share > 0, share, np.nan), Stroke(panel.theme.accent, DOTTED)
    text = Stroke(panel.theme.text)
    panel.set_curves([
        Curve("chance", tr("chance"), _ranks(at), _world(at).chance, text, width=1.2),
        Curve("seen", tr("so far"), _ranks(at), seen, dots, sparse=True, width=1.2),
    ])  # fmt: skip


VIEW = SparseView
