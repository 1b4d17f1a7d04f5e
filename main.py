"""Nabla: a laboratory for the foundations of deep learning.

python main.py                      open the window where you left off
python main.py SESSION              open a session file
python main.py render SESSION ...   make the figures of a session, without a display
python main.py list                 the experiments, tab by tab
"""

import argparse
import os
import sys
from pathlib import Path

# One thread for linear algebra: two of them and a window on two cores wait for each other.
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; returns the exit code (2: wrong use, or nothing to draw on)."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["list"]:
        return list_experiments()
    if words[:1] == ["render"]:
        return render(words[1:])
    parser = argparse.ArgumentParser(
        prog="main.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("session", nargs="?", type=Path, help="a session file")
    options = parser.parse_args(words)
    from gui.display import obstacle

    if problem := obstacle():
        print(problem, file=sys.stderr)
        return 2
    from gui import app

    return app.run(options.session)


def list_experiments() -> int:
    """Print the experiments, tab by tab."""
    from engine.experiments import CATALOGUE

    for tab, experiments in CATALOGUE.items():
        for experiment in experiments:
            title = tab.upper() if tab == "lstm" else tab.capitalize()
            print(f"{experiment.name:24} {title} ▸ {experiment.title}")
    return 0


def render(words: list[str]) -> int:
    """Make the figures of a session."""
    parser = argparse.ArgumentParser(prog="main.py render", description="Make the figures of a session.")
    parser.add_argument("session", type=Path, help="a session file")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the figures go")
    parser.add_argument("--experiment", metavar="NAME", help="only this one, such as optimizers.race")
    parser.add_argument("--format", default="png", help="any of png,svg,pdf,csv,gif with commas (png)")
    parser.add_argument(
        "--dpi", type=int, default=192, help="resolution of PNG; 96 is one pixel a point (192)"
    )
    parser.add_argument("--frames", type=int, default=60, help="pictures of a GIF, over the whole run (60)")
    parser.add_argument("--fps", type=int, default=15, help="pictures a second of a GIF (15)")
    parser.add_argument("--width", type=int, default=960, help="pixels across a GIF (960)")
    parser.add_argument("--size", default="1440x900", metavar="WxH", help="logical size (1440x900)")
    parser.add_argument("--theme", choices=("light", "dark"), help="the session's unless given")
    parser.add_argument("--language", choices=("en", "zh_CN"), help="the session's unless given")
    parser.add_argument("--window", action="store_true", help="pictures of the whole window instead")
    options = parser.parse_args(words)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gui.display import obstacle

    if problem := obstacle(window=False):
        print(problem, file=sys.stderr)
        return 2
    from gui.render import Order, render_session

    return render_session(Order(**vars(options)))


if __name__ == "__main__":
    sys.exit(main())
