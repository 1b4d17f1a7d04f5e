"""A digit that the user draws: the paper under its tools, and the strokes as they stand in a session."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.data.drawn import points_of, stroke_of
from engine.experiments.losses.classifier_inspection import DRAWN, NO_CLASS, Trace
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.own.drawing_pad import DrawingPad, Strokes
from gui.views.losses.classifier_options import At

EMPTY = "Draw a digit"


def pad_of(theme: Theme) -> DrawingPad:
    """An empty paper."""
    return DrawingPad(tr(EMPTY), theme)


def drawing_pane(pad: DrawingPad, tools: QWidget) -> QWidget:
    """The paper, under its tools."""
    pane = QWidget()
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(tools)
    column.addWidget(pad, 1)
    return pane


def texts_of(strokes: Strokes) -> tuple[str, ...]:
    """Strokes as they stand in a session."""
    return tuple(stroke_of(stroke) for stroke in strokes)


def show_drawing(pad: DrawingPad, at: At) -> None:
    """The strokes of the options."""
    strokes = [[(x, y) for x, y in points_of(stroke).tolist()] for stroke in at.options.drawing]
    pad.set_drawing(strokes, at.options.pen)


def show_answer(pad: DrawingPad, at: At, trace: Trace) -> None:
    """Over the paper: what the network takes the drawing for."""
    if trace.example != DRAWN or not at.options.drawing or trace.predicted == NO_CLASS:
        pad.title = tr(EMPTY)
        return
    name, share = at.data.class_names[trace.predicted], float(trace.probabilities[trace.predicted])
    pad.title = tr("Your drawing is taken for {name}: p = {p}", name=name, p=share)
