"""When the plots of a page move: after one step by hand or in slow play, not where less motion is wanted."""

import pytest
from PySide6.QtCore import Qt

from gui.plots.panel import Panel


@pytest.fixture
def race(lent):
    screen = lent("optimizers.race", goal=30.0, notes=False, steps=30)
    start = screen.playback.playhead
    screen.calm = False
    go(screen, 5)
    yield screen
    moving(screen)
    screen.calm = True
    go(screen, start)


def go(screen, step):
    screen.playback.seek(step)
    screen.tick(0.0)


def moving(screen):
    """The plots that move now; they stand still afterwards."""
    found = [panel for panel in screen.view.findChildren(Panel) if panel.share < 1.0]
    for panel in found:
        panel._motion.stop()
    return found


def test_one_step_by_hand_moves_the_plots_on_show(race, qtbot):
    qtbot.mouseClick(race.transport.forward, Qt.MouseButton.LeftButton)
    race.tick(0.0)
    assert race.playback.step == 6
    assert {race.view.field, race.view.curves} <= set(moving(race))
    qtbot.keyClick(race.transport.timeline, Qt.Key.Key_Right)
    race.tick(0.0)
    assert race.view.field in moving(race)


def test_nesterov_has_three_strokes_in_six_tenths_of_a_second(race):
    race.view.set_option(layout="step", racer=2)
    go(race, 5)
    race.view.catch_up()
    race.playback.single_step()
    race.tick(0.0)
    one = race.view.anatomy.panels[0]
    assert len(one.arrows) == 3  # those of this step, not put off
    assert one._motion.duration() == 600


@pytest.mark.parametrize(
    "how",
    [
        lambda playback: playback.seek(6),
        lambda playback: playback.single_step(-1),
        lambda playback: playback.single_step(2),
    ],
)
def test_what_is_no_step_onward_moves_nothing(race, how):
    how(race.playback)
    race.tick(0.0)
    assert moving(race) == []


@pytest.mark.parametrize(("speed", "moves"), [(1.0, True), (3.0, True), (10.0, False), (60.0, False)])
def test_only_slow_play_moves_from_step_to_step(race, speed, moves):
    race.playback.set_speed(speed)
    race.playback.play()
    race.tick(1.01 / speed)
    assert race.playback.step == 6
    assert bool(moving(race)) is moves


def test_with_less_motion_nothing_moves_and_nothing_pulses(race):
    race.calm = True
    race.playback.single_step()
    race.tick(0.0)
    assert moving(race) == []


def test_a_new_page_pulses_once_it_rests(race):
    race.playback.new = True
    for calm, pulses in ((True, False), (False, True)):
        race.calm, race.playback.new = calm, True
        race.playback.playhead = 30.0
        race.tick(0.0)
        assert not race.playback.new
        assert (race.view.field._pulse is not None) is pulses
