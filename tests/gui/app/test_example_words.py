"""The examples say what to look at, in every language, and lead to the lesson that speaks of them."""

import tomllib

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.lessons.lesson_file import load
from gui.app.documents import EXAMPLES
from gui.app.example_words import TABLE, ExampleWords, example_words, place_of, sentence_of
from gui.app.examples import example_files, example_title
from gui.look.language import LANGUAGES

LEFT = Qt.MouseButton.LeftButton
ZIG_ZAG = EXAMPLES / "zig-zag-in-a-narrow-valley.nabla.json"  # of the race, and in a lecture
XOR = EXAMPLES / "XOR-without-a-hidden-layer.nabla.json"  # in no lesson


def test_every_example_has_a_sentence_in_every_language_and_no_other_has():
    titles = [example_title(path) for path in example_files()]
    assert sorted(example_words()) == sorted(titles)
    for title in titles:
        sentences = [sentence_of(title, language) for language in LANGUAGES]
        assert set(example_words()[title].look_at) == set(LANGUAGES)
        assert len(set(sentences)) == len(LANGUAGES)
        assert all(10 < len(sentence) < 200 for sentence in sentences)
        assert sentences[0][-1] in ".?"
    assert sentence_of("My own session", "en") == ""
    assert place_of("My own session") is None


def test_the_places_in_lessons_are_there():
    places = {title: place_of(title) for title in example_words()}
    for place in filter(None, places.values()):
        assert load(place.path).stops[place.number - 1].name == place.stop
    assert sum(place is not None for place in places.values()) >= 48


@pytest.mark.parametrize("block", ["[a]\n", "[a]\nlook_at = 1\n", "[a]\nlook_at.en = 'x'\nstops = 'y'\n"])
def test_the_table_is_read_strictly(block):
    assert TABLE.exists()
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(tomllib.loads(block), dict[str, ExampleWords])


def test_the_line_of_an_example_leads_to_its_lesson_and_is_no_step_to_undo(window, qtbot):
    def line():
        return window.on_screen.example_line

    before = window.playback.experiment.name
    assert not line().isVisible()
    window.documents.open_path(ZIG_ZAG, example=True)
    title, opened = example_title(ZIG_ZAG), window.playback.config
    assert line().words.text() == sentence_of(title, "en")
    assert line().link.text() == "In the lesson “A lecture on optimizers”, stop 4"
    steps = window.history.stack.count()
    QTest.mouseClick(line().close_button, LEFT)
    assert not line().isVisible()
    window.show_experiment(before)
    assert not line().isVisible()
    window.show_experiment("optimizers.race")
    assert not line().isVisible(), "it stays away"
    assert window.history.stack.count() == steps
    window.documents.open_path(ZIG_ZAG, example=True)
    window.appearance.set_language("zh_CN")
    assert line().words.text() == sentence_of(title, "zh_CN")
    window.appearance.set_lecture(True)
    assert not line().isVisible(), "a lecture has no room"
    window.appearance.set_lecture(False)
    QTest.mouseClick(line().link, LEFT)
    qtbot.waitUntil(lambda: window.guide.lesson is not None)
    assert (window.guide.stop.name, window.guide.index) == ("momentum", 3)
    assert window.playback.config != opened
    assert not line().isVisible()
    window.undo()
    assert window.playback.config == opened
    assert line().isVisible()
    window.documents.open_path(XOR, example=True)
    assert line().isVisible()
    assert not line().link.isVisible()
