"""Seconds from start to the moving race, and memory of a run of a million steps.

python -m tests.benchmarks.start_and_memory
"""

import subprocess
import sys
from time import time

MOVING = """
import sys
from time import time
from tests.benchmarks.window import open_window
with open_window() as window:
    from PySide6.QtWidgets import QApplication
    window.page.play()
    while window.page.step < 2:
        QApplication.processEvents()
    print(time() - float(sys.argv[1]))
"""
MILLION = """
import resource
from tests.benchmarks.window import open_window
from engine.config import replaced
with open_window() as window:
    from PySide6.QtWidgets import QApplication
    page = window.page
    page.edit(replaced(page.config, steps=1_000_000, racers=page.config.racers[2:]))
    page.tick(0.0)
    while page.runner.finish is None:
        page.seek(page.runner.recording.last)
        QApplication.processEvents()
    page.seek(1_000_000)
    window.tab.tick(0.0)
    window.tab.view.repaint()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "MB at the most for 10^6 steps of 4 racers")
"""


def main() -> None:
    """Print both."""
    times = []
    for _ in range(5):
        words = [sys.executable, "-c", MOVING, str(time())]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        times.append(float(done.stdout))
    print(f"start to the moving race, process and imports included: best {min(times):.2f} s, "
          f"median {sorted(times)[2]:.2f} s")  # fmt: skip
    subprocess.run([sys.executable, "-c", MILLION], check=True)


if __name__ == "__main__":
    main()
