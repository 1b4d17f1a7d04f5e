"""Lessons in the window: every stop of those that ship, with wrong and with right answers, through events."""

from dataclasses import replace
from itertools import cycle

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from engine.experiments import EXPERIMENTS
from engine.lessons.check import config_of
from engine.lessons.lesson_file import load
from engine.lessons.question import (
    ChooseQuestion,
    DrawQuestion,
    NumberQuestion,
    ReachQuestion,
    RevealQuestion,
)
from engine.setting_paths import plain_values, value_at, with_values
from gui.app.lesson_check import check_lesson
from gui.app.lesson_files import START_HERE, lesson_files, lesson_title
from gui.app.lesson_verdicts import place_words, time_words
from gui.look.theme import LECTURE_SCALE, LIGHT
from gui.screen.lesson_panel import BY_TAB, LessonPanel
from tests.gui.bench import wheel
from tests.gui.conftest import unpainted

COVERED = Qt.WidgetAttribute.WA_UpdatesDisabled
LEFT = Qt.MouseButton.LeftButton


@pytest.mark.parametrize("path", lesson_files(), ids=lambda path: path.name.partition(".")[0])
def test_the_lessons_that_ship_have_no_mistake_and_both_languages(path, capsys):
    assert check_lesson(path) == 0
    assert capsys.readouterr().out.endswith("en, zh_CN\n")
    assert lesson_title(path, "zh_CN") != lesson_title(path, "en")


def press(widget):
    QTest.mouseClick(widget, LEFT)


def verdict(panel):
    return panel.verdict._markdown if panel.verdict.isVisible() else ""


def shows(playback, config):
    """Whether the run of these settings is on the screen."""
    return playback.shown is playback.runner and playback.shown.config == config


def wait(window, qtbot, condition):
    """Wait for what the engine computes; the pictures meanwhile are not painted."""
    with unpainted(window.on_screen):
        qtbot.waitUntil(condition, timeout=60_000)


def wrong_and_right(window, qtbot):
    """Answer the question of the stop wrongly, then rightly; what was said each time."""
    guide, panel = window.guide, window.guide.panel
    question, said = guide.stop.scene.question, []
    if isinstance(question, ChooseQuestion):
        for right in (False, True):
            button = next(
                button
                for button, one in zip(panel.choices, guide.text().answers, strict=True)
                if one.right is right
            )
            QTest.mouseClick(button, LEFT, pos=QPoint(8, button.height() // 2))
            press(panel.check)
            said.append(verdict(panel))
    elif isinstance(question, NumberQuestion):
        for value in (1234.5, question.right(guide.answers.facts())):
            panel.entry.selectAll()
            QTest.keyClicks(panel.entry, f"{value:.6g}")
            QTest.keyClick(panel.entry, Qt.Key.Key_Return)
            said.append(verdict(panel))
    elif isinstance(question, ReachQuestion):
        (path, right), config = [*question.solution.settings.items()][-1], window.playback.config
        window.playback.edit(with_values(config, {path: nearly(value_at(plain_values(config), path), right)}))
        wait(window, qtbot, lambda: verdict(panel).startswith("✗"))
        window.on_screen.view.fills.paint()
        said.append(verdict(panel))
        solution = question.solution
        solved = with_values(config_of(guide.stop), solution.settings)
        window.playback.edit(solved)
        wait(window, qtbot, lambda: shows(window.playback, solved))
        window.playback.seek(solution.step if solution.step is not None else window.playback.runner.last_step)
        wait(window, qtbot, lambda: verdict(panel).startswith("✓"))
        said.append(verdict(panel))
    elif isinstance(question, DrawQuestion):
        window.playback.play()
        wait(window, qtbot, lambda: guide.text().after and panel.verdict.isVisible())
        assert window.playback.recording.last == guide.stop.scene.step, "nobody sees the curve before"
        sketch_along(panel.sketch, question, np.full(question.steps + 1, question.low))
        press(panel.check)
        wait(window, qtbot, lambda: window.playback.held is None and panel.sketch._came.size > 0)
        for curve in (np.full(question.steps + 1, question.high), None):
            came = window.playback.recording.column(question.scalar)
            sketch_along(panel.sketch, question, came if curve is None else curve)
            press(panel.check)
            said.append(verdict(panel))
    elif isinstance(question, RevealQuestion):
        press(panel.check)
        assert verdict(panel) == guide.text().after
    return said


def nearly(now, right):
    """A value that is not enough: one of several that are needed, a little more than now, or in reverse."""
    if isinstance(right, str | bool | dict):
        return right
    return now[::-1] if isinstance(now, list) else now + 1 if isinstance(now, int) else 1.01 * now


def sketch_along(sketch, question, curve):
    """Draw a curve over the steps with the mouse, in forty strokes."""
    steps, plane = np.linspace(0, len(sketch.values) - 1, 41), sketch.axes().plane
    known = np.flatnonzero(np.isfinite(curve))  # at step 0 a loss may not be measured yet
    edge = 0.02 * (question.high - question.low)  # what is drawn begins inside the axes
    values = np.clip(np.interp(steps, known, curve[known]), question.low + edge, question.high - edge)
    points = [plane.point(x, y).toPoint() for x, y in zip(steps, values, strict=True)]
    QTest.mousePress(sketch.viewport(), LEFT, pos=points[0])
    for point in points:
        QTest.mouseMove(sketch.viewport(), point)
    QTest.mouseRelease(sketch.viewport(), LEFT, pos=points[-1])


def judged(question):
    """Whether there is a right answer."""
    return question is not None and not isinstance(question, RevealQuestion)


LANGUAGES = dict(zip(lesson_files(), cycle(["zh_CN", "en"]), strict=False))  # each lesson in one of them


@pytest.mark.parametrize(("path", "language"), LANGUAGES.items(), ids=lambda one: str(one)[-30:])
def test_every_stop_of_every_lesson_is_answered_wrongly_and_rightly(
    window, qtbot, monkeypatch, path, language
):
    monkeypatch.setattr("gui.app.lesson_answers.EVERY", 0.0)  # a state that is reached is seen at once
    window.appearance.set_language(language)
    guide = window.guide
    assert guide.open(path)
    for k, stop in enumerate(guide.lesson.stops):
        assert (guide.stop, guide.index) == (stop, k)
        assert window.playback.experiment.name == stop.scene.experiment
        wait(window, qtbot, lambda: window.playback.shown is window.playback.runner)
        text = stop.texts[language]
        assert guide.panel.title.text() == text.title
        assert not guide.panel.return_button.isVisible()
        said = wrong_and_right(window, qtbot)
        if said:
            assert said[0].startswith("✗")
            assert said[1].startswith("✓")
            assert text.after.split("\n")[0] in said[1]
        window.on_screen.view.fills.paint()
        press(guide.panel.next)
    assert guide.index == len(guide.lesson.stops) - 1, "there is no next stop after the last"
    assert window.preferences.lesson_progress(str(path)) == (
        stop.name,
        tuple(one.name for one in guide.lesson.stops if judged(one.scene.question)),
    )


@pytest.mark.parametrize("path", lesson_files(), ids=lambda path: path.name.partition(".")[0])
def test_every_stop_has_its_words_in_every_language(qtbot, path):
    panel = LessonPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(340, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    for stop in load(path).stops:
        assert set(stop.texts) == {"en", "zh_CN"}
        for text in stop.texts.values():
            panel.show_stop(stop, text, "1", first=False, last=False)
            panel.show_verdict(text.after or "x", True)
            panel.for_teacher.setChecked(True)
            assert panel.title.text() == text.title
            shown = panel.words, panel.verdict, *([panel.asked] if text.asked else [])
            shown += (panel.teacher,) if text.teacher else ()
            assert all(one.isVisible() and one.document().characterCount() > 1 for one in shown)
            assert panel.horizontalScrollBar().maximum() == 0, "nothing is cut"
            assert panel.widget().width() <= panel.viewport().width(), (
                "answers have as many lines as they need"
            )


def test_the_teachers_notes_are_folded_away_and_before_a_class_closed_at_every_stop(qtbot, tmp_path):
    path = tmp_path / "a.nabla-lesson.md"
    head, block = "# T\n```toml\nlesson = 1\n```\n", '```toml\nexperiment = "optimizers.race"\n```\n'
    words = "### en: A\nwords\n#### Teacher\nSay *this*."
    path.write_text(f"{head}## a\n{block}{words}\n## b\n{block}{words}\n## c\n{block}### en: C\nwords")
    stops = load(path).stops
    for theme in (LIGHT, replace(LIGHT, scale=LECTURE_SCALE)):
        panel = LessonPanel(theme)
        qtbot.addWidget(panel)
        panel.resize(460, 700)
        with qtbot.waitExposed(panel):
            panel.show()
        panel.show_stop(stops[0], stops[0].texts["en"], "1", first=True, last=False)
        assert panel.for_teacher.isVisible()
        assert not panel.teacher.isVisible()
        press(panel.for_teacher)
        assert panel.teacher.isVisible()
        assert panel.teacher.toPlainText() == "Say this."
        panel.show_stop(stops[1], stops[1].texts["en"], "2", first=False, last=False)
        assert panel.teacher.isVisible() is not theme.presenting
        panel.show_stop(stops[2], stops[2].texts["en"], "3", first=False, last=True)
        assert not panel.for_teacher.isVisible()
        assert not panel.teacher.isVisible()


def test_a_lesson_is_left_and_gone_on_with(window, qtbot):
    guide = window.guide
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    guide.open(START_HERE)
    for key, stop in (
        (Qt.Key.Key_PageDown, "faster"),
        (Qt.Key.Key_PageDown, "too_far"),
        (Qt.Key.Key_PageUp, "faster"),
    ):
        qtbot.waitUntil(lambda: not window.testAttribute(COVERED))  # it has been painted
        QTest.keyClick(window, key)
        assert guide.stop.name == stop
    assert guide.stop.name == "faster"
    press(guide.panel.close_button)
    assert guide.lesson is None
    assert window.on_screen.lesson is None
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    assert guide.lesson is None
    guide.open(START_HERE)
    assert guide.stop.name == "faster"


def test_where_one_is_says_what_this_stop_takes_and_what_is_still_to_come():
    notes = load(next(path for path in lesson_files() if path.name.startswith("the_notes")))
    assert sum(stop.scene.minutes for stop in notes.stops) == 243
    assert place_words(notes, 0) == "Stop 1 of 40: about 5 min · to the end: 4 h"
    assert place_words(notes, 39) == f"Stop 40 of 40: about {notes.stops[39].scene.minutes:g} min"
    assert [time_words(n) for n in (0.5, 89, 90, 100, 110)] == ["0.5 min", "89 min", "1.5 h", "1.5 h", "2 h"]


@pytest.mark.parametrize("way", ["click", "key", "button with the focus", "button of the settings"])
def test_after_going_on_the_space_bar_runs_and_does_not_leave_the_stop(window, qtbot, way):
    guide = window.guide
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    guide.open(START_HERE)
    panel = guide.panel
    press(panel.choices[0])
    press(panel.check)
    qtbot.waitUntil(lambda: not window.testAttribute(COVERED))  # it has been painted
    if way == "click":
        press(panel.next)
    else:
        buttons = window.on_screen.form.findChildren(QAbstractButton)
        of_form = next(one for one in buttons if one.isVisible() and one.focusPolicy() & BY_TAB)
        {"key": panel.check, "button with the focus": panel.next}.get(way, of_form).setFocus()
        assert isinstance(window.focusWidget(), QAbstractButton)
        key = Qt.Key.Key_Space if way == "button with the focus" else Qt.Key.Key_PageDown
        QTest.keyClick(window.focusWidget(), key)
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner, timeout=60_000)
    window.playback.seek(0)
    assert guide.stop.name == "faster"
    before = window.playback.config, window.playback.options
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Space)
    assert guide.stop.name == "faster"
    assert window.playback.playing
    assert (window.playback.config, window.playback.options) == before, "no button was pressed"


def test_one_may_look_elsewhere_and_return(window, qtbot):
    guide = window.guide
    guide.open(START_HERE)
    window.show_experiment("entropy.fit")
    assert guide.panel.return_button.isVisible()
    press(guide.panel.return_button)
    assert window.playback.experiment.name == "optimizers.race"
    assert not guide.panel.return_button.isVisible()


def test_other_experiments_are_left_alone_and_a_stop_is_taken_back(window, qtbot):
    before = EXPERIMENTS["optimizers.race"].config_type()
    window.show_experiment("optimizers.race")
    window.show_experiment("entropy.binary")
    mine = with_values(window.playback.config, {"p": 0.61})
    window.playback.edit(mine)
    window.guide.open(START_HERE)
    assert window.desk.playbacks["entropy.binary"].config == mine
    assert window.playback.config != before
    window.undo()
    assert window.desk.playbacks["optimizers.race"].config == before


def test_only_the_settings_of_the_stop_are_shown_and_all_come_back(window, qtbot):
    window.guide.open(START_HERE)
    rows = window.on_screen.form.rows
    assert [name for name, editor in rows.made.items() if editor.isVisible()] == ["start", "racers"]
    window.guide.close()
    assert rows.made["surface"].isVisible()


def test_a_locked_setting_is_seen_and_cannot_be_changed(window, tmp_path):
    path = tmp_path / "a.nabla-lesson.md"
    path.write_text(
        '# T\n```toml\nlesson = 1\n```\n## a\n```toml\nexperiment = "optimizers.race"\n'
        'locked = ["surface"]\nhidden = ["steps"]\n```\n### en: A\nwords'
    )
    window.guide.open(path)
    made = window.on_screen.form.rows.made
    assert made["surface"].isVisible()
    assert not made["surface"].isEnabled()
    assert made["start"].isEnabled()
    assert not made["steps"].isVisible()


def drawn(tmp_path, block=""):
    """A lesson with one stop, at which a curve is to be sketched."""
    path = tmp_path / "a.nabla-lesson.md"
    path.write_text(
        f'# T\n```toml\nlesson = 1\n```\n## a\n```toml\nexperiment = "optimizers.race"\n{block}'
        "settings.steps = 20\n"
        'question.kind = "draw"\nquestion.scalar = "0.f"\nquestion.steps = 20\nquestion.high = 5\n```\n'
        "### en: A\nwords\n? Draw f.\n> It falls.\n! So it is."
    )
    return path


def test_a_sketch_is_compared_with_the_run(window, qtbot, tmp_path):
    guide = window.guide
    guide.open(drawn(tmp_path))
    sketch = guide.panel.sketch
    qtbot.waitUntil(lambda: guide.answers.facts() is not None)
    press(guide.panel.check)
    assert verdict(guide.panel) == "✗ Draw first what you expect."
    for way in (window.on_screen.transport.toggle, lambda: window.playback.seek(20)):
        way()
        qtbot.waitUntil(lambda: "press Compare" in verdict(guide.panel))
        assert window.playback.recording.last == window.playback.step == 0, "the run is cheap, but not seen"
        guide.panel.show_verdict("", None)
        guide.answers._verdicts.clear()
    qtbot.waitExposed(window)
    plane, seen = sketch.axes().plane, sketch.ranges
    wheel(sketch.viewport())
    assert sketch.ranges == seen, "the wheel scrolls the text"
    top = plane.point(0, 4.9).toPoint(), plane.point(20, 4.9).toPoint()
    QTest.mousePress(sketch.viewport(), LEFT, pos=top[0])
    QTest.mouseMove(sketch.viewport(), (top[0] + top[1]) / 2)
    QTest.mouseMove(sketch.viewport(), top[1])
    QTest.mouseRelease(sketch.viewport(), LEFT, pos=top[1])
    assert sketch.axes().plane.rect == plane.rect, "it does not move under the pen"
    assert abs(sketch.values[10] - 4.9) < 0.2
    low = plane.point(10, 1.0).toPoint(), plane.point(20, 1.0).toPoint()
    QTest.mousePress(sketch.viewport(), LEFT, pos=low[0])
    QTest.mouseMove(sketch.viewport(), low[1])
    QTest.mouseRelease(sketch.viewport(), LEFT, pos=low[1])
    assert abs(sketch.values[15] - 1.0) < 0.2
    undone, stop = window.history.stack.index(), guide.stop
    QTest.keyClick(sketch, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert abs(sketch.values[15] - 4.9) < 0.2, "the last stroke is taken back"
    QTest.keyClick(sketch, Qt.Key.Key_Backspace)
    assert np.isnan(sketch.values).all()
    assert (window.history.stack.index(), guide.stop) == (undone, stop), "the window has undone nothing"
    QTest.mousePress(sketch.viewport(), LEFT, pos=top[0])
    QTest.mouseMove(sketch.viewport(), top[1])
    QTest.mouseRelease(sketch.viewport(), LEFT, pos=top[1])
    press(guide.panel.check)
    qtbot.waitUntil(lambda: "sketch is" in verdict(guide.panel), timeout=60_000)
    assert window.playback.playing
    assert window.playback.recording.last == 20
    away = 100 * sum(abs(4.9 - min(f, 5.0)) for f in window.playback.recording.column("0.f")[:21]) / 21 / 5
    told = float(verdict(guide.panel).split("sketch is ")[1].split(" %")[0])
    assert abs(told - away) < 4


def test_undo_gives_a_run_free_that_a_stop_holds_and_redo_takes_it_back(window, qtbot, tmp_path):
    window.show_experiment("optimizers.race")
    mine = with_values(window.playback.config, {"steps": 30})
    window.playback.edit(mine)
    qtbot.waitUntil(lambda: shows(window.playback, mine))
    window.guide.open(drawn(tmp_path, 'locked = ["surface"]\n'))
    guide, playback, surface = window.guide, window.playback, window.on_screen.form.rows.made["surface"]
    qtbot.waitUntil(lambda: shows(playback, config_of(guide.stop)))
    playback.edit(with_values(playback.config, {"steps": 25}))
    window.note()
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    def press_z(keys, config):
        qtbot.waitUntil(window.menuBar().isVisible)
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Z, keys)
        qtbot.waitUntil(lambda: shows(playback, config))

    press_z(control, config_of(guide.stop))
    assert (playback.held, guide.away) == (0, False), (
        "what was made of the scene is taken back, and not the scene"
    )
    press_z(control, mine)
    assert (playback.held, guide.away) == (None, True)
    assert guide.panel.return_button.isVisible()
    assert surface.isEnabled(), "it is locked for the scene alone"
    press(guide.panel.check)
    assert verdict(guide.panel) == "✗ Return to the lesson first."
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: playback.recording.last == 30 and playback.step > 0)
    press_z(control | shift, config_of(guide.stop))
    qtbot.waitUntil(lambda: playback.step == playback.recording.last == 0)
    assert not surface.isEnabled()
    press_z(control, mine)
    press(guide.panel.return_button)
    assert (playback.held, guide.away) == (0, False)
    press(guide.panel.close_button)
    assert playback.held is None


def test_the_first_start_offers_a_lesson_once(window, qtbot):
    window.preferences.lesson_offered = False
    window.appearance.set_language("zh_CN")
    window.appearance.set_language("en")
    offer, screen = window.middle.offer, window.on_screen.size()
    assert offer.isVisible()
    offer.hide()
    window.middle.layout().activate()
    assert window.on_screen.size() == screen, "it takes no height"
    offer.show()
    press(offer.start)
    qtbot.waitUntil(lambda: window.guide.lesson is not None)
    assert window.middle.offer is None or not window.middle.offer.isVisible()
    window.appearance.set_language("zh_CN")
    assert window.middle.offer is None


def test_a_file_that_is_no_lesson_is_refused_and_nothing_changes(window, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr("gui.app.document_questions.tell", lambda _window, words: said.append(words))
    path = tmp_path / "a.md"
    path.write_text("# T\n```toml\nlesson = 1\n```\n## a\nno block")
    assert not window.guide.open(path)
    assert window.guide.lesson is None
    assert "line 5" in said[0]


def two_stops(tmp_path, block="", words="### en: A\n? Yes?\n- [x] Yes\n- [ ] No\n! Right you are."):
    path = tmp_path / "two.nabla-lesson.md"
    head = "# T\n```toml\nlesson = 1\n```\n"
    scene = f'```toml\nexperiment = "entropy.binary"\n{block}question.kind = "choose"\n```\n{words}\n'
    path.write_text(f"{head}## a\n{scene}## b\n{scene}")
    return path


def choose(panel, answer):
    QTest.mouseClick(panel.choices[answer], LEFT, pos=QPoint(8, panel.choices[answer].height() // 2))
    press(panel.check)


def test_what_was_answered_rightly_stays_so_and_the_last_stop_says_that_it_is(window, qtbot, tmp_path):
    path, guide = two_stops(tmp_path), window.guide
    guide.open(path)
    choose(guide.panel, 0)
    assert verdict(guide.panel) == "✓ Right you are."
    choose(guide.panel, 1)
    assert verdict(guide.panel).startswith("✗")
    press(guide.panel.next)
    choose(guide.panel, 0)
    assert verdict(guide.panel) == (
        "✓ Right you are.\n\nThis was the last stop. The other lessons are under Lessons."
    )
    assert window.preferences.lesson_progress(str(path)) == ("b", ("a", "b"))


def test_after_a_right_answer_the_way_on_is_in_sight(window, qtbot, tmp_path):
    long = "### en: A\n" + "words\n\n" * 30 + "? Yes?\n- [x] Yes\n- [ ] No\n! " + "So it is.\n\n" * 8
    guide = window.guide
    guide.open(two_stops(tmp_path, words=long))
    panel = guide.panel
    choose(panel, 0)
    qtbot.waitUntil(lambda: panel.next.visibleRegion().boundingRect().size() == panel.next.size())


def test_after_a_wrong_answer_the_hint_is_in_sight(window, qtbot, tmp_path):
    long = "### en: A\n" + "words\n\n" * 30 + "? Yes?\n- [x] Yes\n- [ ] No\n  > Think of a coin.\n! So it is."
    window.guide.open(two_stops(tmp_path, words=long))
    panel = window.guide.panel
    choose(panel, 1)
    qtbot.waitUntil(lambda: panel.verdict.isVisible() and panel.verdict.height() > 5)
    qtbot.waitUntil(lambda: panel.verdict.visibleRegion().boundingRect().size() == panel.verdict.size())
    assert "coin" in panel.verdict.toPlainText()


def test_the_way_on_stays_in_sight_when_the_words_get_taller_later(window, qtbot, tmp_path):
    guide = window.guide
    guide.open(two_stops(tmp_path))
    panel = guide.panel
    choose(panel, 0)
    qtbot.waitUntil(lambda: panel.verdict.height() > 5)
    panel.verdict.setFixedHeight(900)  # as after typesetting once more, for a narrower place
    qtbot.waitUntil(lambda: panel.verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(lambda: panel.next.visibleRegion().boundingRect().size() == panel.next.size())
    QTest.keyClick(panel.verticalScrollBar(), Qt.Key.Key_Home)
    panel.verdict.setFixedHeight(1000)
    qtbot.waitUntil(lambda: panel.verdict.height() == 1000)
    assert panel.verticalScrollBar().value() == 0, "who scrolls back stays there"


@pytest.mark.parametrize(
    "block", ["options.nothing = 1\n", 'options."a.b" = 1\n', "settings.p = 7\n", "settings.no = 1\n"]
)
def test_a_lesson_that_asks_for_what_is_not_there_is_refused_before_anything_is_touched(
    window, tmp_path, monkeypatch, block
):
    said = []
    monkeypatch.setattr("gui.app.document_questions.tell", lambda _window, words: said.append(words))
    before = window.session()
    assert not window.guide.open(two_stops(tmp_path, block))
    assert len(said) == 1
    assert window.session() == before
