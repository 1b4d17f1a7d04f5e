"""A real Dask scheduler and two workers on this machine: the numbers of processes, also if one is killed."""

import csv
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from engine.config import Problem
from engine.sweeps.cluster import NoScheduler, cluster
from engine.sweeps.program import program
from main import main

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
    order = ["sweep", str(session), "--seeds", "8"]
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
        start = [sys.executable, str(ROOT / "main.py")]
        with subprocess.Popen(
            [*start, *far, "--scheduler", address],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
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
    assert main([*near, "--workers", "1"]) == 0
    assert table(tmp_path / "far.csv") == table(tmp_path / "near.csv")


class Scheduler:
    """What `distributed` has, with a scheduler whose workers are as they are made here."""

    def __init__(self, threads, found=None):
        self.threads, self.found, self.closed = threads, found or program(), False
        self.Client = type("Client", (FakeClient,), {"scheduler": self})
        self.comm, self.Security = self, lambda: self

    def get_connection_args(self, role):
        assert role == "client"
        return {}

    async def connect(self, address, timeout):
        if "://" not in address:
            raise ValueError(address)
        return self

    def abort(self):
        """The first call has ended."""


class FakeClient:
    """The client of such a scheduler."""

    def __init__(self, address, **_named):
        assert "://" in address

    def nthreads(self):
        return self.scheduler.threads

    def run(self, function, on_error):
        assert function is program
        return dict.fromkeys(self.scheduler.threads, self.scheduler.found)

    def get_executor(self, pure):
        return self

    def close(self):
        self.scheduler.closed = True


@pytest.mark.parametrize(
    ("scheduler", "address", "error", "said"),
    [
        (None, "tcp://a:1", Problem, r"pip install nabla\[cluster\]"),
        (Scheduler({"one": 1}), "nowhere", Problem, "'nowhere' is no address of a scheduler"),
        (Scheduler({}), "tcp://a:1", OSError, "no worker is there"),
        (Scheduler({"one": 1}, "0.0"), "tcp://a:1", Problem, "The worker one has 0.0 of this program, not"),
        (
            Scheduler({"one": 1}, ImportError()),
            "tcp://a:1",
            Problem,
            "The worker one has nothing of this program",
        ),
    ],
)
def test_a_cluster_that_cannot_be_used_is_told_of_and_left(monkeypatch, scheduler, address, error, said):
    monkeypatch.setitem(sys.modules, "distributed", scheduler)
    with pytest.raises(error, match=said):
        cluster(address)
    assert scheduler is None or scheduler.closed == ("://" in address)


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Problem, "is no address of a scheduler"),
        (b"", NoScheduler, "No scheduler answers at tcp://127.0.0.1:"),
        (None, NoScheduler, "No scheduler answers at tcp://127.0.0.1:"),
    ],
)
def test_what_is_no_scheduler_is_told_of_and_leaves_no_thread(monkeypatch, words, error, said):
    """Port 8787 of a scheduler has a page; another one takes the call and says nothing; here nothing is."""
    monkeypatch.setattr("engine.sweeps.cluster.PATIENCE", 5.0 if words else 0.3)
    before, calls = threading.active_count(), []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            with suppress(OSError):
                while True:
                    calls.append(server.accept()[0])
                    calls[-1].sendall(words)

        page = threading.Thread(target=answer)
        page.start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        if words is None:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
        with pytest.raises(error, match=said) as told:
            cluster(address)
        assert type(told.value) is error
        if words is not None:
            server.shutdown(socket.SHUT_RDWR)
        page.join()
    for call in calls:
        call.close()
    assert threading.active_count() == before


def test_all_threads_of_a_cluster_are_used(monkeypatch):
    scheduler = Scheduler({"one": 2, "two": 3})
    monkeypatch.setitem(sys.modules, "distributed", scheduler)
    workers = cluster("tcp://a:1")
    assert workers.count == 5
    workers.end()
    assert scheduler.closed


def table(path):
    """The values, the seed and the number of each run, as text."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [tuple(row[:4]) for row in csv.reader(file)]
    assert len(set(rows)) == len(rows) == 49
    return rows
