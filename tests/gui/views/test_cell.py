"""The cell as a diagram, driven as a user drives it."""

from dataclasses import replace
from functools import partial
from math import exp, isnan, tanh

import pytest
from PySide6.QtCore import QRectF, Qt

from engine.experiments.lstm.cell import EXPERIMENT, CellConfig, check
from gui.look.theme import DARK, LECTURE_SCALE, LIGHT
from gui.screen.view import Ghost, view_type
from gui.views.lstm.cell import CellView
from gui.views.lstm.cell_diagrams import DIAGRAMS, PHASES
from tests.gui.plots.conftest import mouse, painted
from tests.gui.views.moments import present, ran_with, told

LECTURE = replace(LIGHT, scale=LECTURE_SCALE)


finished = partial(ran_with, EXPERIMENT)


VIEW = CellView


def numbers(panel):
    (_, names), (_, found) = panel.table()
    return dict(zip(names, found, strict=True))


def test_the_view_is_found_by_its_name():
    assert view_type("lstm.cell") is CellView


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("step", [0, 1, 12])
def test_the_diagram_has_the_numbers_of_the_step(show, kind, theme, step):
    runner = finished()
    view = show(runner, step, theme=theme, cell=kind)
    painted(view.diagram)
    found = [
        box.value
        for box in view.diagram.boxes
        if box.key == ("hidden_state" if kind == "rnn" else "candidate")
    ]
    column = runner.recording.column(f"{kind}.{'hidden_state' if kind == 'rnn' else 'candidate'}")
    assert found == [column[step]] if step or kind == "rnn" else isnan(found[0])


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
def test_before_the_first_step_there_are_states_but_no_gates(show, kind):
    view = show(finished(), 0, cell=kind)
    painted(view.diagram)
    assert set(numbers(view.diagram)) == {"h₀"} | {"rnn": {"tanh"}, "lstm": {"c₀"}, "gru": set()}[kind]


def test_what_the_lstm_hands_on_is_on_the_wires(show):
    runner = finished()
    view = show(runner, 3)
    wires = {wire.key: wire.value for wire in view.diagram.wires}
    column = runner.recording.column
    assert wires["add"] == column("lstm.cell_state")[3]
    assert wires["c_before"] == column("lstm.cell_state")[2]
    assert wires["forget"] + wires["ig"] == pytest.approx(wires["add"])
    assert wires["h"] == column("lstm.hidden_state")[3]
    assert numbers(view.diagram)["c₃"] == wires["add"]


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("size", [(900, 700), (640, 560), (800, 420)])
@pytest.mark.parametrize("theme", [LIGHT, LECTURE])
def test_no_number_of_a_wire_stands_on_a_part_or_on_another(show, kind, size, theme):
    view = show(finished(forget_gate=(0.0, 0.0, -9.0)), 5, theme=theme, cell=kind)
    view.resize(*size)
    panel = view.diagram
    painted(panel, panel.width(), panel.height())
    rect = panel._content(QRectF(panel.rect()))
    parts = [panel._outline(rect, box) for box in panel.boxes]
    for k, note in enumerate(panel.notes):
        for other in (*parts, *panel.notes[:k]):
            shared = note.intersected(other)
            assert min(shared.width(), shared.height()) <= 3, (kind, size, note, other)


def test_wires_end_where_their_parts_begin(show):
    view = show(finished(), 5)
    panel = view.diagram
    rect = panel._content(QRectF(panel.rect()))
    outline = {box.key: panel._outline(rect, box) for box in panel.boxes}
    ends = {wire.key: panel._met(rect, wire.points[-1]) for wire in panel.wires}
    assert ends["c_before"].x() == pytest.approx(outline["forget"].left())
    assert ends["ig"].y() == pytest.approx(outline["add"].bottom())
    assert ends["tanh"].y() == pytest.approx(outline["tanh"].top())
    assert ends["bus24"].y() == pytest.approx(outline["forget_gate"].bottom())


def test_a_negative_bias_is_taken_away(show):
    runner = finished()
    view = show(runner, 1)
    text = told(view)[1].numbers
    assert "− 3)" in text
    assert "+ −" not in text


def test_every_part_of_a_phase_is_in_the_diagram(show):
    view = show(finished(), 1)
    for kind, phases in PHASES.items():
        view.set_option(cell=kind)
        keys = {part.key for part in (*view.diagram.boxes, *view.diagram.wires)}
        for part in phases.values():
            assert set(part) <= keys, kind
    assert set(DIAGRAMS) == set(PHASES)


def test_a_click_on_a_gate_brings_its_part_forward_and_another_takes_it_back(show, qtbot):
    view = show(finished(), 2)
    rect = view.diagram._content(QRectF(view.diagram.rect()))
    box = next(box for box in view.diagram.boxes if box.key == "forget_gate")
    place = view.diagram._outline(rect, box).center().toPoint()
    for phase in ("delete", "all"):
        with qtbot.waitSignal(view.options_changed):
            qtbot.mouseClick(view.diagram.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert view.options.phase == phase


def test_an_input_and_a_weight_are_dragged(show, qtbot):
    view = show(finished(), 2)
    for pane, key, slot in (("inputs", "inputs", (0, 3)), ("weights", "forget_gate", (1, 2))):
        view.set_option(pane=pane)
        place = view.bars._bar(view.bars.axes(), *slot).center()
        target = view.bars.axes().plane.point(0, 0.5)
        target.setX(place.x())
        mouse(view.bars, "press", place)
        with qtbot.waitSignal(view.edited) as told:
            mouse(view.bars, "move", target)
        mouse(view.bars, "release", target)
        changed = getattr(told.args[0], key)
        assert changed[slot[1]] == pytest.approx(0.5, abs=0.1)


def test_the_equations_come_in_the_order_of_the_diary(show):
    runner = finished()
    view = show(runner, 1)
    titles = [live.title for live in told(view, 1)]
    assert [title[0] for title in titles[:3]] == ["1", "2", "3"]
    text = told(view, 1)[0].numbers
    assert "σ(0·1.000 + 0·0.000 + 4) = 0.9820" in text.replace("\u2007", "")
    assert [live.check.passed for live in told(view, 1) if live.check] == [True]
    assert "50,400" in told(view, 1)[-1].numbers
    assert "50,800" in told(view, 1)[-1].numbers
    assert "read" in told(view, 0)[0].numbers


def test_the_equations_of_a_gru_have_its_numbers(show):
    view = show(finished(), 1, cell="gru")  # z = σ(−6·1 + 3), and h₀ = 0
    assert f"= {1 / (1 + exp(3.0)):.5f}\n" in told(view, 1)[0].numbers.replace("\u2007", "")


@pytest.mark.parametrize("changes", [{"forget": "1"}, {"inputs": (1.0, 0.5, -1.0)}])
def test_an_edited_cell_has_equations_and_a_check_of_its_own(show, changes):
    runner, edited = finished(), finished(**changes)
    view = show(runner, 1)
    present(view, edited.config, edited.recording, 1)
    lives = told(view, 1)
    _, shot = edited.recording.snapshot(1)
    assert f"= {shot.d_inputs['lstm'][0]:.4}" in next(live.numbers for live in lives if live.check)
    badge = next(live.check for live in lives if live.check)
    assert badge.max_relative_error == check(edited.config, shot, "lstm").max_relative_error


def test_pinned_runs_stand_behind(show):
    runner, pinned = finished(), finished(forget="1")
    view = show(runner, 5, ghosts=[Ghost(pinned.config, pinned.recording, "clamped")])
    assert [curve.name for curve in view.curves.curves if curve.ghost and curve.name] == ["clamped"]


def lstm_by_hand(inputs, forget, write, candidate):
    """c of an LSTM of one unit without recurrent weights, after each input."""
    c, found = 0.0, []
    for x in inputs:
        gates = [1 / (1 + exp(-(w * x + b))) for w, b in (forget, write)]
        c = gates[0] * c + gates[1] * tanh(candidate * x)
        found.append(c)
    return found


def rnn_by_hand(inputs, w, u):
    h, found = 0.0, []
    for x in inputs:
        h = tanh(w * x + u * h)
        found.append(h)
    return found


def said(show, step, options=None, **changes):
    return show(finished(**changes), step, **(options or {})).finding.text


def test_the_sentence_tells_what_is_still_held(show):
    inputs = CellConfig().inputs
    c, h = lstm_by_hand(inputs, (0, 4), (6, -3), 2), rnn_by_hand(inputs, 1.5, 0.6)
    assert said(show, 6) == (
        f"Of the input 1 at step 1, the LSTM's cell state c still holds {c[5]:.4f} of {c[0]:.4f}, "
        f"the RNN's state h only {h[5]:.5f} of {h[0]:.4f}."
    )
    assert said(show, 12).startswith(
        f"Of the input 1 at step 7, the LSTM's cell state c still holds {c[11]:.3f} of {c[6]:.3f}"
    )
    assert "the GRU's state h still holds" in said(show, 6, {"cell": "gru"})
    assert "the LSTM's cell state c still holds" in said(show, 6, {"cell": "rnn"})


def test_the_sentence_tells_what_is_written(show):
    assert said(show, 7).startswith("Step 7 reads 1: the LSTM's cell state c goes from 0.8386 to 1.7")
    assert said(show, 1, inputs=(-0.5,)).startswith(
        "Step 1 reads −0.5: the LSTM's cell state c goes from 0.000 to −"
    )
    assert said(show, 0).startswith("LSTM, GRU and RNN are about to read")


def test_the_sentence_is_true_where_nothing_is_remembered_or_all(show):
    forgetful = said(show, 6, forget_gate=(0.0, 0.0, -3.0))
    assert forgetful.startswith("Of the input 1 at step 1, the LSTM's cell state c holds only ")
    assert said(show, 6, forget_gate=(0.0, 0.0, -3.0), rnn_state=(1.5, 1.5, 0.0)).startswith(
        "Of the input 1 at step 1, the RNN's state h still holds "
    )
    assert "the RNN's state h 0." in said(show, 6, rnn_state=(1.5, 1.5, 0.0))  # both hold it
    assert said(show, 6, write="0").startswith(
        "Since the input 1 at step 1, the LSTM's cell state c has gone from 0.000 to 0.000"
    )
    assert said(show, 3, inputs=(0.0, 0.0, 0.0)) == (
        "Nothing but zeros so far: the LSTM's cell state c is 0.000, the RNN's state h is 0.000."
    )


@pytest.mark.parametrize(
    ("inputs", "step"),
    [((1, 0, 0, 0, 0, 0, 1, 0), 6), ((0, 0, 1, 0), 4), ((1, 2, 0, 3), 3), ((0, 0), None), ((1, 1), None)],
)
def test_the_page_rests_where_the_last_of_the_zeros_is_read(show, inputs, step):
    view = show(finished(inputs=tuple(map(float, inputs))), 0)
    assert view.opens_on(view.at) == step


def test_the_letters_of_the_diagram_grow_with_it(show):
    view, sizes = show(finished(), 5), []
    for size in ((700, 420), (1400, 900)):
        view.resize(*size)
        rect = view.diagram._content(QRectF(view.diagram.rect()))
        sizes.append(view.diagram._px(rect, 13))
    assert 12 <= sizes[0] <= 14
    assert sizes[1] >= 1.5 * sizes[0]
