"""The search, through the keys: what is typed in either language, or by initials, is found, and done."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.experiments import EXPERIMENTS
from engine.lessons.lesson_file import load
from gui.app.glossary_dialog import field_at
from gui.app.lesson_files import lesson_files, stop_titles, titles_of
from gui.app.palette import OTHER, THING
from gui.app.search_index import KINDS, find, things_of
from gui.look.glossary import glossary

CTRL = Qt.KeyboardModifier.ControlModifier


def things():
    return list(things_of("en"))


def test_all_that_there_is_can_be_found(qapp):
    kinds = {kind: [thing for thing in things() if thing.kind == kind] for kind in KINDS}
    assert [thing.target for thing in kinds["experiment"]] == list(EXPERIMENTS)
    assert {thing.target for thing in kinds["entry"]} == set(glossary())
    assert [thing.target for thing in kinds["lesson"]] == lesson_files()
    assert len(kinds["setting"]) > 250
    for thing in kinds["setting"]:
        assert field_at(*thing.target) is not None
    assert {thing.experiment for thing in kinds["setting"]} == set(EXPERIMENTS)
    for thing in things():
        chinese = any("\u4e00" <= letter <= "\u9fff" for name in thing.names.names for letter in name)
        assert chinese or thing.kind in ("entry", "setting", "stop"), thing.title  # both languages at once


@pytest.mark.parametrize("path", lesson_files(), ids=lambda path: path.name.partition(".")[0])
def test_the_headings_of_a_lesson_are_its_titles_and_those_of_its_stops(path):
    lesson = load(path)
    stops = lesson.stops
    assert titles_of(path) == lesson.titles
    assert [dict(one) for one in stop_titles(path)] == [
        {language: text.title for language, text in stop.texts.items()} for stop in stops
    ]


def test_the_best_comes_first(qapp):
    def first(typed, shown="optimizers.race", count=1):
        return [(thing.kind, thing.title) for thing, _ in find(things(), typed, shown)[:count]]

    assert first("learning rate", count=2) == [("setting", "Learning rate η"), ("entry", "learning rate")]
    assert find(things(), "learning rate", "optimizers.race")[0][0].target == (
        "optimizers.race",
        "racers.learning_rate",
    )
    assert first("jcs") == [("entry", "cross-entropy")]
    assert first("jiaocha") == first("jiaochashang") == first("jiao cha shang") == first("jcs")
    assert first("shuailian") != first("tiaojianshu", "") == [("entry", "condition number")]
    assert first("交叉熵") == [("entry", "cross-entropy")]
    assert first("race") == [("experiment", "Race")]
    assert first("yhqjs") == [("experiment", "Race")]
    assert first("tjs", "") == [("entry", "condition number")]
    assert first("dying") == [("experiment", "Dying ReLU")]
    assert first("one softmax too") == [("example", "One softmax too many")]
    assert find(things(), "zzzqqq", "") == []


def test_the_keys_are_enough_and_escape_gives_the_focus_back(window, qtbot):
    def open_palette():
        qtbot.waitUntil(lambda: window.isActiveWindow() and window.menuBar().isVisible())
        QTest.keyClick(window, Qt.Key.Key_K, CTRL)
        qtbot.waitUntil(lambda: window.finder.palette is not None)
        return window.finder.palette

    def choose(typed):
        palette = open_palette()
        QTest.keyClicks(palette.line, typed)
        QTest.keyClick(palette.line, Qt.Key.Key_Return)
        assert window.finder.palette is None

    steps = window.on_screen.form.found("theorem")
    steps.kind.setFocus()
    palette = open_palette()
    assert palette.list.count() == len(EXPERIMENTS) + len(lesson_files())
    QTest.keyClicks(palette.line, "qzqz")
    assert palette.list.item(0).data(THING) is None  # it says that nothing fits
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.finder.palette is palette
    palette.line.clear()
    QTest.keyClicks(palette.line, "xuexi")
    assert palette.list.item(0).data(OTHER).startswith("学习率")
    palette.line.clear()
    QTest.keyClicks(palette.line, "xxl")
    assert palette.list.item(0).data(OTHER).startswith("学习率")
    QTest.keyClick(palette.line, Qt.Key.Key_Up)  # round to the last
    assert palette.list.currentRow() == palette.list.count() - 1
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 0
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1
    assert not palette.grab().isNull()
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    assert window.finder.palette is None
    assert window.focusWidget() is steps.kind

    choose("dark")  # a command of the menus
    qtbot.waitUntil(lambda: window.appearance.theme_choice == "dark")
    choose("hessian")
    qtbot.waitUntil(lambda: window.finder.glossary is not None)
    assert window.finder.glossary.shown == "hessian"
    window.finder.glossary.close()
    choose("recovered within")  # a setting of another experiment
    qtbot.waitUntil(lambda: window.playback.experiment.name == "losses.neuron")
    editor = window.on_screen.form.found("tolerance")
    qtbot.waitUntil(lambda: window.focusWidget() is not None and editor.isAncestorOf(window.focusWidget()))
    choose("ydpj")  # 移动平均, an experiment, and its entry after it
    qtbot.waitUntil(lambda: window.playback.experiment.name == "optimizers.averages")
    title = stop_titles(lesson_files()[0])[2]["en"]
    choose(title)
    qtbot.waitUntil(lambda: window.guide.lesson is not None and window.guide.index == 2)
    choose("sure and wrong")
    qtbot.waitUntil(lambda: window.playback.example is not None)
