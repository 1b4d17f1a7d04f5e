"""Tests need no display, leave the user's settings alone, and must not leak threads, timers or windows."""

import os

for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import gc
import threading

import pytest
from hypothesis import settings

MANY, SELDOM = 20_000, 10  # new objects from which the young are looked at, and how often before the old are

# Seconds for each page, for each lesson, or for processes that are waited for
LONG = (
    "test_every_control",
    "test_every_plot",
    "test_every_press",
    "test_corners",
    "test_lessons",
    "test_cluster",
)

settings.register_profile("nabla", deadline=None, max_examples=60, derandomize=True, database=None)
settings.load_profile("nabla")


def pytest_xdist_auto_num_workers(config):
    """Three processes for two cores: while a test waits for a timer or a process, its core has another."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + cores // 2


def pytest_collection_modifyitems(items):
    """The long tests come first: were one the last, the other processes would wait for it.

    Of several processes each begins with a part of the list, all of one length, and takes tests from the
    end of another part when its own are done: so each part begins with long ones.
    """
    parts = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.path.stem in LONG]
    short = [item for item in items if item.path.stem not in LONG]
    items[:] = [
        item
        for part in range(parts)
        for item in long[part::parts] + short[len(short) * part // parts : len(short) * (part + 1) // parts]
    ]


def pytest_collection_finish():
    """Thousands of tests and all modules stay to the end: the garbage collector need not look at them.

    It runs between tests alone: in a thread that a test has, it would take widgets there that are in a cycle.
    """
    gc.collect()
    gc.freeze()
    gc.disable()


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory):
    """Settings and data go to a folder of the test run."""
    folder = tmp_path_factory.mktemp("home")
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    os.environ["XDG_DATA_HOME"] = str(folder / "data")


@pytest.fixture(autouse=True)
def _nothing_leaks(request):
    """After a test that used Qt: no top-level widget, no pressed button of the mouse, no thread."""
    before = set(threading.enumerate())
    yield
    young, _, old = gc.get_count()
    if young > MANY:
        gc.collect(2 if old > SELDOM else 1)
    if "qapp" in request.fixturenames or "qtbot" in request.fixturenames:
        from PySide6.QtCore import QEvent, Qt, QThread
        from PySide6.QtWidgets import QApplication

        qt = QApplication.instance()
        QApplication.closeAllWindows()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        assert [thread for thread in qt.findChildren(QThread) if thread.isRunning()] == []
        assert [widget for widget in qt.topLevelWidgets() if widget.isVisible()] == []
        assert _let_go() == Qt.MouseButton.NoButton, "a button of the mouse is still pressed"
    assert [
        thread
        for thread in set(threading.enumerate()) - before
        if thread.is_alive() and not thread.name.startswith("Dummy")
    ] == []


def _let_go():
    """Release what a test holds, or all tests after it would hold it too; tell what it was."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QWidget

    held = QApplication.mouseButtons()
    nowhere = QWidget()
    for button in held:
        QTest.mouseRelease(nowhere, button)
    return held
