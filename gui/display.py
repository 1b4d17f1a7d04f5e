"""Finds out, before Qt does and ends the process, whether a window can be opened; and says what is missing.

Only Linux needs this. It is plain Python: Qt itself may be what cannot be loaded.
"""

import ctypes
import os
import sys

# shared library that Qt's X11 plug-in loads → the Debian package it is in
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
BARE = ("libEGL.so.1", "libGL.so.1", "libfontconfig.so.1", "libglib-2.0.so.0", "libdbus-1.so.3",
        "libxkbcommon.so.0")  # fmt: skip  # what Qt needs even without a display
ADVICE = "Figures can be made without a display: python main.py render SESSION --out DIR"


def obstacle(window: bool = True) -> str | None:
    """Return in one line why no window (or, without `window`, no figure) can be made, or None."""
    if not sys.platform.startswith("linux") or (window and _chosen_platform()):
        return None
    needed = LIBRARIES if window and not os.environ.get("WAYLAND_DISPLAY") else BARE
    missing = [LIBRARIES[library] for library in needed if not _loads(library)]
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if missing:
        return f"Qt cannot be loaded: apt install {' '.join(missing)}"
    if window and not display:
        return f"There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set). {ADVICE}"
    if window and not os.environ.get("WAYLAND_DISPLAY") and not _answers():
        return f"The display {display} does not answer. {ADVICE}"
    return None


def _chosen_platform() -> bool:
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
