"""A playback: what a user does to an experiment, without any widget."""

from dataclasses import replace
from math import inf
from threading import Event

import pytest

from engine.recording import footprint
from engine.runner import Finish
from engine.session import Look
from gui.screen import played as module
from gui.screen.playback import Playback
from tests.toys import CountConfig, Counter


@pytest.fixture
def make(engine, qtbot):
    def make(cheap=False, pace=inf, **fields):
        playback = Playback(replace(Counter().experiment(), cheap=cheap), engine, pace)
        playback.restore(CountConfig(**fields), Look())
        ticked(playback, qtbot)
        return playback

    return make


def ticked(playback, qtbot, until=lambda: True):
    def done():
        playback.tick(0.016)
        return playback.shown is playback.runner and until()

    qtbot.waitUntil(done)


def test_a_page_begins_at_its_start_and_stands(make):
    playback = make()
    assert (playback.step, playback.playing, playback.recording.last) == (0, False, 0)


def test_play_runs_to_the_end_and_stops(make, qtbot):
    playback = make(steps=300)
    playback.play()
    ticked(playback, qtbot, lambda: not playback.playing)
    assert playback.step == 300
    assert playback.runner.finish is Finish.COMPLETED


def test_playing_at_a_pace_shows_steps_of_that_pace(make, qtbot):
    playback = make(pace=100.0, steps=10_000)
    playback.play()
    for _ in range(10):
        playback.engine.wait_for(playback.runner, 12, 5)
        playback.tick(0.01)
    assert playback.step == 10
    assert playback.recording.last < 100, "the engine does not run away"


def test_pause_stops_playhead_and_engine(make, qtbot):
    playback = make(steps=10_000_000)
    playback.play()
    ticked(playback, qtbot, lambda: playback.step > 50)
    playback.pause()
    step = playback.step
    playback.tick(1.0)
    assert playback.step == step
    assert not playback.runner.has_work


def test_single_steps_forward_and_back(make, qtbot):
    playback = make(steps=10)
    playback.single_step()
    ticked(playback, qtbot, lambda: playback.step == 1)
    playback.single_step()
    ticked(playback, qtbot, lambda: playback.step == 2)
    playback.single_step(-1)
    assert playback.step == 1
    for _ in range(5):
        playback.single_step(-1)
    assert playback.step == 0


def test_seeking_ahead_computes_what_is_missing(make, qtbot):
    playback = make(steps=1000)
    playback.seek(500)
    ticked(playback, qtbot, lambda: playback.step == 500)
    assert playback.recording.last == 500
    playback.seek(20)
    assert playback.step == 20


def test_an_edit_begins_again_and_the_latest_wins(make, qtbot):
    playback = make(steps=10)
    first = playback.runner
    playback.edit(CountConfig(steps=20))
    playback.edit(CountConfig(steps=30))
    ticked(playback, qtbot)
    assert playback.config.steps == playback.runner.config.steps == 30
    assert playback.runner is not first
    qtbot.waitUntil(lambda: first.finish is not None)


def test_an_equal_edit_changes_nothing(make):
    playback = make(steps=10)
    runner = playback.runner
    playback.edit(CountConfig(steps=10))
    playback.tick(0.016)
    assert playback.runner is runner


def test_a_cheap_run_is_redrawn_at_the_step_where_one_stood(make, qtbot):
    playback = make(cheap=True, steps=100)
    playback.seek(60)
    ticked(playback, qtbot, lambda: playback.step == 60)
    playback.edit(CountConfig(steps=90))
    playback.tick(0.016)
    assert playback.shown is playback.runner, "made anew within the same tick"
    assert playback.step == 60
    playback.edit(CountConfig(steps=40))
    ticked(playback, qtbot)
    assert playback.step == 40


class Gated(Counter):
    """A count that stops after a step until a gate opens."""

    def __init__(self, after):
        super().__init__()
        self.after, self.gate = after, Event()

    def frames(self, config):
        for frame in super().frames(config):
            if frame.step > self.after:
                self.gate.wait(10)
            yield frame


@pytest.fixture
def gated(engine, qtbot, monkeypatch):
    monkeypatch.setattr(module, "KEEP_OLD", 60.0)
    gates = []

    def make(after):
        toy = Gated(after)
        gates.append(toy.gate)
        playback = Playback(replace(toy.experiment(), cheap=True), engine, inf)
        playback.restore(CountConfig(steps=1000, chunk=100), Look())
        return playback, toy

    yield make
    for gate in gates:
        gate.set()


@pytest.mark.parametrize(("after", "shown"), [(300, True), (200, False)])
def test_a_quarter_of_a_cheap_run_is_shown_before_the_rest_is_there(gated, qtbot, after, shown):
    playback, toy = gated(after)
    toy.gate.set()
    ticked(playback, qtbot)
    playback.seek(1000)
    ticked(playback, qtbot, lambda: playback.step == 1000)
    toy.gate.clear()
    playback.edit(CountConfig(steps=1000, chunk=100, seed=1))
    playback.tick(0.016)
    assert playback.engine.wait_for(playback.runner, after, 5)
    playback.tick(0.016)
    assert (playback.shown is playback.runner) is shown
    assert playback.step == (after if shown else 1000)
    toy.gate.set()
    ticked(playback, qtbot, lambda: playback.step == 1000)


def test_a_drag_does_not_overtake_its_own_pictures(gated, qtbot):
    playback, toy = gated(-1)
    toy.gate.set()
    ticked(playback, qtbot)
    toy.gate.clear()
    for seed in (1, 2, 3):
        playback.edit(CountConfig(steps=1000, chunk=100, seed=seed))
        playback.tick(0.016)
    assert playback.runner.config.seed == 1, "the first is still on its way"
    toy.gate.set()
    ticked(playback, qtbot, lambda: playback.shown.config.seed == 1)
    ticked(playback, qtbot, lambda: playback.shown.config.seed == 3)


def short(config):
    return config.steps <= 100


def test_only_the_configs_that_are_cheap_are_made_at_once(make, qtbot):
    playback = make(cheap=short, steps=90)
    playback.seek(60)
    ticked(playback, qtbot, lambda: playback.step == 60)
    playback.edit(CountConfig(steps=10_000_000))
    ticked(playback, qtbot, lambda: playback.step > 5)
    assert playback.playing, "a picture that was whole is followed by a run that fills in"
    playback.pause()
    step = playback.step
    playback.tick(1.0)
    assert playback.step == step
    assert not playback.runner.has_work, "paused is paused"
    playback.edit(CountConfig(steps=9_000_000))
    ticked(playback, qtbot)
    playback.tick(0.5)
    assert (playback.step, playback.playing, playback.runner.has_work) == (0, False, False)
    playback.edit(CountConfig(steps=80))
    playback.tick(0.016)
    assert playback.shown is playback.runner, "made anew within the same tick"
    assert playback.runner.finish is Finish.COMPLETED


def test_a_long_run_of_a_sometimes_cheap_experiment_starts_over_when_played_at_its_end(make, qtbot):
    playback = make(cheap=short, steps=200)
    playback.play()
    ticked(playback, qtbot, lambda: not playback.playing)
    ended = playback.runner
    playback.play()
    assert playback.runner is not ended
    playback.edit(CountConfig(steps=50))
    ticked(playback, qtbot, lambda: not playback.playing)
    ended = playback.runner
    playback.play()
    assert playback.runner is ended, "a cheap run is only shown again"


def test_an_edit_at_the_end_of_a_training_run_trains_again(make, qtbot):
    playback = make(steps=50)
    playback.play()
    ticked(playback, qtbot, lambda: not playback.playing)
    playback.edit(CountConfig(steps=60))
    ticked(playback, qtbot, lambda: playback.step == 60)


def test_reset_goes_back_to_the_same_start(make, qtbot):
    playback = make(steps=50)
    playback.play()
    ticked(playback, qtbot, lambda: not playback.playing)
    before = playback.recording.column("value")[:]
    playback.reset()
    ticked(playback, qtbot)
    assert (playback.step, playback.playing) == (0, False)
    playback.play()
    ticked(playback, qtbot, lambda: not playback.playing)
    assert playback.recording.column("value").tobytes() == before.tobytes()


def test_reset_of_an_ended_run_does_not_start_it(make, qtbot):
    playback = make(steps=5)
    playback.play()
    ticked(playback, qtbot, lambda: not playback.playing)
    playback.reset()
    ticked(playback, qtbot)
    playback.tick(0.5)
    assert playback.step == 0


def test_play_at_the_end_starts_over(make, qtbot):
    playback = make(steps=5)
    for _ in range(2):
        playback.play()
        ticked(playback, qtbot, lambda: not playback.playing)
        assert playback.step == 5


def test_a_new_seed_is_an_edit(make, qtbot):
    playback = make(steps=5)
    playback.new_seed(77)
    ticked(playback, qtbot)
    assert playback.runner.config.seed == 77


def test_a_pinned_run_survives_edits_and_is_completed(make, qtbot):
    playback = make(steps=40)
    playback.pin()
    pinned = playback.runner
    playback.pin()
    assert len(playback.pins) == 1
    playback.edit(CountConfig(steps=41))
    ticked(playback, qtbot, lambda: pinned.finish is Finish.COMPLETED)
    playback.unpin()
    assert playback.pins == []


def test_divergence_is_where_the_run_ends(make, qtbot):
    playback = make(steps=100, diverge_at=30)
    playback.play()
    ticked(playback, qtbot, lambda: not playback.playing)
    assert playback.step == 30
    assert playback.runner.finish is Finish.DIVERGED


def test_a_look_restores_step_options_and_pins(make, qtbot):
    playback = make(steps=100)
    playback.options = {"log": True}
    playback.seek(42)
    ticked(playback, qtbot, lambda: playback.step == 42)
    playback.pin()
    look, config = playback.look(), playback.config
    other = make()
    other.restore(config, look)
    ticked(other, qtbot, lambda: other.step == 42)
    assert other.options == {"log": True}
    assert [pin.config for pin in other.pins] == [config]


def test_a_look_tells_where_the_page_stands_though_its_run_is_still_on_the_way(make, qtbot):
    playback = make(steps=100)
    look = Look(step=42)
    playback.restore(playback.config, look)
    assert playback.look() == look
    ticked(playback, qtbot, lambda: playback.step == 42)
    assert playback.look() == look


def test_a_look_tells_the_last_step_of_a_run_that_ended_early(make, qtbot):
    playback = make(steps=100, diverge_at=30)
    playback.restore(playback.config, Look(step=42))
    ticked(playback, qtbot, lambda: playback.runner.finish is Finish.DIVERGED)
    assert playback.look().step == 30


def test_time_left_is_told_while_playing(make, qtbot):
    playback = make(pace=10.0, steps=1000)
    assert playback.remaining is None
    playback.play()
    playback.engine.wait_for(playback.runner, 1, 5)
    playback.tick(0.1)
    assert playback.remaining == pytest.approx(99.9)


def test_no_time_is_told_before_the_engine_has_set_off(engine):
    playback = Playback(Counter().experiment(), engine, inf, config=CountConfig(steps=1000))
    playback.runner.drive(10)  # as a run that is under way when its page is opened
    playback.playing = True
    assert playback.remaining is None


def test_an_eager_run_sets_off_by_itself_and_again_when_edited(engine, qtbot):
    playback = Playback(replace(Counter().experiment(), eager=True), engine, inf)
    playback.restore(CountConfig(steps=50), Look())
    ticked(playback, qtbot, lambda: playback.ended)
    assert playback.step == 50
    playback.seek(20)
    ticked(playback, qtbot)
    assert not playback.playing
    assert not playback.ended
    playback.edit(CountConfig(steps=60))
    ticked(playback, qtbot, lambda: playback.ended)
    assert playback.step == 60
    playback.restore(CountConfig(steps=60), Look(step=7))
    ticked(playback, qtbot, lambda: playback.step == 7)
    assert not playback.playing, "a session says where one stood"


def test_what_the_frames_do_not_depend_on_leaves_the_run_as_it_is(engine, qtbot):
    experiment = replace(Counter().experiment(), run_key=lambda config: config.steps)
    playback = Playback(experiment, engine, inf)
    playback.restore(CountConfig(steps=50), Look())
    playback.play()
    ticked(playback, qtbot, lambda: playback.ended)
    runner = playback.runner
    playback.edit(CountConfig(steps=50, seed=3))
    ticked(playback, qtbot)
    assert playback.runner is runner
    assert (playback.runner.config.seed, playback.step, playback.ended) == (3, 50, True)
    playback.edit(CountConfig(steps=51, seed=3))
    ticked(playback, qtbot)
    assert playback.runner is not runner


def test_of_more_pins_than_a_session_holds_the_oldest_goes(make, qtbot):
    playback = make(steps=5)
    for seed in range(26):
        playback.edit(CountConfig(steps=5, seed=seed))
        ticked(playback, qtbot)
        playback.pin()
    assert [pin.config.seed for pin in playback.pins] == list(range(2, 26))
    assert playback.look().pins[0].seed == 2


def test_of_runs_that_memory_does_not_hold_together_the_oldest_go(make, qtbot, monkeypatch):
    playback = make(steps=5)
    playback.experiment = replace(playback.experiment, recorded=lambda config: 200 * 2**20)
    for seed in range(4):
        playback.edit(CountConfig(steps=5, seed=seed))
        ticked(playback, qtbot)
        playback.pin()
    assert [pin.config.seed for pin in playback.pins] == [2, 3]  # 2 × 200 MB in the 512 MB there are


def test_pinned_runs_share_the_memory_of_snapshots(make, qtbot):
    playback = make(steps=100, bytes=2**20, seed=0)
    playback.play()
    ticked(playback, qtbot, lambda: playback.runner.finish is not None)
    first = playback.runner.recording
    alone = footprint(first._kept)
    assert 32 * 2**20 < alone <= 64 * 2**20
    for seed in range(1, 32):  # 24 stay pinned, and 1 runs: 512 MB / 25 each
        playback.pin()
        playback.edit(CountConfig(steps=2, bytes=1, seed=seed))
        ticked(playback, qtbot)
        if seed == 16:
            assert footprint(first._kept) < 512 * 2**20 / 17 + 2**20
            assert first.snapshot(50)[1].nbytes == 2**20


def test_a_step_of_over_a_second_is_told(make, qtbot, monkeypatch):
    playback = make(steps=100)
    assert playback.slow_step is None
    playback.runner.working_since = module.perf_counter() - 3.4
    assert playback.slow_step == pytest.approx(3.4, abs=0.5)
    playback.runner.working_since = None
    playback.runner.last_took = 2.0  # a run that goes on takes as long for the next
    playback.runner.goal = inf
    assert playback.runner.has_work
    assert playback.slow_step == 2.0


def opened(make, qtbot, **kind):
    """A playback that nobody has done anything with."""
    playback = make(**kind)
    assert playback.new
    return playback


def lead(playback, qtbot, step_of):
    def done():
        playback.tick(0.016)
        playback.open_on(step_of(playback.recording))
        return not playback.new

    qtbot.waitUntil(done)


def test_a_new_one_plays_to_the_step_that_shows_its_point_and_rests(make, qtbot):
    playback = opened(make, qtbot, pace=2000.0, steps=10_000)
    lead(playback, qtbot, lambda recording: 120 if recording.last >= 50 else None)
    assert (playback.step, playback.playing) == (120, False)


def test_a_new_one_without_such_a_step_plays_to_its_end(make, qtbot):
    playback = opened(make, qtbot, cheap=True, pace=5000.0, steps=300)
    lead(playback, qtbot, lambda recording: None)
    assert (playback.step, playback.playing) == (300, False)


def test_a_new_one_takes_four_seconds_at_most_whatever_its_pace(make, qtbot):
    playback = opened(make, qtbot, cheap=True, pace=1.0, steps=300)
    qtbot.waitUntil(lambda: playback.recording.last == 300)  # the engine is not what it waits for
    seconds = 0.0
    while playback.new and seconds < 10.0:
        playback.tick(0.016)
        playback.open_on(200)
        seconds += 0.016
    assert playback.step == 200
    assert seconds < 4.2


@pytest.mark.parametrize(("wanted", "found"), [(200, 200), (None, 300)])
def test_a_new_one_shows_its_point_in_that_time_on_a_slow_machine_too(
    make, qtbot, monkeypatch, wanted, found
):
    playback = opened(make, qtbot, cheap=True, pace=1.0, steps=300)
    qtbot.waitUntil(lambda: playback.runner.finish is not None)
    now = module.perf_counter()
    for passed in (0.0, 3.9, 4.1):
        assert playback.new
        monkeypatch.setattr(module, "perf_counter", lambda now=now + passed: now)
        playback.tick(0.1)  # the clock tells no more of a tick, however long it took
        playback.open_on(wanted)
    assert (playback.step, playback.playing, playback.new) == (found, False, False)


@pytest.mark.parametrize(
    "do",
    [
        lambda playback: playback.pause(),
        lambda playback: playback.seek(7),
        lambda playback: playback.play(),
        lambda playback: playback.reset(),
        lambda playback: playback.edit(CountConfig(steps=77)),
        lambda playback: playback.pin(),
    ],
    ids=["pause", "seek", "play", "reset", "edit", "pin"],
)
def test_what_is_done_to_a_new_one_ends_its_opening(make, qtbot, do):
    playback = opened(make, qtbot, pace=100.0, steps=10_000)
    playback.tick(0.016)
    playback.open_on(5000)
    do(playback)
    assert not playback.new
    before = playback.playing
    playback.open_on(5000)
    assert playback.playing == before


def test_one_whose_session_says_a_step_does_not_play_by_itself(make, qtbot):
    playback = make(steps=300)
    playback.restore(CountConfig(steps=300), Look(step=4))
    ticked(playback, qtbot, lambda: playback.recording.last >= 4)
    playback.open_on(None)
    assert (playback.step, playback.playing, playback.new) == (4, False, False)
