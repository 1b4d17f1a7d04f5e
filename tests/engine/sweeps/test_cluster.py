"""A real Dask scheduler and two workers on this machine: the numbers of processes, also if one is killed."""

import csv
import json
import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONFIG = {"data": {"kind": "blobs", "points": 200}, "epochs": 25}
DASK = "from distributed.cli.dask_{} import main; main()"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def dask(what, *words):
    """A process of Dask, started as its own commands start it."""
    order = [sys.executable, "-c", DASK.format(what), *words, "--no-dashboard"]
    return subprocess.Popen(order, env=os.environ | {"PYTHONPATH": str(ROOT)}, **QUIET)


@pytest.fixture
def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def test_a_cluster_gives_the_numbers_of_processes_also_when_a_worker_is_killed(tmp_path, free_port):
    session = tmp_path / "blobs.json"
    name = "losses.classifier"
    session.write_text(json.dumps({"schema": 1, "experiments": {name: CONFIG}, "open": name}))
    order = [sys.executable, str(ROOT / "main.py"), "sweep", str(session), "--seeds", "8"]
    order += ["--vary", "optimizer.learning_rate=0.001,0.01,0.1", "--vary", "layers=0,1"]
    order += ["--measure", "held_out.loss:best"]
    address = f"tcp://127.0.0.1:{free_port}"
    with ExitStack() as ended:

        def begun(*arguments):
            process = ended.enter_context(dask(*arguments))
            ended.callback(process.kill)
            return process

        begun("scheduler", "--port", free_port, "--host", "127.0.0.1")
        workers = [begun("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
        far = [*order, "--out", str(tmp_path / "far.sweep"), "--csv", str(tmp_path / "far.csv")]
        with subprocess.Popen(
            [*far, "--scheduler", address], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        ) as process:
            said = ""
            for line in process.stderr:
                said += line
                if workers and " of 48 runs" in line and not line.startswith("0 of"):
                    workers.pop().kill()
                    workers.clear()
        assert process.returncode == 0, said
        assert "48 of 48 runs" in said
    near = [*order, "--out", str(tmp_path / "near.sweep"), "--csv", str(tmp_path / "near.csv")]
    subprocess.run([*near, "--workers", "1"], check=True, **QUIET)
    assert table(tmp_path / "far.csv") == table(tmp_path / "near.csv")


def table(path):
    """The values, the seed and the number of each run, as text."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [tuple(row[:4]) for row in csv.reader(file)]
    assert len(set(rows)) == len(rows) == 49
    return rows
