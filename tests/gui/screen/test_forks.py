"""Changes of a run at the playhead, forks and branches, without any widget: a walk of known steps."""

from math import inf

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from engine.changes import Change, config_at
from engine.config import Problem, replaced
from engine.experiments import EXPERIMENTS
from engine.runner import Finish
from engine.session import MAX_BRANCHES, Look
from engine.stop_rules import HeldOutRises
from gui.look.theme import LIGHT
from gui.screen.forks import Leaving, edited, merged, tree
from gui.screen.ghosts import ghost_of
from gui.screen.playback import Playback
from gui.screen.since_choice import SinceChoice
from gui.screen.transport import Transport
from tests.gui.screen.test_playback import ticked
from tests.toys import WALK, LiveConfig


@pytest.fixture
def walk(engine, qtbot):
    def walk(look=None, **fields):
        playback = Playback(WALK, engine, inf)
        playback.restore(LiveConfig(**fields), look or Look(step=0))
        playback.from_here = True
        ticked(playback, qtbot)
        return playback

    return walk


@pytest.fixture
def walked(walk, qtbot):
    """A walk that has come to a step."""

    def walked(step, **fields):
        playback = walk(**fields)
        at(playback, step, qtbot)
        return playback

    return walked


def at(playback, step, qtbot):
    playback.seek(step)
    ticked(playback, qtbot, lambda: playback.recording.last >= step)


def wish(playback, **fields):
    playback.edit_settings(replaced(playback.in_force, **fields), playback.step)


def places(playback):
    return playback.recording.column("place").tolist()


def test_a_change_acts_from_the_next_step_on_and_one_stands_where_one_stood(walked, qtbot):
    playback = walked(3)
    wish(playback, rate=10.0)
    assert playback.config.changes == (Change(3, "rate", 10.0),)
    assert playback.runner.config == playback.config, "the engine has it before the next picture is drawn"
    ticked(playback, qtbot)
    assert (playback.step, playback.playing) == (3, False)
    at(playback, 5, qtbot)
    assert places(playback)[:6] == [0, 1, 2, 3, 13, 23]


def test_without_the_wish_or_at_the_start_an_edit_starts_over(walked, qtbot):
    playback = walked(3)
    playback.from_here = False
    wish(playback, rate=10.0)
    assert (playback.config.rate, playback.config.changes) == (10.0, ())
    playback.from_here = True
    at(playback, 0, qtbot)
    wish(playback, rate=7.0)
    assert (playback.config.rate, playback.config.changes) == (7.0, ())


def test_what_may_not_change_in_a_run_starts_it_over_and_leaves_the_other_changes(walked, qtbot):
    playback = walked(3)
    wish(playback, rate=10.0)
    at(playback, 5, qtbot)
    wish(playback, start=100.0)
    assert (playback.config.start, playback.config.rate) == (100.0, 1.0), "what was changed later, is later"
    assert playback.config.changes == (Change(3, "rate", 10.0),)
    assert playback.branches == ()


def test_an_edit_from_the_start_takes_the_later_changes_of_its_field_away(walked, qtbot):
    playback = walked(3)
    wish(playback, rate=10.0)
    at(playback, 5, qtbot)
    playback.from_here = False
    wish(playback, rate=1.0)  # as it was at the start: the change is what is to go
    assert (playback.config.rate, playback.config.changes) == (1.0, ())


def test_the_settings_in_force_are_those_of_the_next_step(walked, qtbot):
    playback = walked(3)
    assert playback.in_force is playback.config, "nothing to make anew for every picture"
    wish(playback, rate=10.0)
    ticked(playback, qtbot)
    rates = []
    for step in (2, 3, 4):
        at(playback, step, qtbot)
        rates.append(playback.in_force.rate)
    assert rates == [1.0, 10.0, 10.0]
    assert playback.in_force is playback.in_force


def test_a_run_that_goes_on_is_changed_in_place(walked, qtbot):
    """Nobody has seen what would have come: there is nothing to go back to."""
    playback = walked(3)
    wish(playback, rate=10.0)
    ticked(playback, qtbot)
    at(playback, 6, qtbot)
    wish(playback, rate=2.0)
    assert [change.step for change in playback.config.changes] == [3, 6]
    assert playback.branches == ()


def test_a_change_of_what_has_been_seen_is_a_fork_and_the_run_before_stays(walked, qtbot):
    playback = walked(40)
    first, run = playback.config, playback.runner
    at(playback, 10, qtbot)
    wish(playback, rate=10.0)
    ticked(playback, qtbot)
    assert playback.branches == (first, playback.config)
    assert [(pin.config, pin.runner) for pin in playback.others] == [(first, run)]
    assert playback.drawn_behind == playback.others
    assert playback.recording.last == 10


def test_a_drag_at_one_step_makes_one_branch(walked, qtbot):
    playback = walked(40)
    first = playback.config
    at(playback, 10, qtbot)
    for rate in (2.0, 3.0, 4.0):
        wish(playback, rate=rate)
        ticked(playback, qtbot)
    assert playback.config.changes == (Change(10, "rate", 4.0),)
    assert playback.branches == (first, playback.config)
    wish(playback, rate=1.0)  # as it was: no change, and no branch
    ticked(playback, qtbot)
    assert (playback.config, playback.branches, playback.others) == (first, (), [])
    assert playback.recording.last == 40, "what is known of it is used"


def test_one_goes_from_branch_to_branch_at_the_same_step(walked, qtbot):
    playback = walked(40)
    first, run = playback.config, playback.runner
    at(playback, 10, qtbot)
    wish(playback, rate=10.0)
    at(playback, 20, qtbot)
    second = playback.config
    playback.go_to(first)
    ticked(playback, qtbot)
    assert (playback.config, playback.runner, playback.step) == (first, run, 20)
    assert [pin.config for pin in playback.others] == [second]
    wish(playback, noise=0.5)
    assert len(playback.branches) == 3, "it was seen to its end: another change is another branch"


def test_a_closed_branch_is_gone_and_from_the_present_one_one_comes_to_the_nearest(walked, qtbot):
    playback = walked(40)
    first = playback.config
    for step, rate in ((10, 10.0), (20, 20.0)):
        at(playback, 40, qtbot)
        at(playback, step, qtbot)
        wish(playback, rate=rate)
        ticked(playback, qtbot)
    second = playback.branches[1]
    assert len(playback.branches) == 3
    playback.close_branch(playback.config)
    ticked(playback, qtbot)
    assert (playback.config, playback.branches) == (second, (first, second))
    playback.close_branch(first)
    assert (playback.config, playback.branches, playback.others) == (second, (), [])


def test_a_change_that_is_taken_back_leaves_no_branch_and_the_run_goes_on_from_there(walked, qtbot):
    playback = walked(3)
    wish(playback, rate=10.0)
    at(playback, 12, qtbot)
    wish(playback, noise=0.5)
    at(playback, 20, qtbot)
    playback.take_back(playback.config.changes[:1])
    assert (playback.config.changes, playback.branches) == ((Change(12, "noise", 0.5),), ())
    ticked(playback, qtbot, lambda: playback.recording.last >= 20)
    assert places(playback)[:21] == list(range(21))


def test_what_is_taken_back_brings_branches_and_runs_again(walked, qtbot):
    playback = walked(40)
    run = playback.runner
    at(playback, 10, qtbot)
    before = playback.state()
    wish(playback, rate=10.0)
    ticked(playback, qtbot)
    forked, after = playback.runner, playback.state()
    playback.become(before)
    ticked(playback, qtbot)
    assert (playback.runner, playback.branches, playback.others, playback.step) == (run, (), [], 10)
    playback.become(after)
    ticked(playback, qtbot, lambda: playback.recording.last >= 10)
    assert playback.state() == after
    assert [pin.runner for pin in playback.others] == [run]
    assert (playback.runner.config, playback.step) == (forked.config, 10)


def test_an_edit_from_the_start_holds_for_all_branches_and_undo_brings_their_runs(walked, qtbot):
    playback = walked(40)
    run = playback.runner
    choice = SinceChoice(playback, LIGHT)
    qtbot.addWidget(choice)
    at(playback, 10, qtbot)
    wish(playback, rate=10.0)
    ticked(playback, qtbot)
    choice.refresh()
    assert "the run and its branches start over" in choice.start.toolTip()
    before = playback.state()
    playback.from_here = False
    wish(playback, start=5.0)
    change = Change(10, "rate", 10.0)
    both = (LiveConfig(start=5.0), LiveConfig(start=5.0, changes=(change,)))
    assert (playback.config, playback.branches) == (both[1], both)
    ticked(playback, qtbot)
    at(playback, 12, qtbot)
    ticked(playback, qtbot, lambda: playback.others[0].runner.recording.last >= 12)
    assert playback.others[0].runner.recording.column("place")[:13].tolist() == [*range(5, 18)]
    assert places(playback)[:13] == [*range(5, 16), 25, 35]
    playback.become(before)
    ticked(playback, qtbot)
    assert playback.branches == before.branches
    assert [pin.runner for pin in playback.others] == [run], "what was computed is used again"


def test_branches_that_differed_in_what_is_edited_from_the_start_are_one(walked, qtbot):
    playback = walked(40)
    at(playback, 10, qtbot)
    wish(playback, rate=10.0)
    ticked(playback, qtbot)
    playback.from_here = False
    wish(playback, rate=3.0)
    ticked(playback, qtbot)
    assert (playback.config, playback.branches, playback.others) == (LiveConfig(rate=3.0), (), [])


def test_another_seed_is_the_same_tree(walked, qtbot):
    playback = walked(40)
    at(playback, 10, qtbot)
    wish(playback, rate=10.0)
    ticked(playback, qtbot)
    playback.new_seed(7)
    first = replaced(LiveConfig(), seed=7)
    assert playback.config == replaced(first, changes=(Change(10, "rate", 10.0),)), "with other chance"
    assert playback.branches == (first, playback.config)
    ticked(playback, qtbot)
    assert [one.config for one in playback.others] == [first]


def test_of_too_many_branches_the_oldest_go_but_never_the_present_one(walked, qtbot):
    playback = walked(40)
    for k in range(MAX_BRANCHES + 2):
        at(playback, 40, qtbot)
        at(playback, 5, qtbot)
        wish(playback, rate=2.0 + k)
        ticked(playback, qtbot)
    assert len(playback.branches) == MAX_BRANCHES
    assert playback.branches[-1] == playback.config
    assert len(playback.others) == MAX_BRANCHES - 1


def test_a_look_has_the_branches_and_makes_them_again(walked, walk, qtbot):
    playback = walked(40)
    at(playback, 10, qtbot)
    wish(playback, rate=10.0)
    at(playback, 20, qtbot)
    known = places(playback)
    other = walk(playback.look(), changes=playback.config.changes)
    ticked(other, qtbot, lambda: other.recording.last >= 20)
    assert (other.branches, other.step) == (playback.branches, 20)
    assert places(other) == known
    qtbot.waitUntil(lambda: other.others[0].runner.recording.last == 40)
    assert other.others[0].runner.recording.column("place")[40] == 40.0


def test_a_session_whose_branches_lack_its_run_has_it_beside_them(walk):
    stray = LiveConfig(changes=(Change(3, "rate", 2.0),))
    playback = walk(Look(step=0, branches=(stray, stray)))
    assert playback.branches == (stray, LiveConfig())


def test_at_its_end_a_run_cannot_go_on_otherwise(walked, qtbot):
    playback = walked(40)
    assert playback.here is None
    wish(playback, rate=2.0)
    assert (playback.config.rate, playback.config.changes) == (2.0, ())


def test_where_a_rule_has_ended_a_run_a_change_lets_it_go_on(walked, qtbot):
    """Each step is higher than all before: five are too many."""
    playback = walked(5, stop=HeldOutRises(patience=5))
    transport = Transport(playback, LIGHT)
    qtbot.addWidget(transport)
    qtbot.waitUntil(lambda: playback.runner.finish is Finish.COMPLETED)
    assert (playback.recording.last, playback.here) == (5, 5)
    transport.refresh()
    assert transport.status.text() == "step 5 / 40 · Stopped: no lower held-out loss in 5 measurements"
    transport.resize(1280, 40)
    transport.grab()
    line = transport.timeline
    bar = QPoint(round(line.x_of(5)), line.height() // 2 - 9)
    assert line.grab().toImage().pixelColor(bar).name().upper() == LIGHT.text.upper()
    wish(playback, rate=3.0)
    ticked(playback, qtbot)
    playback.play()
    ticked(playback, qtbot, lambda: playback.ended)
    transport.refresh()
    assert line.cut_short == (playback.recording.last < 40)
    assert playback.recording.last > 5
    assert places(playback)[5:8] == [5, 8, 11]


def test_the_tree_hangs_each_branch_on_the_one_it_has_most_in_common_with():
    first = LiveConfig()
    second = LiveConfig(changes=(Change(10, "rate", 2.0),))
    third = LiveConfig(changes=(Change(10, "rate", 2.0), Change(20, "rate", 3.0)))
    fourth = LiveConfig(changes=(Change(5, "noise", 0.5),))
    nothing = Leaving(None, 0)
    assert tree([first, second, third, fourth]) == [nothing, Leaving(0, 10), Leaving(1, 20), Leaving(0, 5)]
    assert tree([second, third, LiveConfig(start=1.0)]) == [nothing, Leaving(0, 20), nothing]


def test_what_a_plot_edits_of_the_start_is_changed_here_where_that_is_wanted():
    """The plot shows the settings of the start; only what is edited there goes into what is in force."""
    config = LiveConfig(changes=(Change(5, "noise", 0.5),))
    became = edited(config, replaced(config_at(config, 0), rate=3.0), of=0, here=8)
    assert became.changes == (*config.changes, Change(8, "rate", 3.0))


def test_only_what_differs_is_merged():
    race = EXPERIMENTS["optimizers.race"].config_type()
    racers = [racer.with_(learning_rate=0.5) if k < 2 else racer for k, racer in enumerate(race.racers)]
    base = replaced(race, racers=tuple(racers))
    shown, wanted = race, replaced(race, racers=(race.racers[0].with_(learning_rate=0.7), *race.racers[1:]))
    rates = [racer.learning_rate for racer in merged(base, shown, wanted).racers[:2]]
    assert rates == [0.7, 0.5]


def test_more_changes_than_a_run_can_have_are_refused(walked, qtbot):
    changes = tuple(Change(k, "rate", 1.0 + k) for k in range(1, 65))
    playback = walked(70, steps=100, changes=changes)
    with pytest.raises(Problem, match="64 changes"):
        wish(playback, rate=0.5)
    assert playback.config.changes == changes


def test_what_is_behind_begins_where_it_left(walked, qtbot):
    playback = walked(40)
    at(playback, 10, qtbot)
    wish(playback, rate=10.0)
    ticked(playback, qtbot)
    ghost = ghost_of(playback.others[0], playback.config, True)
    assert (ghost.since, ghost.label) == (10, "Rate 1 from step 10 on")
    column = ghost.recording.column("place")
    assert np.isnan(column[:10]).all()
    assert column[10:].tolist() == list(range(10, 41))
    assert ghost.recording.still().column("place")[12] == 12
    assert (ghost.recording.last, ghost.recording.names) == (40, ["place"])
    assert ghost.recording.snapshot(25) == (25, 25.0)


def test_a_pinned_run_with_other_changes_is_seen_whole_and_says_what_they_were(walked, qtbot):
    playback = walked(40)
    at(playback, 10, qtbot)
    wish(playback, rate=10.0)
    ticked(playback, qtbot)
    left = playback.others[0]
    ghost = ghost_of(left, playback.config, False)
    assert (ghost.since, ghost.label) == (0, "Rate 1 from step 10 on")
    assert ghost.recording is left.runner.recording
