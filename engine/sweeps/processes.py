"""The processes on this machine that make the runs of a sweep, and how they are started.

On Linux they are copies (fork) of one process that has already imported the program: the start of a run
takes some milliseconds instead of a third of a second. It is started once, with `get_ready`, and waits until
this program ends. On other systems, where a copy is not safe or not possible, each process imports the
program itself.

Reference: Python, "multiprocessing: contexts and start methods" (docs.python.org).
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

IMPORTED = ["engine.sweeps.one_run"]  # by the process that is copied
ROOT = Path(__file__).parents[2]
HELPFUL = 10  # how far the priority of the processes is lowered, so that the window stays smooth
MOST_WORKERS = 256  # processes on this machine that can be asked for
MOST_PROCESSES = 61 if sys.platform == "win32" else sys.maxsize  # Windows waits for no more at a time
COPIED = sys.platform == "linux" and not hasattr(sys, "frozen")


@dataclass(frozen=True)
class Workers:
    """An executor, how many runs it makes at a time, and a function that ends it without waiting for them."""

    executor: Executor
    count: int
    end: Callable[[], object]


class OwnProcesses:
    """A context of `multiprocessing` that keeps a list of the processes that it has started."""

    def __init__(self) -> None:
        self.context: BaseContext = type(multiprocessing.get_context("forkserver" if COPIED else "spawn"))()
        self.started: list[BaseProcess] = []
        start: Any = self.context.Process  # type: ignore[attr-defined]

        def started(*arguments: Any, **named: Any) -> BaseProcess:
            process: BaseProcess = start(*arguments, **named)
            self.started.append(process)
            return process

        self.context.Process = started  # type: ignore[attr-defined]

    def end(self) -> None:
        """End all of them at once; one that could not be started is left out."""
        begun = [process for process in self.started if process.pid is not None]
        for process in begun:
            process.terminate()
        for process in begun:
            process.join()


def get_ready() -> None:
    """Start the process that is copied, if there is none; it imports the program meanwhile."""
    if COPIED:
        from multiprocessing.forkserver import ensure_running, set_forkserver_preload

        set_forkserver_preload(IMPORTED)
        with _found_by_python():
            ensure_running()


@contextmanager
def _found_by_python() -> Iterator[None]:
    """Have a new process of Python find the program: before 3.13 it is not told of the folder otherwise."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *([before] if before else [])])
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def default_count() -> int:
    """One process for each core except one, which is left for the window."""
    return max(1, (os.cpu_count() or 2) - 1)


def processes(count: int = 0) -> Workers:
    """Processes on this machine: `count`, or one for each core except one; on Windows at most 61.

    Each has as many threads for linear algebra as the environment says: `main` asks for one.
    """
    count = min(count or default_count(), MOST_PROCESSES)
    get_ready()
    own = OwnProcesses()
    pool = ProcessPoolExecutor(count, mp_context=own.context, initializer=begin)

    def end() -> None:
        pool.shutdown(wait=False, cancel_futures=True)
        own.end()
        pool.shutdown(wait=True)

    return Workers(pool, count, end)


def begin() -> None:
    """In a new process: let the window go first, leave Ctrl+C to the program, and end with the program.

    It also ends if the program was killed.
    """
    if hasattr(os, "nice"):
        os.nice(HELPFUL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
