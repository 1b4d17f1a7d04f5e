"""LSTM ▸ Train on sequences: learning curves of models, their gates, and what they write or answer."""

from engine.config import Config, replaced
from engine.experiments.lstm.train_config import TrainConfig, kinds, titles
from engine.experiments.lstm.train_inspection import (
    WrittenText,
    check,
    continue_waves,
    follow,
    follow_all,
    writing,
)
from engine.experiments.lstm.train_tasks import Adding, Sine
from engine.experiments.lstm.train_texts import Text, TextFile
from engine.recurrent.through_time import CELLS
from gui.look.arithmetic import exact_text
from gui.look.language import tr
from gui.look.plain import plain_name
from gui.look.splitters import above_each_other
from gui.look.theme import Theme
from gui.plots.curves import CurvesPanel
from gui.plots.own.coloured_text import ColouredTextPanel
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Live, Question, Room, View, nothing
from gui.views.curve_plots import fill_history
from gui.views.lstm import train_history as history
from gui.views.lstm.train_inside import GatesPanel, show_coloured, show_gates, show_unit
from gui.views.lstm.train_options import GATES, At, TrainOptions, model_of
from gui.views.lstm.train_sequence import show_sequence
from gui.views.lstm.train_words import finding, formulas, learned_at
from gui.views.muon_blocks import muon_blocks, muon_terms
from gui.views.muon_plot import add_spectra, has_spectra
from gui.views.schedule_blocks import schedule_blocks, schedule_terms

WRITTEN = 340  # how many characters a model writes
LOW = 430  # in a lower view (pixels) only one plot is beside the large one
HIGH = 640  # from this height on there are four plots, if the task is not a text


class TrainView(View):
    """What is written, or answered on a held-out sequence; beside it the losses, the gates, the gradient."""

    config_type, options_type = TrainConfig, TrainOptions
    asks_anew = True

    def build(self, theme: Theme) -> None:
        self.check = self.check_button(
            tr("Compare the gradient of this network on its batch with numeric differences")
        )
        self.bar = self.options_bar(
            "log_loss", "model", "layer", "gate", "unit:", self.check, lists=["model", "layer"]
        )
        self.bar["unit"].setSpecialValueText(tr("auto"))
        self.below = self.options_bar("words", "temperature:", "")
        self.loss = CurvesPanel(tr("Loss · thick: held-out"), theme, "ends")
        self.norm = CurvesPanel(tr("Gradient norm ‖g‖"), theme, "ends")
        self.right = CurvesPanel(tr("Accuracy, held-out"), theme, "ends")
        self.heat, self.unit = GatesPanel(theme), CurvesPanel("", theme)
        self.written, self.coloured = ColouredTextPanel("", theme), ColouredTextPanel("", theme)
        self.sequence = CurvesPanel("", theme)
        # It opens at the step where the first model is clearly better than one without knowledge.
        self.tell(finding, opens_on=learned_at)
        self._fill_all()
        self.on(self.heat.selected, lambda view, row, _: view.set_option(unit=view.heat.unit_of(row)))
        self._lay_out()

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        """A loss that is a squared error falls by powers of ten: it begins on a log axis, another one not."""
        assert isinstance(before, TrainConfig)
        assert isinstance(after, TrainConfig)
        squared = [isinstance(config.task, Adding | Sine) for config in (before, after)]
        options, now = super().followed(options, before, after)
        return (replaced(options, log_loss=squared[1]) if squared[0] != squared[1] else options), now

    def _fill_all(self) -> None:
        # What the sentence and the timeline say is of one step; what is computed for a plot says its own.
        fill_history(self, self.loss, history.losses, prompt=True)
        fill_history(self, self.norm, history.norms, prompt=True)
        self.ask("inside", way_of_passage)
        self.ask("written", text_wanted)
        self.ask("sequence", answers_wanted)
        self.fill(self.heat, show_gates, of="inside")
        self.fill(self.written, show_written, of="written", by=nothing)
        self.fill(self.unit, show_unit, of="inside")
        fill_history(self, self.right, history.rights, prompt=True)
        self.fill(self.coloured, show_coloured, of="inside")
        self.fill(self.sequence, show_sequence, of="sequence")
        self.spectra = add_spectra(self, lambda at: at.snapshot.muon[model_of(at)])

    def _lay_out(self) -> None:
        px = self.theme.px
        for panels, width, height in (
            ((self.loss, self.norm, self.right), 120, 56),
            ((self.heat,), 160, 90),
            ((self.unit, self.coloured), 140, 64),
            ((self.written,), 120, 72),
            ((self.sequence,), 160, 80),
        ):
            for panel in panels:
                panel.setMinimumSize(px(width), px(height))
        pictures = above_each_other((self.written, self.coloured, self.sequence), (1, 3, 4))
        small = (self.loss, self.heat, self.right, self.unit, self.norm, self.spectra)
        self.lay_out(self.bar, WithHero(self.theme, pictures, small, (4, 5, 4, 4, 3, 4)), self.below)

    def arrange(self, at: At, room: Room) -> bool:
        """Show the plots that suit the task, and as many as there is height for."""
        tight, written, recalled = room.height < LOW, writes(at), recalls(at)
        muon = has_spectra(at)
        self.norm.setVisible(not tight and (written or room.height >= HIGH) and not muon)
        self.spectra.setVisible(muon)
        self.heat.setVisible(not tight)
        self.below.setVisible(written and not self.theme.presenting)
        self.written.setVisible(written)
        self.coloured.setVisible(written)
        self.sequence.setVisible(not written)
        self.right.setVisible(recalled)
        self.unit.setVisible(not tight and not written and not recalled)
        return tight

    def offers(self, at: At) -> dict[str, object]:
        names, layers = titles(at.config), at.config.layers
        gates = CELLS[kinds(at.config)[model_of(at)]].gates_type._fields
        return {
            "model": names if len(names) > 1 else False,
            "layer": [tr("Layer {n}", n=k + 1) for k in range(layers)] if layers > 1 else False,
            "gate": {name: tr(title) for name, title in GATES.items() if name in gates},
            "unit": range(at.config.hidden + 1),
            "words": writes(at),
            "temperature": writes(at),
        }

    def clear(self) -> None:
        self.heat.show_nothing()
        for text in (self.written, self.coloured):
            text.title = ""
            text.set_text("")
        for curves in (self.unit, self.sequence, self.spectra):
            curves.set_curves(())

    def check_question(self, at: At) -> Question:
        return check, at.config, at.data, at.snapshot, model_of(at)

    def terms(self, at: At) -> list[Term]:
        writing = tr("chance of a character when text is written")
        losses, norms = (
            tuple((panel, f"{slot}.{part}") for slot in ("first", "second"))
            for panel, part in ((self.loss, "held_out"), (self.norm, "norm"))
        )
        return [
            term("L", tr("the loss"), *losses, told=False),
            term(r"\Vert g\Vert", tr("norm of the gradient"), *norms),
            term("g", tr("the gradient"), *norms, told=False),
            term("c", "", (self.norm, "clip")),
            term("p_i", writing, self.written),
            term("T", tr("temperature of writing"), self.written, value=exact_text(at.options.temperature)),
            term(r"\hat y", tr("what the network answers"), (self.sequence, "model.0")),
            *schedule_terms(at.settings.optimizer, at.step),
            *muon_terms(at.settings.optimizer, self.spectra),
        ]

    def formulas(self, at: At) -> list[Live]:
        if at.last < 0:
            return []
        rule = at.settings.optimizer
        steps = [*schedule_blocks(rule, at.step), *muon_blocks(rule, self.answer("spectra"), at.kept)]
        return [*formulas(at, *self.checks(at)), *steps]


def writes(at: At) -> bool:
    """Whether the task is a text."""
    return isinstance(at.config.task, Text | TextFile)


def recalls(at: At) -> bool:
    """Whether the task has answers that are right or wrong."""
    return not isinstance(at.config.task, Text | TextFile | Adding | Sine)


def way_of_passage(at: At) -> Question:
    """Ask for all numbers of a model on the chosen sequence."""
    return follow, at.config, at.data, at.snapshot, model_of(at), at.options.layer


def text_wanted(at: At) -> Question:
    """Ask for the text that a model writes."""
    how = model_of(at), at.options.temperature, WRITTEN, at.options.words
    return writing, at.config, at.data, at.snapshot, *how


def answers_wanted(at: At) -> Question:
    """Ask for the answers of all models, or their continuations of a wave."""
    run_on = continue_waves if isinstance(at.config.task, Sine) else follow_all
    return run_on, at.config, at.data, at.snapshot


def show_written(panel: ColouredTextPanel, at: At, text: WrittenText) -> None:
    """Show what a model has written, and of which step it is."""
    model = titles(at.config)[model_of(at)]
    title = tr("Written by the {model} after step {step}", model=model, step=at.kept)
    if text.given:
        title += " · " + tr("grey: the prompt")
    if text.unknown:
        unknown = plain_name(text.unknown, 20)
        title = f"{tr('Not in the text: “{characters}”', characters=unknown)} · {title}"
    panel.title = title
    panel.set_text(text.given + text.made, quiet=len(text.given))
