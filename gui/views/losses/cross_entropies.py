"""Losses ▸ Cross-entropies on the screen: a table of all kinds, and one kind step by step."""

import numpy as np

from engine.config import Config, replaced
from engine.experiments.losses.cross_entropies import CrossEntropiesConfig, CrossEntropiesSnapshot, compared
from engine.gradient_check import GradientComparison
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.bars import BarsPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.own.chain import ChainColumn, ChainPanel, written_with
from gui.plots.own.word_table import WordTablePanel
from gui.screen.hero import WithHero
from gui.screen.options_bar import Switches
from gui.screen.terms import Term, term
from gui.screen.view import Live, Question, Room, View, nothing
from gui.views.logit_bars import draw_logits, with_dragged
from gui.views.losses.cross_entropies_options import KINDS, At, CrossEntropiesOptions
from gui.views.losses.cross_entropies_table import show_kinds
from gui.views.losses.cross_entropies_words import LETTERS, finding, formulas_of

OF = {"weights": "weighted", "gamma": "focal", "smoothing": "smoothing", "present": "multi_label"}


class CrossEntropiesView(View):
    """A large table of all kinds; small plots of the logits, of one kind step by step, and of all
    gradients.
    """

    config_type, options_type = CrossEntropiesConfig, CrossEntropiesOptions

    def build(self, theme: Theme) -> None:
        self.kinds = WordTablePanel(tr("Kinds of cross-entropy, for this example"), theme)
        self.logits = BarsPanel("", theme)
        self.logits.entitle(tr("Logits z"), tr("drag them"))
        self.logits.draggable = True
        self.steps = ChainPanel("", theme)
        self.steps.selectable = False
        self.gradients = HeatmapPanel(tr("∂L/∂z of every kind"), theme)
        self.gradients.square = self.gradients.scale_bar = False
        self.ask("compared", comparison_wanted)
        self.fill(self.kinds, show_kinds)
        self.fill(self.logits, show_logits)
        self.fill(self.steps, show_steps, of="compared", by=nothing)
        self.fill(self.gradients, show_gradients)
        self._connect()
        self.setMinimumSize(theme.px(260), theme.px(220))
        for panel in (self.logits, self.steps, self.gradients):
            panel.setMinimumSize(theme.px(110), theme.px(80))
        tips = {
            "torch": tr("The names in torch.nn."),
            "keras": tr("The names in keras.losses, which are those of TensorFlow."),
            "optax": tr("The names in optax.losses, for JAX."),
        }
        self.bar = self.options_bar("kind:", Switches("framework", tips), "")
        self.tell(finding)
        small = self.steps, self.logits, self.gradients
        self.lay_out(self.bar, WithHero(theme, self.kinds, small, share=SHARE, wide=WIDE))

    def _connect(self) -> None:
        self.on(self.kinds.selected, lambda view, row: view.set_option(kind=[*KINDS][row]))
        self.on(self.gradients.selected, lambda view, row, _: view.set_option(kind=[*KINDS][row]))
        self.logits.dragged.connect(self._drag)

    def arrange(self, at: At, room: Room) -> bool:
        """Show only the table in a low window."""
        low = room.height < LOW
        for panel in (self.steps, self.logits, self.gradients):
            panel.setVisible(not low)
        return low

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        """Choose a kind when a setting was changed that only this kind uses."""
        for name, kind in OF.items():
            if getattr(before, name) != getattr(after, name):
                options = replaced(options, kind=kind)
        return options, after

    def terms(self, at: At) -> list[Term]:
        steps = self.steps
        names = [
            *((letter, tr("probability of a class"), "1") for letter in ("p_i", "p_k", "p")),
            *((letter, tr("label of a class"), "2") for letter in ("y_i", "y")),
            *((letter, tr("logit of a class"), "0") for letter in ("z_i", "z_j", "z")),
        ]
        found = [term(latex, name, (steps, key)) for latex, name, key in names]
        slopes = [
            term(latex, tr("gradient at the logits"), (steps, "4"), (self.gradients, ""))
            for latex in (r"\frac{\partial L}{\partial z_i}", r"\frac{\partial L}{\partial z}")
        ]
        weight = value(at, "weight") if at.options.kind == "weighted" else ""
        return [
            *slopes,
            *found,
            term("L", tr("the loss"), (steps, "3"), (self.kinds, "cell.2")),
            term("w_k", tr("weight of the true class"), value=weight),
            term("k", tr("the true class"), value=LETTERS[at.config.true_class - 1]),
            term("C", tr("number of classes"), value=str(len(at.config.logits))),
            term("c", tr("factor before p − y"), (self.kinds, "cell.3")),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        checked = self.answer("compared")
        return None if checked is None else formulas_of(at, checked)

    def _drag(self, key: str, index: int, value: float) -> None:
        self.edit(logits=with_dragged(self.logits, self.at.config.logits, index, value))


SHARE = 64  # per cent of the height for the table
LOW = 330  # in a lower view (pixels at the ordinary size) only the table is shown
WIDE = 9.0  # so large that the small plots are always below the table, which is wide


def value(at: At, name: str) -> str:
    """Return a number of the chosen kind."""
    return written_with(float(getattr(at.snapshot.kinds[at.options.kind], name)), 4)


def comparison_wanted(at: At) -> Question:
    """Ask for the gradient of the chosen kind and its differences."""
    return compared, at.config, at.options.kind


def show_logits(panel: BarsPanel, at: At) -> None:
    """Show the logits as bars."""
    z = at.snapshot.example.z
    draw_logits(panel, LETTERS[: len(z)], z, at.snapshot.example.true, panel.limits)


def show_steps(panel: ChainPanel, at: At, checked: GradientComparison) -> None:
    """Show one kind from the logits to its gradient, with differences beside it."""
    shot: CrossEntropiesSnapshot = at.snapshot
    name = at.options.kind
    found, stroke = shot.kinds[name], panel.theme.stroke
    panel.title = tr("{kind}, step by step", kind=tr(KINDS[name]))
    sigmoid = name in ("binary", "multi_label")
    limit = float(np.abs(found.gradient).max()) or 1.0
    total = written_with(found.loss, 4)
    p = ChainColumn("p", "σ(z)" if sigmoid else "softmax", found.p, stroke("q"), limit=1.0)
    columns = [
        ChainColumn("z", tr("logits"), found.z, stroke("logit"), signed=True),
        p,
        ChainColumn("y", tr("label"), found.y, stroke("p"), limit=1.0),
        ChainColumn("L", tr("loss"), found.terms, stroke("cross_entropy"), foot=total),
        ChainColumn("∂L/∂z", tr("in short"), found.gradient, stroke("right"), signed=True, limit=limit),
        ChainColumn("ΔL/Δz", tr("numeric"), checked.numeric, stroke("numeric"), signed=True, limit=limit),
    ]
    true = 0 if name == "binary" else shot.example.true
    names = LETTERS[: len(found.z)]
    panel.set_columns(columns, names, highlight=None if name == "multi_label" else true)


def show_gradients(panel: HeatmapPanel, at: At) -> None:
    """Show ∂L/∂z of all kinds, a row for each; a kind with fewer logits has fewer numbers."""
    kinds = at.snapshot.kinds
    count = len(at.config.logits)
    rows = [np.append(kinds[name].gradient, np.full(count - len(kinds[name].z), np.nan)) for name in KINDS]
    panel.set_matrix(np.array(rows), [tr(title) for title in KINDS.values()], LETTERS[:count], signed=True)
    panel.select(([*KINDS].index(at.options.kind), 0))
