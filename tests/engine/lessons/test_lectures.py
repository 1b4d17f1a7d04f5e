"""The lectures: every stop tells the teacher what to say, and the numbers in it are those of the runs."""

import re
from pathlib import Path

import numpy as np
import pytest

from engine.lessons.check import config_of, facts_of
from engine.lessons.lesson_file import load
from engine.setting_paths import with_values

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "lessons"
LECTURES = {path.name.split(".")[0]: load(path) for path in sorted(FOLDER.glob("lecture_*.md"))}


@pytest.mark.parametrize("lesson", LECTURES.values(), ids=list(LECTURES))
def test_every_stop_has_notes_for_the_teacher_and_a_question(lesson):
    assert 60 <= lesson.minutes <= 90
    assert 12 <= len(lesson.stops) <= 18
    for stop in lesson.stops:
        assert stop.scene.question is not None
        for language, text in stop.texts.items():
            least = 200 if language == "en" else 80
            assert len(text.teacher) > least, (stop.name, language)
            assert text.after
            assert len(text.words.split()) < 50, "students see few words"
    for language, about in lesson.about.items():
        assert f"{lesson.minutes:g}" in re.findall(r"\d+", about), language


def ran(lecture, stop, settings=None, step=None):
    """The scalars of a stop's run up to a step (its end without one), perhaps with other settings."""
    found = next(one for one in LECTURES[f"lecture_{lecture}"].stops if one.name == stop)
    config = with_values(config_of(found), settings or {})
    return facts_of(found.scene, config, step).recording.column


def first(condition):
    """The first step at which it holds."""
    return int(np.argmax(condition))


def test_the_numbers_of_the_lecture_on_optimizers():
    f = ran("optimizers", "hill")("0.f")
    assert f[0] == 3.625
    assert f[1:] / f[:-1] == pytest.approx(0.81)
    column = ran("optimizers", "momentum")
    assert [round(column(f"{k}.f")[100], 4) for k in (0, 1)] == [0.0007, 0.0007]
    column = ran("optimizers", "nesterov")
    assert [first(column(f"{k}.f") < 1e-3) for k in (0, 1)] == [74, 25]
    column = ran("optimizers", "bumps")
    assert [round(column(f"{k}.f")[300], 2) for k in (0, 1)] == [1.42, 0.06]
    bound = ran("optimizers", "rates")("nesterov.bound")
    assert bound[100] / bound[1000] == pytest.approx(100, rel=0.02)
    error = ran("optimizers", "newton")("newton.error")
    assert [float(f"{one:.2g}") for one in error[:6]] == [1.3, 0.58, 0.14, 0.0092, 4.2e-5, 8.9e-10]
    column = ran("optimizers", "adagrad")
    assert [round(column(f"{k}.rare")[200], 2) for k in (0, 1)] == [0.44, 0.23]
    column = ran("optimizers", "rmsprop")
    assert [round(column(f"{k}.x")[100], 2) for k in (0, 1)] == [-2.15, -2.96]
    assert round(2.5 - column("1.x")[1], 2) == 0.16
    column = ran("optimizers", "adam", {"racers[0].bias_correction": False}, 1)
    assert column("0.x")[1] - column("0.x")[0] == pytest.approx(0.1 / 0.001**0.5 * 0.1, rel=1e-6)
    column = ran("optimizers", "fair")
    assert [float(f"{column(f'{k}.f')[300]:.1g}") for k in (0, 1, 2)] == [0.007, 20, 1]


def test_the_numbers_of_the_lecture_on_entropy_and_losses():
    column = ran("entropy_and_losses", "wrong_code", step=0)
    assert [column(name)[0] for name in ("p.entropy", "cross_entropy", "kl")] == [1.75, 2.625, 0.875]
    assert round(ran("entropy_and_losses", "two_directions")("forward.mean")[250], 1) == -0.2
    column = ran("entropy_and_losses", "why_not_kl")
    assert column("cross_entropy.cross_entropy") - column("cross_entropy.kl") == pytest.approx(
        1.208, abs=5e-4
    )
    column = ran("entropy_and_losses", "infinite", step=0)
    assert [column(name)[0] for name in ("kl", "reverse_kl")] == [0.25, 0.25]
    column = ran("entropy_and_losses", "outlier", step=0)
    assert [round(column(f"{name}.loss")[0], 1) for name in ("mse", "mae")] == [4.3, 1.2]
    column = ran("entropy_and_losses", "wrong_formula")
    told = [[round(column(f"{name}.loss")[k], 2) for name in ("notes", "right")] for k in (100, 500)]
    assert told == [[0.46, 0.47], [0.65, 0.45]]
    assert round(column("notes.mean_logit")[500]) == 16
    for factor, steps in ((1.0, 278), (10.0, 29)):
        column = ran("entropy_and_losses", "squared_error", {"factor": factor})
        assert first(column("squared_error.p") < 0.25) == steps
        assert first(column("cross_entropy.p") < 0.25) == 27


def test_the_numbers_of_the_lecture_on_lstm_and_gradients():
    column = ran("lstm_and_gradients", "rnn")
    assert np.round(column("rnn.hidden_state")[1:4], 3) == pytest.approx([0.905, 0.495, 0.289])
    assert np.round(column("lstm.cell_state")[[1, 2, 6, 7]], 3) == pytest.approx([0.918, 0.902, 0.839, 1.742])
    for weight, kept in ((1.02, False), (1.04, True)):
        state = ran("lstm_and_gradients", "rnn", {"rnn_state[1]": weight})("rnn.hidden_state")
        assert (state[6] > 0.5) == kept, "a hint says from which weight on it keeps enough"
    assert ran("lstm_and_gradients", "rnn", {"rnn_state[1]": 1.0})("rnn.hidden_state")[6] == pytest.approx(
        0.46, abs=5e-3
    )
    column = ran("lstm_and_gradients", "vanishing", step=1)
    assert column("a.first")[1] / column("a.last")[1] == pytest.approx(5e-11, rel=0.3)
    column = ran("lstm_and_gradients", "exploding", step=1)
    assert column("a.first")[1] > 3000 * column("a.last")[1]
    assert ran("lstm_and_gradients", "residual", {"normalization": "layer"}, 1)("a.first")[1] < 1e-6
    column = ran("lstm_and_gradients", "residual", {"normalization": "batch"}, 1)
    assert column("a.first")[1] > 10 * column("a.last")[1]
    column = ran("lstm_and_gradients", "dying")
    assert column("dead")[60] == 0.5
    column = ran("lstm_and_gradients", "clipping")
    assert round(column("none.norm")[10]) == 74
    assert column("none.norm")[50] == 0
