"""One unit of each cell against the equations written out by hand, clamped gates, counts."""

from math import exp, inf, tanh

import numpy as np
import pytest

from engine.config import Problem, replaced
from engine.experiments.lstm.cell import EXPERIMENT, CellConfig, before, check, values
from engine.recurrent.through_time import CELLS
from engine.runner import Finish, Runner
from tests.runs import runs_of

run = runs_of(EXPERIMENT, Finish.COMPLETED)


def sigmoid(z):
    return 1 / (1 + exp(-z))


def test_two_steps_of_the_lstm_by_hand():
    gates = {
        "forget_gate": (0.1, 0.2, 0.3),
        "input_gate": (-0.4, 0.5, 0.6),
        "candidate": (0.7, -0.8, 0.9),
        "output_gate": (1.0, 1.1, -1.2),
    }
    recording = run(inputs=(0.5, -1.5), **gates).recording
    c = h = 0.0
    for t, x in enumerate((0.5, -1.5), start=1):
        f, i, o = (
            sigmoid(w * x + u * h + b)
            for w, u, b in (gates["forget_gate"], gates["input_gate"], gates["output_gate"])
        )
        g = tanh(0.7 * x - 0.8 * h + 0.9)
        c = f * c + i * g
        h = o * tanh(c)
        for name, expected in (
            ("forget_gate", f),
            ("input_gate", i),
            ("candidate", g),
            ("cell_state", c),
            ("hidden_state", h),
        ):
            assert recording.column(f"lstm.{name}")[t] == pytest.approx(expected, rel=1e-12)


def test_the_rnn_and_the_gru_by_hand():
    recording = run(
        inputs=(1.0, 0.5),
        rnn_state=(0.3, 0.4, 0.5),
        gru_update=(0.1, 0.2, 0.3),
        gru_reset=(-0.3, 0.4, 0.2),
        gru_candidate=(0.9, -0.6, 0.1),
    ).recording
    h, state = 0.0, 0.0
    for t, x in enumerate((1.0, 0.5), start=1):
        h = tanh(0.3 * x + 0.4 * h + 0.5)
        u, r = sigmoid(0.1 * x + 0.2 * state + 0.3), sigmoid(-0.3 * x + 0.4 * state + 0.2)
        n = tanh(0.9 * x + 0.1 + r * (-0.6 * state))
        state = u * state + (1 - u) * n
        assert recording.column("rnn.hidden_state")[t] == pytest.approx(h, rel=1e-12)
        assert recording.column("gru.hidden_state")[t] == pytest.approx(state, rel=1e-12)


def test_a_clamped_gate_is_exactly_open_or_shut():
    recording = run(forget="1", write="0", read="1").recording
    assert set(recording.column("lstm.forget_gate")[1:]) == {1.0}
    assert set(recording.column("lstm.input_gate")[1:]) == {0.0}
    assert recording.column("lstm.cell_state").tolist() == [0.0] * 13
    counted = run(forget="1", candidate=(100.0, 0.0, 0.0), input_gate=(100.0, 0.0, -50.0)).recording
    assert counted.column("lstm.cell_state")[-1] == pytest.approx(2.0), "it has counted the ones"


def test_the_lstm_remembers_what_the_rnn_forgets():
    recording = run(inputs=(1.0, *[0.0] * 20)).recording
    assert recording.column("lstm.cell_state")[-1] > 0.6
    assert abs(recording.column("rnn.hidden_state")[-1]) < 1e-4


def test_everything_is_zero_before_the_first_step():
    shot = run().recording.snapshot(0)[1]
    assert before(shot, "lstm", 0) == (0.0, 0.0, 0.0)
    assert set(values(shot, "gru", 0).values()) == {0.0}
    assert before(shot, "lstm", 1) == (1.0, 0.0, 0.0)
    assert before(shot, "lstm", 2).cell_state == values(shot, "lstm", 1)["cell_state"]


@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm"])
def test_what_the_end_feels_is_its_derivative(kind):
    config = CellConfig(inputs=(0.5, -0.3, 0.8, 0.1))
    runner = Runner(EXPERIMENT, config)
    runner.drive(inf)
    shot = runner.recording.snapshot(4)[1]
    assert check(config, shot, kind).passed
    wrong = shot._replace(d_inputs={kind: shot.d_inputs[kind] * 1.01})
    assert not check(config, wrong, kind).passed


def test_counts_of_the_textbook():
    assert CELLS["lstm"](25, 100).count == 50_400
    assert CELLS["lstm"](3, 2).count == 48
    assert CELLS["gru"](25, 100).count == 37_800
    assert CELLS["rnn"](25, 100).count == 12_600
    assert CELLS["lstm"](25, 100).count_with_two_biases == 50_800


def test_numbers_beyond_the_limits_are_refused_with_their_place():
    with pytest.raises(Problem) as caught:
        replaced(CellConfig(), forget_gate=(0.0, 101.0, 0.0))
    assert caught.value.where == "forget_gate[1]"
    with pytest.raises(Problem):
        replaced(CellConfig(), inputs=())


def test_large_weights_stay_numbers():
    recording = run(inputs=(100.0, -100.0) * 6, forget_gate=(100.0, -100.0, 100.0)).recording
    for name in recording.names:
        assert np.isfinite(recording.column(name)[1:]).all()
