from engine.config import Config
from engine.experiment import Experiment, Frame
from engine.pieces import WORKING, Preparing, result_of
from engine.runner import Finish, Runner
from tests.toys import counting


def test_a_run_that_reaches_its_last_step_is_completed():
    run, counter = counting(steps=7)
    run.drive()
    assert (run.finish, run.recording.last, run.problem) == (Finish.COMPLETED, 7, None)
    assert counter.closed


def test_nothing_is_computed_beyond_the_goal():
    run, counter = counting(steps=100)
    run.drive(goal=3)
    assert (run.recording.last, run.finish, run.has_work) == (3, None, False)
    run.goal = 4
    assert run.has_work
    run.drive(goal=4)
    assert run.recording.last == 4
    assert not counter.closed


def test_a_chunk_may_pass_the_goal_but_not_the_end():
    run, _ = counting(steps=25, chunk=10)
    run.drive(goal=1)
    assert run.recording.last == 10
    run.drive()
    assert (run.recording.last, run.finish) == (25, Finish.COMPLETED)


def test_divergence_is_named_and_closes_the_generator():
    run, counter = counting(diverge_at=4)
    run.drive()
    assert run.finish is Finish.DIVERGED
    assert str(run.problem) == "Too large at step 4"
    assert run.recording.last == 4
    assert counter.closed


def test_a_failing_run_keeps_what_it_had_and_shows_its_error(capsys):
    run, _ = counting(fail_at=5)
    run.drive()
    assert run.finish is Finish.FAILED
    assert str(run.problem) == "ZeroDivisionError: counted too far"
    assert run.recording.last == 4
    assert "counted too far" in capsys.readouterr().err


def test_stop_ends_a_run_once():
    run, counter = counting(steps=100)
    run.drive(goal=3)
    run.stop()
    assert run.finish is Finish.STOPPED
    assert counter.closed
    run.drive()
    assert run.recording.last == 3


def test_stopping_an_ended_run_does_not_change_how_it_ended():
    run, _ = counting(steps=2)
    run.drive()
    run.stop()
    assert run.finish is Finish.COMPLETED


def test_the_same_config_gives_the_same_columns():
    first, second = (counting(steps=50, chunk=7)[0] for _ in range(2))
    first.drive()
    second.drive()
    assert first.recording.column("value").tobytes() == second.recording.column("value").tobytes()


def test_a_run_tells_how_far_it_is_with_its_data_and_can_be_given_up_meanwhile() -> None:
    closed = []

    def prepare(config):
        try:
            yield Preparing(0.0)
            yield Preparing(0.5)
            return "the data"
        finally:
            closed.append(True)

    def frames(config, data):
        yield Frame(0, {}, data)
        yield Frame(1, {}, data)

    slow = Experiment("toy.slow", "Slow", Config, frames, lambda config, data: 1, prepare=prepare)
    runner = Runner(slow, Config())
    runner.goal = 1
    runner.advance()
    assert (runner.preparing, runner.recording.last, runner.has_work) == (0.0, -1, True)
    runner.advance()
    assert (runner.preparing, runner.last_step) == (0.5, 0)
    runner.advance()
    assert (runner.preparing, runner.recording.last, runner.last_step) == (None, 0, 1)
    runner.drive()
    assert runner.finish is Finish.COMPLETED
    assert runner.recording.data == runner.recording.still().data == "the data"
    assert runner.recording.snapshot(1) == (1, "the data")
    given_up = Runner(slow, Config())
    given_up.advance()
    closed.clear()
    given_up.stop()
    assert (given_up.finish, given_up.preparing, closed) == (Finish.STOPPED, None, [True])


def test_pieces_of_a_step_are_not_recorded_and_are_counted_as_one_step(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("engine.runner.perf_counter", lambda: clock[0])

    def frames(config):
        yield Frame(0, {}, None)
        for seconds in (0.5, 0.25, 0.125):
            clock[0] += seconds
            yield WORKING
        clock[0] += 2.0
        yield Frame(1, {}, None)

    run = Runner(Experiment("toys.slow", "Slow", Config, frames, lambda config: 1), Config())
    run.goal = 1
    run.advance()
    assert run.recording.last == 0
    for so_far in (0.5, 0.75, 0.875):
        run.advance()
        clock[0] += 10.0  # of something else
        assert (run.recording.last, run.preparing, run.finish) == (0, None, None)
        assert (run.worked, run.working_since, run.last_took) == (so_far, None, 0.0)
        assert run.has_work
    run.advance()
    assert (run.recording.last, run.finish) == (1, Finish.COMPLETED)
    assert (run.last_took, run.worked) == (2.875, 0.0)


def test_a_work_in_pieces_returns_what_it_finds():
    def half(n):
        yield WORKING
        return n

    def whole():
        return (yield from half(1)) + (yield from half(2))

    assert result_of(whole()) == 3
