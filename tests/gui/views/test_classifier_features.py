"""The page of the classifier with filters: maps, vector and weights; and a digit that is drawn."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from msgspec import ValidationError, convert
from PySide6.QtCore import QPointF, Qt

from engine.config import replaced
from engine.data.settings import CsvFile, Digits, Xor
from engine.experiments.losses.classifier import EXPERIMENT
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.experiments.losses.classifier_features import EdgeFilters, LearntFilters
from engine.experiments.losses.classifier_inspection import DRAWN, follow, follow_drawing
from engine.session import Look, Session, decode, encode
from gui.export.export import picture
from gui.look.language import install
from gui.look.theme import DARK, LIGHT
from gui.views.losses import classifier_maps_shown as maps_shown
from gui.views.losses.classifier import ClassifierView
from gui.views.losses.classifier_maps_shown import VectorEntry
from gui.views.losses.classifier_options import ClassifierOptions
from tests.gui.bench import drag, wheel
from tests.gui.themes import in_turn
from tests.gui.views.moments import present_step, ran, told
from tests.gui.words_seen import faults

LEARNT = ClassifierConfig(features=LearntFilters(), epochs=2)
EDGES = ClassifierConfig(features=EdgeFilters(), epochs=1)
HIDDEN = replaced(LEARNT, layers=1, width=40, epochs=1)
ONE = ("380,300 500,150 500,850",)

trained = partial(ran, EXPERIMENT)
VIEW, BEGIN = ClassifierView, LEARNT


def columns(panel):
    return dict(panel.table())


def followed(view):
    at = view.at
    return follow(at.config, at.data, at.snapshot, view.example.trace.example)


def test_filters_make_the_maps_and_weights_the_hero(make):
    view = make(way=True)
    assert view.inside.currentWidget() is view.maps
    assert make(ClassifierConfig(epochs=1)).inside.currentWidget() is not view.maps
    expected, table = followed(view), columns(view.maps)
    np.testing.assert_array_equal(table["value"], expected.flat)
    assert (table["map"][36], table["row"][36], table["column"][36]) == (3, 2, 1)  # entry 37 = 2·16 + 4 + 1
    w = view.at.snapshot.parameters[80:-4].reshape(128, 4)
    for k, name in enumerate("0123"):
        np.testing.assert_array_equal(table[f"weight of {name}"], w[:, k])
    b = view.at.snapshot.parameters[-4:]
    np.testing.assert_allclose(view.maps.shown.added.sum(axis=1) + b, expected.logits, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(columns(view.example)["vector"], expected.flat)


def test_an_entry_of_the_vector_is_found_in_its_map_in_the_strip_and_in_the_weights(make):
    view = make()
    panel, sheet = view.maps, view.maps._sheet_now
    entry = VectorEntry(2, 1, 0)
    spot = sheet.pooled(2)
    inside = spot.topLeft() + QPointF(0.1 * spot.width(), 0.4 * spot.height())
    assert panel._found_at(inside) == entry
    assert panel._found_at(sheet.entry(2, 4).center()) == entry
    weights = sheet.weights(3, 2)
    assert panel._found_at(weights.topLeft() + QPointF(3, 0.4 * weights.height())) == replace(entry, neuron=3)
    assert panel._found_at(sheet.name(0).center()) is None


def test_what_is_said_of_an_entry_is_its_place_its_value_and_the_product(make, qtbot):
    view = make()
    panel, shown = view.maps, view.maps.shown
    told_of = []
    panel.hovered.connect(told_of.append)
    for key, count in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 2), (Qt.Key.Key_Right, 4)):
        for _ in range(count):
            qtbot.keyClick(panel, key)
    assert told_of[-1] == VectorEntry(2, 1, 0)
    value, weight = shown.maps.pooled[2, 1, 0], shown.weights[3, 2, 1, 0]
    text = maps_shown.told(shown, VectorEntry(2, 1, 0, 3))
    assert text.startswith("entry 37: map 3, row 2, column 1: ")
    assert float(text.rsplit("= ")[1].replace("−", "-")) == pytest.approx(value * weight, rel=1e-3)


def test_many_neurons_are_on_pages(make, qtbot):
    view = make(HIDDEN, way=True)
    panel = view.maps
    sheet = panel._sheet_now
    assert sheet.neurons == 40
    assert panel._page(sheet) == range(sheet.on_page)
    wheel(panel.viewport(), notches=-1)
    assert panel._page(sheet).start == sheet.on_page
    qtbot.keyClick(panel, Qt.Key.Key_PageUp)
    assert panel._page(sheet).start == 0
    np.testing.assert_allclose(panel.shown.sums, view.example.trace.layers[0].z)


def test_the_formulas_lead_from_the_picture_to_the_vector(make):
    view = make(way=True)
    titles = [live.title for live in told(view)]
    assert titles.index("Feature maps") < titles.index("Pooled, then flattened") < titles.index("Logits")
    text = "\n".join(live.numbers for live in told(view))
    assert "8 filters of 3 × 3 make 8 maps of 8 × 8" in text
    assert "8 maps of 4 × 4 make a vector of 128 entries" in text
    parts = next(live for live in told(view) if live.title.startswith("What each map adds")).numbers
    values = [float(one.replace("−", "-")) for one in re.findall("→\u00a0(\\S+)", parts)]
    assert len(values) == 8 + 1, "eight maps and the bias"
    assert sum(values) == pytest.approx(followed(view).logits.max(), abs=0.01)
    assert any("|" in live.latex for live in told(make(EDGES)))


def test_the_check_covers_the_filters(make, qtbot):
    view = make()
    with qtbot.waitSignal(view.live_changed):
        qtbot.mouseClick(view.check.button, Qt.MouseButton.LeftButton)
    assert len(view.checked.checks) == 2
    assert "✓" in view.check.badge.text()
    titles = [live.title for live in told(view) if live.check]
    assert titles == ["Feature maps", "Gradient at the logits"]


@pytest.mark.parametrize(("config", "theme"), in_turn([LEARNT, EDGES, HIDDEN]))
def test_it_paints_itself_at_any_size(make, config, theme):
    view = make(config, theme=theme)
    for size in ((160, 100), (700, 400), (1500, 900)):
        assert not picture(view.maps, size).isNull()
    view.grab()


# A drawing


def draw(view, *places):
    drag(view.pad.viewport(), [view.pad._pixel(place).toPoint() for place in places])


def test_a_drawn_digit_is_followed_while_it_is_drawn(make, qtbot):
    view = make(ClassifierConfig(epochs=3), size=(1000, 800))
    qtbot.mouseClick(view.bar["draw"], Qt.MouseButton.LeftButton)
    assert view.pad.isVisible()
    assert not view.strip.isVisible()
    assert view.example.trace.example == DRAWN
    assert not view.example.trace.features.any()
    draw(view, (0.38, 0.3), (0.5, 0.15), (0.5, 0.85))
    expected = follow_drawing(view.at.config, view.at.data, view.at.snapshot, view.options.drawing, 0.12)
    assert len(view.options.drawing) == 1
    np.testing.assert_array_equal(view.example.trace.logits, expected.logits)
    np.testing.assert_array_equal(view.example.trace.features, expected.features)
    assert view.pad.title.startswith("Your drawing is taken for 1: p = ")
    curves = view.loss._layer, view.accuracy._layer
    view.set_option(drawing=(*view.options.drawing, "500,500 510,520"))
    assert (view.loss._layer, view.accuracy._layer) == curves, "the pen paints no curve again"
    table = columns(view.example)
    assert "loss (nats)" not in table
    np.testing.assert_allclose(table["probability"].sum(), 1)
    assert [live.title for live in told(view)][-1] == "Softmax", "without a label there is no loss"


def test_strokes_are_taken_back_and_wiped_by_the_buttons(make, qtbot):
    view = make(draw=True, size=(1000, 800))
    draw(view, (0.3, 0.3), (0.6, 0.3))
    draw(view, (0.6, 0.3), (0.4, 0.8))
    assert len(view.options.drawing) == 2
    undo, wipe = (button for button in view.given.findChildren(type(view.check.button)))
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert len(view.options.drawing) == len(view.pad.strokes) == 1
    qtbot.mouseClick(wipe, Qt.MouseButton.LeftButton)
    assert view.options.drawing == view.pad.strokes == ()
    assert view.pad.title == "Draw a digit"


def test_with_filters_the_maps_are_those_of_the_drawing(make):
    view = make(draw=True, drawing=ONE)
    expected = follow_drawing(view.at.config, view.at.data, view.at.snapshot, ONE, 0.12)
    np.testing.assert_array_equal(columns(view.maps)["value"], expected.flat)
    assert view.maps.shown.strong == expected.predicted
    present_step(view, 5)
    view.catch_up()
    assert view.example.trace.logits != pytest.approx(expected.logits)


def test_to_follow_an_example_again_is_to_stop_drawing(make):
    view = make(draw=True, drawing=ONE)
    view.follow_example(int(view.at.data.held_out[4]))
    assert view.options.draw is False
    assert view.options.drawing == ONE, "it is there again when one goes on"
    assert view.strip.isVisible()


def test_points_of_a_plane_cannot_be_drawn(make):
    view = make(ClassifierConfig(data=Xor(points=60), epochs=1), draw=True, drawing=ONE)
    assert view.bar["draw"].isHidden()
    assert view.example.trace.example != DRAWN
    assert view.loss.isVisible()


def test_in_a_low_window_the_paper_has_the_room_of_the_curves(make):
    view = make(size=(1000, 560), draw=True)
    assert view.loss.isHidden()
    assert view.bar["log_loss"].isHidden()
    assert view.pad.square.width() > 150
    view.set_option(draw=False)
    assert view.loss.isVisible()
    assert view.bar["log_loss"].isVisible()


def test_one_can_draw_in_a_lecture(make):
    view = make(size=(1400, 800), theme=replace(LIGHT, scale=1.6), draw=True, drawing=ONE)
    assert view.pad.isVisible()
    view.set_option(draw=False)
    assert view.loss.isVisible()
    assert not view.pad.isVisible()


def test_a_drawing_stands_in_its_session():
    options = {"draw": True, "drawing": list(ONE), "pen": 0.2}
    session = decode(
        encode(
            Session(
                experiments={"losses.classifier": LEARNT},
                open="losses.classifier",
                looks={"losses.classifier": Look(3, options)},
            )
        )
    )
    assert session.config("losses.classifier") == LEARNT
    found = convert(session.looks["losses.classifier"].options, ClassifierOptions)
    assert found == ClassifierOptions(draw=True, drawing=ONE, pen=0.2)
    for damaged in ("120;305", "120,3050", "a,b", ""):
        with pytest.raises(ValidationError):
            convert({"drawing": [damaged]}, ClassifierOptions)


def test_large_pictures_can_be_drawn_and_have_maps(make, tmp_path):
    ink = np.random.default_rng(5).integers(0, 256, (20, 784))
    rows = [",".join(map(str, (k % 2, *row))) for k, row in enumerate(ink.tolist())]
    path = tmp_path / "digits.csv"
    path.write_text("\n".join(["label," + ",".join(f"pixel{k}" for k in range(784)), *rows]))
    config = ClassifierConfig(data=CsvFile(str(path)), features=LearntFilters(maps=2), epochs=1)
    view = make(config, draw=True, drawing=ONE, way=True)
    assert view.maps.shown.maps.pooled.shape == (2, 14, 14)
    assert view.example.trace.features.shape == (28, 28)
    table = columns(view.example)
    assert table["input"].size == table["as in the table"].size == 784
    assert table["vector"].size == 2 * 196
    view.grab()


def test_ten_classes_fit_under_the_maps_of_the_smallest_window(make):
    view = make(replaced(LEARNT, data=Digits(tuple(range(10))), epochs=1), size=(1040, 590), draw=True)
    assert view.maps._sheet_now.on_page == 10


@pytest.mark.parametrize(
    ("config", "size", "scale", "language"),
    [
        (LEARNT, (1040, 590), 1.0, "zh_CN"),
        (HIDDEN, (776, 590), 1.0, "en"),
        (EDGES, (1280, 560), 1.6, "zh_CN"),
        (replaced(LEARNT, data=Digits(tuple(range(10))), epochs=1), (1040, 590), 1.0, "en"),
    ],
)
def test_no_word_lies_over_another(make, qapp, config, size, scale, language):
    install(qapp, language)
    try:
        view = make(config, size=size, theme=replace(DARK, scale=scale), draw=config.layers == 0, drawing=ONE)
        assert view.maps in view.panels()
        assert [fault for panel in view.panels() for fault in faults(panel)] == []
    finally:
        install(qapp, "en")
