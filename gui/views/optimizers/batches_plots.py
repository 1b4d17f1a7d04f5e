"""What mini-batches look like: the cloud of their gradients, and the noise ball over the loss."""

import numpy as np
from numpy.typing import NDArray

from engine.experiments.optimizers.batches import Cloud
from engine.linear.mini_batches import ellipse
from gui.look.language import tr
from gui.look.theme import Stroke, Theme
from gui.plots.contours import FieldPanel
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.plots.described import Columns
from gui.plots.field_picture import NAMES
from gui.plots.line import CurveLine, Dots
from gui.plots.path import PathLine, Track
from gui.views.step_curves import round_up

Array = NDArray[np.float64]
WIDE = 2.0  # standard deviations that the ellipses reach
MARGIN = 1.15
REACHES = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)


class CloudPanel(CurvesPanel):
    """Gradients of mini-batches as points, with the true one and what spread the theory predicts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Gradients of 200 mini-batches"), theme, "none")
        self.readout = False
        self._reach = self._axes_reach = 0.0  # of the gradients, and of the axes
        self._names = ("", "")

    def begin_run(self, names: tuple[str, str]) -> None:
        """Name the two parameters, also of a cloud that is here already; the next one finds its own range."""
        if names != self._names:
            self._names = names
            if self._reach:
                self._show_axes()
            self._axes_reach = 0.0
        self._reach = 0.0

    def _fit(self, extent: float) -> None:
        """Show gradients of this length: a range in round steps, so that it rarely changes."""
        if not (0.4 * self._reach <= extent <= self._reach):
            self._reach = round_up(MARGIN * extent, REACHES) if extent > 0 else 1.0
            if self._reach != self._axes_reach:
                self._show_axes()

    def _show_axes(self) -> None:
        self._axes_reach = self._reach
        room = (-self._reach, self._reach)
        x, y = (f"∂L/∂{name}" for name in self._names)
        self.set_axes((x, ""), (y, ""), x_limits=room, y_limits=room)

    def clear_cloud(self) -> None:
        """Show nothing: the run is lost."""
        self.set_curves(())
        self.set_marks(())

    def show_cloud(self, cloud: Cloud, stroke: Stroke) -> None:
        """Show the gradients at one place."""
        self._fit(float(np.abs([*cloud.gradients, cloud.true]).max()))
        points = cloud.gradients[np.argsort(cloud.gradients[:, 0])]
        gaps = np.full(len(points), np.nan)
        x, y = np.repeat(points[:, 0], 2), np.stack([points[:, 1], gaps], axis=1).ravel()
        ends = np.array(sorted([(0.0, 0.0), tuple(cloud.true.tolist())]))
        bound, true = self.theme.stroke("bound"), Stroke(self.theme.text)
        halves = _halves(ellipse(cloud.true, cloud.predicted, WIDE)) if cloud.predicted.any() else []
        self.set_curves(
            [
                Curve("batches", tr("mini-batches"), x, y, stroke, width=1.2),
                *(
                    Curve(f"predicted.{k}", "", *half, bound, width=1.6, column=tr("predicted"))
                    for k, half in enumerate(halves)
                ),
                Curve("true", tr("true gradient"), ends[:, 0], ends[:, 1], true, width=2.4),
            ]
        )
        x_true, y_true = cloud.true.tolist()
        self.set_marks([Mark(x_true, y_true, tr("true gradient"), true)])

    def table(self) -> Columns:
        """The points without the gaps between them, and the lines."""
        (x, across), (y, up), *rest = super().table() or [("", np.zeros(0))] * 2
        return [(x, across[::2]), (y, up[::2]), *rest]

    def _kind_of(self, curve: Curve) -> type[CurveLine]:
        return Dots if curve.key == "batches" else CurveLine


def _halves(around: Array) -> list[tuple[Array, Array]]:
    """A closed curve as two of which x never falls."""
    first, last = sorted((int(np.argmin(around[:-1, 0])), int(np.argmax(around[:-1, 0]))))
    halves = around[first : last + 1], np.concatenate([around[last:-1], around[: first + 1]])
    rising = [half if half[-1, 0] >= half[0, 0] else half[::-1] for half in halves]
    return [(np.maximum.accumulate(half[:, 0]), half[:, 1]) for half in rising]


class LossField(FieldPanel):
    """The true loss with paths over it, and above them the ellipse of the noise ball."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("True loss, and the noise ball (2σ)"), theme)
        self._ball: PathLine | None = None

    def set_ball(self, around: Array | None) -> None:
        """Draw this ellipse (points, 2) from now on, or none; one that is a point has no outline."""
        if around is None or not np.ptp(around, axis=0).any():
            around = np.zeros((0, 2))
        path = Track("ball", "", around, Stroke("#ffffff"), head=False)
        if self._ball is None:
            self._ball = PathLine(self.theme, path, under="#000000")
            self._ball.setZValue(NAMES - 1)
            self.plot.addItem(self._ball, ignoreBounds=True)
        self._ball.setPath(path)
        self.update()
