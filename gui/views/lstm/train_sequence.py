"""One held-out sequence of a task without text: what is read, what is asked, and what the models answer."""

from collections.abc import Sequence

import numpy as np

from engine.experiments.lstm.train_config import TrainConfig, titles
from engine.experiments.lstm.train_inspection import Continuation, Followed, Snapshot, answers
from engine.experiments.lstm.train_tasks import Adding, Sine
from gui.language import tr
from gui.plots.curves import Curve, CurvesPanel, Mark, Span
from gui.theme import DOTTED, GREY, LONG, Stroke, Theme
from gui.views.lstm.train_history import stroke_of
from gui.views.lstm.train_inside import symbols_of


class SequencePanel(CurvesPanel):
    """Curves over the steps of one sequence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("", theme)
        self.setMinimumSize(theme.px(160), theme.px(80))

    def draw_wave(self, config: TrainConfig, heard: Sequence[Continuation]) -> None:
        """A wave that is heard with noise, and how each model goes on by itself."""
        assert isinstance(config.task, Sine)
        one = heard[0]
        end, last = len(one.heard), len(one.true)
        times = np.arange(1.0, last + 1)
        self.title = tr(
            "A held-out wave: heard up to step {step}, then the models listen to themselves", step=end
        )
        top = 1.7 + 2 * config.task.noise
        self.set_axes((tr("step"), ""), (tr("value"), ""), x_limits=(1, last), y_limits=(-top, top))
        self.set_marks(())
        self.set_spans([Span(end, last, tr("by itself"))])
        grey = GREY[self.theme.dark]
        curves = [
            Curve("true", tr("without noise"), times, one.true, Stroke(grey, DOTTED), width=1.4),
            Curve(tr("heard"), "", times[:end], one.heard, Stroke(grey), width=0.8),
        ]
        for k, (name, told) in enumerate(zip(titles(config), heard, strict=True)):
            curves.append(
                Curve(f"model.{k}", name, times, np.concatenate((told.foretold, told.made)),
                      stroke_of(self.theme, config, k), width=2.0)
            )  # fmt: skip
        self.set_curves(curves)

    def draw_adding(self, config: TrainConfig, shot: Snapshot, followed: Sequence[Followed]) -> None:
        """Numbers of which two are marked, and what each model would answer at each step."""
        assert isinstance(config.task, Adding)
        values, marked = shot.data.passage.x[:, 0, 0], shot.data.passage.x[:, 0, 1] > 0
        times, total = np.arange(1.0, len(values) + 1), float(shot.data.passage.target[-1, 0, 0])
        self.title = tr("A held-out sequence: what is asked is the sum of the two marked numbers, at the end")
        self.set_axes((tr("step"), ""), (tr("value"), ""), x_limits=(0.5, len(values) + 0.5),
                      y_limits=(-0.1, 2.1))  # fmt: skip
        grey = Stroke(GREY[self.theme.dark])
        self.set_marks(
            [Mark(t, v, f"{v:.2f}", grey) for t, v in zip(times[marked], values[marked], strict=True)]
        )
        self.set_spans(())
        self.set_curves([
            Curve("numbers", tr("numbers"), times, values, grey, width=0.8),
            Curve("sum", tr("their sum"), times, np.full(len(times), total), self.theme.stroke("bound")),
            *(Curve(f"model.{k}", name, times, told.outputs[:, 0], stroke_of(self.theme, config, k),
                    width=2.0)
              for k, (name, told) in enumerate(zip(titles(config), followed, strict=True))),
        ])  # fmt: skip

    def draw_answers(self, config: TrainConfig, shot: Snapshot, followed: Sequence[Followed]) -> None:
        """The probability that each model gives the right letter, step by step."""
        names = symbols_of(shot.data)
        times = np.arange(1.0, len(names) + 1)
        self.title = tr("A held-out sequence: the probability of the right letter")
        self.set_axes((tr("step"), ""), (tr("probability"), ""), x_limits=(0.5, len(names) + 0.5),
                      y_limits=(0.0, 1.3))  # fmt: skip
        grey = Stroke(GREY[self.theme.dark])
        shown = [(t, name) for t, name in zip(times, names, strict=True) if name != "·"]
        few = len(shown) * self.theme.px(22) < self.width()
        self.set_marks([Mark(t, 0.03, name, grey) for t, name in shown] if few else ())
        read = shot.data.passage.read
        assert read is not None
        asked = np.flatnonzero(read[:, 0] > 0)
        self.set_spans(
            [Span(float(asked[0]) + 0.5, float(asked[-1]) + 1.5, tr("asked") if len(asked) > 4 else "")]
        )
        self.set_curves([
            Curve(f"model.{k}", name, times, answers(told), Stroke(stroke_of(self.theme, config, k).colour,
                  LONG if k else ()), width=2.0)
            for k, (name, told) in enumerate(zip(titles(config), followed, strict=True))
        ])  # fmt: skip
