"""Finds out, before Qt does and ends the process, whether a window can be opened; and says what is missing.

Only Linux needs this. It is plain Python: Qt itself may be what cannot be loaded.
"""

import ctypes
import os
import sys
from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[2] / "resources" / "debian-packages.txt"


def obstacle(window: bool = True, program: str = "nabla") -> str | None:
    """Return in one line why no window (or, without `window`, no figure) can be made, or None."""
    if not sys.platform.startswith("linux"):
        return None
    window = window and not _needs_no_display()
    wayland = bool(os.environ.get("WAYLAND_DISPLAY"))
    missing = {
        library: package
        for library, package in libraries(window and not wayland).items()
        if not _loads(library)
    }
    if missing:
        return (
            f"Qt needs {', '.join(missing)}, which cannot be loaded. "
            f"On Debian and Ubuntu: sudo apt-get install {' '.join(missing.values())}"
        )
    advice = f"Figures can be made without a display: {program} render SESSION --out DIR"
    display = os.environ.get("DISPLAY")
    if window and not display and not wayland:
        return f"There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set). {advice}"
    if window and not wayland and not _answers():
        return f"The display {display} does not answer. {advice}"
    return None


def libraries(window: bool) -> dict[str, str]:
    """Return the libraries that Qt loads, and their Debian packages; those of an X11 window too if asked."""
    needed = ("qt", "x11") if window else ("qt",)
    lines = PACKAGES.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {row[2]: row[0] for row in rows if len(row) == 3 and row[1] in needed}


def _needs_no_display() -> bool:
    """Whether the user has chosen a platform that needs no display server."""
    return os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal", "vnc", "linuxfb")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _answers() -> bool:
    """Whether the X server named by DISPLAY lets us connect."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    error = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not error
