"""The script of *Train on sequences*: every cell, task, optimizer, change and end, and a text of the user."""

from itertools import cycle
from typing import get_args

import msgspec
import pytest

from engine.changes import Change
from engine.config import Problem
from engine.experiments.lstm.train_config import TrainConfig
from engine.experiments.lstm.train_tasks import Adding, Echo, RecallTask, Sine
from engine.experiments.lstm.train_texts import Text, TextFile
from engine.optimizers.adam import Adam
from engine.optimizers.adam_relatives import Nadam
from engine.optimizers.descent import SGD, GradientDescent, Momentum
from engine.optimizers.muon import Muon
from engine.optimizers.schedules import CosineRestarts, LinearDecay
from engine.optimizers.table import NetworkRule
from engine.scripts.table import script_of
from engine.stop_rules import HeldOutRises, LossBelow, TimeIsUp
from tests.engine.scripts.running import FRAMEWORKS, hold

NAME = "lstm.train"
SMALL = TrainConfig(task=Sine(length=8), hidden=5, batch_size=3, steps=21)
BESIDE = cycle(["none", "rnn", "gru", "lstm"])
RATE = "optimizer.learning_rate"


def small(**settings):
    return msgspec.structs.replace(SMALL, **settings)


CELLS_AND_TASKS = [
    small(task=Text(length=10), cell="gru", layers=2, beside="rnn", clip=0.0),
    small(task=Text(name="daodejing", length=6), beside="gru"),
    small(task=Text(name="daodejing", length=6), cell="rnn", layers=2),
    small(task=RecallTask(delay=5), layers=2, beside="rnn"),
    small(task=Echo(length=9, delay=3), cell="gru", beside="gru", forget_bias=2.0),
    small(task=Adding(length=9), cell="rnn", seed=7),
    small(task=Adding(length=5), hidden=1, batch_size=1, beside="gru"),
]
OPTIMIZERS = [
    *(small(optimizer=kind(), beside=next(BESIDE)) for kind in get_args(NetworkRule)),
    small(optimizer=Adam(schedule=CosineRestarts(first_period=5, warmup_steps=2))),
    small(
        optimizer=Muon(method="svd", nesterov=False, scale="match_rms_adamw", weight_decay=0.1), beside="gru"
    ),
    small(optimizer=Muon(schedule=CosineRestarts(first_period=5))),  # it has a period, as the wave has
    small(
        task=Text(name="daodejing", length=6),
        optimizer=Muon(schedule=LinearDecay(total_steps=10, warmup_steps=2)),
        layers=2,
    ),
]
CHANGES = (Change(3, RATE, 0.01), Change(3, "batch_size", 4), Change(7, "clip", 0.1))
CHANGES_AND_ENDS = [
    small(changes=CHANGES),
    small(changes=(*CHANGES, Change(9, "clip", 0.0), Change(9, "optimizer.beta1", 0.5)), beside="rnn"),
    small(optimizer=Muon(), changes=(Change(5, "optimizer.momentum", 0.5), Change(6, RATE, 0.1))),
    small(
        optimizer=Adam(schedule=LinearDecay(total_steps=9)),
        changes=(Change(5, "optimizer.schedule", {"kind": "linear", "total_steps": 30}),),
    ),
    small(optimizer=Momentum(), beside="gru", changes=(Change(5, "optimizer.beta", 0.5), *CHANGES[2:])),
    small(task=Echo(length=6), steps=50, stop=LossBelow(1.4), beside="gru"),
    small(stop=LossBelow(100.0)),
    small(stop=LossBelow(100.0), changes=(Change(21, RATE, 0.1),), steps=50),
    small(optimizer=Adam(learning_rate=0.1), steps=400, stop=HeldOutRises(2), beside="rnn"),
    small(
        optimizer=Adam(learning_rate=0.1), steps=400, stop=HeldOutRises(2), changes=(Change(130, RATE, 0.2),)
    ),
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(
    "configs", [CELLS_AND_TASKS, OPTIMIZERS, CHANGES_AND_ENDS], ids=["cells", "rules", "ends"]
)
def test_the_script_gives_the_numbers(configs, framework, tmp_path):
    hold([(NAME, config) for config in configs], framework, tmp_path)


def test_a_run_that_diverges_ends_at_the_same_step(tmp_path):
    far = GradientDescent(learning_rate=1000.0)
    hold([(NAME, small(optimizer=far, cell="rnn", beside="lstm", clip=0.0))], "numpy", tmp_path)


def test_held_out_sequences_that_are_measured_in_pieces_have_the_same_loss(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.experiments.lstm.train_config.MEASURING", 2**17)
    (script,) = hold([(NAME, small(task=RecallTask(delay=5), steps=2))], "numpy", tmp_path)
    assert "for begin in range(0, 128, " in script.text


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_text_of_the_user_is_read_by_its_path_from_the_script(framework, tmp_path):
    text = "月光如水照缁衣，人面不知何处去。\r\n" * 20
    (tmp_path / "诗.txt").write_bytes(text.encode("gb18030"))
    (tmp_path / "poem.txt").write_bytes(b"\xef\xbb\xbf" + text.replace("月", "日").encode())
    cases = [small(task=TextFile(str(tmp_path / name), length=10)) for name in ("诗.txt", "poem.txt")]
    scripts = hold([(NAME, config) for config in cases], framework, tmp_path)
    for script, name, encoding in zip(scripts, ("诗.txt", "poem.txt"), ("gb18030", "utf-8-sig"), strict=True):
        assert f'"../../{name}"\ntext = path.read_text(encoding="{encoding}")' in script.text
        assert str(tmp_path) not in script.text
        assert not script.files
    odd = tmp_path / ("a ** b + 'c' (d) # \\" + "e" * 30 + ".txt")
    odd.write_text(text, encoding="utf-8")
    hold([(NAME, small(task=TextFile(str(odd), length=10)))], framework, tmp_path / "odd")
    alone = script_of(NAME, cases[0], framework)
    assert f'"{tmp_path}/诗.txt"' in alone.text  # without a folder there is no other path


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (small(stop=TimeIsUp()), "time is up"),
        (small(changes=(Change(3, "optimizer.schedule", {"kind": "linear"}),)), "After step 3"),
        (small(optimizer=Nadam(), changes=(Change(3, "optimizer.beta1", 0.5),)), "After step 3"),
        (small(optimizer=SGD(), changes=(Change(4, "optimizer.decay", 0.1),)), "After step 4"),
    ],
)
def test_what_a_script_cannot_repeat_is_refused_with_the_reason(config, reason):
    with pytest.raises(Problem, match=reason):
        script_of(NAME, config)
