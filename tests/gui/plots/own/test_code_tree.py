"""A code as a tree: where its leaves stand, that its lines can be read, how it grows, keys and mouse."""

from itertools import pairwise
from math import inf

import pytest
from PySide6.QtCore import QPoint, Qt

from engine.information.coding import Fork, huffman, places
from gui.look.theme import LIGHT, Stroke
from gui.plots.own.code_tree import CodeTreePanel, Knot
from tests.gui.plots.conftest import painted

LEAST = 9  # pixels of the letters of a line


def knots(p):
    """The tree of Huffman's code for p, every outcome with cells."""
    found = []
    for word, place in places(huffman(p).tree).items():
        if isinstance(place, Fork):
            found.append(Knot(word, place.weight, place.turn))
        else:
            name = str(place.outcome + 1)
            cells = (name, f"{place.weight:.4f}", word, "+0.1")
            found.append(Knot(word, place.weight, 0, name, len(word) + 0.5, cells, f"outcome {name}"))
    return found


@pytest.fixture
def tree(qtbot):
    def make(p, merges, size=(620, 420)):
        panel = CodeTreePanel("Code", LIGHT)
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.set_tree(
            knots(p), ("outcome", "p", "word", "extra"), merges, Stroke("#0072B2"), Stroke("#d55e00")
        )
        with qtbot.waitExposed(panel):
            panel.show()
        return panel

    return make


@pytest.mark.parametrize("count", [1, 2, 7, 12, 20])
@pytest.mark.parametrize("even", [True, False])
def test_two_to_twenty_outcomes_can_be_read(tree, count, even):
    p = [1 / count] * count if even else [2.0**-k for k in range(1, count)] + [2.0 ** -(count - 1)]
    panel = tree(p, count - 1, (560, 360))
    layout = panel._layout(panel.content)
    rows = [layout.cells(leaf) for leaf in panel.leaves]
    assert layout.px >= LEAST
    assert all(len(row) >= 3 for row in rows)  # name, probability, word
    for above, below in pairwise(rows):
        assert above[0].bottom() <= below[0].top() + 1e-6
        assert below[0].top() - above[0].top() >= layout.px
    for leaf in panel.leaves:
        at = layout.at(leaf.word)
        assert panel.content.contains(at)
        assert at.x() <= layout.cells(leaf)[0].left()
    depths = {len(leaf.word): layout.at(leaf.word).x() for leaf in panel.leaves}
    places_across = [depths[depth] for depth in sorted(depths)]
    assert places_across == sorted(places_across)


def test_a_leaf_stands_as_many_bits_from_the_root_as_its_word_has(tree):
    panel = tree((0.5, 0.25, 0.125, 0.125), 3)
    layout = panel._layout(panel.content)
    across = [layout.at(word).x() for word in ("", "0", "10", "110")]
    steps = [b - a for a, b in pairwise(across)]
    assert steps == pytest.approx([layout.step] * 3)
    assert layout.at("1").y() == pytest.approx((layout.at("10").y() + layout.at("11").y()) / 2)


def test_only_what_is_joined_is_drawn(tree):
    panel = tree((0.5, 0.25, 0.125, 0.125), 0)
    root = panel._layout(panel.content).at("").toPoint()
    pictures = []
    for merges in (2, 3):
        panel.set_tree(list(panel.knots.values()), panel.head, merges, *panel.strokes)
        pictures.append(painted(panel, 620, 420)[root.y() - 6 : root.y() + 6, root.x() - 6 : root.x() + 6])
    before, after = pictures
    assert (before != after).any()


def test_its_numbers_and_what_a_reader_is_told(tree):
    panel = tree((0.5, 0.25, 0.25), 2)
    columns = dict(panel.table())
    assert columns["outcome"] == ["1", "2", "3"]
    assert columns["code word"] == ["0", "10", "11"]
    assert columns["bits"] == [1, 2, 2]
    assert "2 10" in panel.description()


def test_the_keys_go_through_merges_and_leaves_and_a_click_tells_the_word(tree, qtbot):
    panel, merged, chosen = tree((0.5, 0.25, 0.25), 1), [], []
    panel.merged.connect(merged.append)
    panel.selected.connect(chosen.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(panel, key)
    assert merged == [0, 2]
    assert chosen == ["0", "11"]  # from nothing: the first going down, the last going up
    panel.choose("0")
    qtbot.keyClick(panel, Qt.Key.Key_Down)
    assert chosen[-1] == "10"
    layout = panel._layout(panel.content)
    qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=layout.at("11").toPoint())
    assert chosen[-1] == "11"
    cells = layout.cells(panel.leaves[0])[0].center().toPoint()
    qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=cells)
    assert chosen[-1] == "0"
    qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=layout.at("1").toPoint())
    assert merged[-1] == 1  # the merge that made it
    before = len(chosen)
    qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert len(chosen) == before


def test_without_a_tree_and_without_ideals_it_is_painted_all_the_same(qtbot):
    panel = CodeTreePanel("Code", LIGHT)
    qtbot.addWidget(panel)
    assert painted(panel, 300, 200).size
    lone = Knot("", 1.0, 0, "1", inf, ("1", "1.000", "ε", "0.000"))
    panel.set_tree([lone], ("outcome", "p", "word", "extra"), 0, Stroke("#0072B2"), Stroke("#d55e00"))
    assert painted(panel, 300, 200).size
