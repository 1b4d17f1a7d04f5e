from engine.config import Config
from engine.experiment import Experiment, Frame, Preparing
from engine.runner import Finish, Runner
from tests.toys import CountConfig, Counter


def runner(**fields):
    counter = Counter()
    return Runner(counter.experiment(), CountConfig(**fields)), counter


def test_a_run_that_reaches_its_last_step_is_completed():
    run, counter = runner(steps=7)
    run.drive()
    assert (run.finish, run.recording.last, run.problem) == (Finish.COMPLETED, 7, None)
    assert counter.closed


def test_nothing_is_computed_beyond_the_goal():
    run, counter = runner(steps=100)
    run.drive(goal=3)
    assert (run.recording.last, run.finish, run.hungry) == (3, None, False)
    run.goal = 4
    assert run.hungry
    run.drive(goal=4)
    assert run.recording.last == 4
    assert not counter.closed


def test_a_chunk_may_pass_the_goal_but_not_the_end():
    run, _ = runner(steps=25, chunk=10)
    run.drive(goal=1)
    assert run.recording.last == 10
    run.drive()
    assert (run.recording.last, run.finish) == (25, Finish.COMPLETED)


def test_divergence_is_named_and_closes_the_generator():
    run, counter = runner(diverge_at=4)
    run.drive()
    assert run.finish is Finish.DIVERGED
    assert str(run.problem) == "Too large at step 4"
    assert run.recording.last == 4
    assert counter.closed


def test_a_failing_run_keeps_what_it_had_and_shows_its_error(capsys):
    run, _ = runner(fail_at=5)
    run.drive()
    assert run.finish is Finish.FAILED
    assert str(run.problem) == "ZeroDivisionError: counted too far"
    assert run.recording.last == 4
    assert "counted too far" in capsys.readouterr().err


def test_stop_ends_a_run_once():
    run, counter = runner(steps=100)
    run.drive(goal=3)
    run.stop()
    assert run.finish is Finish.STOPPED
    assert counter.closed
    run.drive()
    assert run.recording.last == 3


def test_stopping_an_ended_run_does_not_change_how_it_ended():
    run, _ = runner(steps=2)
    run.drive()
    run.stop()
    assert run.finish is Finish.COMPLETED


def test_the_same_config_gives_the_same_columns():
    first, second = (runner(steps=50, chunk=7)[0] for _ in range(2))
    first.drive()
    second.drive()
    assert first.recording.column("value").tobytes() == second.recording.column("value").tobytes()


def test_a_run_tells_how_far_it_is_with_its_data_and_can_be_given_up_meanwhile() -> None:
    closed = []

    def frames(config):
        try:
            yield Preparing(0.0)
            yield Preparing(0.5)
            yield Frame(0, {}, None)
            yield Frame(1, {}, None)
        finally:
            closed.append(True)

    slow = Experiment("toy.slow", "Slow", Config, frames, last_step=lambda config: 1)
    runner = Runner(slow, Config())
    runner.goal = 1
    runner.advance()
    assert (runner.preparing, runner.recording.last, runner.hungry) == (0.0, -1, True)
    runner.advance()
    assert (runner.preparing, runner.last_step) == (0.5, 0)
    runner.advance()
    assert (runner.preparing, runner.recording.last, runner.last_step) == (None, 0, 1)
    runner.drive()
    assert runner.finish is Finish.COMPLETED
    given_up = Runner(slow, Config())
    given_up.advance()
    closed.clear()
    given_up.stop()
    assert (given_up.finish, given_up.preparing, closed) == (Finish.STOPPED, None, [True])
