"""The script of a session's run, on the terminal."""

import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from engine.config import Problem
from engine.scripts.table import script_of
from engine.scripts.writer import Framework
from engine.session import SessionError, decode, files_outside, home_of, placed
from gui.app.experiment_asked import experiment_asked
from gui.app.script_files import write_script
from gui.export.carried import session_bytes
from gui.look.language import install, tr
from gui.look.plain import plain_name

LONGEST = 300  # characters of a line


@dataclass(frozen=True)
class ScriptOrder:
    """What is to be written: the words of the command line."""

    session: Path
    framework: Framework = "numpy"
    out: Path | None = None
    experiment: str | None = None
    language: str = "en"
    allow_files: bool = False

    def write(self) -> None:
        """Write the script into its file, or print it.

        Raises:
            Problem: it cannot be written; the reason.
        """
        session = placed(decode(session_bytes(self.session)), home_of(self.session))
        name = session.open if self.experiment is None else experiment_asked(self.experiment).name
        outside = files_outside(session, home_of(self.session))
        if outside and not self.allow_files:
            raise SessionError(
                "The session names files outside its folder: {files}. Add --allow-files to have them read.",
                files=", ".join(map(plain_name, outside[:4])),
            )
        folder = (Path.cwd() if self.out is None else self.out.absolute().parent).resolve()
        script = script_of(name, session.config(name), self.framework, tr, folder)
        if self.out is not None:
            write_script(script, self.out)
            return
        print(script.text, end="")
        if script.files:
            print(f"It reads {', '.join(script.files)}, written with --out FILE.", file=sys.stderr)


def print_script(order: ScriptOrder) -> int:
    """Obey; returns the exit code: 0, or 2 if there is no such script."""
    if order.language != "en":
        install(QCoreApplication.instance() or QCoreApplication([]), order.language)
    try:
        order.write()
    except SessionError as problem:
        place = f" ({problem.where})" if problem.where else ""
        print(plain_name(f"{order.session}: {problem}{place}", LONGEST), file=sys.stderr)
        return 2
    except Problem as problem:
        place = f"{problem.where}: " if problem.where else ""
        print(plain_name(f"{place}{problem}", LONGEST), file=sys.stderr)
        return 2
    return 0
