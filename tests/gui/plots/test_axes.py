import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from gui.plots.axes import Axis, _upright, lay_out
from gui.theme import LIGHT


@pytest.mark.parametrize(
    ("height", "said"),
    [(400, "surprise at each step (nats) · log scale"), (210, "surprise at each step (nats)")],
)
def test_the_name_beside_a_low_axis_becomes_shorter_but_is_not_cut(qapp, height, said):
    y = Axis("surprise at each step", "nats", log=True)
    axes = lay_out(QRectF(0, 0, 300, height), LIGHT, Axis("step"), y, ((0.0, 9.0), (-2.0, 0.0)))
    metrics = QFontMetricsF(LIGHT.font())
    text, middle, length = _upright(axes, metrics)
    assert text == said
    assert length >= metrics.horizontalAdvance(text)
    assert middle + length / 2 <= height
    assert middle - length / 2 >= axes.plane.rect.top() - metrics.height()
