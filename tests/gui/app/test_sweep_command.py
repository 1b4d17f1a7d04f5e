"""A sweep on the terminal, end to end, and what is said where it cannot be."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.experiments import EXPERIMENTS
from engine.runner import Runner
from engine.session import load
from engine.sweeps.plan import config_from
from engine.sweeps.store import SweepStore
from gui.app.sweep_command import SweepOrder
from gui.export.carried import in_svg, text_of
from main import main

ROOT = Path(__file__).parents[3]
RACE = EXPERIMENTS["optimizers.race"]
CONFIG = {"racers": [{"kind": "sgd"}], "noise": 0.1, "steps": 400}


@pytest.fixture
def session(tmp_path):
    path = tmp_path / "race.json"
    path.write_text(json.dumps({"schema": 1, "experiments": {RACE.name: CONFIG}, "open": RACE.name}))
    return path


def words(session, *more, vary=("racers[0].learning_rate=0.0005,0.001,5",)):
    out = session.with_suffix(".sweep")
    settings = [word for text in vary for word in ("--vary", text)]
    return ["sweep", str(session), *settings, "--measure", "0.f:best", "--out", str(out), *more]


def test_a_sweep_is_made_told_and_written_as_a_table_and_not_made_again(session, capsys):
    table = session.with_suffix(".csv")
    order = words(session, "--seeds", "5", "--steps", "30", "--workers", "1", "--csv", str(table))
    assert main(order) == 0
    said = capsys.readouterr()
    assert "15 of 15 runs" in said.err
    lines = said.out.splitlines()
    assert lines[0].split() == [
        "racers[0].learning_rate",
        "median",
        "quartiles",
        "runs",
        "diverged",
        "failed",
    ]
    assert lines[3].split()[-3:] == ["5", "5", "0"], "the last rate diverges under each seed"
    assert lines[4].startswith("Best: racers[0].learning_rate=0.001, median ")
    assert lines[5] == "Diverged: racers[0].learning_rate=5."
    holm = "(sign test with Holm’s correction, comparisons: 2, p ≤ 0.1)"
    assert lines[6] == f"To tell it from others takes at least 6 seeds {holm}."
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 15
    for row in rows:
        racers = [{"kind": "sgd", "learning_rate": float(row["racers[0].learning_rate"])}]
        config = {"racers": racers, "noise": 0.1, "steps": 30, "seed": int(row["seed"])}
        runner = Runner(RACE, config_from(RACE.name, config))
        runner.drive()
        known = runner.recording.column("0.f")
        diverged = racers[0]["learning_rate"] == 5
        assert row["0.f:best"] == ("nan" if diverged else repr(float(known.min())))
        assert row["ended"] == ("diverged" if diverged else "")
    assert main(order) == 0
    assert capsys.readouterr().out == said.out


def test_seeds_without_an_effect_are_told(session, capsys):
    plain = json.loads(session.read_text())
    plain["experiments"][RACE.name]["noise"] = 0.0
    session.write_text(json.dumps(plain))
    assert main(words(session, "--seeds", "5", "--steps", "5", "--workers", "1")) == 0
    said = capsys.readouterr().out
    assert said.endswith("All seeds give the same numbers: nothing is left to chance here.\n")


@pytest.mark.parametrize(
    ("more", "vary", "said"),
    [
        ([], ["learning_rate=1,2"], "learning_rate: There is no setting of this name"),
        ([], ["racers[0].learning_rate=1,x"], "racers[0].learning_rate: "),
        ([], ["steps=0,10"], "steps: Must be at least 1"),
        (["--seeds", "0"], ["steps=5,10"], "seeds"),
        (["--experiment", "nobody"], ["steps=5,10"], "There is no experiment 'nobody'"),
        (["--measure", "f"], ["steps=5,10"], "There is no f; there are 0.x, 0.y, 0.f"),
        (["--measure", "0.f:worst"], ["steps=5,10"], "Write a measure like"),
        (["--workers", "999"], ["steps=5,10"], "--workers must be from 0 to 256"),
        (["--scheduler", "nowhere"], ["steps=5,10"], "nowhere"),
        ([], ["steps=5,10", "noise=0,1", "seed=1,2"], "One or two settings can vary"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(session, capsys, more, vary, said):
    assert main(words(session, *more, vary=vary)) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_a_figure_is_swept_as_the_session_that_it_carries(session):
    figure = session.with_suffix(".svg")
    figure.write_bytes(in_svg(b"<svg><desc>race</desc></svg>", text_of(load(session))))
    vary = ["racers[0].learning_rate=0.0005,0.001"]
    plans = [SweepOrder(path, vary, "0.f", session).plan() for path in (session, figure)]
    assert plans[0] == plans[1]


def test_ctrl_c_keeps_what_is_there_and_the_same_command_goes_on(session):
    """A terminal sends it to all processes: only the program acts, and ends the others."""
    order = [sys.executable, str(ROOT / "main.py"), *words(session, "--seeds", "300", "--workers", "1")]
    how = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL, "text": True, "start_new_session": True}
    with subprocess.Popen(order, **how) as process:
        line = ""
        while " runs, about" not in line or line.startswith("0 of"):
            line = process.stderr.readline()
            assert line, "it ended before it was stopped"
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "Stopped after" in rest
    assert "the same command goes on from there" in rest
    assert "Traceback" not in rest
    with SweepStore(session.with_suffix(".sweep")) as store:
        assert store.take_lease(), "it was given back"
        assert store._file.execute("SELECT count(*) FROM runs").fetchone()[0] > 0
