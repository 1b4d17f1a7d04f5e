"""Losses ▸ Sigmoid: what both neurons answer at every step; small, where they are and how they are pulled."""

from engine.config import Config
from engine.experiments.losses.neuron import NeuronConfig
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.curves import CurvesPanel
from gui.plots.own.table import TablePanel
from gui.screen.hero import WithHero
from gui.screen.moment import whole_run
from gui.screen.notes import Live
from gui.screen.terms import Term, term
from gui.screen.view import View
from gui.views.curve_plots import fill_curves, fill_steps
from gui.views.losses import neuron_plots as plots
from gui.views.losses.neuron_formulas import finding, formulas, show_parts

LARGEST_BIAS = 100.0


class NeuronView(View):
    """The sigmoid and the pull over z, p and the pull over the steps, and the slopes taken apart."""

    config_type = NeuronConfig
    pace = 30.0

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.sigmoid = CurvesPanel(tr("Where both neurons are"), theme)
        self.answers = CurvesPanel(tr("What they answer"), theme)
        self.pulls = CurvesPanel(tr("How hard each place is pulled"), theme)
        self.slopes = CurvesPanel(tr("How hard each neuron is pulled"), theme)
        self.parts = TablePanel(tr("The slope taken apart, at this step"), theme)
        self.sigmoid.legend = "none"
        for panel in (self.pulls, self.slopes):
            panel.legend = "paper"  # on the screen the large plot tells the lines apart
        fill_curves(self, self.sigmoid, plots.sigmoid_curves, plots.sigmoid_axes)
        self.fill(self.sigmoid, plots.show_places)
        fill_steps(self, self.answers, plots.answer_curves, plots.answer_axes)
        self.fill(self.answers, plots.show_recoveries, by=whole_run)
        fill_curves(self, self.pulls, plots.pull_curves, plots.pull_axes, by=whole_run)
        self.fill(self.pulls, plots.show_pulls)
        fill_steps(self, self.slopes, plots.slope_curves, plots.slope_axes)
        self.fill(self.parts, show_parts)
        for panel in (self.sigmoid, self.answers):
            panel.handle_dragged.connect(self._drag)
        self.setMinimumSize(self.theme.px(260), self.theme.px(240))
        if theme.presenting:
            self.parts.hide()
        self.tell(finding)
        small = (self.sigmoid, self.pulls, self.slopes)
        self.lay_out(WithHero(theme, self.answers, small, (4, 3, 3)), self.parts)

    def _drag(self, key: str, x: float, y: float) -> None:
        """The start is dragged by its bias; the weight stays."""
        if key == "target":
            self.edit(target=round(min(max(y, 0.0), 1.0), 3))
        else:
            bias = x - self.at.config.weight * self.at.config.input
            self.edit(bias=round(min(max(bias, -LARGEST_BIAS), LARGEST_BIAS), 3))

    def opens_on(self, at: plots.At) -> int | None:
        return at.once(plots.furthest_apart, at.recording, at.last)

    def formulas(self, at: plots.At) -> list[Live]:
        return formulas(at.config, at.recording, at.step) if plots.begun(at.recording) else []

    def terms(self, at: plots.At) -> list[Term]:
        both = "squared_error", "cross_entropy"
        slopes = (*((self.pulls, name) for name in both), *((self.slopes, name) for name in both))
        return [
            term(r"\frac{\partial L}{\partial z}", tr("how hard the neuron is pulled"), *slopes,
                 (self.parts, "column.3")),
            term(r"\sigma'(z)", tr("slope of the sigmoid"), (self.sigmoid, "sigmoid"),
                 *((self.sigmoid, f"{name}.tangent") for name in both), (self.parts, "column.2")),
            term("p", tr("what the neuron answers"), (self.parts, "column.0"),
                 *((self.answers, name) for name in both)),
            term("y", "", (self.answers, "target")),
            term(r"\Delta b", tr("step of the bias")),
            term(r"\Delta w", tr("step of the weight")),
        ]  # fmt: skip


VIEW = NeuronView
