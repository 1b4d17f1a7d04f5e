"""The two classifiers side by side: how they learn, where their logits drift to, what they say."""

import numpy as np

from engine.experiments.losses.softmax import Trained
from engine.experiments.losses.softmax_inspection import probabilities, shares
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.plots.bars import Bars, BarsPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.images import ImagesPanel
from gui.plots.panel import Panel
from gui.plots.regions import RegionsPanel
from gui.theme import GREY, Stroke, Theme
from gui.views.losses.softmax_chain import At, followed_row

GRID = 56  # points along a side of the regions
KEYS = (("right", "right"), ("notes", "wrong"))  # way → stroke


class Training:
    """The panels below the chain."""

    def __init__(self, theme: Theme) -> None:
        titles = tr("Trained right"), tr("Trained with the notes' gradient")
        self.loss = CurvesPanel(tr("Loss on the training examples"), theme)
        self.accuracy = CurvesPanel(tr("Accuracy on held-out examples"), theme)
        self.drift = CurvesPanel(tr("Mean of all logits"), theme)
        self.shares = BarsPanel(tr("Share of each class, and its mean probability"), theme)
        self.regions = [RegionsPanel(words, theme) for words in titles]
        self.weights = [ImagesPanel(words, theme) for words in titles]
        for panel in self.curves:
            panel.legend = "ends"

    @property
    def curves(self) -> tuple[CurvesPanel, CurvesPanel, CurvesPanel]:
        """What is drawn against the step."""
        return self.loss, self.accuracy, self.drift

    def panes(self, pictures: bool) -> dict[str, list[Panel]]:
        """The panels of each pane; pictures have weights instead of regions."""
        return {
            "chain": [],
            "training": [self.loss, self.accuracy],
            "drift": [self.drift, self.shares],
            "regions": [*(self.weights if pictures else self.regions)],
        }

    @property
    def every(self) -> list[Panel]:
        """All panels."""
        return [self.loss, self.accuracy, self.drift, self.shares, *self.regions, *self.weights]


def curves_of(at: At) -> tuple[object, ...]:
    """The training, which stays while logits are moved, and the pinned ones."""
    return at.snapshot, at.config.steps, at.ghosts


def show_loss(panel: CurvesPanel, at: At) -> None:
    """Loss of both against the step."""
    panel.set_axes((tr("step"), ""), (tr("loss"), tr("nats")), x_limits=_limits(at))
    panel.set_curves(_curves(at, "loss", panel.theme))


def show_accuracy(panel: CurvesPanel, at: At) -> None:
    """Accuracy of both against the step."""
    panel.set_axes((tr("step"), ""), (tr("accuracy"), ""), x_limits=_limits(at), y_limits=(0.0, 1.03))
    panel.set_curves(_curves(at, "accuracy", panel.theme))


def show_drift(panel: CurvesPanel, at: At) -> None:
    """The mean of all logits of both against the step."""
    panel.set_axes((tr("step"), ""), (tr("mean logit"), ""), x_limits=_limits(at))
    panel.set_curves(_curves(at, "mean_logit", panel.theme))


def show_step(panel: CurvesPanel, at: At) -> None:
    """Mark the step."""
    panel.set_cursor(at.step)


def _limits(at: At) -> tuple[float, float]:
    return 0.0, float(max(at.config.steps, *(ghost.recording.last for ghost in at.ghosts), 1))


def _curves(at: At, name: str, theme: Theme) -> list[Curve]:
    """A column of both classifiers, behind them those of pinned runs."""
    curves = [curve for ghost in at.ghosts for curve in _ghost(ghost, name, theme)]
    run: Trained = at.snapshot
    names = {"right": tr("right"), "notes": tr("the notes'")}
    for way, stroke in KEYS:
        y = run.scalars[f"{name}.{way}"]
        curves.append(Curve(way, names[way], np.arange(float(len(y))), y, theme.stroke(stroke), width=2.0))
    return curves


def _ghost(ghost: Ghost, name: str, theme: Theme) -> list[Curve]:
    recording: Recording = ghost.recording
    if recording.last < 1:
        return []
    x = np.arange(recording.last + 1.0)
    return [
        Curve(f"{way}-{id(recording)}", ghost.label if way == "right" else "", x,
              recording.column(f"{name}.{way}"), theme.stroke(stroke), ghost=True)
        for way, stroke in KEYS
    ]  # fmt: skip


def step_of(at: At) -> tuple[object, ...]:
    """The step of the training, however one looks at it."""
    return at.snapshot, at.step


def show_shares(panel: BarsPanel, at: At) -> None:
    """How often each class is true, and how often each classifier expects it."""
    run, theme = at.snapshot, panel.theme
    true, right, notes = shares(run, at.step)
    panel.set_axes((tr("class"), ""), (tr("share"), ""), (0.0, 1.0))
    panel.set_bars(
        run.data.class_names,
        [
            Bars("true", tr("true share"), true, Stroke(GREY[theme.dark])),
            Bars("right", tr("right"), right, theme.stroke("right")),
            Bars("notes", tr("the notes'"), notes, theme.stroke("wrong")),
        ],
    )


def show_right_regions(panel: RegionsPanel, at: At) -> None:
    """What the right classifier says of every point."""
    _show_regions(panel, at, 0)


def show_notes_regions(panel: RegionsPanel, at: At) -> None:
    """What the one of the notes says of every point."""
    _show_regions(panel, at, 1)


def _show_regions(panel: RegionsPanel, at: At, way: int) -> None:
    run, step = at.snapshot, at.step
    data = run.data
    points = data.inputs[:, 1:]
    low, high = points.min(axis=0) - 0.3, points.max(axis=0) + 0.3
    bounds = ((float(low[0]), float(high[0])), (float(low[1]), float(high[1])))
    grid = np.stack(np.meshgrid(*(np.linspace(*edge, GRID) for edge in bounds)), axis=-1)
    training = np.isin(np.arange(len(points)), data.training)
    wrong = probabilities(run, step, way, points).argmax(axis=1) != data.labels
    panel.set_axes(("x", ""), ("y", ""))
    panel.set_regions(probabilities(run, step, way, grid), bounds)
    panel.set_points(points, data.labels, training, wrong, data.class_names)


def followed_of(at: At) -> object:
    """The training, and the row of the example that is followed."""
    return at.snapshot, followed_row(at)


def show_followed(panel: RegionsPanel, at: At) -> None:
    """Mark the example that is followed."""
    panel.select(followed_row(at))


def show_right_weights(panel: ImagesPanel, at: At) -> None:
    """The weights of the right classifier."""
    _show_weights(panel, at, 0)


def show_notes_weights(panel: ImagesPanel, at: At) -> None:
    """The weights of the one of the notes."""
    _show_weights(panel, at, 1)


def _show_weights(panel: ImagesPanel, at: At, way: int) -> None:
    data = at.snapshot.data
    pictures = at.snapshot.weights[at.step, way, 1:].T.reshape(-1, *data.shape)
    panel.set_images(pictures, data.class_names, signed=True)
