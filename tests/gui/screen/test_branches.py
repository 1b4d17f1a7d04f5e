"""What a user does with changes and branches on a screen: a short race, worked with mouse and keys."""

from dataclasses import replace
from itertools import product
from math import inf

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine.changes import Change
from engine.config import replaced as replace_config
from engine.experiments import EXPERIMENTS
from engine.optimizers.adam import Adam
from engine.optimizers.descent import GradientDescent
from engine.session import Look
from gui.form.base import WIDTH, Editor
from gui.form.settings_text import settings_text
from gui.look import language
from gui.look.theme import LIGHT
from gui.plots.curves import CurvesPanel
from gui.screen import settings as settings_module
from gui.screen.branches import Branches
from gui.screen.engine_thread import EngineThread
from gui.screen.playback import Playback
from gui.screen.scenes import Try
from gui.screen.since_choice import SinceChoice
from tests.toys import WALK, LiveConfig

RACERS = (GradientDescent(learning_rate=0.001), Adam(learning_rate=0.1))
RATE = "racers[0].learning_rate"


@pytest.fixture
def race(on_screen):
    """A race of 60 steps, run to its end, at step 20, with edits from there on."""
    screen = on_screen("optimizers.race", notes=False, racers=RACERS, steps=60)
    seek(screen, 20)
    click(screen.settings.since.here)
    return screen


def settle(screen):
    """Compute what is wanted, and draw it."""
    screen.playback.tick(0.0)
    screen.playback.runner.drive(inf)
    for pin in screen.playback.behind:
        pin.runner.drive(inf)
    screen.tick(1.0)
    QApplication.processEvents()


def seek(screen, step):
    screen.playback.seek(step)
    settle(screen)


def click(widget, button=Qt.MouseButton.LeftButton):
    QTest.mouseClick(widget, button)
    QApplication.processEvents()


def rate_box(screen, k=0):
    return screen.form.found(f"racers.{k}.learning_rate")


def enter(screen, text, k=0):
    """Type a learning rate of a racer."""
    box = rate_box(screen, k).box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)
    settle(screen)


def fork(screen, step, text, k=0):
    seek(screen, 60)
    seek(screen, step)
    enter(screen, text, k)


def test_over_the_settings_stands_from_which_step_an_edit_holds(race):
    since = race.settings.since
    assert (since.start.text(), since.here.text()) == ("From the start", "From step 20")
    assert since.here.isChecked()
    seek(race, 0)
    assert since.start.isChecked(), "nothing to choose from"
    assert not since.here.isEnabled()
    seek(race, 30)
    assert since.here.isChecked(), "what was wanted is remembered"
    assert since.here.text() == "From step 30"
    seek(race, 60)
    assert not since.here.isEnabled()
    click(since.start)
    seek(race, 30)
    assert since.start.isChecked()


def test_a_screen_that_opens_at_the_start_of_a_run_names_step_0(race):
    race.playback.seek(0)
    choice = SinceChoice(race.playback, LIGHT)
    assert choice.here.text() == "From step 0"
    assert not choice.here.isEnabled()


def test_the_choice_is_not_cut_in_the_narrowest_form(qapp, qtbot):
    playback = Playback(WALK, EngineThread(), 60.0)
    playback.restore(LiveConfig(steps=100_000), Look(step=99_999))
    playback.runner.drive()
    for spoken, theme in product(("en", "zh_CN"), (LIGHT, replace(LIGHT, scale=1.6))):
        language.install(qapp, spoken)
        since = SinceChoice(playback, theme)
        language.install(qapp, "en")
        qtbot.addWidget(since)
        assert "99999" in since.here.text()
        assert since.minimumSizeHint().width() <= theme.px(WIDTH), (spoken, theme.scale)


def test_an_experiment_that_takes_no_changes_has_no_such_choice(on_screen):
    screen = on_screen("losses.neuron", notes=False)
    assert not screen.settings.since.isVisible()


def test_what_may_change_is_marked_and_says_so(race):
    editor = rate_box(race)
    assert "•" in editor.label.text()
    assert "may change while the run goes on" in editor.toolTip()
    steps = race.form.editor("steps")
    assert "•" not in steps.label.text()
    assert steps.toolTip().endswith("A change starts the run over")
    schedule = race.form.reveal("racers.0.schedule")
    parts = schedule.findChildren(Editor)
    assert not any("starts the run over" in part.toolTip() for part in [schedule, *parts])


def test_a_typed_rate_makes_a_change_a_mark_a_line_and_a_branch(race):
    enter(race, "0.002")
    change = Change(20, RATE, 0.002)
    assert race.playback.config.changes == (change,)
    told = "After step 20: Gradient descent: Learning rate 0.001 → 0.002"
    assert [mark.of.words for mark in race.transport.timeline.marks] == [told]
    panels = [panel for panel in race.view.findChildren(CurvesPanel) if panel.isVisible()]
    assert [(line.turn.x, line.turn.words) for panel in panels for line in panel.turns] == [(20.0, told)]
    words = [row.of.words for row in race.transport.branches.rows]
    assert words == ["The first run", "Gradient descent: Learning rate 0.001 → 0.002 from step 20 on"]
    # there is little room behind the lines: a rate has its symbol there, as in the legend
    assert race.transport.branches.rows[1].of.name == "Gradient descent: η 0.001 → 0.002"
    assert [ghost.since for ghost in race.view.at.ghosts] == [20]
    assert "Gradient descent: η 0.002 from step 20 on" in race.subtitle(20)


def test_the_form_shows_what_is_in_force_at_the_playhead(race):
    enter(race, "0.002")
    shown = []
    for step in (19, 20, 60):
        seek(race, step)
        shown.append(rate_box(race).box.text())
    assert shown == ["0.001", "0.002", "0.002"]


def test_of_the_start_the_rate_is_changed_for_the_whole_run(race):
    enter(race, "0.002")
    seek(race, 40)
    click(race.settings.since.start)
    enter(race, "0.003")
    assert race.playback.config.changes == ()
    assert race.playback.config.racers[0].learning_rate == 0.003
    assert race.playback.branches == ()
    assert race.transport.timeline.marks == []
    assert not race.transport.branches.isVisible()


def test_a_click_on_a_mark_leads_to_its_step_and_so_does_one_on_its_line(race):
    enter(race, "0.002")
    seek(race, 45)
    click(race.transport.timeline.marks[0])
    assert race.playback.step == 20
    seek(race, 45)
    panel = next(panel for panel in race.view.findChildren(CurvesPanel) if panel.turns)
    axes = panel.axes()
    place = QPoint(round(axes.plane.px(axes.x.coordinate(20.0))) + 2, round(axes.plane.rect.center().y()))
    QTest.mouseMove(panel.viewport(), place)
    assert panel.viewport().toolTip().startswith("After step 20")
    QTest.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=place)
    panel.answer_click()
    assert race.playback.step == 20


def test_delete_takes_a_change_back_and_the_menu_of_its_mark_does_too(race):
    enter(race, "0.002")
    seek(race, 40)
    enter(race, "0.2", 1)
    first, second = race.transport.timeline.marks
    menu = first.menu()
    assert [action.text() for action in menu.actions()] == [
        "Take back: Gradient descent: Learning rate 0.001 → 0.002 from step 20 on"
    ]
    menu.actions()[0].trigger()
    settle(race)
    assert race.playback.config.changes == (Change(40, "racers[1].learning_rate", 0.2),)
    mark = race.transport.timeline.marks[0]
    mark.setFocus()
    QTest.keyClick(mark, Qt.Key.Key_Delete)
    settle(race)
    assert race.playback.config.changes == ()


def test_marks_that_would_cover_each_other_are_one(race):
    timeline = race.transport.timeline
    near = tuple(Change(step, RATE, 0.002 + step / 1e4) for step in (20, 21, 50))
    race.playback.take_back(())
    race.playback.edit(type(race.playback.config)(racers=RACERS, steps=6000, changes=near))
    settle(race)
    assert [mark.of.steps for mark in timeline.marks] == [(20, 21, 50)]
    assert len(timeline.marks[0].of.words.splitlines()) == 3
    assert timeline.marks[0].menu().actions()[-1].text() == "Take back these 3 changes"


def test_rows_lead_to_branches_by_click_and_by_arrow_and_delete_closes_them(race):
    enter(race, "0.002")
    fork(race, 40, "0.004")
    first, second, third = race.playback.branches
    rows = race.transport.branches.rows
    click(rows[0])
    settle(race)
    assert race.playback.config == first
    assert race.playback.step == 40
    QTest.keyClick(race.transport.branches.rows[0], Qt.Key.Key_Down)
    settle(race)
    assert race.playback.config == second
    row = QApplication.focusWidget()
    assert row.of.config == second
    QTest.keyClick(row, Qt.Key.Key_Delete)
    settle(race)
    assert race.playback.branches == (first, third)
    assert race.playback.config == third, "that of which most is the same"
    click(race.transport.branches.rows[0].cross)
    settle(race)
    assert race.playback.branches == ()
    assert not race.transport.branches.isVisible()


def test_the_menu_of_a_row_says_what_can_be_done_with_it(race, monkeypatch):
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)
    enter(race, "0.002")
    row = race.transport.branches.rows[0]
    QTest.mouseClick(row, Qt.MouseButton.RightButton)
    assert row.accessibleName() == "The first run"
    menu = row.menu()
    assert [action.text() for action in menu.actions()] == ["Be on this branch", "Close this branch"]
    menu.actions()[0].trigger()
    settle(race)
    assert race.playback.config == race.playback.branches[0]


def test_a_drag_while_the_run_plays_makes_a_few_changes_and_its_last_value_stays(race, monkeypatch):
    time = 100.0
    monkeypatch.setattr(settings_module, "perf_counter", lambda: time)
    monkeypatch.setattr(settings_module, "held", lambda: True)
    seek(race, 20)
    race.playback.set_speed(60.0)
    race.playback.play()
    for k in range(12):  # a mouse tells 60 times a second
        racers = race.form.config.racers
        slid = (racers[0].with_(learning_rate=0.002 + k / 1e4), racers[1])
        race.form.rows._take("racers", {"racers": slid})
        assert race.form.config.racers == slid, "the slider stays under the mouse"
        race.tick(1 / 60)
        race.playback.runner.drive(inf)
        time += 1 / 60
    assert len(race.playback.config.changes) == 2
    monkeypatch.setattr(settings_module, "held", lambda: False)
    race.tick(1 / 60)
    assert len(race.playback.config.changes) == 3
    assert race.playback.config.changes[-1].value == pytest.approx(0.0031)


def test_settings_in_one_line_count_many_changes():
    config = EXPERIMENTS["optimizers.race"].config_type()
    changes = tuple(Change(step, "racers[0].learning_rate", 0.001 * step) for step in range(5, 11))
    told = settings_text(type(config)(changes=changes))
    assert told.endswith("6 changes from step 5 on")


def test_the_widgets_speak_chinese(qapp, on_screen):
    language.install(qapp, "zh_CN")
    try:
        screen = on_screen("optimizers.race", notes=False, racers=RACERS, steps=60)
        seek(screen, 20)
        click(screen.settings.since.here)
        assert screen.settings.since.here.text() == "从第 20 步起"
        enter(screen, "0.002")
        assert [row.of.words for row in screen.transport.branches.rows] == [
            "最初的运行",
            "从第 20 步起：梯度下降：学习率 0.001 → 0.002",
        ]
    finally:
        language.install(qapp, "en")


def test_with_branches_the_hero_still_has_a_quarter_of_a_small_window(on_screen):
    screen = on_screen("optimizers.race", size=(1280, 634), notes=False, racers=RACERS, steps=60)
    seek(screen, 20)
    click(screen.settings.since.here)
    for step, rate in ((20, "0.002"), (30, "0.003"), (40, "0.004")):
        fork(screen, step, rate)
    assert len(screen.transport.branches.rows) == 4
    plane = screen.view.field.axes().plane.rect
    assert plane.width() * plane.height() >= 0.25 * 1280 * 720
    last = screen.transport.branches.rows[-1]
    assert not last.visibleRegion().isEmpty(), "the present one is in sight"


def test_in_a_low_window_the_branch_on_the_screen_is_in_sight(on_screen):
    screen = on_screen("optimizers.race", notes=False, racers=RACERS, steps=60)
    screen.playback.from_here = True
    for step in (10, 20, 30):
        fork(screen, step, f"0.00{step}")
    branches = screen.transport.branches
    row = next(row for row in branches.rows if row.isChecked())
    assert len(branches.rows) > 2
    assert row.visibleRegion().boundingRect() == row.rect()
    screen.playback.go_to(screen.playback.branches[0])
    settle(screen)
    assert branches.rows[0].isChecked()
    assert branches.rows[0].visibleRegion().boundingRect() == branches.rows[0].rect()
    again = Branches(screen.playback, screen.transport.timeline, LIGHT)
    again.setParent(screen)
    screen.playback.go_to(screen.playback.branches[-1])
    again.refresh()  # as where a session is opened: there are rows before there is room
    again.resize(600, 28)
    again.show()
    QApplication.processEvents()
    assert again.rows[-1].visibleRegion().boundingRect().height() == again.rows[-1].height()


def test_mini_batches_mark_the_change_on_each_of_their_axes(on_screen):
    screen = on_screen("optimizers.batches", notes=False, steps=60, batch_size=20)
    change = Change(30, "optimizer.learning_rate", 0.5)
    screen.playback.edit(replace_config(screen.playback.config, changes=(change,)))
    settle(screen)
    seek(screen, 60)
    places = []
    for against in ("steps", "epochs"):
        screen.view.set_option(against=against)
        settle(screen)
        (line,) = screen.view.loss.turns
        places.append(line.turn.x)
    examples = screen.view.at.data.model.count
    assert places == [30.0, pytest.approx(600 / examples)]  # independent batches: 30 of 20 examples


def test_a_button_of_the_notes_is_of_a_whole_run_and_what_a_plot_drags_leaves_the_changes(race):
    enter(race, "0.002")
    seek(race, 30)
    race.try_out(Try("A bowl", (("surface", "bowl"),)))
    settle(race)
    assert (race.playback.config.surface, race.playback.config.changes) == ("bowl", ())
    assert race.playback.branches == ()
    seek(race, 20)
    enter(race, "0.002")
    seek(race, 40)
    race.view.edit(start=(0.5, 0.5))
    settle(race)
    assert race.playback.config.start == (0.5, 0.5)
    assert race.playback.config.changes == (Change(20, RATE, 0.002),)
    race.try_out(Try("Step 7", step=7))
    assert race.playback.step == 7
    assert race.playback.config.changes != ()


def test_the_time_left_makes_room_for_the_timeline(race, monkeypatch):
    bar = race.transport
    monkeypatch.setattr(Playback, "remaining", 7.0)
    bar.refresh()
    assert bar.status.text() == "step 20 / 60 · 7 s left"
    monkeypatch.setattr("gui.screen.transport.SHORTEST", 10 * bar.timeline.width())
    bar.refresh()
    assert bar.status.text() == "step 20 / 60"


def test_before_a_branch_left_its_step_is_shown_on_the_line_that_it_left(race):
    enter(race, "0.002")
    fork(race, 40, "0.004")
    tree = race.transport.branches.tree
    lines = []
    for step in (10, 30, 50):
        seek(race, step)
        lines.append(tree.line_at(2))
    assert lines == [0, 1, 2]
