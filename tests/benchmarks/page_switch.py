"""Milliseconds from the choice of an experiment to its picture, in the window's thread, every page in turn.

The page before is thrown away in this time, as it is while one works.

python -m tests.benchmarks.page_switch [rounds]
"""

import sys
from statistics import median
from time import process_time, thread_time

from engine.experiments import EXPERIMENTS
from tests.benchmarks.window import open_window


def main() -> None:
    """Print first visits and revisits, page by page."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    from gui.app.covered import COVERED

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in EXPERIMENTS}
    with open_window(1280, 720) as window:
        for _ in range(1 + rounds):
            for name in EXPERIMENTS:
                QApplication.processEvents()
                thread, process = thread_time(), process_time()
                window.show_experiment(name)
                QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # no event loop does it
                QApplication.processEvents()
                while window.testAttribute(COVERED):
                    QApplication.processEvents()
                times[name].append((1000 * (thread_time() - thread), 1000 * (process_time() - process)))
    print("page: first visit, revisit (in brackets: with the engine's thread)")
    for name, each in times.items():
        again = median(t for t, _ in each[1:]), median(p for _, p in each[1:])
        print(f"{name:34} {each[0][0]:5.0f} ({each[0][1]:.0f})  {again[0]:5.0f} ({again[1]:.0f})")
    revisits = [median(t for t, _ in each[1:]) for each in times.values()]
    print(f"median revisit: {median(revisits):.0f} ms; longest: {max(revisits):.0f} ms")


if __name__ == "__main__":
    main()
