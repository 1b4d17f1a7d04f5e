"""What can be shown under the chain: the naive formula, the sigmoid, the temperature."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.experiments.entropy.softmax import COLDEST, HOTTEST, SIGMOID_CURVES, Snapshot
from engine.softmax_numerics import Naive
from gui.language import tr
from gui.numbers import short_text
from gui.plots.annotations import Handle, Mark
from gui.plots.chain import ChainColumn, ChainPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.theme import SKY, Stroke, Theme

VERDICTS = {
    "": "Naive, {precision}: right here",
    "overflow": "Naive, {precision}: overflow, Σ = ∞",
    "vanished": "Naive, {precision}: underflow, Σ = 0",
    "lost": "Naive, {precision}: a p became 0",
}
DASHES = ((), (6.0, 3.0), (1.5, 2.5), (7.0, 2.5, 1.5, 2.5))


class Pane(QWidget):
    """Plots side by side."""

    def __init__(self, *plots: Panel) -> None:
        super().__init__()
        self._plots = plots
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        for plot in plots:
            row.addWidget(plot, 1)

    def panels(self) -> list[Panel]:
        """The plots, for export."""
        return list(self._plots)


class NaivePane(Pane):
    """The formula as it is printed, in both precisions."""

    def __init__(self, theme: Theme) -> None:
        self.single, self.double = ChainPanel("float32", theme), ChainPanel("float64", theme)
        super().__init__(self.single, self.double)
        self.theme = theme
        for panel in (self.single, self.double):
            panel.selectable = False

    def draw(self, shot: Snapshot, names: Sequence[str]) -> None:
        """Show what came out, and what of it is wrong."""
        self._draw_one(self.single, "float32", shot.single, names)
        self._draw_one(self.double, "float64", shot.double, names)

    def _draw_one(self, panel: ChainPanel, precision: str, naive: Naive, names: Sequence[str]) -> None:
        panel.title = tr(VERDICTS[naive.failure], precision=precision)
        stroke, quiet = self.theme.stroke("q"), self.theme.stroke("bound")
        e, total = naive.exponentials, f"Σ = {short(naive.total)}"
        broken = ~np.isfinite(e) | (e == 0)
        panel.set_columns(
            [
                ChainColumn("exp(x)", "", e, quiet, wrong=broken, foot=total),
                ChainColumn("p", "", naive.p, stroke, wrong=naive.wrong(), foot=quotient(naive), limit=1.0),
                ChainColumn("ln p", "", naive.log_p, stroke, wrong=~np.isfinite(naive.log_p)),
            ],
            names,
            ["÷ Σ", "ln"],
        )  # fmt: skip


def short(total: float) -> str:
    """A sum, whose zero is exact."""
    return "0" if total == 0 else value_text(total)


def quotient(naive: Naive) -> str:
    """What stands where no number does: – is ∞/∞ or 0/0."""
    if not np.isnan(naive.p).any():
        return ""
    return "– = 0/0" if naive.failure == "vanished" else "– = ∞/∞"


class SigmoidPane(Pane):
    """σ and its slope, with the classes on the curve; the chosen one can be dragged."""

    dragged = Signal(float)  # the logit of the chosen class against all others
    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        self.curve = CurvesPanel(tr("One class against all others: σ(u)"), theme)
        self.table = ChainPanel(tr("Each class by its sigmoid"), theme)
        super().__init__(self.curve, self.table)
        self.theme = theme
        self.curve.set_axes(("u", ""), ("σ(u)", ""), x_limits=(-10.0, 10.0), y_limits=(0.0, 1.0))
        self.curve.handle_dragged.connect(lambda key, x, y: self.dragged.emit(x))
        self.table.selected.connect(lambda column, row: self.chosen.emit(row))

    def draw(self, shot: Snapshot, names: Sequence[str], chosen: int) -> None:
        """Show every class on the curve, and how it came there."""
        u, sigma, slope = SIGMOID_CURVES
        q, quiet = self.theme.stroke("q"), self.theme.stroke("bound")
        if not self.curve.curves:
            self.curve.set_curves(
                [Curve("sigma", "σ(u)", u, sigma, q), Curve("slope", "σ′(u)", u, slope, quiet)]
            )
        places = list(zip(shot.against.tolist(), shot.stable.p.tolist(), strict=True))
        x, y = places[chosen]
        self.curve.set_marks([Mark(*place, names[k], quiet) for k, place in enumerate(places) if k != chosen])
        self.curve.set_handles([Handle("u", tr("class {k}", k=names[chosen]), x, y, q, "x")])
        z = Stroke(SKY[self.theme.dark])
        self.table.set_columns(
            [
                ChainColumn("x", "", shot.scaled, z, signed=True),
                ChainColumn(tr("others"), "ln Σ exp", shot.rest, z, signed=True),
                ChainColumn("u", "", shot.against, z, signed=True),
                ChainColumn("σ(u) = p", "", shot.stable.p, q, limit=1.0),
            ],
            names, ["−", "=", "σ"], highlight=chosen,
        )  # fmt: skip


class TemperaturePane(Pane):
    """The probabilities and their entropy over every temperature."""

    dragged = Signal(float)

    def __init__(self, theme: Theme) -> None:
        self.shares = CurvesPanel(tr("Probabilities against temperature"), theme)
        self.entropy = CurvesPanel(tr("Entropy against temperature"), theme)
        super().__init__(self.shares, self.entropy)
        self.theme = theme
        self.shares.set_axes(
            ("T", ""), ("p", ""), log_x=True, x_limits=(COLDEST, HOTTEST), y_limits=(0.0, 1.0)
        )
        self._classes = 0
        for panel in (self.shares, self.entropy):
            panel.readout = True
        self.entropy.handle_dragged.connect(lambda key, x, y: self.dragged.emit(x))

    def draw(self, shot: Snapshot, names: Sequence[str], temperature: float) -> None:
        """Show the curves, and where on them the temperature is."""
        warmth, most = shot.temperatures, float(np.log(len(names)))
        if len(names) != self._classes:
            self._classes = len(names)
            self.entropy.set_axes(("T", ""), ("H", tr("nats")), log_x=True, x_limits=(COLDEST, HOTTEST),
                                  y_limits=(0.0, 1.12 * most))  # fmt: skip
        self.shares.set_curves([
            Curve(name, name, warmth, shot.shares[:, k],
                  Stroke(self.theme.class_colour(k), DASHES[k % len(DASHES)]))
            for k, name in enumerate(names)
        ])  # fmt: skip
        self.shares.set_cursor(temperature, f"T = {short_text(temperature, 4)}")
        ends = np.array([COLDEST, HOTTEST])
        self.entropy.set_curves([
            Curve("entropy", "H", warmth, shot.entropies, self.theme.stroke("entropy"), fill=True),
            Curve("bound", "ln n", ends, np.full(2, most), self.theme.stroke("bound")),
        ])  # fmt: skip
        name, stroke = f"T = {short_text(temperature, 4)}", self.theme.stroke("p")
        self.entropy.set_handles([Handle("T", name, temperature, shot.entropy, stroke, "x")])
