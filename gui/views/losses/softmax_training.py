"""The two classifiers side by side: how they learn, where their logits drift to, what they say."""

from functools import partial

import numpy as np

from engine.activations import sigmoid, softmax
from engine.experiments.losses.softmax import WAYS, Trained
from engine.experiments.losses.softmax_config import SoftmaxConfig
from engine.experiments.losses.softmax_inspection import class_frequencies, probabilities
from engine.recording import Recording
from gui.look.language import tr
from gui.look.theme import GREY, Stroke, Theme
from gui.plots.bars import Bars, BarsPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.images import ImagesPanel
from gui.plots.panel import Panel
from gui.plots.regions import RegionsPanel
from gui.screen.view import View
from gui.views.curve_plots import Plot, fill_plot, mark_step, over_steps
from gui.views.losses.softmax_chain import At, followed_row, row_of
from gui.views.pinned import with_pinned
from gui.views.words import percent

GRID = 56  # points along a side of the regions
RISEN = 1.05  # times its lowest, from which on a loss has turned
ROUNDING = 1e-12  # of what is 0 but for rounding


class TrainingPanels:
    """The panels below the chain."""

    def __init__(self, view: View) -> None:
        theme = view.theme
        titles = tr("Trained right"), tr("Trained with the common mistake")
        self.loss = CurvesPanel(tr("Loss on the training examples"), theme, "ends")
        self.accuracy = CurvesPanel(tr("Accuracy on held-out examples"), theme, "ends")
        self.drift = CurvesPanel(tr("Mean of all logits"), theme, "ends")
        self.shares = BarsPanel(tr("Fraction of each class, and its mean probability"), theme)
        self.regions = [RegionsPanel(words, theme) for words in titles]
        self.weights = [ImagesPanel(words, theme) for words in titles]
        for panel, column in ((self.loss, "loss"), (self.accuracy, "accuracy"), (self.drift, "mean_logit")):
            fill_plot(view, panel, partial(history, column=column), by=training_of)
            mark_step(view, panel)
        view.fill(self.shares, show_shares, by=step_of)
        for way, (regions, weights) in enumerate(zip(self.regions, self.weights, strict=True)):
            view.fill(regions, partial(show_regions, way=way), by=step_of)
            view.fill(regions, lambda panel, at: panel.select(followed_row(at)), by=followed_of)
            view.fill(weights, partial(show_weights, way=way), by=step_of)

    def panes(self, pictures: bool) -> dict[str, list[Panel]]:
        """The panels of each pane; pictures have weights instead of regions."""
        return {
            "training": [self.loss, self.accuracy],
            "drift": [self.drift, self.shares],
            "regions": [*(self.weights if pictures else self.regions)],
        }

    @property
    def every(self) -> list[Panel]:
        """All panels."""
        return [self.loss, self.accuracy, self.drift, self.shares, *self.regions, *self.weights]


def finding(at: At) -> str:
    """What the large picture shows of the right gradient and of the one that keeps the diagonal only."""
    return {"chain": _sums, "sigmoid": _answers, "drift": _drifted, "regions": _told_apart}.get(
        at.options.pane, _learned
    )(at)


def _sums(at: At) -> str:
    row = row_of(at)
    total = float(row.y @ (softmax(row.z) - 1.0))
    if abs(total) < ROUNDING:
        return tr("Both gradients are 0 here: nothing is missing.")
    return tr(
        "Over the classes the right gradient sums to 0, the mistaken one to {sum}: what lies beside the"
        " diagonal is missing.",
        sum=total,
    )


def _answers(at: At) -> str:
    total = float(sigmoid(row_of(at).z).sum())
    return tr(
        "The softmax probabilities sum to 1; the sigmoids sum to {sum}: "
        "each class is a yes or no of its own.",
        sum=total,
    )


def _drifted(at: At) -> str:
    drift = float(at.snapshot.scalars["notes.mean_logit"][at.step])
    if at.step == 0:
        return tr("Both start with a mean logit of 0; only the right gradient keeps it there.")
    return tr(
        "After {n} steps the mistake has driven the mean logit to {drift}; the right gradient keeps it at 0.",
        n=at.step,
        drift=drift,
    )


def _told_apart(at: At) -> str:
    right, mistaken = (percent(float(at.snapshot.scalars[f"{way}.accuracy"][at.step])) for way in WAYS)
    return tr(
        "After {n} steps {right} of the held-out examples are right; with the mistake, {mistaken}.",
        n=at.step,
        right=right,
        mistaken=mistaken,
    )


def _learned(at: At) -> str:
    losses = [at.snapshot.scalars[f"{way}.loss"] for way in WAYS]
    right, mistaken = (float(loss[at.step]) for loss in losses)
    lowest = float(losses[1][: at.step + 1].min())
    sentence = "After {n} steps the loss is {right} with the right gradient, {mistaken} with the mistake."
    if at.step == 0:
        sentence = "Both start at the loss {loss}; the mistaken gradient never pushes a wrong class down."
    elif losses[1][at.step] > RISEN * lowest:
        sentence = (
            "After {n} steps the loss with the mistake is back up from {low} to {mistaken}; right: {right}."
        )
    return tr(sentence, n=at.step, loss=right, low=lowest, mistaken=mistaken, right=right)


def training_of(at: At) -> tuple[object, ...]:
    """The training, which stays while logits are moved, and the pinned ones."""
    return at.snapshot, at.config.steps, at.ghosts


def history(at: At, theme: Theme, column: str) -> Plot:
    """Loss, accuracy or mean logit of both classifiers against the step."""
    name, unit, limits = {
        "loss": (tr("loss"), tr("nats"), None),
        "accuracy": (tr("accuracy"), "", (0.0, 1.03)),
        "mean_logit": (tr("mean logit"), "", None),
    }[column]

    def of_run(_: SoftmaxConfig, recording: Recording) -> list[Curve]:
        run: Trained = recording.snapshot(0)[1]
        return [
            Curve(
                way,
                title,
                np.arange(float(len(y))),
                np.where(np.abs(y) < ROUNDING, 0.0, y),
                theme.stroke(key),
                width=2.0,
            )
            for way, title, key in (("right", tr("right"), "right"), ("notes", tr("mistaken"), "wrong"))
            for y in [run.scalars[f"{way}.{column}"]]
        ]

    reach = max(at.config.steps, *(ghost.recording.last for ghost in at.ghosts), 1)
    return Plot(over_steps(reach, name, unit, limits=limits), with_pinned(at, of_run))


def step_of(at: At) -> tuple[object, ...]:
    """The step of the training, however one looks at it."""
    return at.snapshot, at.step


def show_shares(panel: BarsPanel, at: At) -> None:
    """How often each class is true, and how often each classifier expects it."""
    theme = panel.theme
    true, right, notes = class_frequencies(at.data, at.snapshot, at.step)
    panel.set_axes((tr("class"), ""), (tr("share"), ""), (0.0, 1.0))
    bars = [
        Bars("true", tr("true fraction"), true, Stroke(GREY[theme.dark])),
        Bars("right", tr("right"), right, theme.stroke("right")),
        Bars("notes", tr("mistaken"), notes, theme.stroke("wrong")),
    ]
    panel.set_bars(at.data.class_names, bars)


def show_regions(panel: RegionsPanel, at: At, *, way: int) -> None:
    """What a classifier says of every point."""
    run, step, data = at.snapshot, at.step, at.data
    points = data.inputs[:, 1:]
    edges = np.stack([points.min(axis=0) - 0.3, points.max(axis=0) + 0.3], axis=1).tolist()
    grid = np.stack(np.meshgrid(*(np.linspace(low, high, GRID) for low, high in edges)), axis=-1)
    training = np.isin(np.arange(len(points)), data.training)
    wrong = probabilities(run, step, way, points).argmax(axis=1) != data.labels
    (x0, x1), (y0, y1) = edges
    panel.aspect_locked = True  # round clouds are round
    panel.set_axes(("x", ""), ("y", ""))
    panel.set_regions(probabilities(run, step, way, grid), ((x0, x1), (y0, y1)))
    panel.set_points(points, data.labels, training, wrong, data.class_names)


def followed_of(at: At) -> object:
    """The training, and the row of the example that is followed."""
    return at.snapshot, followed_row(at)


def show_weights(panel: ImagesPanel, at: At, *, way: int) -> None:
    """The weights of a classifier, one picture a class."""
    data = at.data
    pictures = at.snapshot.weights[at.step, way, 1:].T.reshape(-1, *data.shape)
    panel.set_images(pictures, data.class_names, signed=True)
