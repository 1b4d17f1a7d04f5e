"""The form, driven as a user does: by keys and mouse on the real widgets."""

from typing import Annotated, Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from engine.config import Config, Problem, Tagged, choice, number, plain, replaced
from engine.experiments import EXPERIMENTS
from engine.experiments.losses.softmax_config import OneHot, Smoothed
from gui.form.base import Kit
from gui.form.field import Field
from gui.form.form import EDITORS, Form
from gui.form.number_reading import parse_number
from gui.form.numeric import NumberBox
from gui.form.slider import Slider
from gui.look.fold import open_again, open_folds
from gui.look.theme import LIGHT, Stroke

Rate = Annotated[float, number("Rate", "Step size", symbol="η", gt=0, le=10, scale="log", soft=(1e-4, 1))]


class Adam(Tagged, frozen=True, tag="adam"):
    learning_rate: Rate = 0.1
    beta: Annotated[float, number("Beta", "Memory", ge=0, lt=1)] = 0.9
    title = "Adam"
    family = "adam"
    meaning = "Adapts"


class Newton(Tagged, frozen=True, tag="newton"):
    damping: Annotated[float, number("Damping", "Added to H", ge=0, le=10)] = 0.0
    title = "Newton"
    family = "second order"
    meaning = "Solves"


class Settings(Config, frozen=True):
    surface: Annotated[str, choice("Surface", "Landscape", {"bowl": "Bowl", "own": "Own"})] = "bowl"
    formula: Annotated[
        str, plain("Formula", "In x", kind="expression", when=lambda c: c.surface == "own")
    ] = "x"
    rate: Rate = 0.01
    steps: Annotated[int, number("Steps", "How many", ge=1, le=1000)] = 100
    low: Annotated[float, number("Low", "Below high", ge=0, le=1)] = 0.2
    high: Annotated[float, number("High", "Above low", ge=0, le=1)] = 0.8
    noise: Annotated[bool, plain("Noise", "On or off")] = False
    start: Annotated[tuple[float, float], plain("Start", "Where", kind="point")] = (1.0, 2.0)
    racers: Annotated[
        tuple[Adam | Newton, ...], plain("Racers", "Who", kind="racers", min_length=1, max_length=3)
    ] = (Adam(),)
    trainer: Annotated[Adam | Newton, plain("Trainer", "Which")] = Adam()
    classes: Annotated[tuple[int, ...], plain("Classes", "Digits", kind="classes", min_length=2)] = (0, 1, 2)
    file: Annotated[str, plain("File", "A table", kind="file")] = ""
    word: Annotated[str, plain("Word", "A text", max_length=5)] = ""
    seed: Annotated[int, plain("Seed", "Chance", kind="seed", more=True)] = 0

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise Problem("Must be less than {bound}", where="low", bound="high")
        if "?" in self.formula:
            raise Problem("Unknown mark", where="formula", column=self.formula.index("?") + 1)


class Desk:
    """A form on the screen, and every config it has given."""

    def __init__(self, qtbot: Any, config: Settings) -> None:
        self.qtbot = qtbot
        self.form = Form(config, LIGHT, strokes=lambda tag: Stroke("#123456"))
        self.edits: list[Settings] = []
        self.form.edited.connect(self.edits.append)
        self.form.resize(320, 900)
        qtbot.addWidget(self.form)
        with qtbot.waitExposed(self.form):
            self.form.show()

    def __getitem__(self, name: str) -> Any:
        return self.form.editor(name)

    def type(self, box: QWidget, text: str) -> None:
        box.setFocus()
        box.selectAll()
        self.qtbot.keyClicks(box, text)
        self.qtbot.keyClick(box, Qt.Key.Key_Return)

    def click(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.fixture
def desk(qtbot: Any) -> Desk:
    return Desk(qtbot, Settings())


def test_every_kind_of_field_has_its_editor(desk: Desk) -> None:
    shown = {name: type(editor) for name, editor in desk.form.rows.editors.items()}
    assert shown == {
        name: EDITORS[kind]
        for name, kind in {
            "surface": "choice",
            "formula": "expression",
            "rate": "real",
            "steps": "int",
            "low": "real",
            "high": "real",
            "noise": "bool",
            "start": "point",
            "racers": "racers",
            "trainer": "optimizer",
            "classes": "classes",
            "file": "file",
            "word": "text",
            "seed": "seed",
        }.items()
    }


@pytest.mark.parametrize(
    ("text", "value"), [("1/4", 0.25), ("1e-4", 1e-4), ("0,5", 0.5), ("10^-2", None), ("7", 7.0)]
)
def test_a_number_is_typed_in_many_ways(desk: Desk, text: str, value: float | None) -> None:
    desk.type(desk["rate"].box, text)
    expected = [] if value is None else [value]  # 10^-2 is what it was
    assert [edit.rate for edit in desk.edits] == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("abc", "not a number"),
        ("-1", "greater than 0"),
        ("11", "at most 10"),
        ("1/0", "finite"),
        ("", "Write a number"),
    ],
)
def test_a_bad_number_stays_with_its_reason_until_escape(desk: Desk, text: str, sentence: str) -> None:
    box = desk["rate"].box
    desk.type(box, text or " ")
    assert sentence in desk["rate"].error
    assert box.text().strip() == text
    assert desk.edits == []
    desk.qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert (box.text(), desk["rate"].error) == ("0.01", "")
    assert desk.edits == []


def test_whole_numbers_are_whole(desk: Desk) -> None:
    desk.type(desk["steps"].box, "2.5")
    assert desk["steps"].error == "Must be a whole number"
    desk.type(desk["steps"].box, "1e3")
    assert desk.edits[-1].steps == 1000


def test_dragging_the_slider_edits_all_the_way_on_a_log_scale(desk: Desk) -> None:
    slider = desk["rate"].slider
    left = slider.rect().center()
    desk.qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=left)
    for x in range(left.x(), slider.width(), 20):
        desk.qtbot.mouseMove(slider, QPoint(x, left.y()))
    desk.qtbot.mouseMove(slider, QPoint(slider.width(), left.y()))
    desk.qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)
    rates = [edit.rate for edit in desk.edits]
    assert len(rates) > 3
    assert rates == sorted(rates)
    assert rates[-1] == 1.0
    assert desk["rate"].box.text() == "1"


def test_a_slider_of_whole_numbers_gives_whole_numbers(desk: Desk) -> None:
    slider = desk["steps"].slider
    middle = slider.rect().center()
    desk.qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    desk.qtbot.mouseMove(slider, QPoint(0, middle.y()))
    desk.qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)
    assert desk["steps"].error == ""
    assert 450 < desk.edits[0].steps < 550
    assert [type(edit.steps) for edit in desk.edits] == [int, int]
    assert desk.edits[-1].steps == 1


def test_a_key_on_a_slider_goes_at_least_to_the_next_number_where_they_lie_far_apart(qtbot: Any) -> None:
    slider = Slider(1, 2000, LIGHT, log=True, whole=True)  # from 1 to 2 is a tenth of the way
    qtbot.addWidget(slider)
    found: list[int] = []
    slider.moved.connect(lambda value: (found.append(value), slider.set_value(value)))
    slider.set_value(1)
    for _ in range(4):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    for _ in range(4):
        qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert found == [2, 3, 4, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("whole", "limits", "value", "key", "gives"),
    [
        (True, {"ge": 0}, 2**40, Qt.Key.Key_Up, 2**40 + 1),
        (True, {"ge": 0}, 2**63 - 1, Qt.Key.Key_PageUp, 2**63 - 1),
        (True, {"gt": 0, "lt": 10}, 1, Qt.Key.Key_PageDown, 1),
        (True, {"gt": 0, "lt": 10}, 3, Qt.Key.Key_PageUp, 9),
        (False, {"ge": -(10.0**300), "le": 10.0**300}, 0.0, Qt.Key.Key_Up, 1e298),
        (False, {}, 3e20, Qt.Key.Key_Down, 2.999e20),
        (False, {}, 1.5e308, Qt.Key.Key_Up, 1.501e308),
        (False, {"gt": 0}, 5e-324, Qt.Key.Key_Down, 5e-324),
    ],
)
def test_a_step_of_a_number_box_goes_on_or_stays(
    qtbot: Any, whole: bool, limits: dict[str, float], value: float, key: Qt.Key, gives: float
) -> None:
    kind = int if whole else float
    field = Field("n", kind, "N", "", "int" if whole else "real", limits, log="gt" in limits and not whole)
    box = NumberBox(field, Kit(LIGHT, EDITORS, LIGHT.stroke), whole)
    qtbot.addWidget(box)
    found: list[float] = []
    box.entered.connect(found.append)
    box.set_value(value)
    qtbot.keyClick(box, key)
    assert found == [pytest.approx(gives, rel=1e-12)]
    assert type(found[0]) is kind


def test_the_box_reaches_beyond_the_slider(desk: Desk) -> None:
    desk.type(desk["rate"].box, "8")
    assert desk.edits[-1].rate == 8
    assert desk["rate"].slider.value() == desk["rate"].slider.maximum()


def test_the_slider_stays_with_the_value_that_holds_while_the_box_says_what_does_not(desk: Desk) -> None:
    before = desk["rate"].slider.value()
    desk.type(desk["rate"].box, "11")
    assert desk["rate"].error
    assert desk["rate"].slider.value() == before


def test_arrow_keys_go_a_step_and_stop_at_the_limits(desk: Desk) -> None:
    box = desk["high"].box
    desk.qtbot.keyClick(box, Qt.Key.Key_Down)
    assert desk.edits[-1].high == pytest.approx(0.79)
    for _ in range(40):
        desk.qtbot.keyClick(box, Qt.Key.Key_PageUp)
    assert desk.edits[-1].high == 1.0


def test_an_open_end_is_never_reached_by_the_slider(desk: Desk) -> None:
    editor = desk["trainer"].rows.editors["beta"]
    desk.qtbot.keyClick(editor.slider, Qt.Key.Key_End)
    assert desk.edits[-1].trainer.beta == pytest.approx(0.999)


def test_the_wheel_changes_only_what_has_the_focus(desk: Desk) -> None:
    def turn(widget: QWidget) -> None:
        where = QPointF(widget.rect().center())
        button, keys, phase = (
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
        )
        there = widget.mapToGlobal(where)
        wheel = QWheelEvent(where, there, QPoint(), QPoint(0, 120), button, keys, phase, False)
        QApplication.sendEvent(widget, wheel)

    desk["word"].line.setFocus()
    for widget in (desk["steps"].slider, desk["steps"].box, desk["surface"].combo):
        turn(widget)
    assert desk.edits == []
    desk.form.activateWindow()
    desk["steps"].box.setFocus()
    turn(desk["steps"].box)
    assert desk.edits[-1].steps == 110


def test_a_field_shows_only_while_another_holds_its_value(desk: Desk) -> None:
    assert desk["formula"].isHidden()
    desk["surface"].combo.setFocus()
    desk.qtbot.keyClick(desk["surface"].combo, Qt.Key.Key_Down)
    assert desk.edits[-1].surface == "own"
    assert not desk["formula"].isHidden()


class Waiting(Config, frozen=True):
    surface: Annotated[
        str, choice("Surface", "Landscape", {"bowl": "Bowl", "cliff": "Cliff", "own": "Own"})
    ] = "bowl"
    either: Annotated[int, number("Either", "Of two", ge=0, when=lambda c: c.surface in ("cliff", "own"))] = 0
    neither: Annotated[
        int, number("Neither", "Of two", ge=0, when=lambda c: c.surface not in ("cliff", "own"))
    ] = 0
    folded: Annotated[int, number("Folded", "One", ge=0, more=True, when=lambda c: c.steep)] = 0

    @property
    def steep(self) -> bool:
        return self.surface == "cliff"


@pytest.mark.parametrize(
    ("surface", "either", "fold"), [("bowl", False, False), ("cliff", True, True), ("own", True, False)]
)
def test_a_field_waits_for_one_of_several_values_or_for_a_property(qtbot, surface, either, fold):
    form = Form(Waiting(), LIGHT)
    qtbot.addWidget(form)
    form.set_config(Waiting(surface=surface))
    shown = [not form.editor(name).isHidden() for name in ("either", "neither", "folded")]
    assert shown == [either, not either, fold]
    assert form.rows.more.isHidden() is not fold, "no fold of nothing"


def test_a_formula_is_taken_as_it_is_typed_and_its_error_marked(desk: Desk) -> None:
    desk.form.set_config(Settings(surface="own"))
    line = desk["formula"].line
    line.end(False)  # it shows its beginning
    desk.qtbot.keyClicks(line, "+1")
    assert [edit.formula for edit in desk.edits] == ["x+", "x+1"]
    desk.qtbot.keyClicks(line, "?")
    assert (desk["formula"].error, line.column, line.text()) == ("Unknown mark", 4, "x+1?")
    line.repaint()
    desk.qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert (desk["formula"].error, line.column, line.text()) == ("", 0, "x+1")


def test_a_problem_between_fields_stands_under_the_one_it_names(desk: Desk) -> None:
    desk.type(desk["high"].box, "0.1")
    assert desk["low"].error == "Must be less than high"
    assert desk["high"].box.text() == "0.1"
    assert desk.edits == []
    desk.type(desk["low"].box, "0.05")  # what the refused value was waiting for
    assert (desk.edits[-1].low, desk.edits[-1].high) == (0.05, 0.1)
    assert desk["low"].error == ""


def test_a_refused_value_does_not_hold_up_other_fields(desk: Desk) -> None:
    desk.type(desk["rate"].box, "99")
    desk.type(desk["steps"].box, "7")
    assert (desk.edits[-1].rate, desk.edits[-1].steps) == (0.01, 7)
    assert desk["rate"].box.text() == "99"
    assert desk["rate"].error


def test_switch_point_classes_text_and_seed(desk: Desk) -> None:
    desk.click(desk["noise"].box)
    assert desk.edits[-1].noise is True
    desk.type(desk["start"].boxes[1], "-3")
    assert desk.edits[-1].start == (1.0, -3.0)
    desk.click(desk["classes"].buttons[7])
    assert desk.edits[-1].classes == (0, 1, 2, 7)
    desk.qtbot.keyClicks(desk["word"].line, "echo")
    assert desk.edits[-1].word == "echo"
    open_again(desk.form, {"more"})
    desk.click(desk["seed"].button)
    assert desk.edits[-1].seed > 0
    assert desk["seed"].box.text() == str(desk.edits[-1].seed)


def test_too_few_classes_are_refused(desk: Desk) -> None:
    for digit in (0, 1):
        desk.click(desk["classes"].buttons[digit])
    assert desk.edits[-1].classes == (1, 2)
    assert "at least 2" in desk["classes"].error


def test_racers_are_added_duplicated_changed_and_removed(desk: Desk) -> None:
    racers = desk["racers"]
    entries = [(one.text(), one.isEnabled()) for one in racers.add.menu().actions() if one.text()]
    assert [text for text, on in entries if on] == ["Adam", "Newton"]
    assert [on for _, on in entries] == [False, True] * 2  # each under a heading
    racers.add.menu().actions()[-1].trigger()
    assert desk.edits[-1].racers == (Adam(), Newton())
    desk.click(racers.cards[0].copy)
    assert desk.edits[-1].racers == (Adam(), Adam(), Newton())
    desk.type(racers.cards[1].parts[0].editors["learning_rate"].box, "0.5")
    assert desk.edits[-1].racers == (Adam(), Adam(learning_rate=0.5), Newton())
    desk.click(racers.cards[0].remove)
    assert desk.edits[-1].racers == (Adam(learning_rate=0.5), Newton())
    assert racers.cards[0].parts[0].editors["learning_rate"].box.text() == "0.5"
    racers.cards[0].kind.setFocus()
    desk.qtbot.keyClick(racers.cards[0].kind, Qt.Key.Key_Down)
    assert desk.edits[-1].racers == (Newton(), Newton())


def test_one_racer_too_many_or_too_few_is_refused_and_the_cards_stay(desk: Desk) -> None:
    racers = desk["racers"]
    desk.click(racers.cards[0].remove)
    assert (len(racers.cards), desk.edits) == (1, [])
    assert "at least 1" in racers.error
    desk.form.set_config(Settings(racers=(Adam(),) * 3))
    desk.click(racers.cards[0].copy)
    assert (len(racers.cards), desk.edits) == (3, [])
    assert "at most 3" in racers.error


def test_a_racer_folds_out_all_its_settings(desk: Desk) -> None:
    card = desk["racers"].cards[0]
    assert len(card.parts) == 1  # the others are made when they are asked for
    desk.click(card.fold)
    assert not card.parts[1].isHidden()
    desk.type(card.parts[1].editors["beta"].box, "1")
    assert "less than 1" in card.parts[1].editors["beta"].error
    desk.type(card.parts[1].editors["beta"].box, "0.5")
    assert desk.edits[-1].racers == (Adam(beta=0.5),)


def test_what_is_folded_away_is_made_when_it_is_opened_as_the_settings_are_then(desk: Desk) -> None:
    """A form is mostly seen without it, and every widget of it would cost half a millisecond."""
    card = desk["racers"].cards[0]
    assert "seed" not in desk.form.rows.made
    assert desk.form.found("seed") is desk.form.found("racers.0.beta") is None
    desk.form.set_config(Settings(racers=(Adam(beta=0.25),), seed=77))
    with desk.qtbot.waitSignal(desk.form.rearranged):  # once for both
        desk.click(desk.form.rows.more)
        desk.click(card.fold)
    seed, beta = desk.form.found("seed"), desk.form.found("racers.0.beta")
    assert (seed.box.text(), beta.box.text()) == ("77", "0.25")
    assert beta.box.accessibleName().startswith(card._name)
    beta.slider.setFocus()
    stops = []
    while desk.form.rows.more not in stops and len(stops) < 40:
        desk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        stops.append(QApplication.focusWidget())
    assert stops[-1] is desk.form.rows.more


def test_another_kind_brings_its_own_settings(desk: Desk) -> None:
    trainer = desk["trainer"]
    trainer.kind.setFocus()
    desk.qtbot.keyClick(trainer.kind, Qt.Key.Key_Down)
    assert desk.edits[-1].trainer == Newton()
    assert list(trainer.rows.editors) == ["damping"]


def test_what_is_folded_away_is_remembered(desk: Desk, qtbot: Any) -> None:
    assert not desk["seed"].isVisible()
    desk.click(desk.form.rows.more)
    assert desk["seed"].isVisible()
    again = Desk(qtbot, Settings())
    open_again(again.form, open_folds(desk.form))
    assert again["seed"].isVisible()


def test_set_config_shows_without_a_signal_and_keeps_the_widgets(desk: Desk) -> None:
    card = desk["racers"].cards[0]
    desk.form.set_config(Settings(rate=0.3, start=(-1.5, 4.0), racers=(Adam(learning_rate=2.0),), noise=True))
    assert desk.edits == []
    assert [box.text() for box in desk["start"].boxes] == ["−1.5", "4"]
    assert desk["rate"].box.text() == "0.3"
    assert desk["noise"].box.isChecked()
    assert desk["racers"].cards == [card]
    assert card.parts[0].editors["learning_rate"].box.text() == "2"


def test_the_tab_key_follows_the_eye_also_into_new_rows(desk: Desk) -> None:
    desk["racers"].add.menu().actions()[-1].trigger()
    desk.qtbot.waitUntil(lambda: desk["racers"].cards[-1].isVisible())
    desk["racers"].add.setFocus()
    visited = []
    for _ in range(14):
        desk.qtbot.keyClick(desk.form.focusWidget(), Qt.Key.Key_Tab)
        visited.append(desk.form.focusWidget())
    first, second = desk["racers"].cards
    assert visited.index(first.kind) < visited.index(first.fold) < visited.index(second.kind)
    assert visited.index(second.kind) < visited.index(desk["trainer"].kind)


def test_controls_have_names_and_tell_their_range(desk: Desk) -> None:
    assert desk["rate"].box.accessibleName() == "Rate"
    assert desk["trainer"].kind.accessibleName() == desk["trainer"].field.title  # not "Kind", as of others
    assert desk["rate"].label.buddy() is desk["rate"].box
    assert desk["rate"].toolTip() == "Step size\n0 < η ≤ 10"
    assert desk["start"].boxes[1].accessibleName() == "Start, y"


def test_the_slider_of_a_place_in_a_list_ends_where_the_list_does(qtbot) -> None:
    form = Form(EXPERIMENTS["losses.softmax"].config_type(), LIGHT)  # four logits
    qtbot.addWidget(form)
    edits: list[Any] = []
    form.edited.connect(edits.append)
    with qtbot.waitExposed(form):
        form.show()

    def farthest() -> int:
        slider = form.editor("label").rows.editors["true_class"].slider
        press, end = QPoint(2, slider.height() // 2), QPoint(slider.width() + 40, slider.height() // 2)
        qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=press)
        qtbot.mouseMove(slider, end)
        qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=end)
        return edits[-1].label.true_class

    assert farthest() == 4
    form.set_config(replaced(form.config, label=OneHot(), logits=(0.0, 1.0)))
    assert farthest() == 2
    form.set_config(replaced(form.config, logits=(0.0, 1.0, 2.0)))
    assert form.editor("label").rows.editors["true_class"].slider.value() == 1  # the second of three
    form.set_config(replaced(form.config, label=Smoothed()))
    assert farthest() == 3


def test_the_kind_of_an_optimizer_is_shown_whole_where_there_is_room(qtbot):
    form = Form(EXPERIMENTS["entropy.fit"].config_type(), LIGHT)
    qtbot.addWidget(form)
    form.resize(258, 600)
    form.show()
    box = form.editor("optimizer").kind
    assert box.fontMetrics().horizontalAdvance(box.currentText()) <= box.width() - 29 * box._unit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0015, "0.0015"),
        (0.000947464, "9.47e-4"),  # 0.00094 would be seen of it
        (-0.05859375, "−0.059"),
        (0.314453125, "0.31445"),
        (123456.789, "123457"),
        (-1.03456e-17, "−1e-17"),
        (1e-8, "1e-8"),
    ],
)
def test_the_end_of_a_number_is_never_cut(qtbot, value, text):
    field = Field("rate", float, "Rate", "", "real", {})
    box = NumberBox(field, Kit(LIGHT, EDITORS, LIGHT.stroke))
    box.setFont(LIGHT.font())
    qtbot.addWidget(box)
    box.set_value(value)
    assert box.text() == text
    assert parse_number(text) == pytest.approx(value, rel=0.05)
    entered = []
    box.entered.connect(entered.append)
    box.editingFinished.emit()
    assert entered == []  # what is shown shorter is not what is meant


class Descent(Config, frozen=True):
    start: Annotated[tuple[float, float], plain("Start", "", kind="point")] = (0.0, 1.0)
    other: Annotated[tuple[float, float], plain("Other", "", kind="point")] = (0.0, 1.0)

    @property
    def start_names(self) -> tuple[str, str]:
        return "w", "b"


def test_settings_can_name_the_coordinates_of_a_point(qtbot):
    form = Form(Descent(), LIGHT)
    qtbot.addWidget(form)
    start, other = form.editor("start"), form.editor("other")
    words = [[label.text() for label in one.findChildren(QLabel) if label.text()] for one in (start, other)]
    assert words == [["Start", "<i>w</i>", "<i>b</i>"], ["Other", "<i>x</i>", "<i>y</i>"]]
    assert [box.accessibleName() for box in start.boxes] == ["Start, w", "Start, b"]


@pytest.mark.parametrize(
    ("name", "settings", "field", "names"),
    [
        ("optimizers.batches", {"task": "classification"}, "start", "w₁ w₂"),
        ("optimizers.batches", {"task": "regression"}, "start", "b w"),
        ("gradients.clipping", {"scene": "unit"}, "unit_start", "w b"),
        ("optimizers.race", {}, "start", "x y"),
    ],
)
def test_a_start_is_named_as_the_axes_of_its_plot_are(qtbot, name, settings, field, names):
    form = Form(replaced(EXPERIMENTS[name].config_type(), **settings), LIGHT)
    qtbot.addWidget(form)
    told = [box.accessibleName() for box in form.editor(field).boxes]
    assert told == [f"Start, {one}" for one in names.split()]
