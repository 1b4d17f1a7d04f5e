"""A page: what a user does to an experiment, without any widget."""

from dataclasses import replace
from math import inf
from threading import Event

import pytest

from engine.recording import footprint
from engine.runner import Finish
from engine.session import Look
from gui import page as module
from gui.engine_thread import EngineThread
from gui.page import Page
from tests.toys import CountConfig, Counter


@pytest.fixture
def engine(qapp):
    engine = EngineThread()
    engine.start()
    yield engine
    assert engine.close()


@pytest.fixture
def make(engine, qtbot):
    def make(cheap=False, pace=inf, **fields):
        page = Page(replace(Counter().experiment(), cheap=cheap), engine, pace)
        page.restore(CountConfig(**fields), Look())
        ticked(page, qtbot)
        return page

    return make


def ticked(page, qtbot, until=lambda: True):
    def done():
        page.tick(0.016)
        return page.shown is page.runner and until()

    qtbot.waitUntil(done)


def test_a_page_begins_at_its_start_and_stands(make):
    page = make()
    assert (page.step, page.playing, page.recording.last) == (0, False, 0)


def test_play_runs_to_the_end_and_stops(make, qtbot):
    page = make(steps=300)
    page.play()
    ticked(page, qtbot, lambda: not page.playing)
    assert page.step == 300
    assert page.runner.finish is Finish.COMPLETED


def test_playing_at_a_pace_shows_steps_of_that_pace(make, qtbot):
    page = make(pace=100.0, steps=10_000)
    page.play()
    for _ in range(10):
        page.engine.wait_for(page.runner, 12, 5)
        page.tick(0.01)
    assert page.step == 10
    assert page.recording.last < 100, "the engine does not run away"


def test_pause_stops_playhead_and_engine(make, qtbot):
    page = make(steps=10_000_000)
    page.play()
    ticked(page, qtbot, lambda: page.step > 50)
    page.pause()
    step = page.step
    page.tick(1.0)
    assert page.step == step
    assert not page.runner.hungry


def test_single_steps_forward_and_back(make, qtbot):
    page = make(steps=10)
    page.single_step()
    ticked(page, qtbot, lambda: page.step == 1)
    page.single_step()
    ticked(page, qtbot, lambda: page.step == 2)
    page.single_step(-1)
    assert page.step == 1
    for _ in range(5):
        page.single_step(-1)
    assert page.step == 0


def test_seeking_ahead_computes_what_is_missing(make, qtbot):
    page = make(steps=1000)
    page.seek(500)
    ticked(page, qtbot, lambda: page.step == 500)
    assert page.recording.last == 500
    page.seek(20)
    assert page.step == 20


def test_an_edit_begins_again_and_the_latest_wins(make, qtbot):
    page = make(steps=10)
    first = page.runner
    page.edit(CountConfig(steps=20))
    page.edit(CountConfig(steps=30))
    ticked(page, qtbot)
    assert page.config.steps == page.runner.config.steps == 30
    assert page.runner is not first
    qtbot.waitUntil(lambda: first.finish is not None)


def test_an_equal_edit_changes_nothing(make):
    page = make(steps=10)
    runner = page.runner
    page.edit(CountConfig(steps=10))
    page.tick(0.016)
    assert page.runner is runner


def test_a_cheap_run_is_redrawn_at_the_step_where_one_stood(make, qtbot):
    page = make(cheap=True, steps=100)
    page.seek(60)
    ticked(page, qtbot, lambda: page.step == 60)
    page.edit(CountConfig(steps=90))
    page.tick(0.016)
    assert page.shown is page.runner, "made anew within the same tick"
    assert page.step == 60
    page.edit(CountConfig(steps=40))
    ticked(page, qtbot)
    assert page.step == 40


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
        page = Page(replace(toy.experiment(), cheap=True), engine, inf)
        page.restore(CountConfig(steps=1000, chunk=100), Look())
        return page, toy

    yield make
    for gate in gates:
        gate.set()


@pytest.mark.parametrize(("after", "shown"), [(300, True), (200, False)])
def test_a_quarter_of_a_cheap_run_is_shown_before_the_rest_is_there(gated, qtbot, after, shown):
    page, toy = gated(after)
    toy.gate.set()
    ticked(page, qtbot)
    page.seek(1000)
    ticked(page, qtbot, lambda: page.step == 1000)
    toy.gate.clear()
    page.edit(CountConfig(steps=1000, chunk=100, seed=1))
    page.tick(0.016)
    assert page.engine.wait_for(page.runner, after, 5)
    page.tick(0.016)
    assert (page.shown is page.runner) is shown
    assert page.step == (after if shown else 1000)
    toy.gate.set()
    ticked(page, qtbot, lambda: page.step == 1000)


def test_a_drag_does_not_overtake_its_own_pictures(gated, qtbot):
    page, toy = gated(-1)
    toy.gate.set()
    ticked(page, qtbot)
    toy.gate.clear()
    for seed in (1, 2, 3):
        page.edit(CountConfig(steps=1000, chunk=100, seed=seed))
        page.tick(0.016)
    assert page.runner.config.seed == 1, "the first is still on its way"
    toy.gate.set()
    ticked(page, qtbot, lambda: page.shown.config.seed == 1)
    ticked(page, qtbot, lambda: page.shown.config.seed == 3)


def short(config):
    return config.steps <= 100


def test_only_the_configs_that_are_cheap_are_made_at_once(make, qtbot):
    page = make(cheap=short, steps=90)
    page.seek(60)
    ticked(page, qtbot, lambda: page.step == 60)
    page.edit(CountConfig(steps=10_000_000))
    ticked(page, qtbot, lambda: page.step > 5)
    assert page.playing, "a picture that was whole is followed by a run that fills in"
    page.pause()
    step = page.step
    page.tick(1.0)
    assert page.step == step
    assert not page.runner.hungry, "paused is paused"
    page.edit(CountConfig(steps=9_000_000))
    ticked(page, qtbot)
    page.tick(0.5)
    assert (page.step, page.playing, page.runner.hungry) == (0, False, False)
    page.edit(CountConfig(steps=80))
    page.tick(0.016)
    assert page.shown is page.runner, "made anew within the same tick"
    assert page.runner.finish is Finish.COMPLETED


def test_a_long_run_of_a_sometimes_cheap_experiment_starts_over_when_played_at_its_end(make, qtbot):
    page = make(cheap=short, steps=200)
    page.play()
    ticked(page, qtbot, lambda: not page.playing)
    ended = page.runner
    page.play()
    assert page.runner is not ended
    page.edit(CountConfig(steps=50))
    ticked(page, qtbot, lambda: not page.playing)
    ended = page.runner
    page.play()
    assert page.runner is ended, "a cheap run is only shown again"


def test_an_edit_at_the_end_of_a_training_run_trains_again(make, qtbot):
    page = make(steps=50)
    page.play()
    ticked(page, qtbot, lambda: not page.playing)
    page.edit(CountConfig(steps=60))
    ticked(page, qtbot, lambda: page.step == 60)


def test_reset_goes_back_to_the_same_start(make, qtbot):
    page = make(steps=50)
    page.play()
    ticked(page, qtbot, lambda: not page.playing)
    before = page.recording.column("value")[:]
    page.reset()
    ticked(page, qtbot)
    assert (page.step, page.playing) == (0, False)
    page.play()
    ticked(page, qtbot, lambda: not page.playing)
    assert page.recording.column("value").tobytes() == before.tobytes()


def test_reset_of_an_ended_run_does_not_start_it(make, qtbot):
    page = make(steps=5)
    page.play()
    ticked(page, qtbot, lambda: not page.playing)
    page.reset()
    ticked(page, qtbot)
    page.tick(0.5)
    assert page.step == 0


def test_play_at_the_end_starts_over(make, qtbot):
    page = make(steps=5)
    for _ in range(2):
        page.play()
        ticked(page, qtbot, lambda: not page.playing)
        assert page.step == 5


def test_a_new_seed_is_an_edit(make, qtbot):
    page = make(steps=5)
    page.new_seed(77)
    ticked(page, qtbot)
    assert page.runner.config.seed == 77


def test_a_pinned_run_survives_edits_and_is_completed(make, qtbot):
    page = make(steps=40)
    page.pin()
    pinned = page.runner
    page.pin()
    assert len(page.pins) == 1
    page.edit(CountConfig(steps=41))
    ticked(page, qtbot, lambda: pinned.finish is Finish.COMPLETED)
    page.unpin()
    assert page.pins == []


def test_divergence_is_where_the_run_ends(make, qtbot):
    page = make(steps=100, diverge_at=30)
    page.play()
    ticked(page, qtbot, lambda: not page.playing)
    assert page.step == 30
    assert page.runner.finish is Finish.DIVERGED


def test_a_look_restores_step_options_and_pins(make, qtbot):
    page = make(steps=100)
    page.options = {"log": True}
    page.seek(42)
    ticked(page, qtbot, lambda: page.step == 42)
    page.pin()
    look, config = page.look(), page.config
    other = make()
    other.restore(config, look)
    ticked(other, qtbot, lambda: other.step == 42)
    assert other.options == {"log": True}
    assert [pin.config for pin in other.pins] == [config]


def test_a_look_tells_where_the_page_stands_though_its_run_is_still_on_the_way(make, qtbot):
    page = make(steps=100)
    look = Look(step=42)
    page.restore(page.config, look)
    assert page.look() == look
    ticked(page, qtbot, lambda: page.step == 42)
    assert page.look() == look


def test_a_look_tells_the_last_step_of_a_run_that_ended_early(make, qtbot):
    page = make(steps=100, diverge_at=30)
    page.restore(page.config, Look(step=42))
    ticked(page, qtbot, lambda: page.runner.finish is Finish.DIVERGED)
    assert page.look().step == 30


def test_time_left_is_told_while_playing(make, qtbot):
    page = make(pace=10.0, steps=1000)
    assert page.remaining is None
    page.play()
    page.engine.wait_for(page.runner, 1, 5)
    page.tick(0.1)
    assert page.remaining == pytest.approx(99.9)


def test_an_eager_run_sets_off_by_itself_and_again_when_edited(engine, qtbot):
    page = Page(replace(Counter().experiment(), eager=True), engine, inf)
    page.restore(CountConfig(steps=50), Look())
    ticked(page, qtbot, lambda: page.ended)
    assert page.step == 50
    page.seek(20)
    ticked(page, qtbot)
    assert not page.playing
    assert not page.ended
    page.edit(CountConfig(steps=60))
    ticked(page, qtbot, lambda: page.ended)
    assert page.step == 60
    page.restore(CountConfig(steps=60), Look(step=7))
    ticked(page, qtbot, lambda: page.step == 7)
    assert not page.playing, "a session says where one stood"


def test_what_the_frames_do_not_depend_on_leaves_the_run_as_it_is(engine, qtbot):
    experiment = replace(Counter().experiment(), run_key=lambda config: config.steps)
    page = Page(experiment, engine, inf)
    page.restore(CountConfig(steps=50), Look())
    page.play()
    ticked(page, qtbot, lambda: page.ended)
    runner = page.runner
    page.edit(CountConfig(steps=50, seed=3))
    ticked(page, qtbot)
    assert page.runner is runner
    assert (page.runner.config.seed, page.step, page.ended) == (3, 50, True)
    page.edit(CountConfig(steps=51, seed=3))
    ticked(page, qtbot)
    assert page.runner is not runner


def test_of_more_pins_than_a_session_holds_the_oldest_goes(make, qtbot):
    page = make(steps=5)
    for seed in range(26):
        page.edit(CountConfig(steps=5, seed=seed))
        ticked(page, qtbot)
        page.pin()
    assert [pin.config.seed for pin in page.pins] == list(range(2, 26))
    assert page.look().pins[0].seed == 2


def test_of_runs_that_memory_does_not_hold_together_the_oldest_go(make, qtbot, monkeypatch):
    page = make(steps=5)
    page.experiment = replace(page.experiment, recorded=lambda config: 200 * 2**20)
    for seed in range(4):
        page.edit(CountConfig(steps=5, seed=seed))
        ticked(page, qtbot)
        page.pin()
    assert [pin.config.seed for pin in page.pins] == [2, 3]  # 2 × 200 MB in the 512 MB there are


def test_pinned_runs_share_the_memory_of_snapshots(make, qtbot):
    page = make(steps=100, bytes=2**20, seed=0)
    page.play()
    ticked(page, qtbot, lambda: page.runner.finish is not None)
    first = page.runner.recording
    alone = footprint(first._kept)
    assert 32 * 2**20 < alone <= 64 * 2**20
    for seed in range(1, 32):  # 24 stay pinned, and 1 runs: 512 MB / 25 each
        page.pin()
        page.edit(CountConfig(steps=2, bytes=1, seed=seed))
        ticked(page, qtbot)
        if seed == 16:
            assert footprint(first._kept) < 512 * 2**20 / 17 + 2**20
            assert first.snapshot(50)[1].nbytes == 2**20


def test_a_step_of_over_a_second_is_told(make, qtbot, monkeypatch):
    page = make(steps=100)
    assert page.slow_step is None
    page.runner.working_since = module.perf_counter() - 3.4
    assert page.slow_step == pytest.approx(3.4, abs=0.5)
    page.runner.working_since = None
    page.runner.last_took = 2.0  # a run that goes on takes as long for the next
    page.runner.goal = inf
    assert page.runner.hungry
    assert page.slow_step == 2.0
