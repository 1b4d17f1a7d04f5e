from math import inf
from time import perf_counter

from engine.runner import Finish
from gui.screen.engine_thread import EngineThread
from tests.toys import counting


def test_a_run_goes_to_its_goal_and_waits_there(engine):
    run, _ = counting(steps=1000)
    engine.take(run)
    engine.aim(run, 5)
    assert engine.wait_for(run, 5, 5)
    assert run.recording.last == 5
    engine.aim(run, inf)
    assert engine.wait_for(run, 1000, 5)


def test_the_end_of_a_run_is_told_once(engine, qtbot):
    run, _ = counting(steps=20)
    ended = []
    engine.ended.connect(ended.append)
    with qtbot.waitSignal(engine.ended):
        engine.take(run)
        engine.aim(run, inf)
    assert ended == [run]
    assert run.finish is Finish.COMPLETED


def test_a_dropped_run_is_stopped_and_its_generator_closed(engine, qtbot):
    run, counter = counting(steps=10_000_000)
    engine.take(run)
    engine.aim(run, inf)
    assert engine.wait_for(run, 3, 5)
    engine.drop(run)
    qtbot.waitUntil(lambda: counter.closed)
    assert run.finish is Finish.STOPPED


def test_a_failing_run_leaves_the_thread_usable(engine, capfd):
    bad, _ = counting(fail_at=3)
    good, _ = counting(steps=5)
    engine.take(bad, good)
    engine.aim(bad, inf)
    engine.aim(good, inf)
    assert engine.wait_for(good, 5, 5)
    assert bad.finish is Finish.FAILED
    assert "counted too far" in capfd.readouterr().err


def test_runs_behind_the_first_wait_for_it(engine):
    first, _ = counting(steps=50)
    behind, _ = counting(steps=50)
    engine.aim(behind, inf)
    engine.take(first, behind)
    engine.aim(first, inf)
    assert engine.wait_for(behind, 50, 5)
    assert first.recording.last == 50


def test_the_engine_stands_still_while_the_screen_is_drawn(engine):
    run, _ = counting(steps=10_000_000)
    engine.take(run)
    with engine.held():
        engine.aim(run, inf)
        engine.wait_for(run, 100, 0.05)
        assert run.recording.last <= 0, "at the most the frame that was under way"
    assert engine.wait_for(run, 100, 5)


def test_drawing_waits_for_the_end_of_a_short_frame_but_not_of_a_long_one(engine):
    run, _ = counting(steps=10_000_000)
    engine.take(run)
    with engine.held(5.0):
        assert run.recording.last == -1, "nothing is computed: there is nothing to wait for"
    for _ in range(20):
        engine.aim(run, inf)
        assert engine.wait_for(run, run.recording.last + 1, 5)
        with engine.held(5.0):
            there = run.recording.last
            assert not engine.wait_for(run, there + 1, 0.002)
            assert run.working_since is None
    with engine.held():
        run.working_since, run.last_took = perf_counter(), 1000.0
        assert not engine._is_near(5.0)
        run.working_since = None


def test_the_engine_pauses_when_there_is_what_the_window_waits_for(engine, monkeypatch):
    monkeypatch.setattr("gui.screen.engine_thread.SLICE", 0.0)
    monkeypatch.setattr("gui.screen.engine_thread.HANDED", 60.0)
    run, _ = counting(steps=10_000_000)
    engine.take(run)
    with engine._awaiting(lambda: run.recording.last >= 100) as there:
        engine.aim(run, inf)
        with engine._condition:
            assert engine._condition.wait_for(there, 5)
    assert not engine.wait_for(run, 101, 0.05)
    engine.aim(run, inf)
    assert engine.wait_for(run, 101, 5)


def test_three_hundred_threads_start_and_end(qapp):
    for _ in range(300):
        engine = EngineThread()
        run, counter = counting(steps=10_000_000)
        engine.take(run)
        engine.aim(run, inf)
        engine.start()
        assert engine.close()
        assert not engine.isRunning()
