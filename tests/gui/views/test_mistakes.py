"""The gallery shows both lines, both losses and the check; the quiz asks, and says right or wrong."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.experiments.gradients.mistakes import EXPERIMENT
from engine.experiments.gradients.mistakes_config import QUESTIONS, MistakesConfig, quiz_of
from engine.experiments.gradients.mistakes_table import MISTAKES
from engine.gradient_check import STEP as H
from gui.look.terms import terms_in
from gui.look.theme import DARK, LIGHT
from gui.screen.view import Ghost, follower, view_type
from gui.views.gradients.mistakes import MistakesOptions, MistakesView
from tests.gui.bench import Desk
from tests.gui.test_formula_terms import legible
from tests.gui.themes import in_turn
from tests.gui.views.moments import ran, told

VIEW, SIZE, SETTLED = MistakesView, (1000, 700), True

LEFT = Qt.MouseButton.LeftButton


def mistaken(name, goal=10, **settings):
    return ran(EXPERIMENT, MistakesConfig(mistake=MISTAKES[name](), **settings), goal)


@pytest.fixture(scope="module")
def asked():
    return ran(EXPERIMENT, MistakesConfig(show="quiz"), 10)


def columns(panel):
    return dict(panel.table())


def rounding_of_differences(at):
    """The error that rounding alone may give a numeric derivative, on any processor.

    The loss f of a batch is a mean of logarithms of sums of products, each of which rounds: about ten
    roundings, f·10ε. D(h) divides two of them by 2h, D(h/2) by h: 10εf/h and 20εf/h; and (4·D(h/2) − D(h))/3
    has at most (4·20 + 10)/3 εf/h = 30 εf/h. The loss of the next batch is about that of this one.
    """
    loss = max(1.0, at.recording.column("wrong.loss")[at.step])
    return 30.0 * np.finfo(float).eps * loss / H


def test_the_view_is_found_by_its_name():
    assert view_type("gradients.mistakes") is MistakesView


@pytest.mark.parametrize("name", MISTAKES)
def test_the_lines_and_the_curves_of_a_mistake(show, name):
    runner, mistake = mistaken(name), MISTAKES[name]
    view = show(runner)
    assert mistake.right.code in view.lines.code["right"].text()
    assert mistake.wrong.code in view.lines.code["wrong"].text()
    for panel, what in ((view.loss, mistake.curve), (view.symptom, mistake.symptom)):
        shown = columns(panel)
        for side in ("right", "wrong"):
            known = runner.recording.column(f"{side}.{what}")
            head = next(head for head in shown if head.startswith(side) or side in head)
            assert np.array_equal(shown[head], known, equal_nan=True)
    assert view.finding.text.startswith(mistake.title)
    assert ("passes" in view.finding.text) == ("passes" in view.components.title)
    assert sum(live.check is not None for live in told(view)) == 2


def test_a_check_that_fails_is_told_in_numbers_and_drawn(show):
    view = show(mistaken("sum_for_mean"))
    assert view.components.title == "Gradient check: fails"
    assert "fails: relative error 0.97" in view.finding.text
    numeric, analytic = (np.asarray(bars.values) for bars in view.components.series)
    assert analytic == pytest.approx(32.0 * numeric, rel=1e-3, abs=32.0 * rounding_of_differences(view.at))
    assert view.components.series[1].stroke == LIGHT.stroke("wrong")
    checks = [live.check.passed for live in told(view) if live.check]
    assert checks == [True, False]


def test_a_check_that_passes_says_why(show):
    view = show(mistaken("softmax_twice"))
    assert "The gradient check passes: the gradient is right, but the loss is not" in view.finding.text
    assert view.components.series[1].stroke == LIGHT.stroke("right")


def test_a_loss_that_is_no_number_is_marked_by_name(show):
    runner = mistaken("softmax_without_shift", math.inf)
    view = show(runner)
    lost = int(np.flatnonzero(np.isnan(runner.recording.column("wrong.loss")))[0])
    assert [(mark.x, mark.text) for mark in view.loss.marks] == [(lost - 1, f"NaN from step {lost} on")]
    assert "the loss is not a number" in view.finding.text
    assert "the gradient is not a number" in view.finding.text
    gaps = show(mistaken("log_of_zero"))
    (mark,) = gaps.loss.marks
    nan = np.isnan(gaps.at.recording.column("wrong.loss"))
    assert mark.text in (f"NaN at {nan.sum()} steps", "NaN from step 2 on")
    assert gaps.at.recording.column("wrong.loss")[1] == mark.y


def test_the_button_leads_through_the_gallery_and_begins_again(show, qtbot):
    kinds = [*MISTAKES.values()]
    for kind, after in ((kinds[0], kinds[1]), (kinds[-1], kinds[0])):
        view = show(mistaken(kind.__struct_config__.tag, 3))
        with qtbot.waitSignal(view.edited) as edited:
            qtbot.mouseClick(view.following, LEFT)
        assert edited.args[0].mistake == after()


def test_the_loss_is_seen_on_either_axis(show, qtbot):
    view = show(mistaken("label_times_error"))
    assert view.loss.y_axis.log
    qtbot.mouseClick(view.bar["log_loss"], LEFT)
    assert not view.loss.y_axis.log


def test_pinned_runs_are_faint(show):
    other = mistaken("label_times_error", rate=3.0)
    view = show(mistaken("label_times_error"), ghosts=[Ghost(other.config, other.recording, "η × 3")])
    assert [curve.name for curve in view.loss.curves if curve.ghost] == ["η × 3", ""]
    assert [curve.name for curve in view.symptom.curves if curve.ghost] == ["η × 3", ""]


@pytest.mark.parametrize(("name", "theme"), in_turn(["diagonal_jacobian", "zero_start"]))
def test_every_plot_paints_itself_at_any_size(show, theme, name):
    view = show(mistaken(name, 3), theme=theme)
    for size in ((300, 300), (1400, 900)):
        view.resize(*size)
        assert not view.grab().isNull()


# The quiz


def test_a_quiz_shows_six_curves_without_names(show, asked):
    view = show(asked)
    assert not view.page.isVisible()
    assert not view.lines.isVisible()
    assert [panel.title for panel in view.quiz.panels] == ["1", "2", "3", "4", "5", "6"]
    assert view.finding.text.startswith("Curve 1: which mistake is it?")
    titles = [button.text() for button in view.quiz.list.group.buttons()]
    assert sorted(titles) == sorted(mistake.title for mistake in quiz_of(0))
    assert {curve.key for curve in view.quiz.panels[2].curves} == {"3.right.loss", "3.wrong.loss"}


def press(view, qtbot, name, key=None):
    button = view.quiz.list.group.button(view.quiz.list.names.index(name))
    if key is None:
        qtbot.mouseClick(button, LEFT)
    else:
        button.setFocus()
        qtbot.keyClick(button, key)
    return button


def test_an_answer_is_right_or_wrong_and_the_reason_is_said(show, asked, qtbot):
    view, quiz = show(asked), quiz_of(0)
    qtbot.mouseClick(view.quiz.panels[3].viewport(), LEFT, pos=view.quiz.panels[3].rect().center())
    assert view.options.curve == 4
    assert view.quiz.list.asked.text() == "Curve 4 shows"
    button = press(view, qtbot, quiz[0].name)
    assert view.finding.text == f"It is another one. {quiz[0].title} looks like this: {quiz[0].looks}"
    assert button.text().endswith("✗")
    assert view.quiz.panels[3].heading(live=True) == "4 ✗: which mistake is it?"
    assert view.quiz.panels[3].title == "4 ✗"
    assert view.quiz.list.score.text() == "Named rightly: 0 of 6"
    button = press(view, qtbot, quiz[3].name, Qt.Key.Key_Space)
    assert view.finding.text == f"Right, it is this one: {quiz[3].title}. {quiz[3].looks}"
    assert button.text().endswith("✓")
    assert button.isChecked()
    assert view.quiz.panels[3].title == f"4 ✓ {quiz[3].title}"
    assert view.quiz.list.score.text() == "Named rightly: 1 of 6"
    assert [live.title for live in told(view)] == ["Named rightly", quiz[3].title]


def test_a_curve_is_asked_about_wherever_its_panel_is_clicked(show, asked, qtbot):
    """At the title and the numbers of its axes too, where there is no curve; and with Return."""
    view = show(asked)
    panels = view.quiz.panels
    qtbot.mouseClick(panels[1].viewport(), LEFT, pos=QPoint(12, 10))
    assert view.options.curve == 2
    assert panels[1].heading(live=True) == "2: which mistake is it?"
    qtbot.mouseClick(panels[5].viewport(), LEFT, pos=QPoint(20, panels[5].height() - 8))
    assert view.options.curve == 6
    qtbot.keyClick(panels[2], Qt.Key.Key_Return)
    assert view.finding.text.startswith("Curve 3: which mistake is it?")


def test_all_six_can_be_named_with_the_keys(show, asked, qtbot):
    view = show(asked)
    for k, mistake in enumerate(quiz_of(0), start=1):
        assert view.options.curve == k
        press(view, qtbot, mistake.name, Qt.Key.Key_Space)
        view.quiz.list.after.setFocus()
        qtbot.keyClick(view.quiz.list.after, Qt.Key.Key_Space)
    assert view.options.curve == 1
    qtbot.mouseClick(view.quiz.list.before, LEFT)
    assert view.options.curve == QUESTIONS
    assert view.options.answers == tuple(mistake.name for mistake in quiz_of(0))
    assert view.quiz.list.score.text() == f"Named rightly: {QUESTIONS} of {QUESTIONS}"


def test_a_button_draws_another_quiz_of_which_nothing_is_said_yet(show, asked, qtbot):
    view = show(asked, answers=(quiz_of(0)[0].name,), curve=3)
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.mouseClick(view.quiz.list.anew, LEFT)
    assert edited.args[0] == MistakesConfig(show="quiz", seed=1)
    options, _ = MistakesView.followed(view.options, asked.config, edited.args[0])
    assert options == MistakesOptions()


def test_answers_of_a_session_that_are_no_mistakes_are_none(show, asked):
    view = show(asked, answers=("nonsense",))
    assert view.quiz.list.score.text() == "Named rightly: 0 of 6"
    assert view.finding.text.startswith("Curve 1: which")


def test_in_a_lecture_the_names_stay_and_the_bar_does_not(show, asked, qtbot):
    from dataclasses import replace

    view = show(asked, theme=replace(DARK, scale=1.6), size=(1600, 900))
    assert not view.bar.isVisible()
    assert view.quiz.list.isVisible()
    press(view, qtbot, quiz_of(0)[0].name)
    assert view.quiz.list.score.text() == "Named rightly: 1 of 6"


def computed(screen):
    """Let the run of the settings be computed a little, and be seen."""
    screen.tick(0.0)
    screen.playback.runner.drive(3)
    screen.tick(0.0)


def test_answers_and_new_curves_are_taken_back_and_done_again(on_screen, qtbot):
    screen = on_screen("gradients.mistakes", goal=3, notes=False, show="quiz")
    screen.playback._follow = follower(MistakesView)  # as the window makes it
    desk, quiz = Desk(screen), screen.view.quiz
    qtbot.mouseClick(quiz.list.group.button(0), LEFT)
    desk.rest()
    said = screen.view.options.answers
    assert len(said) == QUESTIONS
    assert said[0] == quiz.list.names[0]
    qtbot.mouseClick(quiz.list.anew, LEFT)
    desk.rest()
    computed(screen)
    assert (screen.playback.config.seed, screen.view.options.answers) == (1, ())
    desk.history.undo()
    computed(screen)
    assert (screen.playback.config.seed, screen.view.options.answers) == (0, said)
    desk.history.undo()
    computed(screen)
    assert screen.view.options.answers == ()
    assert desk.history.stack.redoText() == "Answers"
    while desk.history.stack.canRedo():
        desk.history.redo()
        computed(screen)
    assert (screen.playback.config.seed, screen.view.options.answers) == (1, ())


@pytest.mark.parametrize("name", MISTAKES)
def test_both_lines_are_read_in_the_narrowest_notes_and_their_letters_are_named(show, name):
    view = show(mistaken(name))
    for line in (MISTAKES[name].right, MISTAKES[name].wrong):
        assert legible(line.latex), line.latex
    symbols = [one.latex for one in view.terms(view.at)]
    written = {found.term for live in told(view) for found in terms_in(live.latex, symbols)}
    assert written == {*range(len(symbols))}
