"""One held-out sequence of a task without text: what is read, what is asked, and what the models answer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.experiments.lstm.train_config import titles
from engine.experiments.lstm.train_inspection import Continuation, Followed, answers
from engine.experiments.lstm.train_tasks import Adding, Sine
from gui.look.language import tr
from gui.look.theme import DOTTED, GREY, LONG, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Mark, Span
from gui.views.lstm.train_history import stroke_of
from gui.views.lstm.train_inside import symbols_of
from gui.views.lstm.train_options import At

Values = NDArray[np.floating]


def show_sequence(panel: CurvesPanel, at: At, told: Any) -> None:
    """Show what the models have told of a sequence."""
    task = at.config.task
    (_show_wave if isinstance(task, Sine) else _show_sum if isinstance(task, Adding) else _show_answers)(
        panel, at, told
    )


def _models(at: At, theme: Theme, times: Values, values: Sequence[Values]) -> list[Curve]:
    """A curve for every model."""
    return [
        Curve(f"model.{k}", name, times, line, stroke_of(theme, at.config, k), width=2.0)
        for k, (name, line) in enumerate(zip(titles(at.config), values, strict=True))
    ]


def _show_wave(panel: CurvesPanel, at: At, heard: Sequence[Continuation]) -> None:
    """A wave that is heard with noise, and how each model goes on by itself."""
    assert isinstance(at.config.task, Sine)
    one, grey = heard[0], GREY[panel.theme.dark]
    end, last = len(one.given), len(one.true)
    times, top = np.arange(1.0, last + 1), 1.7 + 2 * at.config.task.noise
    panel.title = tr(
        "Held-out, after step {step}: heard up to t = {end}, then the models listen to themselves",
        step=at.kept,
        end=end,
    )
    axes = (tr("time step"), ""), (tr("value"), "")
    panel.set_axes(*axes, x_limits=(1, last), y_limits=(-top, top), whole_x=True)
    panel.set_marks(())
    panel.set_spans([Span(end, last, tr("by itself"))])
    values = [np.concatenate((model.predicted, model.continued)) for model in heard]
    panel.set_curves(
        [
            Curve("true", tr("without noise"), times, one.true, Stroke(grey, DOTTED), width=1.4),
            Curve(tr("heard"), "", times[:end], one.given, Stroke(grey), width=0.8),
            *_models(at, panel.theme, times, values),
        ]
    )


def _show_sum(panel: CurvesPanel, at: At, followed: Sequence[Followed]) -> None:
    """Numbers of which two are marked, and what each model would answer at each step."""
    passage, grey = at.data.passage, Stroke(GREY[panel.theme.dark])
    values, marked = passage.x[:, 0, 0], passage.x[:, 0, 1] > 0
    times, total = np.arange(1.0, len(values) + 1), float(passage.target[-1, 0, 0])
    panel.title = tr(
        "Held-out, after step {step}: the sum of the two marked numbers is asked, at the end", step=at.kept
    )
    axes = (tr("time step"), ""), (tr("value"), "")
    panel.set_axes(*axes, x_limits=(0.5, len(values) + 0.5), y_limits=(-0.1, 2.1), whole_x=True)
    panel.set_marks(
        [Mark(t, v, f"{v:.2f}", grey) for t, v in zip(times[marked], values[marked], strict=True)]
    )
    panel.set_spans(())
    panel.set_curves(
        [
            Curve("numbers", tr("numbers"), times, values, grey, width=0.8),
            Curve("sum", tr("their sum"), times, np.full(len(times), total), panel.theme.stroke("bound")),
            *_models(at, panel.theme, times, [one.outputs[:, 0] for one in followed]),
        ]
    )


def _show_answers(panel: CurvesPanel, at: At, followed: Sequence[Followed]) -> None:
    """The probability that each model gives the right letter, step by step."""
    theme, data = panel.theme, at.data
    names, read = symbols_of(data), data.passage.read
    assert read is not None
    times, asked = np.arange(1.0, len(names) + 1), np.flatnonzero(read[:, 0] > 0)
    panel.title = tr("Held-out, after step {step}: the probability of the right letter", step=at.kept)
    axes = (tr("time step"), ""), (tr("probability"), "")
    panel.set_axes(*axes, x_limits=(0.5, len(names) + 0.5), y_limits=(0.0, 1.3), whole_x=True)
    shown = [(t, name) for t, name in zip(times, names, strict=True) if name != "·"]
    few, grey = len(shown) * theme.px(22) < panel.width(), Stroke(GREY[theme.dark])
    panel.set_marks([Mark(t, 0.03, name, grey) for t, name in shown] if few else ())
    said = tr("asked") if len(asked) > 4 else ""
    panel.set_spans([Span(float(asked[0]) + 0.5, float(asked[-1]) + 1.5, said)])
    panel.set_curves(
        [
            Curve(
                f"model.{k}",
                name,
                times,
                answers(one),
                Stroke(stroke_of(theme, at.config, k).colour, LONG if k else ()),
                width=2.0,
            )
            for k, (name, one) in enumerate(zip(titles(at.config), followed, strict=True))
        ]
    )
