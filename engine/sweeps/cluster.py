"""The workers of a Dask cluster, as an executor: the same runs, elsewhere.

Dask has its own `concurrent.futures.Executor`, so nothing else differs. It needs the package `distributed`
(extra `cluster`), a running scheduler, and the same program and version of NumPy on every worker
(`engine.sweeps.program`). Dask starts a worker with one thread for linear algebra.

Reference: Dask, "Futures" (docs.dask.org/en/stable/futures.html) and `Client.get_executor`.
"""

import asyncio
import logging
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.config import Problem
from engine.sweeps.processes import Workers
from engine.sweeps.program import program

PATIENCE = 10.0  # seconds to wait for an answer of the scheduler; it may be starting just now
INSTALLED = "nabla.main"  # the module with which the parts of an installed program find each other


class NoScheduler(Problem, OSError):
    """No scheduler answers at an address: none has been started there, or it is gone."""


def cluster(address: str) -> Workers:
    """The workers of the scheduler at an address, such as tcp://10.0.0.1:8786.

    Raises:
        Problem: Dask is not installed, the address is none, or a worker has another version.
        NoScheduler: nothing answers there.
        OSError: there are no workers (yet), or the scheduler was lost.
    """
    try:
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError as error:
        raise Problem(
            "For a cluster the package distributed is needed: pip install nabla[cluster]"
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # losses are reported by `execute`
    try:
        asyncio.run(_ask(distributed, address))
    except (ValueError, MemoryError) as error:  # MemoryError: something else, such as the page on port 8787
        raise Problem("{address} is no address of a scheduler", address=repr(address)) from error
    except OSError as error:
        raise NoScheduler("No scheduler answers at {address}", address=address) from error
    client: Any = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    try:
        threads = client.nthreads()
        if not threads:
            raise OSError("no worker is there")
        if _is_installed():
            client.register_worker_callbacks(setup=partial(import_module, INSTALLED))
        _check_versions(client)
    except BaseException:
        client.close()
        raise
    return Workers(client.get_executor(pure=False), sum(threads.values()), client.close)


async def _ask(distributed: Any, address: str) -> None:
    """Connect to an address, and leave.

    A client of Dask would wait forever for one that takes the call and says nothing.
    """
    secured = distributed.Security().get_connection_args("client")
    call = distributed.comm.connect(address, timeout=PATIENCE, **secured)
    (await asyncio.wait_for(call, PATIENCE)).abort()


def _is_installed() -> bool:
    """Whether this is the installed program, in a folder of its own, and not a checkout."""
    found = find_spec(INSTALLED.partition(".")[0])
    folders = found.submodule_search_locations if found is not None else None
    return str(Path(__file__).parents[2]) in (folders or ())


def _check_versions(client: Any) -> None:
    programs: dict[str, Any] = client.run(program, on_error="return")  # an error where it is not installed
    for worker, found in programs.items():
        if found != program():
            raise Problem(
                "The worker {worker} has {found} of this program, not {version}",
                worker=worker,
                found=found if isinstance(found, str) else "nothing",
                version=program(),
            )
