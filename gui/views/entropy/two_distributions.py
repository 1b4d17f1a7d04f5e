"""Entropy ▸ Two distributions: bars to drag, the sums that meet, and the codes."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, replaced
from engine.experiments.entropy.distribution import Distribution
from engine.experiments.entropy.two_distributions import PRESETS, Snapshot, TwoDistributionsConfig
from engine.recording import Recording
from gui.language import tr
from gui.notes import Live
from gui.plots.bars import Bars, BarsPanel
from gui.plots.panel import Panel
from gui.plots.stacks import Part, Stack, StacksPanel
from gui.plots.table import Line, TablePanel
from gui.plots.ticks import value_text
from gui.theme import Stroke, Theme
from gui.view import Ghost, View
from gui.views.entropy.two_distributions_controls import Bar
from gui.views.entropy.two_distributions_formulas import formulas
from gui.views.optimizers.race_controls import above_each_other, side_by_side

UNITS = {"2": "bits", "e": "nats", "10": "dits"}


class TwoDistributionsView(View):
    """Above the bars of P and Q; below the identity as two stacks, and the codewords."""

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = TwoDistributionsConfig()
        self.shot: Snapshot | None = None
        self.bar = Bar(theme)
        self.bars = BarsPanel(tr("P and Q: drag the bars, or move them with the arrow keys"), theme)
        self.bars.draggable = self.bars.lockable = True
        self.bars.set_axes((tr("outcome"), ""), (tr("probability"), ""), (0.0, 1.0))
        self.stacks = StacksPanel(tr("Two sums that always meet"), theme)
        self.codes = TablePanel(tr("Huffman codes: one for P, one for Q"), theme)
        self.bars.dragged.connect(self._drag)
        self.bars.lock_toggled.connect(self._lock)
        self.bar.preset_chosen.connect(self._take_preset)
        self.bar.swapped.connect(lambda: self._edit(p=self.config.q, q=self.config.p))
        self.bar.equalled.connect(lambda: self._edit(q=self.config.p))
        self.stacks.setMinimumSize(theme.px(200), theme.px(120))
        self.codes.setMinimumSize(theme.px(160), theme.px(120))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        below = side_by_side((self.stacks, self.codes), (5, 4))
        column.addWidget(above_each_other((self.bars, below), (50, 50)), 1)

    def panels(self) -> list[Panel]:
        return [self.bars, self.stacks, self.codes]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, TwoDistributionsConfig)
        self.config = config

    def draw(self, recording: Recording, step: int) -> None:
        shot: Snapshot = recording.snapshot(step)[1]
        self.shot = shot
        unit = tr(UNITS[self.config.base])
        self._draw_bars(shot)
        self._draw_stacks(shot, unit)
        self._draw_codes(shot)

    def live(self, recording: Recording, step: int) -> list[Live]:
        return formulas(self.config, recording.snapshot(step)[1], tr(UNITS[self.config.base]))

    # The plots

    def _draw_bars(self, shot: Snapshot) -> None:
        count = len(shot.p)
        series = [
            Bars(key, name, values, self.theme.stroke(key), frozenset(own.locked),
                 frozenset(range(len(own.values), count)))
            for key, name, values, own in (("p", tr("P, the truth"), shot.p, self.config.p),
                                           ("q", tr("Q, the model"), shot.q, self.config.q))
        ]  # fmt: skip
        labels = [f"{k + 1} → ∞" if k in shot.impossible else str(k + 1) for k in range(count)]
        self.bars.set_bars(labels, series)

    def _draw_stacks(self, shot: Snapshot, unit: str) -> None:
        stroke = self.theme.stroke
        cross = stroke("cross_entropy")
        terms = tuple(Part(str(k + 1), float(term), cross) for k, term in enumerate(shot.cross_terms))
        self.stacks.set_axes((tr("information"), unit), least=1.0 if self.config.base == "2" else 0.6)
        self.stacks.set_stacks([
            Stack("H(P) + KL(P‖Q)", (Part("H(P)", shot.entropy_p, stroke("entropy")),
                                     Part("KL(P‖Q)", shot.kl, stroke("kl")))),
            Stack("Σ −p·log q", terms),
        ])  # fmt: skip

    def _draw_codes(self, shot: Snapshot) -> None:
        head = ("−log₂p", tr("for P"), tr("for Q"))
        lines = [
            Line(str(k + 1), self.theme.stroke("p"), (value_text(float(shot.ideal[k])), p or "–", q or "–"))
            for k, (p, q) in enumerate(zip(shot.code_p.words, shot.code_q.words, strict=True))
        ]
        lengths = (shot.entropy_bits, shot.mean_length, shot.mean_length_wrong)
        mean = tuple(map(value_text, lengths))
        lines.append(Line(tr("mean"), Stroke(self.theme.text), mean))
        self.codes.set_lines(head, lines, chosen=len(lines) - 1)

    # What the user does

    def _edit(self, **changes: object) -> None:
        self.edited.emit(replaced(self.config, **changes))

    def _own(self, key: str, outcome: int) -> Distribution:
        """P or Q, with as many outcomes as it takes to have this one."""
        own: Distribution = getattr(self.config, key)
        return own if outcome < len(own.values) else own.resized(outcome + 1)

    def _drag(self, key: str, outcome: int, value: float) -> None:
        """The bar follows in thousandths; the others of its distribution give way."""
        self._edit(**{key: self._own(key, outcome).moved(outcome, round(value, 3))})

    def _lock(self, key: str, outcome: int) -> None:
        own = self._own(key, outcome)
        self._edit(**{key: own.with_lock(outcome, outcome not in own.locked)})

    def _take_preset(self, name: str) -> None:
        p, q = PRESETS[name]
        self._edit(p=Distribution(p), q=Distribution(q))


VIEW = TwoDistributionsView
