"""What mini-batches look like: the cloud of their gradients, and the noise ball of each size."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.config import replaced
from engine.experiments.optimizers.batches import Cloud, predicted_ball
from engine.experiments.optimizers.batches_config import BatchesConfig, model_of
from engine.mini_batches import ellipse, shrinkage
from gui.language import tr
from gui.plots.contours import NAMES, FieldPanel
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.plots.line import Dots, Line
from gui.plots.panel import Columns
from gui.plots.path import Path, PathLine
from gui.theme import Stroke, Theme

Array = NDArray[np.float64]
WIDE = 2.0  # standard deviations that the ellipses reach
MARGIN = 1.15


class CloudPanel(CurvesPanel):
    """Gradients of mini-batches as points, with the true one and what spread the theory predicts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Gradients of 200 mini-batches"), theme)
        self.readout = False
        self.legend = "none"
        self._reach = 0.0
        self._names = ("", "")

    def begin_run(self, names: tuple[str, str]) -> None:
        """Name the two parameters."""
        self._names, self._reach = names, 0.0

    def _fit(self, extent: float) -> None:
        """Show gradients of this length: a range in round steps, so that it rarely changes."""
        if not (0.4 * self._reach <= extent <= self._reach):
            self._reach = round_up(MARGIN * extent) if extent > 0 else 1.0
            room = (-self._reach, self._reach)
            x, y = (f"∂L/∂{name}" for name in self._names)
            self.set_axes((x, ""), (y, ""), x_limits=room, y_limits=room)

    def clear_cloud(self) -> None:
        """Show nothing: the run is lost."""
        self.set_curves(())
        self.set_marks(())

    def show_cloud(self, cloud: Cloud, stroke: Stroke) -> None:
        """Show the gradients at one place."""
        self._fit(extent_of(cloud))
        points = cloud.gradients[np.argsort(cloud.gradients[:, 0])]
        gaps = np.full(len(points), np.nan)
        x, y = np.repeat(points[:, 0], 2), np.stack([points[:, 1], gaps], axis=1).ravel()
        ends = np.array(sorted([(0.0, 0.0), tuple(cloud.true.tolist())]))
        bound, true = self.theme.stroke("bound"), Stroke(self.theme.text)
        halves = _halves(ellipse(cloud.true, cloud.predicted, WIDE)) if cloud.predicted.any() else []
        self.set_curves([
            Curve("batches", tr("mini-batches"), x, y, stroke, width=1.2),
            *(
                Curve(f"predicted.{k}", "", *half, bound, width=1.6, column=tr("predicted"))
                for k, half in enumerate(halves)
            ),
            Curve("true", tr("true gradient"), ends[:, 0], ends[:, 1], true, width=2.4),
        ])  # fmt: skip
        x_true, y_true = cloud.true.tolist()
        self.set_marks([Mark(x_true, y_true, tr("true gradient"), true)])

    def table(self) -> Columns:
        """The points without the gaps between them, and the lines."""
        (x, across), (y, up), *rest = super().table() or [("", np.zeros(0))] * 2
        return [(x, across[::2]), (y, up[::2]), *rest]

    def _kind_of(self, curve: Curve) -> type[Line]:
        return Dots if curve.key == "batches" else Line


def extent_of(cloud: Cloud) -> float:
    """The largest entry of any gradient in a cloud."""
    return max(float(np.abs(cloud.gradients).max()), float(np.abs(cloud.true).max()))


def round_up(x: float) -> float:
    """The next number of the form 1, 1.5, 2, 3, 5 or 7 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(x))
    return float(next(factor * power for factor in (1, 1.5, 2, 3, 5, 7, 10, 15) if factor * power >= x))


def _halves(around: Array) -> list[tuple[Array, Array]]:
    """A closed curve as two of which x never falls."""
    first, last = sorted((int(np.argmin(around[:-1, 0])), int(np.argmax(around[:-1, 0]))))
    one = around[first : last + 1]
    other = np.concatenate([around[last:-1], around[: first + 1]])
    halves = []
    for half in (one, other):
        rising = half if half[-1, 0] >= half[0, 0] else half[::-1]
        halves.append((np.maximum.accumulate(rising[:, 0]), rising[:, 1]))
    return halves


class LossField(FieldPanel):
    """The true loss with paths over it, and above them the ellipse of the noise ball."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("True loss, and the noise ball (2σ)"), theme)
        self._ball: PathLine | None = None

    def set_ball(self, around: Array | None) -> None:
        """Draw this ellipse (points, 2) from now on, or none; one that is a point has no outline."""
        if around is None or not np.ptp(around, axis=0).any():
            around = np.zeros((0, 2))
        path = Path("ball", "", around, Stroke("#ffffff"), head=False)
        if self._ball is None:
            self._ball = PathLine(self.theme, path, under="#000000")
            self._ball.setZValue(NAMES - 1)
            self.plot.addItem(self._ball, ignoreBounds=True)
        self._ball.setPath(path)
        self.update()


class BallPanel(CurvesPanel):
    """The radius of the noise ball against the batch size: predicted as a line, measured as points."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Radius of the noise ball"), theme)
        self._of: object = None
        self._theory: list[Curve] = []

    def begin_run(self, config: BatchesConfig) -> None:
        """Predict the radius for every batch size."""
        model = model_of(config)
        key = (model, config.optimizer, config.order)
        if key == self._of:
            return
        self._of = key
        sizes = np.unique(np.geomspace(1, model.count - 1, 24).astype(int))
        drawn_anew, independent = replaced(config, order="independent"), config.order == "independent"
        balls = [predicted_ball(drawn_anew, size) for size in sizes.tolist()]
        radii = np.array([np.nan if ball is None else np.sqrt(np.trace(ball)) for ball in balls])
        self._theory, known, x = [], np.isfinite(radii), sizes.astype(float)
        if known.any():  # a ball of small batches may have no finite size
            name = tr("predicted") if independent else tr("if drawn anew")
            black, bound = Stroke(self.theme.text), self.theme.stroke("bound")
            one = radii[-1] / np.sqrt(shrinkage(model.count, sizes[-1]))  # H_B ≈ H in the largest batch
            self._theory = [
                Curve("predicted", name, x[known], radii[known], black, width=1.6),
                Curve("root", tr("as 1/√B"), x, one / np.sqrt(x), bound, width=1.4),
            ]
        self.set_axes(("B", ""), (tr("radius"), ""), True, True, x_limits=(0.8, 1.25 * model.count))

    def show_measured(self, measured: Sequence[tuple[int, float, str, Stroke]]) -> None:
        """Show what the runs have measured: (batch size, radius, name, stroke) each."""
        known = [one for one in measured if one[1] > 0]
        points = [
            Curve(name, "", np.array([float(size)]), np.array([radius]), stroke, width=3.0)
            for size, radius, name, stroke in known
        ]
        self.set_curves([*self._theory, *points])
        self.set_marks([Mark(float(size), radius, name, stroke) for size, radius, name, stroke in known])
