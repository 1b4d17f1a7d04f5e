"""The files of a sweep: where its results are kept, the table of its runs, the picture of its results."""

import io
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from engine.config import Problem
from engine.data.user_files import head_of
from engine.session import Session, files_named, home_of, placed
from engine.setting_paths import plain_values
from engine.sweeps.axis import settings_to_vary
from engine.sweeps.execute import Finished
from engine.sweeps.plan import SweepPlan
from engine.sweeps.store import SweepStore, is_database, is_sweep
from gui.app.document_questions import allowed
from gui.app.recovery import data_folder
from gui.app.sweep_command import write_runs
from gui.export import export
from gui.export.files import write
from gui.look.plain import plain_name

PICTURE = 900.0, 600.0  # logical pixels of a saved picture
SUFFIX = ".sweep"


def is_results(path: Path) -> bool:
    """Whether a file is one of results by its name, or a database by its content."""
    try:
        return path.suffix == SUFFIX or is_database(head_of(path, 16))
    except Problem:
        return False


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


def plan_in(path: Path) -> SweepPlan:
    """The sweep that a file of results is for, with every path absolute. No other file is read.

    Raises:
        Problem: the file cannot be read, is something else, or its sweep cannot be shown.
    """
    name = plain_name(path.name)
    head = head_of(path, 100)
    if is_database(head) and not is_sweep(head):
        raise Problem("{name} is a database, but not one with results of a sweep", name=name)
    if not is_sweep(head):
        raise Problem("{name} is no file of sweeps", name=name)
    with SweepStore(path) as store:
        plan = store.plan()
    if plan is None:
        raise Problem("{name} is no file of sweeps", name=name)
    config = placed(_session_of(plan), home_of(path)).config(plan.experiment)
    plan = replace(plan, config=plain_values(config))
    plan.check()
    known = {one.path for one in settings_to_vary(config)}
    for axis in plan.axes:
        if axis.path not in known:
            raise Problem("This setting cannot be varied here: {path}", path=plain_name(axis.path))
    return plan


def asked(window: QWidget, plan: SweepPlan, path: Path, session: Session) -> SweepPlan | None:
    """A plan out of a file as it may be used: the user is asked about files that it would read.

    It is not asked about those in its own folder, and those that the running session names already. None: it
    may not be used.
    """
    whole = _session_of(plan)
    found = allowed(window, whole, path, files_named(session))
    if found is None or found is whole:
        return None if found is None else plan
    return replace(plan, config=plain_values(found.config(plan.experiment)))


def _session_of(plan: SweepPlan) -> Session:
    return Session(open=plan.experiment, experiments={plan.experiment: plan.base()})


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
