"""Sessions: what is saved comes back, and whatever else is in a file gives one clear error."""

import json
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.config import replaced, validated
from engine.experiments import CATALOGUE, EXPERIMENTS
from engine.session import Look, Session, SessionError, decode, encode, load, save

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def session():
    configs = {name: experiment.config_type() for name, experiment in EXPERIMENTS.items()}
    pins = (EXPERIMENTS["optimizers.race"].config_type(),)
    looks = {"optimizers.race": Look(step=214, options={}, pins=pins, branches=pins)}
    return Session(experiments=configs, open="losses.classifier", language="zh_CN", theme="dark", looks=looks)


def test_a_saved_session_comes_back_equal(session, tmp_path):
    path = tmp_path / "lecture.nabla.json"
    save(session, path)
    assert load(path) == session


def test_the_file_is_readable_json_with_a_schema(session):
    raw = json.loads(encode(session))
    assert raw["schema"] == 1
    assert raw["experiments"]["optimizers.race"]["start"] == list(session.config("optimizers.race").start)


def test_every_default_config_is_valid_and_in_one_tab():
    for tab, experiments in CATALOGUE.items():
        for experiment in experiments:
            assert experiment.name.startswith(tab + ".")
            assert validated(experiment.config_type()) == experiment.config_type()


def change(raw, path, value):
    *parents, last = path
    for key in parents:
        raw = raw[key]
    raw[last] = value


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["experiments", "optimizers.race", "steps"], -5, "$.experiments['optimizers.race'].steps"),
        (["experiments", "optimizers.race", "steps"], "many", "$.experiments['optimizers.race'].steps"),
        (["experiments", "optimizers.race", "steps"], 1e30, "$.experiments['optimizers.race'].steps"),
        (["experiments", "optimizers.race", "start"], [1], "$.experiments['optimizers.race'].start"),
        (["experiments", "optimizers.race", "surface"], "hill", "$.experiments['optimizers.race'].surface"),
        (["experiments", "optimizers.race", "spite"], 1, "$.experiments['optimizers.race']"),
        (["experiments", "optimizers.race", "racers", 1, "kind"], "os", "racers[1]"),
        (["experiments", "no.such"], {}, "$.experiments['no.such']"),
        (["experiments", "optimizers.race"], None, "$.experiments['optimizers.race']"),
        (["looks", "optimizers.race", "pins", 0], 7, "$.looks['optimizers.race'].pins[0]"),
        (["looks", "optimizers.race", "branches", 0], 7, "$.looks['optimizers.race'].branches[0]"),
        (["looks", "optimizers.race", "branches"], [{}] * 25, "looks"),
        (["looks", "optimizers.race", "step"], "x", "looks"),
        (["looks", "optimizers.race", "step"], -1, "looks"),
        (["looks", "optimizers.race", "step"], int("9" * 400), "looks"),
        (["looks", "optimizers.race", "pins"], [{}] * 25, "looks"),
        (["open"], "no.such", "$.open"),
        (["open"], 3, "$.open"),
        (["schema"], 2, "$.schema"),
        (["schema"], 0, "$.schema"),
        (["schema"], "1", "$.schema"),
        (["schema"], True, "$.schema"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(session, path, value, place):
    raw = json.loads(encode(session))
    change(raw, path, value)
    with pytest.raises(SessionError) as error:
        decode(json.dumps(raw).encode())
    assert place in error.value.where
    assert str(error.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"3",
        b'"x"',
        b"{",
        b"\xff\xfe\x00",
        b"\x00" * 50,
        b'{"schema": NaN}',
        b'{"schema": 1, "experiments": []}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"schema": 1e999}',
        b'{"schema": 1, "experiments": {"optimizers.race": {"start": [1e400, 0]}}}',
        b'{"schema": 99999999999999999999999999}',
        b"import os",
    ],
)
def test_hostile_bytes_are_one_clear_error(data):
    with pytest.raises(SessionError):
        decode(data)


SPLINTERS = (b"NaN", b"-1e999", b"null", b"[[", b'"', b"}", b"1e308", b"\\u0000")


def test_thousands_of_damaged_files_never_do_more_than_fail_clearly(session):
    whole = encode(session)
    chance = random.Random(1)
    refused = 0
    for _ in range(3000):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 1, 2, 5])):
            place = chance.randrange(len(data) + 1) if data else 0
            action = chance.randrange(4)
            if action == 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            elif action == 1:
                del data[place : place + chance.randrange(1, 40)]
            elif action == 2:
                data[place:place] = chance.choice(
                    [b"NaN", b"-1e999", b"null", b"[[", b'"', b"}", b"1e308", b"\\u0000"]
                )
            else:
                data = data[: max(place, 1)]
        try:
            result = decode(bytes(data))
        except SessionError as error:
            refused += 1
            assert str(error)
        else:
            assert isinstance(result, Session)
    assert refused > 2000


def test_a_missing_file_and_a_folder_are_clear_errors(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(SessionError, match="cannot be read"):
            load(path)


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(20 * 2**20)
    with pytest.raises(SessionError, match="too large"):
        load(path)


def test_an_older_schema_is_brought_up_to_date(session):
    def from_zero(raw):
        raw["schema"] = 1
        raw["experiments"] = raw.pop("configs")
        return raw

    old = json.loads(encode(session))
    old["schema"] = 0
    old["configs"] = old.pop("experiments")
    assert decode(json.dumps(old).encode(), {0: from_zero}) == session


def test_saving_where_nothing_can_be_written_is_a_clear_error(session, tmp_path):
    with pytest.raises(SessionError, match="cannot be written"):
        save(session, tmp_path / "no" / "folder" / "s.json")


def test_a_session_with_a_byte_order_mark_opens(session, tmp_path):
    path = tmp_path / "from-windows.nabla.json"
    path.write_bytes(b"\xef\xbb\xbf" + encode(session))
    assert load(path) == session


def test_a_save_that_is_killed_leaves_the_old_file_and_the_next_one_its_rest(session, tmp_path):
    path = tmp_path / "s.nabla.json"
    save(session, path)
    before = path.read_bytes()
    program = (
        "import os, signal, sys\n"
        "from engine import session\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "session.save(session.Session(), sys.argv[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2
    save(session, path)
    assert list(tmp_path.iterdir()) == [path]


def test_pinned_runs_that_memory_does_not_hold_together_are_refused(session):
    race = EXPERIMENTS["optimizers.race"].config_type()
    long = replaced(race, racers=race.racers[:4], steps=1_000_000)  # three numbers a racer and step: 96 MB
    look = Look(step=0, options={}, pins=(long,) * 6)
    with pytest.raises(SessionError, match=r"more than 1 GB together; 5 of them fit") as refused:
        decode(encode(Session(looks={"optimizers.race": look})))
    assert refused.value.where == "$.looks['optimizers.race'].pins[5]"
    decode(encode(Session(looks={"optimizers.race": Look(step=0, options={}, pins=(long,) * 5)})))


def test_branches_that_memory_does_not_hold_beside_the_pinned_runs_are_refused(session):
    race = EXPERIMENTS["optimizers.race"].config_type()
    long = replaced(race, racers=race.racers[:4], steps=1_000_000)  # five of them fit, as above
    look = Look(step=0, options={}, pins=(long,) * 2, branches=(long,) * 4)
    with pytest.raises(SessionError, match=r"branches are so long .*; 3 of them fit") as refused:
        decode(encode(Session(looks={"optimizers.race": look})))
    assert refused.value.where == "$.looks['optimizers.race'].branches[3]"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"schema": 1,\n "open": tru}', "valid JSON from line 2, column 10 on"),
        ('\ufeff{"schema": 1,\r\n  "道": é}'.encode(), "valid JSON from line 2, column 8 on"),
        (b"\x89PNG", "valid JSON: line 1, column 1 is not UTF-8"),
        (b'{"schema": 1,\n "open"', "whole: it ends within line 2, near column 8"),
        (b"", "whole: it ends within line 1, near column 1"),
        (b'{\n"open": "caf\xe9"}', "valid JSON: line 2, column 13 is not UTF-8"),
        (b'{"open": "\\ud800"}', "valid JSON: Input data was truncated"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_the_place(data: bytes, place: str) -> None:
    with pytest.raises(SessionError) as caught:
        decode(data)
    assert str(caught.value) == f"The file is not {place}"
