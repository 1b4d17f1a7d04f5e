"""Settings that change while a run goes on: what is in force when, how they are made, what is refused."""

from math import inf
from typing import get_args

import msgspec
import pytest

from engine.changes import (
    MOST_CHANGES,
    Change,
    changed,
    config_at,
    from_the_start,
    is_live,
    live_fields,
    shared_steps,
    spans,
)
from engine.config import Problem, replaced, validated
from engine.experiments import EXPERIMENTS
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers import OPTIMIZERS
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import RMSProp
from engine.optimizers.descent import Momentum
from engine.optimizers.schedules import ConstantRate, CosineDecay
from engine.session import SessionError, decode, encode

PLAIN = ClassifierConfig(optimizer=Adam(learning_rate=0.01), batch_size=32)
RATE = "optimizer.learning_rate"
OF_ADAM = ("learning_rate", "schedule", "beta1", "beta2", "epsilon", "bias_correction")
TWICE = replaced(PLAIN, changes=(Change(10, RATE, 0.1), Change(10, "batch_size", 8), Change(25, RATE, 0.02)))
RACE = RaceConfig(racers=(Momentum(0.001, beta=0.9), Adam(0.2)), steps=100)


def test_a_change_acts_from_the_step_after_its_own_on():
    rates = [config_at(TWICE, step).optimizer.learning_rate for step in (0, 1, 10, 11, 25, 26, 1000)]
    assert rates == [0.01, 0.01, 0.01, 0.1, 0.1, 0.02, 0.02]
    assert [config_at(TWICE, step).batch_size for step in (10, 11)] == [32, 8]
    assert config_at(TWICE, 11).changes == ()
    assert config_at(PLAIN, 11) is PLAIN


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (1, 40, [(1, 10), (11, 25), (26, 40)]),
        (11, 25, [(11, 25)]),
        (10, 11, [(10, 10), (11, 11)]),
        (26, 30, [(26, 30)]),
        (5, 4, []),
    ],
)
def test_the_parts_of_a_run_with_the_same_settings(first, last, expected):
    found = list(spans(TWICE, first, last))
    assert [(span.first, span.last) for span in found] == expected
    assert all(span.settings == config_at(TWICE, step) for span in found for step in (span.first, span.last))


def test_a_config_is_changed_from_a_step_on_and_what_came_later_is_dropped():
    now = config_at(TWICE, 21)
    wanted = replaced(now, batch_size=16, optimizer=now.optimizer.with_(beta1=0.5))
    made = changed(TWICE, 20, wanted)
    assert made.changes == (
        Change(10, RATE, 0.1),
        Change(10, "batch_size", 8),
        Change(20, "optimizer.beta1", 0.5),
        Change(20, "batch_size", 16),
    )
    assert config_at(made, 21) == wanted
    assert config_at(made, 20) == config_at(TWICE, 20)
    assert validated(made) == made


def test_a_setting_that_goes_back_to_what_it_was_is_no_change():
    again = changed(TWICE, 10, replaced(config_at(TWICE, 11), batch_size=32))
    assert again.changes == (Change(10, RATE, 0.1),)
    assert changed(TWICE, 10, PLAIN).changes == ()


def test_a_config_stays_where_nothing_differs_and_begins_anew_where_no_step_was_taken():
    assert changed(TWICE, 30, config_at(TWICE, 31)) is TWICE
    assert changed(TWICE, 0, replaced(PLAIN, batch_size=16)) == replaced(PLAIN, batch_size=16)


def test_a_schedule_changes_as_a_whole():
    falling = CosineDecay(total_steps=50, warmup_steps=3)
    made = changed(PLAIN, 5, replaced(PLAIN, optimizer=PLAIN.optimizer.with_(schedule=falling)))
    (change,) = made.changes
    assert (change.step, change.where) == (5, "optimizer.schedule")
    assert change.value == {"kind": "cosine", "warmup_steps": 3, "total_steps": 50, "end_factor": 0.0}
    assert config_at(made, 6).optimizer.schedule == falling
    assert config_at(made, 5).optimizer.schedule == ConstantRate()


@pytest.mark.parametrize(
    ("new", "where"),
    [
        (replaced(PLAIN, seed=1), "seed"),
        (replaced(PLAIN, optimizer=Momentum()), "optimizer"),
        (replaced(PLAIN, batch_size=16, width=7), "width"),
    ],
)
def test_what_cannot_change_while_it_runs_is_refused(new, where):
    with pytest.raises(Problem, match="starts over") as refused:
        changed(PLAIN, 3, new)
    assert refused.value.where == where


def test_of_the_switches_of_a_rule_only_the_one_that_needs_another_state_starts_it_over():
    centred = replaced(PLAIN, optimizer=RMSProp())
    with pytest.raises(Problem, match="starts over") as refused:
        changed(centred, 3, replaced(centred, optimizer=RMSProp(centered=True)))
    assert refused.value.where == "optimizer.centered"
    off = changed(PLAIN, 3, replaced(PLAIN, optimizer=Adam(learning_rate=0.01, bias_correction=False)))
    assert off.changes == (Change(3, "optimizer.bias_correction", False),)


def test_one_racer_more_is_another_race():
    with pytest.raises(Problem) as refused:
        changed(RACE, 3, replaced(RACE, racers=(*RACE.racers, Adam())))
    assert refused.value.where == "racers"


def test_a_change_from_the_start_takes_the_place_of_the_later_ones_of_its_setting():
    now = config_at(TWICE, 31)
    made = from_the_start(TWICE, replaced(now, batch_size=64), at=30)
    assert made.batch_size == 64
    assert made.optimizer.learning_rate == 0.01
    assert made.changes == (Change(10, RATE, 0.1), Change(25, RATE, 0.02))
    assert from_the_start(TWICE, replaced(PLAIN, seed=4)) == replaced(TWICE, seed=4)


def test_changes_of_a_racer_that_goes_go_with_it():
    config = replaced(
        RACE, changes=(Change(4, "racers[0].beta", 0.5), Change(5, "racers[1].learning_rate", 1.0))
    )
    without = from_the_start(config, replaced(RACE, racers=RACE.racers[:1]))
    assert without.changes == (Change(4, "racers[0].beta", 0.5),)
    other = from_the_start(config, replaced(RACE, racers=(Adam(), RACE.racers[1])))
    assert other.changes == (Change(5, "racers[1].learning_rate", 1.0),)


def test_how_many_steps_two_runs_have_in_common():
    assert shared_steps(TWICE, TWICE) == inf
    assert shared_steps(PLAIN, TWICE) == shared_steps(TWICE, PLAIN) == 10
    assert shared_steps(TWICE, replaced(TWICE, changes=TWICE.changes[:2])) == 25
    assert shared_steps(TWICE, replaced(TWICE, changes=(*TWICE.changes[:2], Change(14, RATE, 1.0)))) == 14
    assert shared_steps(TWICE, replaced(TWICE, seed=1)) == -1
    assert shared_steps(PLAIN, RACE) == -1


def test_what_is_live_says_so_and_names_its_fields():
    assert is_live(PLAIN)
    assert is_live(RaceConfig)
    assert not is_live(EXPERIMENTS["lstm.cell"].config_type)
    assert live_fields(EXPERIMENTS["lstm.cell"].config_type()) == ()
    other = EXPERIMENTS["optimizers.conventions"].config_type()  # has a property of that name
    assert (is_live(other), live_fields(other), config_at(other, 3)) == (False, (), other)
    assert shared_steps(other, replaced(other)) == inf
    assert set(live_fields(RACE)) == {
        *("racers[0].learning_rate", "racers[0].beta", "racers[0].schedule", "noise"),
        *(f"racers[1].{name}" for name in OF_ADAM),
    }


def test_every_number_of_an_optimizer_may_change_while_it_runs():
    for name, kind in OPTIMIZERS.items():
        numbers = {
            info.name for info in msgspec.structs.fields(kind) if get_args(info.type)[0] in (int, float)
        }
        racers = replaced(RACE, racers=(kind(),)) if name != "muon" else replaced(PLAIN, optimizer=kind())
        assert numbers <= {path.rpartition(".")[2] for path in live_fields(racers)}, name


LIVE = sorted(name for name, experiment in EXPERIMENTS.items() if is_live(experiment.config_type))


@pytest.mark.parametrize("name", LIVE)
def test_every_live_config_checks_its_changes(name):
    config = EXPERIMENTS[name].config_type()
    with pytest.raises(Problem, match="Unknown name"):
        replaced(config, changes=(Change(1, "nothing", 1),))
    with pytest.raises(Problem, match="seed cannot change"):
        replaced(config, changes=(Change(1, "seed", 1),))
    where = next(path for path in live_fields(config) if path.endswith("learning_rate"))
    good = replaced(config, changes=(Change(7, where, 0.25),))
    session = decode(encode(decode(b'{"schema": 1}').__class__(experiments={name: good})))
    assert session.config(name) == good


HOSTILE = [
    ('{"step": 1, "where": "nonsense", "value": 1}', "Unknown name nonsense", "[0].where"),
    ('{"step": 1, "where": "", "value": 1}', "Unknown name", "[0].where"),
    ('{"step": 1, "where": "optimizer.kind", "value": "sgd"}', "cannot change", "[0].where"),
    ('{"step": 1, "where": "optimizer[0]", "value": 1}', "Unknown name", "[0].where"),
    ('{"step": 1, "where": "changes[0].step", "value": 1}', "Unknown name", "[0].where"),
    ('{"step": 1, "where": "__class__.__name__", "value": 1}', "Unknown name", "[0].where"),
    ('{"step": 1, "where": "layers", "value": 1}', "cannot change", "[0].where"),
    ('{"step": 0, "where": "batch_size", "value": 1}', "at least 1", "[0].step"),
    ('{"step": -3, "where": "batch_size", "value": 1}', "at least 1", "[0].step"),
    ('{"step": 1.5, "where": "batch_size", "value": 1}', "whole number", "[0].step"),
    ('{"step": 1e300, "where": "batch_size", "value": 1}', "whole number", "[0].step"),
    ('{"step": 1, "where": "batch_size", "value": "large"}', "a whole number, not a text", "[0].value"),
    ('{"step": 1, "where": "batch_size", "value": 2.5}', "a whole number", "[0].value"),
    ('{"step": 1, "where": "batch_size", "value": 0}', "at least 1", "[0].value"),
    ('{"step": 1, "where": "batch_size", "value": [1]}', "not a list", "[0].value"),
    ('{"step": 1, "where": "batch_size", "value": null}', "not empty", "[0].value"),
    ('{"step": 1, "where": "optimizer.schedule", "value": {"kind": "cosine", "end_factor": 3}}', "at most 1",
     "[0].value.end_factor"),
    ('{"step": 1, "where": "optimizer.schedule", "value": {"kind": "odd"}}', "name odd", "[0].value.kind"),
    ('{"step": 1, "where": "optimizer.schedule", "value": 3}', "a record", "[0].value"),
    ('{"step": 1, "value": 3}', "The field where is missing", "[0]"),
    ('{"step": 1, "where": "batch_size", "value": 3, "more": 1}', "Unknown field more", "[0]"),
    ('{"step": 2, "where": "batch_size", "value": 3}, {"step": 1, "where": "batch_size", "value": 4}',
     "order", "[1].step"),
    ('{"step": 2, "where": "batch_size", "value": 3}, {"step": 2, "where": "batch_size", "value": 4}',
     "only once", "[1].where"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sentence", "where"), HOSTILE)
def test_a_session_with_changes_that_cannot_be_is_refused(changes, sentence, where):
    file = f'{{"schema": 1, "experiments": {{"losses.classifier": {{"changes": [{changes}]}}}}}}'
    with pytest.raises(SessionError, match=sentence) as refused:
        decode(file.encode())
    assert refused.value.where == f"$.experiments['losses.classifier'].changes{where}"


def test_a_million_changes_are_refused():
    one = '{"step": 1, "where": "batch_size", "value": 3}'
    many = ",".join([one] * 200_000)
    file = f'{{"schema": 1, "experiments": {{"losses.classifier": {{"changes": [{many}]}}}}}}'
    with pytest.raises(SessionError, match=f"at most {MOST_CHANGES}"):
        decode(file.encode())


def test_a_config_with_changes_can_be_a_key():
    scheduled = Change(1, "optimizer.schedule", msgspec.to_builtins(CosineDecay()))
    config = replaced(PLAIN, changes=(scheduled,))
    assert len({config, replaced(config), PLAIN}) == 2
