"""Gradients ▸ Deep network: what reaches each layer, how the losses fall, and the chain factor by factor."""

from typing import Annotated

from engine.config import Config, choice, number
from engine.experiments.gradients.deep_network_config import POINTS, DeepConfig
from engine.experiments.gradients.deep_network_inspection import DeepInspection, check, inspect, look_all
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.curves import CurvesPanel
from gui.plots.histogram import HistogramPanel
from gui.plots.own.table import TablePanel
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Question, Room, Urgency, View, new_run, nothing, show_one
from gui.views.curve_plots import fill_axes, fill_history
from gui.views.gradients import deep_network_plots as plots
from gui.views.gradients.deep_network_words import factor_live, finding, learned_at, start_live, verdict_live
from gui.views.muon_blocks import muon_blocks, muon_terms
from gui.views.muon_plot import add_spectra, has_spectra
from gui.views.schedule_blocks import schedule_blocks, schedule_terms

GRADIENTS = {"activations": "By its activations", "weights": "By its weights"}
SIZES = {"typical": "Typical sizes", "bound": "Upper bound"}
INSIDE = {"curves": "Curves", "table": "Numbers"}
LOW = 640  # height of the view (pixels); in a lower one the plot of Muon has the room of the activations
TIPS = {
    "of": "With respect to what the gradient is taken in each layer.",
    "explained": "Whose factors, histograms and formulas are shown.",
    "sizes": "Factors as they are on average, or so large that the gradient is never above their product.",
    "inside": "The chain product as curves, or factor by factor.",
    "example": "The example whose gradient is followed back: its row in the data.",
}


class DeepOptions(Config, frozen=True):
    """The options of the view."""

    of: Annotated[str, choice("Gradient", TIPS["of"], GRADIENTS)] = "activations"
    explained: Annotated[str, choice("Network", TIPS["explained"], {"a": "A", "b": "B"})] = "a"
    sizes: Annotated[str, choice("Factors", TIPS["sizes"], SIZES)] = "typical"
    inside: Annotated[str, choice("Chain", TIPS["inside"], INSIDE)] = "curves"
    example: Annotated[int, number("Example", TIPS["example"], ge=0, lt=POINTS)] = 0
    layer: Annotated[
        int, number("Layer", "The layer whose factor is shown; 0 is the first.", ge=0, le=64)
    ] = 0


At = Moment[DeepConfig, DeepOptions]


class DeepView(View):
    """The gradients layer by layer; beside them the losses, the chain product and the activations."""

    config_type, options_type = DeepConfig, DeepOptions

    def build(self, theme: Theme) -> None:
        self.gradients = plots.GradientsPanel(tr("Gradients"), theme)
        self.loss = CurvesPanel(tr("Loss"), theme)
        self.chain = CurvesPanel(tr("The chain of one example"), theme)
        self.factors = TablePanel(tr("The chain, factor by factor"), theme)
        self.activations = HistogramPanel(tr("Activations"), theme)
        self.activations.set_axes((tr("activation"), ""))
        for panel in (self.gradients, self.loss, self.chain, self.factors, self.activations):
            panel.setMinimumSize(theme.px(150), theme.px(90))
        tip = tr("Compare the gradient of this network on its batch with numeric differences")
        self.check = self.check_button(tip)
        self.bar = self.options_bar("of:", "explained:", "inside:", "sizes", "example:", self.check)
        self.tell(finding, of="inside", opens_on=learned_at)
        self._fill_all()
        for panel in (self.gradients, self.chain):
            panel.clicked.connect(self._choose_layer)
        self.factors.selected.connect(self._choose_line)
        small = (self.loss, self.chain, self.factors, self.activations, self.spectra)
        self.lay_out(self.bar, WithHero(theme, self.gradients, small, (1, 1, 1, 1, 1)))

    def _fill_all(self) -> None:
        self.ask("begun", lambda at: (look_all, at.config, at.data, at.recording.snapshot(0)[1]), by=new_run)
        self.ask("inside", inside_wanted, Urgency.SOON, by=inside_key)
        of_gradients = {"activations": "‖∂L/∂a‖", "weights": "‖∂L/∂W‖"}
        fill_axes(self, self.gradients, lambda at: plots.layer_axes(at, of_gradients[at.options.of]))
        self.fill(self.gradients, plots.keep_start, of="begun", by=nothing)
        self.fill(self.gradients, plots.show_gradients, of="inside")
        fill_history(self, self.loss, plots.losses)
        fill_axes(self, self.chain, plots.layer_axes)
        self.fill(self.chain, plots.show_chain, of="inside")
        for panel in (self.gradients, self.chain):
            self.fill(panel, lambda panel, at: panel.set_cursor(plots.layer_of(at) + 1))
        self.fill(self.factors, plots.show_factors, of="inside")
        self.fill(self.activations, plots.show_histograms, of="inside")
        self.spectra = add_spectra(
            self, lambda at: at.snapshot.networks[plots.explained(at)].muon, Urgency.SOON
        )

    def arrange(self, at: At, room: Room) -> bool:
        show_one(at.options.inside, {"table": self.factors, "curves": self.chain})
        self.spectra.setVisible(has_spectra(at))
        self.activations.setVisible(room.height >= LOW or not has_spectra(at))
        return False

    def offers(self, at: At) -> dict[str, object]:
        return {"explained": len(at.config.networks) > 1, "example": range(POINTS)}

    def _choose_layer(self, number: float) -> None:
        self.set_option(layer=min(max(round(number), 1), self.at.config.depth) - 1)

    def _choose_line(self, row: int) -> None:
        self._choose_layer(self.at.config.depth - row)

    def check_question(self, at: At) -> Question:
        return check, at.config, at.data, at.snapshot, plots.explained(at)

    def terms(self, at: At) -> list[Term]:
        which = plots.explained(at)
        now, chain = (self.gradients, f"{which}.now"), (self.chain, f"{which}.actual")
        product = self.chain, f"{which}.product"
        return [
            term(r"\|\partial L/\partial a_1\|", tr("gradient at the first layer"), now, told=False),
            term(r"\|\partial L/\partial a_L\|", tr("gradient at the last layer"), now, told=False),
            term(r"\frac{\partial L}{\partial a_{k-1}}", tr("gradient one layer below"), chain, told=False),
            term(r"\frac{\partial L}{\partial a_k}", tr("gradient at a layer"), chain, told=False),
            term(r"\varphi'(z_k)", tr("slope of the activation"), self.activations),
            term(r"W_k^{\top}", tr("weights of the layer"), product, told=False),
            *schedule_terms(at.settings.optimizer, at.step),
            *muon_terms(at.settings.optimizer, self.spectra),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        inside: DeepInspection | None = self.answer("inside")
        if inside is None:
            return None
        which = plots.explained(at)
        checks = self.checks(at) if inside.snapshot is at.snapshot else ()
        return [
            verdict_live(inside),
            factor_live(at.config, which, inside.chains[which], plots.layer_of(at), inside.bound, *checks),
            start_live(at.config, at.config.networks[which]),
            *schedule_blocks(at.settings.optimizer, at.step),
            *muon_blocks(at.settings.optimizer, self.answer("spectra"), at.kept),
        ]


def inside_key(at: At) -> object:
    """The step, the example, how factors are measured, and the pinned runs."""
    return at.config, at.recording, at.step, at.options.example, at.options.sizes, at.ghosts


def inside_wanted(at: At) -> Question:
    """Ask for a forward and a backward pass of the networks at this step, also of those of pinned runs."""
    pinned = [
        (ghost.config, ghost.recording.data, ghost.recording.snapshot(min(at.step, ghost.recording.last))[1])
        for ghost in plots.begun(at)
    ]
    return inspect, at.config, at.data, at.snapshot, at.options.example, at.options.sizes == "bound", *pinned
