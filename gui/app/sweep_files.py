"""The files of a sweep: where its results are kept, the table of its runs, the picture of its results."""

import io
from pathlib import Path

from engine.config import Problem
from engine.sweeps.execute import Finished
from engine.sweeps.plan import SweepPlan
from engine.sweeps.store import SweepStore
from gui.app.recovery import data_folder
from gui.app.sweep_command import write_runs
from gui.export import export
from gui.export.files import write
from gui.look.plain import plain_name

PICTURE = 900.0, 600.0  # logical pixels of a saved picture
SUFFIX = ".sweep"


def default_path(experiment: str) -> Path:
    """Where the runs of an experiment are kept: all of them in one file, so that none is made twice.

    Raises:
        Problem: there is no place.
    """
    folder = data_folder()
    if folder is None:
        raise Problem("This system knows no place for data.")
    try:
        (folder / "sweeps").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem("{name} cannot be used: {reason}", name="sweeps", reason=error.strerror) from error
    return folder / "sweeps" / f"{experiment}{SUFFIX}"


def plan_in(path: Path, experiment: str) -> SweepPlan:
    """The sweep of this experiment that a file of results is for.

    Raises:
        Problem: the file cannot be read, or is of another experiment.
    """
    with SweepStore(path) as store:
        plan = store.plan()
    if plan is None:
        raise Problem("{name} is no file of sweeps", name=plain_name(path.name))
    plan.check()
    if plan.experiment != experiment:
        raise Problem("This file is of another experiment: {name}", name=plan.experiment)
    return plan


def save_table(plan: SweepPlan, results: Finished, path: Path) -> None:
    """Write every run as a line of a table, with the mark by which Excel knows UTF-8.

    Raises:
        Problem: the file cannot be written; what was there before is unchanged.
    """
    text = io.StringIO(newline="")
    write_runs(plan, results, text)
    write(path, export.MARK + text.getvalue().encode("utf-8"))


def save_picture(drawing: export.Paintable, path: Path) -> None:
    """Write a picture of the results, as its name ends: PNG, SVG or PDF.

    Raises:
        Problem: the file cannot be written.
    """
    vectors = {".svg": export.save_svg, ".pdf": export.save_pdf}
    vectors.get(path.suffix.lower(), export.save_png)(drawing, path, PICTURE)
