"""How often plots are painted: each frame costs what its pictures cost."""

from collections import Counter

import pytest
from PySide6.QtWidgets import QApplication

from gui.plots.panel import Panel


@pytest.mark.parametrize("name", ["entropy.fit", "gradients.dying_relu"])
def test_a_step_is_painted_once_in_every_plot(name, on_screen, monkeypatch):
    painted, paint = Counter(), Panel.paintEvent

    def counted(panel, event):
        painted[panel] += 1
        paint(panel, event)

    monkeypatch.setattr(Panel, "paintEvent", counted)
    screen = on_screen(name, goal=9, notes=False)
    screen.playback.seek(3)
    screen.tick(1.0)
    screen.view.catch_up()
    QApplication.processEvents()
    painted.clear()
    screen.playback.seek(4)
    screen.tick(1.0)
    at_once = dict(painted)
    QApplication.processEvents()
    assert set(at_once.values()) == {1}
    assert len(at_once) > 2
    assert painted == at_once
