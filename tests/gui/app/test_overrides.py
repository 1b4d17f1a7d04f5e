"""An error in a method that Qt calls while Python waits for Qt is raised, and does not end the process."""

import subprocess
import sys
from typing import Generic, TypeVar

import pytest

import gui.app.app  # noqa: F401 (its widgets)
from engine.experiments import EXPERIMENTS
from gui.app.overrides import guard_overrides, is_guarded, overrides, subclasses
from gui.plots.panel import Panel
from gui.screen.view import view_type

T = TypeVar("T")
BROKEN = """
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
import shiboken6

from gui.app.app import application


class Early(QWidget):
    def sizeHint(self):
        return {}["x"]


qt = application()
gone = QLabel()
shiboken6.delete(gone)


class Late(QWidget):
    broken = True

    def resizeEvent(self, event):
        1 / 0 if self.broken else None

    def paintEvent(self, event):
        gone.text()

    def mousePressEvent(self, event):
        float("x")


late = Late()
for name, act in (
    ("sizeHint", lambda: Early().adjustSize()),
    ("resizeEvent", lambda: Late().show()),
    ("paintEvent", lambda: (setattr(late, "broken", False), late.grab())),
    ("mousePressEvent", lambda: QTest.mousePress(late, Qt.MouseButton.LeftButton)),
):
    try:
        act()
    except (ArithmeticError, LookupError, RuntimeError, ValueError) as error:
        print(name, type(error).__name__)
"""


def test_errors_of_c_code_are_raised():
    done = subprocess.run(
        [sys.executable, "-c", BROKEN], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:-1] == [
        "sizeHint KeyError",
        "resizeEvent ZeroDivisionError",
        "paintEvent RuntimeError",
        "mousePressEvent ValueError",
    ]


PAINTED = """
import sys

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsRectItem, QLabel
import shiboken6

from gui.app.app import application
from gui.look.theme import LIGHT
from gui.plots.curves import CurvesPanel

qt = application()
told = []
sys.excepthook = lambda kind, error, trace: told.append(kind.__name__)
gone = QLabel()
shiboken6.delete(gone)


class Item(pg.GraphicsObject):
    def boundingRect(self):
        return QRectF(0, 0, 1, 1)

    def paint(self, painter, *rest):
        1 / 0


class Plain(QGraphicsRectItem):
    def paint(self, painter, *rest):
        {}["x"]


class Somewhere(pg.GraphicsObject):
    def boundingRect(self):
        return float("x") if self.scene() else QRectF()

    def paint(self, painter, *rest):
        pass


class Endless(pg.PlotCurveItem):
    def dataBounds(self, *rest, **options):
        return gone.text()


for item in (Item(), Plain(0, 0, 1, 1), Somewhere(), Endless([0, 1], [0, 1])):
    told.clear()
    panel = CurvesPanel("Curves", LIGHT)
    panel.plot.addItem(item)
    panel.resize(300, 200)
    panel.grab()
    panel.grab()
    panel.plot.removeItem(item)
    panel.grab()
    print(*set(told), len(told) if len(told) == 2 else "more", flush=True)
"""


def test_what_raises_in_an_item_that_a_user_adds_is_told_while_it_is_painted_and_the_window_lives():
    done = subprocess.run(
        [sys.executable, "-c", PAINTED], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "ZeroDivisionError 2",
        "KeyError 2",
        "ValueError more",
        "RuntimeError more",
    ]


@pytest.fixture
def _every_view():
    for name in EXPERIMENTS:
        view_type(name)
    guard_overrides()


@pytest.mark.usefixtures("_every_view")
def test_every_method_that_qt_calls_is_guarded():
    own = [cls for cls in subclasses() if cls.__module__.startswith("gui.")]
    found = [(cls.__name__, name, is_guarded(method)) for cls in own for name, method in overrides(cls)]
    assert {
        ("Panel", "paintEvent", True),
        ("Places", "resizeEvent", True),
        ("LineUndo", "eventFilter", True),
        ("PlaybackStep", "undo", True),
        ("Head", "paintEvent", True),
    } <= set(found)
    assert [place for place in found if not place[2]] == []


def test_a_class_with_more_bases_is_made_as_ever():
    class Kind(Panel, Generic[T]):
        pass

    assert Kind.__parameters__ == (T,)
