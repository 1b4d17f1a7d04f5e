"""Scripts of *Image classifier* with all data, features, activations, first weights, rules, ends, changes."""

from itertools import cycle
from typing import get_args

import msgspec
import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.changes import Change
from engine.config import Problem
from engine.data.settings import Blobs, Circles, CsvFile, Digits, Moons, Spirals, Xor
from engine.data.table_format import TableFormat
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.experiments.losses.classifier_features import EdgeFilters, LearntFilters
from engine.networks.initializers import INITIALIZERS
from engine.optimizers.adam import Adam
from engine.optimizers.adam_relatives import Nadam
from engine.optimizers.descent import Momentum
from engine.optimizers.muon import Muon
from engine.optimizers.schedules import SCHEDULES, CosineDecay
from engine.optimizers.table import FirstOrder
from engine.scripts.table import script_of
from engine.stop_rules import HeldOutRises, LossBelow, TimeIsUp
from tests.engine.scripts.running import FRAMEWORKS, hold

POINTS = cycle((Blobs(40), Circles(40), Moons(40), Spirals(40), Xor(40)))
ACTIVATION = cycle(ACTIVATIONS)
INITIALIZER = cycle(name for name in INITIALIZERS if name != "zeros")
SCHEDULE = cycle(kind(warmup_steps=2) for kind in SCHEDULES.values())
TWO = Digits((7, 2))


def trained(**settings):
    few = {"data": next(POINTS), "epochs": 5, "batch_size": 8, "width": 6, "layers": 1}
    return "losses.classifier", ClassifierConfig(**{**few, **settings})


def varied(rule):
    settings = {"activation": next(ACTIVATION), "initializer": next(INITIALIZER)}
    return trained(optimizer=msgspec.structs.replace(rule, schedule=next(SCHEDULE)), **settings)


RULES = [
    *(varied(kind()) for kind in get_args(FirstOrder)),
    *(trained(optimizer=kind(), layers=2) for kind in get_args(FirstOrder)),
    *(trained(activation=name, layers=3) for name in ACTIVATIONS),
    *(trained(initializer=name, layers=2, activation="tanh") for name in INITIALIZERS if name != "zeros"),
]
ZEROS = [trained(initializer="zeros", activation="sigmoid")]
OTHERS = [
    trained(data=TWO, epochs=1, batch_size=40, features=EdgeFilters("prewitt", "mean", 3), layers=0),
    trained(data=TWO, epochs=1, batch_size=40, features=EdgeFilters(window=1)),
    trained(data=TWO, epochs=1, batch_size=40, features=LearntFilters(3, "5", "mean", 3), weight_decay=0.1),
    trained(data=TWO, epochs=1, batch_size=40, features=LearntFilters(2, "7", window=1), activation="tanh"),
    trained(data=TWO, epochs=1, batch_size=40, features=LearntFilters(3), optimizer=Muon(), layers=0),
    trained(data=TWO, epochs=1, batch_size=90, features=LearntFilters(16, "7"), width=128, layers=4),
    trained(optimizer=Muon(method="svd", scale="match_rms_adamw", weight_decay=0.1, nesterov=False)),
    varied(Muon()),
    trained(weight_decay=0.1, label_smoothing=0.2, layers=4, width=3, batch_size=1, epochs=1),
    trained(width=1, batch_size=5000, seed=7, held_out=0.6),
    trained(stop=LossBelow(0.6), data=Blobs(60), epochs=20),
    trained(stop=LossBelow(5.0)),
    trained(stop=LossBelow(5.0), changes=(Change(13, "batch_size", 5),)),
    trained(stop=HeldOutRises(3), data=Xor(60), optimizer=Adam(learning_rate=0.1), epochs=30),
    trained(
        stop=HeldOutRises(2),
        optimizer=Momentum(learning_rate=0.05),
        changes=(
            Change(3, "weight_decay", 0.1),
            Change(3, "optimizer.beta", 0.5),
            Change(7, "label_smoothing", 0.2),
            Change(7, "batch_size", 12),
            Change(9, "optimizer.learning_rate", 0.2),
        ),
    ),
    trained(optimizer=Nadam(), changes=(Change(3, "optimizer.beta2", 0.5),)),
    trained(
        optimizer=Muon(),
        changes=(Change(3, "optimizer.iterations", 3), Change(5, "optimizer.rest_rate", 0.1)),
    ),
]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_the_classifier_give_the_numbers_of_their_runs(framework, tmp_path):
    hold([*RULES, *OTHERS, *(ZEROS if framework == "numpy" else ())], framework, tmp_path, kept=False)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_scripts_of_the_classifier_read_the_table_of_the_user(framework, tmp_path):
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(40, 2)).round(3)
    plain = [f"{a},{'no' if a > b else 'yes'},{b}" for a, b in numbers.tolist()]
    odd = [
        f"{n};{str(a).replace('.', ',').replace('-', chr(0x2212))};{b};{n % 2}"
        for n, (a, b) in enumerate(numbers.tolist())
    ]
    pixels = [" ".join(map(str, [n % 3, *rng.integers(0, 255, 64)])) for n in range(40)]
    files = {
        "plain.csv": ("first,label,second\n" + "\n".join(plain) + "\n?,yes,3\n\n").encode(),
        "data/odd.csv": ("sep=;\n" + "\n".join(odd) + '\n;;;\n40;"1,5";2,5;1')
        .replace(".", ",")
        .encode("utf-16"),
        "pixels.txt": "\n".join(pixels).encode("gb18030"),
        "中文.csv": (
            "长度,宽度,种类\r\n" + "\r\n".join(f"{n},{n**2},{'甲乙'[n % 2]}" for n in range(1, 30))
        ).encode("gb18030"),
    }
    cases = []
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        table = TableFormat(label=4, left_out=(1,)) if "odd" in name else TableFormat()
        cases.append(trained(data=CsvFile(str(path), table), epochs=2))
    for script in hold(cases, framework, tmp_path / "scripts", kept=False):
        assert str(tmp_path) not in script.text


def test_what_a_script_of_the_classifier_cannot_repeat_is_refused_with_the_reason():
    for settings, reason in (
        ({"stop": TimeIsUp()}, "time is up"),
        ({"optimizer": Nadam(), "changes": (Change(3, "optimizer.beta1", 0.5),)}, "Nadam"),
        ({"changes": (Change(5, "optimizer.schedule", {"kind": "cosine"}),)}, "step 5"),
        (
            {
                "optimizer": Muon(schedule=CosineDecay()),
                "changes": (Change(5, "optimizer.schedule", {"kind": "constant"}),),
            },
            "step 5",
        ),
    ):
        with pytest.raises(Problem, match=reason):
            script_of(*trained(**settings))
    with pytest.raises(Problem, match="rounding"):
        script_of(*ZEROS[0], "torch")
