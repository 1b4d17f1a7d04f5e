"""In a lecture, beside the text of a lesson, plots have little room: no word is cut or lies over another."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QPainter

from gui.look.theme import LECTURE_SCALE, LIGHT, Stroke
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.own.chain import ChainColumn, ChainPanel
from gui.plots.own.coloured_text import ColouredTextPanel
from gui.plots.own.word_table import WordCell, WordRow, WordTablePanel
from gui.plots.stack import Stack, SumPart
from gui.plots.stacks import StacksPanel
from gui.views.losses.cross_entropies_table import SHARES
from tests.gui.words_seen import faults, read

LECTURE = replace(LIGHT, scale=LECTURE_SCALE)
BLUE = Stroke("#0072B2")
GRADIENT = np.array([-0.3621, 0.2345, 0.0951, 0.0325])


def four_gradients():
    panel = ChainPanel("Backward: ∂L/∂z", LECTURE)
    heads = (
        ("Jᵀ·∂L/∂p", "in full"),
        ("p − y", "in short"),
        ("ΔL/Δz", "numeric"),
        ("y(p − 1)", "common"),
    )
    columns = [
        ChainColumn(title, words, GRADIENT, BLUE, signed=True, foot="Σ = −0.362") for title, words in heads
    ]
    panel.set_columns(columns, ["A", "B", "C", "D"])
    return panel, (264, 375)


def softmax():
    panel = ChainPanel("The stable way, in float64", LECTURE)
    z = np.array([2.0, 1.0, 0.1, -1.5])
    e = np.exp(z - 2)
    panel.set_columns(
        [
            ChainColumn("x", "T = 1", z, BLUE, signed=True),
            ChainColumn("x − m", "m = 2.000", z - 2, BLUE, signed=True),
            ChainColumn("exp(x−m)", "", e, BLUE, foot="Σ = 1.548"),
            ChainColumn("p", "", e / e.sum(), BLUE, foot="Σ = 1.000"),
        ],
        ["1", "2", "3", "4"],
        ["− m", "exp", "÷ Σ"],
    )
    return panel, (470, 344)


def kinds_of_loss():
    panel = WordTablePanel("Kinds of cross-entropy, for this example", LECTURE)
    cells = ("one-hot, or a distribution", "4 neurons, softmax", "−Σ y·ln p", "p − y", "CrossEntropyLoss")
    lives = "[1, 0, 0, 0]", "[0.64, 0.23, 0.10, 0.03]", "= 0.4493", "[−0.36, 0.23, 0.10, 0.03]", "a row"
    row = WordRow("Categorical", tuple(map(WordCell, cells, lives)))
    head = "kind", "label y", "output p", "loss L", "∂L/∂z", "PyTorch"
    panel.set_rows(head, [row] * 12, SHARES, 0)
    return panel, (735, 430)


def unit():
    panel = ColouredTextPanel("Unit 7: Hidden state h · after step 0", LECTURE)
    panel.set_text("this curious child", np.linspace(-1, 1, 18))
    return panel, (470, 300)


def race():
    panel = CurvesPanel("f against step", LECTURE)
    names = "Gradient descent", "Momentum"
    panel.set_axes(("step", ""), ("f", ""))
    panel.set_curves([Curve(name, name, np.arange(9.0), np.arange(9.0), BLUE) for name in names])
    panel.set_cursor(8)
    return panel, (264, 416)


def sums():
    panel = StacksPanel("Two sums that always meet", LECTURE)
    panel.set_axes(("information", "bits"))
    parts = SumPart("H(P)", 1.75, BLUE), SumPart("KL(P‖Q)", 0.25, BLUE)
    panel.set_stacks([Stack("H(P) + KL(P‖Q)", parts), Stack("H(P, Q)", parts)])
    return panel, (264, 390)


@pytest.mark.parametrize("make", [four_gradients, softmax, kinds_of_loss, unit, race, sums])
def test_in_a_narrow_plot_no_word_is_cut_or_covers_another(qtbot, make, monkeypatch):
    panel, size = make()
    panel.resize(*size)
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    places = []
    monkeypatch.setattr(QPainter, "drawImage", lambda _painter, *of: places.append(of[0]))
    words = read(panel).words
    assert [fault for fault in faults(panel) if not fault.startswith(("faint", "over data"))] == []
    if make is kinds_of_loss:
        assert {"distribution", "CrossEntropyLoss"} <= {part for word in words for part in word.text.split()}
    if make in (four_gradients, softmax):
        cells = [word.text for word in words]
        assert sum(text.lstrip("−").startswith("0.") for text in cells) >= 6, "no cell is empty"
    if make is unit:
        bars = [place for place in places if place]  # the ground of the letters is drawn at 0
        assert len(bars) == 2
        assert not any(word.box.intersects(bars[0]) for word in words)
