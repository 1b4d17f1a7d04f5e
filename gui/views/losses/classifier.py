"""Losses ▸ Four-class classifier: how it learns, what it becomes, and one example on its way."""

from collections.abc import Sequence
from math import inf
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QResizeEvent

from engine.config import Config, choice, number, plain
from engine.experiments.losses.classifier_config import ClassifierConfig, Data
from engine.experiments.losses.classifier_inspection import Judged, Snapshot, Trace, check, follow, judge
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.images import ImagesPanel
from gui.plots.panel import Panel
from gui.plots.ticks import value_text
from gui.theme import Theme
from gui.views.losses.classifier_controls import Controls
from gui.views.losses.classifier_example import ExamplePanel
from gui.views.losses.classifier_formulas import formulas
from gui.views.losses.classifier_history import History
from gui.views.losses.classifier_inside import Inside, flat
from gui.views.losses.classifier_table import from_table

PAUSE = 200  # milliseconds between two looks into a network that is learning
STRIP = 400  # held-out examples in the strip
LOW = 460  # pixels of height under which the accuracy gives way
FRONT = 12  # of them that are surely on its first page


class ClassifierOptions(Config, frozen=True):
    """How one looks at the run."""

    log_loss: Annotated[bool, plain("Log loss", "Show the loss on a logarithmic axis.")] = False
    axis: Annotated[
        str, choice("Axis", "What the curves are drawn against.", {"steps": "Steps", "epochs": "Epochs"})
    ] = "steps"
    pane: Annotated[
        str,
        choice("Inside", "What is shown beside the curves.",
               {"network": "Weights or regions", "confusion": "Confusion matrix"}),
    ] = "network"  # fmt: skip
    wrong_first: Annotated[bool, plain("Wrong ones first", "Order the held-out examples.")] = False
    example: Annotated[
        int, number("Example", "Row of the data that is followed; −1 is the first held out.", ge=-1, le=10**6)
    ] = -1


class ClassifierView(OldView):
    """Curves on the left, the network beside them, below a strip of examples and the one that is followed."""

    options_type: ClassVar[type[Config]] = ClassifierOptions
    pace: ClassVar[float] = inf
    options: ClassifierOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.history = History(theme, self)
        self.inside = Inside(theme)
        self.strip = ImagesPanel(tr("Held-out examples"), theme)
        self.strip.setMinimumSize(theme.px(160), theme.px(100))
        self.strip.setMaximumHeight(theme.px(160))
        self.example = ExamplePanel(theme)
        self.example.setMinimumSize(theme.px(200), theme.px(96))
        self.example.setMaximumHeight(theme.px(280))
        self.controls = Controls(self)
        self.config = ClassifierConfig()
        self.trace: Trace | None = None
        self.judged: Judged | None = None
        self.checked: tuple[int, GradientCheck] | None = None  # and the step of the network it is of
        self._data: Data | None = None
        self._shown: tuple[Recording, int] | None = None
        self._looked: tuple[int, object] = (-1, None)  # the step and the options of the last look inside
        self._order: NDArray[np.intp] = np.zeros(0, np.intp)
        self._since = QElapsedTimer()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._look_inside)
        self._later.timeout.connect(self.live_changed)
        self._connect()
        self._arrange()

    def _connect(self) -> None:
        self.history.clicked.connect(self.step_chosen)
        self.inside.chosen.connect(self.follow_example)
        self.strip.selected.connect(lambda k: self.follow_example(int(self._order[k])))
        self.controls.changed.connect(self._change)
        self.controls.check_wanted.connect(self.check_gradients)

    def panels(self) -> list[Panel]:
        """The plots on show; a strip of pictures only where examples have no place in a plane."""
        strip = [] if self.strip.isHidden() else [self.strip]
        accuracy = [] if self.history.accuracy.isHidden() else [self.history.accuracy]
        return [self.history.loss, *accuracy, self.inside.panel, *strip, self.example]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the accuracy makes room: the strip counts the mistakes, the matrix names them."""
        super().resizeEvent(event)
        self.controls.give_way(self.height() < self.theme.px(LOW))

    # A run

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, ClassifierConfig)
        self._later.stop()
        self.config = config
        self.trace = self.judged = self.checked = self._data = self._shown = None
        self._looked = (-1, None)
        self.history.begin(ghosts)
        self.inside.clear()
        self.strip.set_images(np.zeros((0, 1, 1)))
        self.strip.select(None)
        self.example.show_trace(None)
        self.example.title = tr("One example, from input to loss")
        self.strip.title = tr("Held-out examples")
        self.controls.show_check(None)
        self._arrange()

    def draw(self, recording: Recording, step: int) -> None:
        before, self._shown = self._shown, (recording, step)
        self.history.draw(self.config, recording, step)
        learning = before is not None and before[1] < step == recording.last
        if learning and self._since.isValid() and self._since.elapsed() < PAUSE:
            self._later.start(PAUSE)
        else:
            self._look_inside()

    def catch_up(self) -> None:
        """Look into the network that is on show."""
        if self._later.isActive():
            self._look_inside()

    def _look_inside(self) -> None:
        """Show the network of the step on show: its weights, its mistakes, and the example in it."""
        if self._shown is None:
            return
        self._later.stop()
        self._since.start()
        found, snapshot = self._snapshot()
        if snapshot.data is not self._data:
            self._data = snapshot.data
            self._arrange()
        if self._looked == (found, self.options):
            return
        new = self.judged is None or self._looked[0] != found
        self._looked = (found, self.options)
        if new:
            self.judged = judge(self.config, snapshot)
        assert self.judged is not None
        row = self._example(snapshot.data)
        self.trace = follow(self.config, snapshot, row)
        self.example.title = self._heading(self.trace)
        data = snapshot.data
        values = data.in_units(self.trace.flat) if data.about is not None else None
        self.example.show_trace(self.trace, data.class_names, data.feature_names, values)
        self.inside.show_snapshot(self.config, snapshot, self.judged, row)
        self._show_strip(snapshot.data, row)

    def _snapshot(self) -> tuple[int, Snapshot]:
        assert self._shown is not None
        found, snapshot = self._shown[0].snapshot(self._shown[1])
        return found, snapshot

    def _show_strip(self, data: Data, row: int) -> None:
        judged = self.judged
        if judged is None or flat(data):
            return
        places = np.argsort(judged.right if self.options.wrong_first else judged.rows, kind="stable")[:STRIP]
        rows, taken, right = judged.rows[places], judged.predicted[places], judged.right[places]
        names = (*data.class_names, "–")  # the last for NO_CLASS
        captions = [
            names[p] if ok else f"{names[data.labels[k]]}→{names[p]}"
            for k, p, ok in zip(rows.tolist(), taken.tolist(), right.tolist(), strict=True)
        ]
        picture = len(data.shape) == 2
        images = data.inputs[rows].reshape(len(rows), *(data.shape if picture else (1, -1)))
        self.strip.title = tr("Held-out examples: {wrong} of {count} wrong",
                              wrong=int((~judged.right).sum()), count=len(judged.right))  # fmt: skip
        wrong = np.flatnonzero(~right).tolist()
        total = len(judged.right)
        self.strip.set_images(images, captions, wrong=wrong, signed=not picture, total=total)
        moved = not np.array_equal(rows, self._order)
        self._order = rows
        at = np.flatnonzero(rows == row)
        chosen = int(at[0]) if at.size else None
        if moved and self.options.wrong_first and (chosen or 0) >= FRONT:
            self.strip.select(0)  # stay with the wrong ones, where they are
            self.strip.select(None)
        elif moved or chosen != self.strip.selection:
            self.strip.select(chosen)

    def _example(self, data: Data) -> int:
        """The row that is followed; one that cannot be chosen from these data is the first held out."""
        wanted = self.options.example
        there = 0 <= wanted < len(data.labels) if flat(data) else bool(np.isin(wanted, data.held_out))
        return wanted if there else int(data.held_out[0])

    def _heading(self, trace: Trace) -> str:
        assert self._data is not None
        held_out = bool(np.isin(trace.example, self._data.held_out))
        if held_out:
            return tr("Held-out example {n}, from input to loss", n=trace.example)
        return tr("Training example {n}, from input to loss", n=trace.example)

    # What the user does

    def follow_example(self, row: int) -> None:
        """Follow an example (a row of the data)."""
        self._change({"example": row})

    def check_gradients(self) -> None:
        """Compare the gradient of the network on show, on its batch, with differences."""
        if self._shown is None:
            return
        found, snapshot = self._snapshot()
        self.checked = (found, check(self.config, snapshot))
        self.controls.show_check(self.checked)
        self.live_changed.emit()

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self._arrange()
        if self._shown is not None:
            self.history.draw(self.config, *self._shown)
            self._look_inside()

    def _arrange(self) -> None:
        """Show the plots that the options and the data ask for."""
        self.history.set_axes(self.options.log_loss, self.options.axis == "epochs")
        self.inside.turn_to(self.options.pane, self._data)
        plane = self._data is not None and flat(self._data)
        self.strip.setHidden(plane)
        self.controls.show_options(self.options, plane)

    # The numbers beside the formulas

    def live(self, recording: Recording, step: int) -> list[Live]:
        if self.trace is None or self._data is None or self._looked[0] < 0:
            return []
        found = self._looked[0]
        checked = self.checked[1] if self.checked is not None and self.checked[0] == found else None
        return [
            *from_table(self._data),
            self._batch(recording, step),
            *formulas(self.trace, self._data.class_names, self.config.label_smoothing, checked),
        ]

    def _batch(self, recording: Recording, step: int) -> Live:
        """The loss that is trained on, and the norm of its gradient."""
        loss, _ = self.history.at(recording, "training_loss", step)
        held_out, at = self.history.at(recording, "held_out_loss", step)
        numbers = [
            tr("batch {loss}", loss=value_text(loss)),
            tr("held-out {loss}, measured at step {step}", loss=value_text(held_out), step=at),
        ]
        if "gradient_norm" in recording.names:
            norm = float(recording.column("gradient_norm")[step])
            numbers.append(tr("size of the gradient {norm}", norm=value_text(norm)))
        return Live(tr("Mean loss"), r"\frac{1}{B}\sum_{n=1}^{B} L_n", "\n".join(numbers))


VIEW = ClassifierView
