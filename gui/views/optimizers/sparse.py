"""Optimizers ▸ Sparse features: the losses, and for every feature its frequency and its weight."""

from typing import Annotated, Any

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from engine.config import Config, choice, number
from engine.experiments.optimizers.sparse import SparseConfig, check, first_rare, values_of
from engine.linear.sparse import Array
from engine.recording import Recording
from gui.look.language import tr
from gui.look.strokes import names_and_strokes, racer_names
from gui.look.theme import DOTTED, Stroke, Theme
from gui.plots.axes import Axes
from gui.plots.curves import Curve, CurvesPanel, Span
from gui.plots.line import CurveLine
from gui.plots.lines import spot
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, View
from gui.views.curve_plots import CurveAxes, Plot, fill_history, fill_plot, over_steps
from gui.views.optimizers import sparse_words as words
from gui.views.pinned import column_curve, level, with_pinned
from gui.views.rule_terms import rule_terms

LINES = ("truth", "chance")  # quantities that a formula gives for every rank

GROUPS = {"all": "All examples", "rare": "With a rare feature", "common": "Only common features"}


class SparseOptions(Config, frozen=True):
    """The options of the view."""

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
    """A large plot of the weights; small plots of the losses, the effective steps and the frequencies."""

    config_type, options_type = SparseConfig, SparseOptions

    def build(self, theme: Theme) -> None:
        self.bar = self.options_bar("group", "", "feature:", "racer")
        self.weights = FeaturesPanel(tr("Learned weights and true weights"), theme, "strip")
        self.loss = CurvesPanel("", theme, "paper")  # the names stand over the weights
        self.steps = FeaturesPanel(tr("Effective step of each feature"), theme, "paper")
        self.often = FeaturesPanel(tr("Frequency of each feature"), theme, "strip")
        self.tell(finding)
        # The check of its gradient on the mini-batch of the step; there is none at the start.
        self.ask("gradient", lambda at: (check, at.snapshot, _racer(at)) if at.snapshot.step else None)
        fill_history(self, self.loss, losses)
        for panel, plot in ((self.steps, steps), (self.weights, weights), (self.often, often)):
            fill_plot(self, panel, plot)
            panel.clicked.connect(self._choose_feature)
        self.lay_out(self.bar, WithHero(theme, self.weights, (self.loss, self.steps, self.often), (5, 4, 4)))

    def offers(self, at: At) -> dict[str, object]:
        return {"racer": racer_names(at.config.racers), "feature": range(1, at.config.features + 1)}

    def _choose_feature(self, rank: float) -> None:
        self.set_option(feature=min(max(round(rank), 1), self.at.config.features))

    def terms(self, at: At) -> list[Term]:
        racer, j = _racer(at), _feature(at)
        rule, own, key = at.config.racers[racer], at.snapshot, str(racer)
        values = values_of(rule, own, racer, j).__getitem__ if own.step else None
        seen = {"x": ((self.weights, key),), "x_after": ((self.weights, key),), "rate": ((self.steps, key),)}
        return [
            *rule_terms(rule.equations, values, seen),
            term(words.step_latex(rule), tr("effective step of the feature"), (self.steps, key)),
            term("g_j", tr("gradient of the feature")),
            term("w_j", tr("weight of the feature"), (self.weights, key)),
            term("|w^*_j|", tr("true weight of the feature"), (self.weights, "truth"), told=False),
            term(
                "p_j",
                tr("how often the feature comes"),
                (self.often, "chance"),
                value=float(at.data.probability[j]),
            ),
        ]

    def formulas(self, at: At) -> list[Live]:
        names, shot, racer, feature = racer_names(at.config.racers), at.snapshot, _racer(at), _feature(at)
        truth = words.truth_block(at.config, at.data, shot, racer, feature)
        if shot.step == 0:
            return [truth]
        return [
            words.gradient_block(shot, racer, feature, self.answer("gradient")),
            *words.rule_blocks(at.config, shot, racer, feature, names[racer]),
            words.step_block(at.config, shot, names, racer, feature),
            truth,
        ]


def _racer(at: At) -> int:
    """Whose numbers are told."""
    return min(at.options.racer, len(at.config.racers) - 1)


def _feature(at: At) -> int:
    """Which feature is told of, from 0."""
    return min(max(at.options.feature, 1), at.config.features) - 1


def finding(at: At) -> str:
    """Say how much of the weights of rare and of common features the best and the worst racer have learnt."""
    return words.learning(at.data, at.snapshot, racer_names(at.config.racers), at.step)


def losses(at: At, theme: Theme) -> Plot:
    """The least loss of the chosen held-out examples, that of every optimizer, and those of pinned runs."""
    group, ends, rare = at.options.group, (0.0, float(at.config.steps)), at.data.rare
    n = {"all": len(rare), "rare": int(rare.sum()), "common": int((~rare).sum())}[group]
    title = tr(
        "Held-out loss: {n} of {all} examples" if n else "No held-out example is of this kind",
        n=n,
        all=len(rare),
    )
    best = level("best", tr("true weights"), ends, at.data.best[group], Stroke(theme.text), width=1.2)

    def of_run(config: SparseConfig, recording: Recording) -> list[Curve]:
        return [
            column_curve(recording, f"{i}.{group}", name, stroke, width=1.4)
            for i, (name, stroke) in enumerate(names_and_strokes(config.racers, theme))
        ]

    return Plot(over_steps(at.config.steps, tr("loss"), title=title), [best, *with_pinned(at, of_run)])


def _of_features(at: At, curves: list[Curve], name: str = "", log: bool = True) -> Plot:
    """What features have, by their rank; the one that is told of is marked, and those that are rare."""
    count = at.config.features
    rare = Span(first_rare(count) - 0.5, float(count), tr("rare"))
    axes = CurveAxes((tr("rank"), ""), (name, ""), log, log, (1.0, float(count)), whole_x=True)
    return Plot(axes, curves, spans=[rare], cursor=(_feature(at) + 1.0, ""))


def _by_rank(key: str, name: str, values: Array, stroke: Stroke, **how: Any) -> Curve:
    return Curve(key, name, np.arange(1.0, len(values) + 1), values, stroke, **how)


def steps(at: At, theme: Theme) -> Plot:
    """How each feature is stepped along."""
    return _of_features(
        at,
        [
            _by_rank(str(i), name, at.snapshot.steps[i], stroke, width=1.1)
            for i, (name, stroke) in enumerate(names_and_strokes(at.config.racers, theme))
        ],
    )


def weights(at: At, theme: Theme) -> Plot:
    """How each feature is learnt; what is given, and not learnt, in the colour of text."""
    truth, learnt = at.data.truth, at.snapshot.weights
    return _of_features(
        at,
        [
            _by_rank("truth", tr("true weights"), np.abs(truth), Stroke(theme.text), width=1.2),
            *(
                _by_rank(str(i), name, learnt[i] * np.sign(truth), stroke, width=1.4)
                for i, (name, stroke) in enumerate(names_and_strokes(at.config.racers, theme))
            ),
        ],
        tr("weight"),
        log=False,
    )


def often(at: At, theme: Theme) -> Plot:
    """Frequency of each feature, and has come so far."""
    share = at.snapshot.seen / max(1, at.snapshot.step * at.config.batch)
    seen, dots = np.where(share > 0, share, np.nan), Stroke(theme.accent, DOTTED)
    return _of_features(
        at,
        [
            _by_rank("chance", tr("chance"), at.data.probability, Stroke(theme.text), width=1.2),
            _by_rank("seen", tr("so far"), seen, dots, width=0.9),
        ],
    )


class RankPoints(CurveLine):
    """The values of a curve as points: full where its line would be solid, else rings."""

    spots = True

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        x, y = self.pixels(axes)
        radius = 2.2 * self.width * self.theme.scale
        painter.setOpacity(self.curve.alpha)
        for k in np.flatnonzero(np.isfinite(y)).tolist():
            if axes.plane.rect.contains(float(x[k]), float(y[k])):
                spot(painter, self.theme, QPointF(x[k], y[k]), self.stroke, radius)
        painter.setOpacity(1.0)


class FeaturesPanel(CurvesPanel):
    """Curves over the ranks of features."""

    def _kind_of(self, curve: Curve) -> type[CurveLine]:
        return CurveLine if curve.key in LINES else RankPoints
