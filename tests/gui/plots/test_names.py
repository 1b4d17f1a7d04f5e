"""Where the names of curves stand, and that they are no part of the data."""

from math import hypot

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from gui.look.theme import DARK, LIGHT
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.labels import end_labels
from tests.gui.bench import left
from tests.gui.plots.conftest import mouse
from tests.gui.words_seen import faults, read

X = np.arange(10.0)
KINDS = ("adam", "momentum", "adagrad", "newton")


def shown_curves(shown, heights, until=10, cursor=None):
    """A plot of level curves, by name, that have come to a step."""
    plot = shown(CurvesPanel("Loss", LIGHT))
    plot.set_axes(("step", ""), ("loss", ""), x_limits=(0, 9), y_limits=(0, 10))
    plot.set_curves(
        [
            Curve(name, name, X[:until], np.full(until, float(y)), LIGHT.stroke(kind))
            for kind, (name, y) in zip(KINDS, heights.items(), strict=False)
        ]
    )
    plot.set_cursor(cursor)
    return plot, {word.text: word.box for word in read(plot).words}


def test_in_a_low_plot_the_axis_has_its_name_between_two_of_its_numbers(shown):
    plot, _ = shown_curves(shown, {"one": 5})
    plot.resize(400, 110)
    boxes = {word.text: word.box for word in read(plot).words}
    assert not plot.axes().captions
    row = max(box.center().y() for text, box in boxes.items() if text.isdigit())
    assert abs(boxes["step"].center().y() - row) < 6
    assert not [text for text, box in boxes.items() if text != "step" and box.intersects(boxes["step"])]


def test_a_name_stands_beside_the_end_of_its_curve(shown):
    plot, boxes = shown_curves(shown, {"high": 9, "middle": 5, "low": 1})
    rect = plot.axes().plane.rect
    for name, y in {"high": 9, "middle": 5, "low": 1}.items():
        assert 0 < boxes[name].left() - rect.right() <= 12
        end = rect.bottom() - y / 10 * rect.height()
        assert abs(boxes[name].center().y() - end) <= 4


@pytest.mark.parametrize(
    "heights", [{"one": 5, "two": 5, "three": 5, "four": 5}, {"short": 5, "long " * 9: 2}]
)
def test_names_with_no_room_beside_their_ends_stand_above(shown, heights):
    plot, boxes = shown_curves(shown, heights)
    top = plot.axes().plane.rect.top()
    assert all(box.bottom() < top for text, box in boxes.items() if text in heights)


def test_names_of_curves_that_end_in_the_middle_stand_above(shown):
    plot, boxes = shown_curves(shown, {"high": 9, "low": 1}, until=4)
    assert boxes["high"].bottom() < plot.axes().plane.rect.top()


def test_a_legend_has_the_values_at_the_playhead(shown):
    plot, boxes = shown_curves(shown, {"high": 9, "low": 1.25}, cursor=3.0)
    top = plot.axes().plane.rect.top()
    assert boxes["high"].right() < boxes["9.000"].left() < boxes["low"].left() < boxes["1.250"].left()
    assert all(boxes[text].bottom() < top for text in ("high", "9.000", "low", "1.250"))


def test_a_legend_says_how_many_names_it_has_no_room_for_and_the_mouse_brings_them(shown):
    names = ["layer 1", "全部神经元", "one that has no room anywhere here", "d", "e", "f", "庚", "辛"]
    plot, _ = shown_curves(shown, dict.fromkeys(names, 5))
    plot.set_curves([Curve(name, name, X, X * k, LIGHT.stroke("adam")) for k, name in enumerate(names)])
    for width, height, cursor in ((240, 160, None), (240, 160, 3.0), (150, 150, None), (330, 110, 3.0)):
        plot.set_cursor(cursor)
        plot.resize(width, height)
        words = [word.text for word in read(plot).words]
        (left_out,) = [int(text[1:]) for text in words if text.startswith("+")]
        heads = [name[:2] for name in names]  # a long one may end with …
        assert [text[:2] for text in words if text[:2] in heads] == heads[:-left_out]
        assert [fault for fault in faults(plot) if "over" in fault] == []
        rect = plot.axes().plane.rect
        mouse(plot, "hover", QPointF(rect.center().x(), rect.top() - 12))
        assert plot.viewport().toolTip().split("\n") == names
        mouse(plot, "hover", rect.center())
        assert plot.viewport().toolTip() == ""
        left(plot)
    plot.resize(900, 400)
    assert set(names) <= {word.text for word in read(plot).words}
    rect = plot.axes().plane.rect
    mouse(plot, "hover", QPointF(rect.center().x(), rect.top() - 12))
    assert plot.viewport().toolTip() == ""


def test_names_go_before_values(shown):
    plot, _ = shown_curves(shown, {"layer 1": 9, "layer 2": 1.25, "layer 3": 2, "all": 1.5}, cursor=3.0)
    plot.resize(240, 128)
    words = {word.text for word in read(plot).words}
    assert {"layer 1", "layer 2", "layer 3", "all"} <= words
    assert "9.000" not in words
    plot.resize(400, 128)
    assert {"layer 1", "layer 2", "layer 3", "all", "9.000"} <= {word.text for word in read(plot).words}


def test_a_legend_stays_where_it_is_while_a_run_grows(shown):
    places = []
    for until in range(1, 10):
        plot, boxes = shown_curves(shown, {"high": 9, "low": 1}, until, cursor=until - 1.0)
        places.append((boxes["high"], boxes["low"], plot.axes().plane.rect))
    assert all(place == places[0] for place in places)


def test_no_value_is_said_where_the_curve_is_not(shown):
    _, boxes = shown_curves(shown, {"high": 9, "low": 1}, until=4, cursor=7.0)
    assert "9.000" not in boxes


def test_of_what_is_measured_now_and_then_a_legend_has_the_last_measurement(shown):
    plot, _ = shown_curves(shown, {"high": 9}, cursor=5.0)
    y = np.array([4.0, np.nan, 2.0, np.nan, np.nan, np.nan, 1.0, np.nan, np.nan, np.nan])
    plot.set_curves(
        [
            Curve("held", "held-out", X, y, LIGHT.stroke("adam"), sparse=True),
            Curve("dead", "dead", X, X * 3, LIGHT.stroke("momentum"), counts=True),
        ]
    )
    for step, said in ((0, "4.000"), (1, "4.000"), (5, "2.000"), (6, "1.000"), (9, "1.000")):
        plot.set_cursor(float(step))
        words = {word.text for word in read(plot).words}
        assert {said, str(3 * step)} <= words, "measured last, not between two; a count has no decimals"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_leaders_are_short_grey_and_in_the_margin(qapp, monkeypatch, theme):
    lines = []
    monkeypatch.setattr(
        QPainter, "drawLine", lambda painter, *ends: lines.append((painter.pen().color(), *ends))
    )
    rect = QRectF(0, 0, 100, 100)
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        painter.setFont(theme.font())
        end_labels(
            painter, theme, rect, [(50.0, "one", theme.stroke("adam")), (50.0, "two", theme.stroke("p"))]
        )
    assert len(lines) == 2
    for colour, start, end in lines:
        assert colour.name() == theme.quiet.lower()
        assert isinstance(start, QPointF)
        assert hypot(end.x() - start.x(), end.y() - start.y()) <= 12
        assert min(start.x(), end.x()) > rect.right()
