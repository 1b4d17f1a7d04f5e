"""A double click on a session, a lesson or a sweep opens it in Nabla: two files that tell the desktop so.

They follow the specifications of freedesktop.org and stand in the user's own folders; nothing else is
changed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
RESOURCES = TOP / "resources"
NAME = "nabla.desktop"


def associate(remove: bool = False) -> int:
    """Tell the desktop of the files of Nabla, or that there is none any more; returns the exit code.

    Raises:
        OSError: a file cannot be written.
    """
    if sys.platform in ("win32", "darwin"):
        print("This is for the desktops of Linux. Here, choose Nabla once under Open with.", file=sys.stderr)
        return 2
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    entry, types = data / "applications" / NAME, data / "mime" / "packages" / "nabla.xml"
    if remove:
        entry.unlink(missing_ok=True)
        types.unlink(missing_ok=True)
    else:
        for path in (entry, types):
            path.parent.mkdir(parents=True, exist_ok=True)
        entry.write_text(desktop_entry(), encoding="utf-8")
        shutil.copyfile(RESOURCES / "desktop" / "nabla.xml", types)
    print(f"{'Removed' if remove else 'Written'}: {entry}, {types}")
    indexes = {"update-mime-database": data / "mime", "update-desktop-database": data / "applications"}
    missing = [name for name, folder in indexes.items() if folder.is_dir() and not _run([name, str(folder)])]
    if missing:
        print(f"{' and '.join(missing)} did not run: without it some desktops do not know of this.")
    return 0


def desktop_entry() -> str:
    """The entry with this program in it."""
    frozen = hasattr(sys, "frozen")
    words = [sys.executable] if frozen else [sys.executable, str(TOP / "main.py")]
    text = (RESOURCES / "desktop" / NAME).read_text(encoding="utf-8")
    text = text.replace("@icon@", str(RESOURCES / "icons" / "nabla.svg"))
    return text.replace("@exec@", " ".join(map(_quoted, words)))


def _quoted(word: str) -> str:
    """A word of a command line, as the specification of desktop entries wants it."""
    inner = re.sub(r'(["`$\\])', r"\\\1", word).replace("\\", "\\\\").replace("%", "%%")
    return f'"{inner}"'


def _run(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
