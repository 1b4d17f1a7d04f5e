"""Optimizers ▸ Sparse features: the losses, and for every feature how often it comes and how it is learnt."""

from typing import Annotated, Any

import numpy as np

from engine.config import Config, choice, number
from engine.experiments.optimizers.sparse import SparseConfig, World, check, first_rare, values_of, world_of
from engine.recording import Recording
from engine.sparse import Array
from gui.look.language import tr
from gui.look.strokes import names_and_strokes, racer_names
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Span
from gui.plots.ticks import value_text
from gui.screen.hero import WithHero
from gui.screen.moment import Moment
from gui.screen.notes import Live
from gui.screen.terms import Term, term
from gui.screen.view import Question, View
from gui.views.curve_plots import CurveAxes, fill_curves, fill_steps, over_steps
from gui.views.optimizers.sparse_formulas import (
    gradient_block,
    rule_blocks,
    step_block,
    step_latex,
    truth_block,
)
from gui.views.optimizers.sparse_points import FeaturesPanel
from gui.views.optimizers.sparse_words import learning
from gui.views.pinned import column_curve, level, with_pinned
from gui.views.rule_terms import rule_terms

GROUPS = {"all": "All examples", "rare": "With a rare feature", "common": "Only common features"}


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
    """The weights; and small the losses, and effective steps over the frequencies."""

    config_type, options_type = SparseConfig, SparseOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.bar = self.options_bar("group", "", "feature:", "racer")
        self.weights = FeaturesPanel(tr("Weights along the true ones"), theme)
        self.weights.legend = "strip"
        self.loss = CurvesPanel("", theme)
        self.steps = FeaturesPanel(tr("Effective step of each feature"), theme)
        self.loss.legend = self.steps.legend = "paper"  # the names stand over the weights
        self.often = FeaturesPanel(tr("How often each feature comes"), theme)
        self.often.legend = "strip"
        self.tell(finding)
        self.ask("gradient", gradient_wanted)
        fill_steps(self, self.loss, losses, loss_axes)
        for panel, curves, axes in (
            (self.steps, steps, log_axes),
            (self.weights, weights, weight_axes),
            (self.often, often, log_axes),
        ):
            fill_curves(self, panel, curves, axes)
            self.fill(panel, show_feature)
            panel.clicked.connect(self._choose_feature)
        self.lay_out(self.bar, WithHero(theme, self.weights, (self.loss, self.steps, self.often), (5, 4, 4)))

    def offers(self, at: At) -> dict[str, object]:
        return {"racer": racer_names(at.config.racers), "feature": range(1, at.config.features + 1)}

    def _choose_feature(self, rank: float) -> None:
        self.set_option(feature=min(max(round(rank), 1), self.at.config.features))

    def formulas(self, at: At) -> list[Live]:
        shot, names = at.snapshot, racer_names(at.config.racers)
        racer = _racer(at)
        truth = truth_block(at.config, _world(at), shot, racer, _feature(at))
        if shot.step == 0:
            return [truth]
        return [
            gradient_block(shot, racer, _feature(at), self.answer("gradient")),
            *rule_blocks(at.config, shot, racer, _feature(at), names[racer]),
            step_block(at.config, shot, names, racer, _feature(at)),
            truth,
        ]

    def terms(self, at: At) -> list[Term]:
        racer, j = _racer(at), _feature(at)
        rule, own, key = at.config.racers[racer], at.snapshot, str(racer)
        values = values_of(rule, own, racer, j).__getitem__ if own.step else None
        seen = {"x": ((self.weights, key),), "x_after": ((self.weights, key),), "rate": ((self.steps, key),)}
        return [
            *rule_terms(rule.equations, values, seen),
            term(step_latex(rule), tr("effective step of the feature"), (self.steps, key)),
            term("g_j", tr("gradient of the feature")),
            term("w_j", tr("weight of the feature"), (self.weights, key)),
            term("|w^*_j|", tr("true weight of the feature"), (self.weights, "truth")),
            term("p_j", tr("how often the feature comes"), (self.often, "chance"),
                 value=value_text(float(_world(at).chance[j]))),
        ]  # fmt: skip


def _world(at: At) -> World:
    return at.once(world_of, at.config)


def _racer(at: At) -> int:
    """Whose numbers are told."""
    return min(at.options.racer, len(at.config.racers) - 1)


def gradient_wanted(at: At) -> Question | None:
    """The check of its gradient on the mini-batch of the step; there is none at the start."""
    return (check, at.snapshot, _racer(at)) if at.snapshot.step else None


def _feature(at: At) -> int:
    """Which feature is told of, from 0."""
    return min(max(at.options.feature, 1), at.config.features) - 1


def finding(at: At) -> str:
    """How much of the rare features' weights the best and the worst have learnt, and of the others'."""
    return learning(_world(at), at.snapshot, racer_names(at.config.racers), at.step)


def loss_axes(at: At) -> CurveAxes:
    """Loss against steps; on how many examples."""
    rare, count = int(_world(at).rare.sum()), len(_world(at).rare)
    n = {"all": count, "rare": rare, "common": count - rare}[at.options.group]
    title = tr("Held-out loss: {n} of {all}", n=n, all=count)
    return over_steps(
        at.config.steps, tr("loss"), title=title if n else tr("No held-out example is of this kind")
    )


def losses(at: At, theme: Theme) -> list[Curve]:
    """The least loss of the chosen held-out examples, that of every optimizer, and those of pinned runs."""
    group, ends = at.options.group, (0.0, float(at.config.steps))
    best = level("best", tr("true weights"), ends, _world(at).best[group], Stroke(theme.text), width=1.2)

    def of_run(config: SparseConfig, recording: Recording) -> list[Curve]:
        return [
            column_curve(recording, f"{i}.{group}", name, stroke, width=1.4)
            for i, (name, stroke) in enumerate(names_and_strokes(config.racers, theme))
        ]

    return [best, *with_pinned(at, of_run)]


# What there is to tell of every feature, by its rank


def log_axes(at: At) -> CurveAxes:
    """What is not negative, against rank."""
    return CurveAxes((tr("rank"), ""), ("", ""), True, True, (1.0, float(at.config.features)),
                      whole_x=True)  # fmt: skip


def weight_axes(at: At) -> CurveAxes:
    """Weight against rank."""
    return CurveAxes((tr("rank"), ""), (tr("weight"), ""), x_limits=(1.0, float(at.config.features)),
                      whole_x=True)  # fmt: skip


def show_feature(panel: CurvesPanel, at: At) -> None:
    """Mark the feature that is told of, and which are rare."""
    count = at.config.features
    panel.set_spans([Span(first_rare(count) - 0.5, float(count), tr("rare"))])
    panel.set_cursor(_feature(at) + 1.0)


def _by_rank(key: str, name: str, values: Array, stroke: Stroke, **how: Any) -> Curve:
    return Curve(key, name, np.arange(1.0, len(values) + 1), values, stroke, **how)


def steps(at: At, theme: Theme) -> list[Curve]:
    """How each feature is stepped along."""
    racers = zip(names_and_strokes(at.config.racers, theme), at.snapshot.steps, strict=True)
    return [
        _by_rank(str(i), name, values, stroke, width=1.1) for i, ((name, stroke), values) in enumerate(racers)
    ]


def weights(at: At, theme: Theme) -> list[Curve]:
    """How each feature is learnt; what is given, and not learnt, in the colour of text."""
    truth, learnt = _world(at).truth, at.snapshot.weights
    return [
        _by_rank("truth", tr("true weights"), np.abs(truth), Stroke(theme.text), width=1.2),
        *(_by_rank(str(i), name, learnt[i] * np.sign(truth), stroke, width=1.4)
          for i, (name, stroke) in enumerate(names_and_strokes(at.config.racers, theme))),
    ]  # fmt: skip


def often(at: At, theme: Theme) -> list[Curve]:
    """How often each feature comes, and has come so far."""
    share = at.snapshot.seen / max(1, at.snapshot.step * at.config.batch)
    seen, dots = np.where(share > 0, share, np.nan), Stroke(theme.accent, DOTTED)
    return [
        _by_rank("chance", tr("chance"), _world(at).chance, Stroke(theme.text), width=1.2),
        _by_rank("seen", tr("so far"), seen, dots, width=0.9),
    ]


VIEW = SparseView
