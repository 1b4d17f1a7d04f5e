"""The contents by question: each leads somewhere, and every experiment answers one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.experiments import EXPERIMENTS
from engine.lessons.lesson_file import load
from gui.app.contents import ContentsError, questions, read_questions
from gui.app.examples import opens_at
from gui.look.language import LANGUAGES

ASKED = "# Entropy\n\n## Why?\n- zh_CN: 为什么？\n"


def test_every_question_leads_somewhere_and_every_experiment_is_an_answer():
    reached = set()
    for question in questions():
        assert set(question.words) == set(LANGUAGES)
        assert {words[-1] for words in question.words.values()} == {"?", "？"}
        if question.lesson is not None:
            assert question.stop in [stop.name for stop in load(question.lesson).stops]
        elif question.example is not None:
            reached.add(opens_at(question.example))
        else:
            question.look()  # it would raise
            made = question.config() != EXPERIMENTS[question.experiment].config_type()
            assert made == bool(question.scene is not None and question.scene.settings)
            reached.add(question.experiment)
    assert reached == set(EXPERIMENTS)
    assert len(questions()) >= 40


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("- entropy.none", "line 5: there is no experiment 'entropy.none'"),
        ("- entropy.fit `steps`", "line 5: 'steps' is no setting"),
        ("- lesson none: hill", "line 5: there is no file 'none'"),
        ("- example none", "line 5: there is no file 'none'"),
        ("see the page", "line 5: 'see the page' is neither"),
        ("", "line 3: 'Why?' needs one answer"),
        ("- entropy.fit\n- entropy.binary", "line 3: 'Why?' needs one answer"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_with_its_line(answer, message):
    with pytest.raises(ContentsError) as caught:
        read_questions(ASKED + answer)
    assert str(caught.value).startswith(message)
    with pytest.raises(ContentsError, match=r"line 3: 'Why\?' is not asked in every language"):
        read_questions(ASKED.partition("- zh")[0] + "- entropy.fit")
    with pytest.raises(ContentsError, match="line 3: 'Entropie' is no tab"):
        read_questions(ASKED.replace("Entropy", "Entropie") + answer)


def test_a_question_leads_to_its_scene_its_example_and_its_stop(window, qtbot):
    def ready():
        qtbot.waitUntil(lambda: window.isActiveWindow() and window.menuBar().isVisible())

    def ask(typed):
        ready()
        window.finder.open_questions()
        palette = window.finder.palette
        assert palette.list.count() == len(questions())
        QTest.keyClicks(palette.line, typed)
        QTest.keyClick(palette.line, Qt.Key.Key_Return)

    window.show_notes(False)
    ask("loss infinite")
    qtbot.waitUntil(lambda: window.playback.experiment.name == "entropy.two_distributions")
    assert window.playback.config.q.values == (0.4, 0.3, 0.3, 0.0)
    assert window.on_screen.notes.isVisible()  # they say what is seen
    ask("nesterov take")
    qtbot.waitUntil(lambda: window.playback.example is not None)
    ask("why does my run diverge")
    qtbot.waitUntil(lambda: window.guide.stop is not None and window.guide.stop.name == "too_far")
    ready()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.finder.palette is not None)
    QTest.keyClicks(window.finder.palette.line, "wsmwdtd")  # 为什么我的梯度……
    assert window.finder.palette.list.item(0).text() == "Why is my gradient 0?"
    QTest.keyClick(window.finder.palette.line, Qt.Key.Key_Escape)
