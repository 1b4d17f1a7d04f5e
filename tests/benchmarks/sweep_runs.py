"""How much faster two processes make the runs of a sweep than one, and what a run costs beside itself.

python -m tests.benchmarks.sweep_runs [turns]

64 runs of the default classifier, from the press on Run to the last result in the file, in turns. `first` is
the time until the first result, `cold` the same where the program that is copied has not been started
before. The least of all turns is printed too: other programs can only make a turn longer.
"""

import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from engine.experiments import EXPERIMENTS
from engine.setting_paths import plain_values
from engine.sweeps.axis import axis
from engine.sweeps.execute import execute
from engine.sweeps.plan import SweepPlan
from engine.sweeps.processes import processes
from engine.sweeps.store import SweepStore

NAME = "losses.classifier"


def plan() -> SweepPlan:
    """Eight learning rates under eight seeds."""
    config = EXPERIMENTS[NAME].config_type()
    rates = axis("optimizer.learning_rate=1e-3..0.3:8:log", config)
    return SweepPlan(NAME, plain_values(config), (rates,), 8, "held_out.loss")


def made(workers: int) -> tuple[float, float, float, float]:
    """Make the sweep: seconds in all, to the first result, of a run, and of this process for each run."""
    with tempfile.TemporaryDirectory() as folder, SweepStore(Path(folder) / "some.sweep") as store:
        begin, worked, first, seconds = perf_counter(), process_time(), 0.0, []
        for results in execute(plan(), store, partial(processes, workers)):
            first = first or (perf_counter() - begin if results else 0.0)
            seconds += [result.seconds for _, result in results]
        whole, beside = perf_counter() - begin, process_time() - worked
    return whole, first, median(seconds), beside / len(seconds)


def main() -> None:
    """Print the table."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(f"cold: first result after {made(2)[1]:.2f} s")
    tables = {count: [] for count in (1, 2)}  # type: dict[int, list[tuple[float, float, float, float]]]
    for _ in range(turns):
        for count, rows in tables.items():
            rows.append(made(count))
    for count, rows in tables.items():
        whole, first, run, beside = (median(column) for column in zip(*rows, strict=True))
        least = min(row[0] for row in rows)
        print(
            f"{count} process(es): {whole:.2f} s (least {least:.2f}), first after {1000 * first:.0f} ms,"
            f" a run {1000 * run:.0f} ms, beside it {1000 * beside:.1f} ms of processor"
        )
    one, two = (min(row[0] for row in rows) for rows in tables.values())
    print(f"two as fast as one times {one / two:.2f} (least to least; limit 1.8)")


if __name__ == "__main__":
    main()
