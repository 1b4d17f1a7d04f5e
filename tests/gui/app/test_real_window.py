"""Once more on a real X display, with a window manager and a mouse: what offscreen cannot show."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NEEDED = ("Xvfb", "openbox", "xdotool")
PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.app.app import application
from gui.look.preferences import Preferences
from gui.app.window import Window
from PySide6.QtCore import QSettings
import subprocess

folder = Path(sys.argv[1])
qt = application()
preferences = Preferences(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
preferences.language, preferences.theme = "en", "light"
window = Window(preferences, folder)
window.resize(1280, 720)
window.clock.start()
window.show()
field = window.on_screen.view.field

def until(condition, then, tries=400):
    if condition():
        then()
    elif tries:
        QTimer.singleShot(20, lambda: until(condition, then, tries - 1))
    else:
        print("gave up waiting", file=sys.stderr)
        qt.exit(3)

def drag():
    plane = field.axes().plane
    here = field.mapToGlobal(plane.point(*window.playback.config.start).toPoint())
    there = field.mapToGlobal(plane.point(0.5, 2.0).toPoint())
    words = ["xdotool", "mousemove", here.x(), here.y(), "mousedown", "1"]
    for part in (0.25, 0.5, 0.75, 1.0):
        x, y = here.x() + part * (there.x() - here.x()), here.y() + part * (there.y() - here.y())
        words += ["mousemove", round(x), round(y), "sleep", "0.05"]
    subprocess.Popen([str(word) for word in [*words, "mouseup", "1"]])
    playback = window.playback
    until(lambda: abs(playback.config.start[0] - 0.5) < 0.05 and playback.shown is playback.runner, keys)

def keys():
    before = window.playback.playing
    window.activateWindow()
    field.setFocus()
    subprocess.Popen(["xdotool", "key", "space"])
    until(lambda: window.playback.playing != before, finish)

def finish():
    window.grab().save(str(folder / "window.png"))
    print("start", *window.playback.config.start)
    window.documents.on_file = window.session()
    window.close()

until(lambda: window.isActiveWindow() and window.playback.shown is not None, drag)
sys.exit(qt.exec())
"""


@pytest.mark.skipif(any(shutil.which(name) is None for name in NEEDED), reason="needs Xvfb, openbox, xdotool")
def test_the_start_is_dragged_with_a_real_mouse(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LOGGING_RULES": ""}
    environment.pop("WAYLAND_DISPLAY", None)
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            environment["DISPLAY"] = ":" + pipe.readline().strip()
        manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
        try:
            words = [sys.executable, "-c", PROGRAM, str(tmp_path)]
            done = subprocess.run(
                words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
            )
        finally:
            manager.terminate()
            manager.wait()
    finally:
        server.terminate()
        server.wait()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("start 0.5") or done.stdout.startswith("start 0.4"), done.stdout
    assert (tmp_path / "window.png").stat().st_size > 20_000
