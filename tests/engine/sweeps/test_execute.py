"""The runs of a sweep: each once, none lost, none wrong, whatever happens to those who make them."""

import multiprocessing
import sqlite3
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from math import isnan

import msgspec
import pytest

from engine.config import Problem
from engine.experiments import EXPERIMENTS
from engine.runner import Runner
from engine.setting_paths import with_values
from engine.sweeps import execute as execution
from engine.sweeps import processes as own_processes
from engine.sweeps import store as storing
from engine.sweeps.axis import SweepAxis
from engine.sweeps.cluster import NoScheduler
from engine.sweeps.evidence import cells
from engine.sweeps.execute import execute, missing
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.one_run import RunResult, measured
from engine.sweeps.plan import SweepPlan
from engine.sweeps.probe import probe
from engine.sweeps.processes import OwnProcesses, Workers, processes
from engine.sweeps.program import ENGINE, digest_of, program
from engine.sweeps.store import SweepStore, is_database, is_sweep
from engine.version import VERSION

RATE = "racers[0].learning_rate"
RATES, STEPS, SEEDS = (0.0005, 0.001, 1.0), (20, 30), 2  # the last rate diverges
PLAN = SweepPlan(
    "optimizers.race",
    {"racers": [{"kind": "sgd"}], "noise": 0.1},
    (SweepAxis(RATE, RATES), SweepAxis("steps", STEPS)),
    SEEDS,
    "0.f",
)


@pytest.fixture
def store(tmp_path):
    with SweepStore(tmp_path / "some.sweep") as made:
        yield made


class Here:
    """An executor that makes runs in this thread; `faults` says what happens to which submission."""

    def __init__(self, faults=()):
        self.faults = dict(faults)
        self.submitted = []

    def submit(self, function, *arguments):
        self.submitted.append(arguments)
        fault = self.faults.get(len(self.submitted))
        future = Future()
        if fault == "cancelled":
            future.cancel()
        elif fault is not None:
            future.set_exception(fault)
        else:
            future.set_result(function(*arguments))
        return future

    def workers(self):
        return Workers(self, 2, lambda: None)


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr(execution, "PAUSE", 0.0)


def everything(plan, store, make):
    return [one for some in execute(plan, store, make) for one in some]


def numbers(plan, results):
    measure = SweepMeasure(plan.measure)
    assert len({(run.values, run.seed) for run, _ in results}) == len(results) == plan.count
    return {(run.values, run.seed): repr(result.number(measure)) for run, result in results}


def alone(plan):
    """What the same runs give without a sweep."""
    found = {}
    for seed in range(plan.seeds):
        for rate in RATES:
            for steps in STEPS:
                values = {RATE: rate, "steps": steps, "seed": seed}
                runner = Runner(EXPERIMENTS[plan.experiment], with_values(plan.base(), values))
                runner.drive()
                found[(rate, steps), seed] = repr(float(runner.recording.column("0.f")[-1]))
    return found


def test_each_number_is_that_of_the_run_alone_to_the_last_bit(store):
    results = everything(PLAN, store, Here().workers)
    assert numbers(PLAN, results) == alone(PLAN)


def test_processes_give_the_same_and_what_is_known_is_not_made_again(store):
    context = processes(2)
    results = everything(PLAN, store, lambda: context)
    assert numbers(PLAN, results) == alone(PLAN)
    never = Here()
    assert numbers(PLAN, everything(PLAN, store, never.workers)) == alone(PLAN)
    assert never.submitted == []
    more = SweepPlan(PLAN.experiment, PLAN.config, PLAN.axes, SEEDS + 1, "0.f:area")
    assert len(everything(more, store, never.workers)) == more.count
    assert len(never.submitted) == 6, "the runs of the new seed; another number of the others is known"


def test_runs_that_were_measured_in_two_ways_are_not_made_again_for_either(store):
    plans = [msgspec.structs.replace(PLAN, measure=f"0.f:below={limit}") for limit in (0.1, 1)]
    for expected in (PLAN.count, 0):
        for plan in plans:
            here = Here()
            everything(plan, store, here.workers)
            assert len(here.submitted) == expected


def test_processes_that_import_the_program_themselves_give_the_same(store, monkeypatch):
    """As on systems on which a process cannot be copied."""
    monkeypatch.setattr(own_processes, "COPIED", False)
    plan = msgspec.structs.replace(PLAN, axes=(SweepAxis(RATE, (0.001,)), SweepAxis("steps", (20,))), seeds=1)
    ((_, result),) = everything(plan, store, lambda: processes(1))
    assert repr(result.number(SweepMeasure(plan.measure))) == alone(PLAN)[(0.001, 20), 0]


def test_a_stop_ends_the_processes_and_the_next_one_goes_on(store):
    made = []

    def make():
        made.append(processes(1))
        return made[-1]

    work = execute(PLAN, store, make)
    results = next(work)
    while not results:
        results = next(work)
    work.close()
    assert len(made) == 1
    assert multiprocessing.active_children() == []
    assert 0 < len(missing(PLAN, store)[1]) < PLAN.count
    here = Here()
    numbers(PLAN, everything(PLAN, store, here.workers))
    assert len(here.submitted) == PLAN.count - len(results)


@pytest.mark.parametrize(
    "fault", [BrokenProcessPool("gone"), OSError("no route"), CancelledError(), "cancelled"]
)
def test_what_was_lost_with_the_workers_is_made_again(store, no_pause, fault):
    executors = [Here({3: fault}), Here({1: fault}), Here()]
    given = iter(executors)
    results = everything(PLAN, store, lambda: next(given).workers())
    assert numbers(PLAN, results) == alone(PLAN)
    assert all(executor.submitted for executor in executors)


def test_a_run_that_ends_its_process_each_time_is_made_alone_and_then_said_to_have(store, no_pause):
    """The run of this rate kills whoever makes it, and with it all that were given out beside it."""

    class Deadly(Here):
        def submit(self, function, *arguments):
            if b'"learning_rate":0.001' in arguments[1] and b'"steps":30' in arguments[1]:
                self.faults[len(self.submitted) + 1] = BrokenProcessPool("killed")
            return super().submit(function, *arguments)

    results = everything(PLAN, store, lambda: Deadly().workers())
    found, expected = numbers(PLAN, results), alone(PLAN)
    for seed in range(SEEDS):
        assert found.pop(((0.001, 30), seed)) == "nan"
        expected.pop(((0.001, 30), seed))
    assert found == expected
    assert [result.why for run, result in results if run.values == (0.001, 30)] == [
        "The process of this run ended"
    ] * SEEDS


def test_workers_that_never_come_back_are_told_of(store, no_pause):
    def make():
        raise OSError("no scheduler")

    with pytest.raises(Problem, match="The workers are gone: no scheduler"):
        everything(PLAN, store, make)


def test_a_scheduler_that_was_never_there_ends_a_sweep_at_once_and_one_that_was_lost_is_waited_for(
    store, no_pause
):
    asked = []

    def make():
        asked.append("")
        if len(asked) in (1, 3):
            raise NoScheduler("No scheduler answers at {address}", address="tcp://a:1")
        return Here({1: OSError("lost")} if len(asked) == 2 else {}).workers()

    with pytest.raises(Problem, match="No scheduler answers at tcp://a:1"):
        everything(PLAN, store, make)
    assert len(asked) == 1
    assert numbers(PLAN, everything(PLAN, store, make)) == alone(PLAN)
    assert len(asked) == 4


def test_an_error_of_the_executor_is_the_result_of_its_run(store):
    results = everything(PLAN, store, Here({2: KeyError("killed worker")}).workers)
    assert [result.why for _, result in results if result.why.startswith("KeyError")] == [
        "KeyError: 'killed worker'"
    ]


def test_a_file_that_a_run_cannot_read_is_named_in_its_result(store, no_pause):
    class Unread(Here):
        def submit(self, function, *arguments):
            if b'"steps":30' in arguments[1]:
                self.faults[len(self.submitted) + 1] = PermissionError("not yours")
            return super().submit(function, *arguments)

    results = everything(PLAN, store, lambda: Unread().workers())
    assert {result.why for run, result in results if run.values[1] == 30} == {"PermissionError: not yours"}


def test_processes_that_could_not_be_started_do_not_hinder_the_end_of_the_others():
    own = OwnProcesses()
    own.context.Process(target=print)
    own.end()


@pytest.mark.parametrize(
    ("experiment", "config", "said"),
    [
        ("losses.classifier", b'{"data": {"kind": "csv", "path": "/nowhere/table.csv"}}', "table.csv"),
        ("nobody", b"{}", "There is no experiment 'nobody'"),
    ],
)
def test_a_run_that_cannot_be_made_has_a_result_that_says_why(experiment, config, said):
    result = msgspec.json.decode(measured(experiment, config, "training.loss"), type=RunResult)
    assert result.finish == "failed"
    assert said in result.why
    assert isnan(result.number(SweepMeasure("training.loss:below=1")))


def test_a_run_that_failed_has_no_first_step_and_is_not_made_again(store):
    plan = SweepPlan(PLAN.experiment, PLAN.config, PLAN.axes, 1, "0.f:below=0.1")
    everything(plan, store, Here({2: KeyError("bug")}).workers)
    never = Here()
    results = everything(plan, store, never.workers)
    assert never.submitted == []
    assert sum(cell.failed for cell in cells(plan, results, SweepMeasure(plan.measure))) == 1


def test_settings_that_are_not_possible_together_have_a_result_that_says_why(store):
    axes = (SweepAxis("optimizer", ("adam", "momentum")), SweepAxis("optimizer.beta1", (0.5, 0.9)))
    plan = SweepPlan("losses.classifier", {"data": {"kind": "blobs"}, "epochs": 1}, axes, 1, "training.loss")
    results = everything(plan, store, Here().workers)
    assert {run.values[0] for run, result in results if result.finish == "completed"} == {"adam"}
    assert {result.why for run, result in results if run.values[0] == "momentum"} == {
        "There is no setting of this name"
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"axes": (SweepAxis("steps", (5, 9)), SweepAxis("steps", (7, 8)))}, "different"),
        ({"experiment": "nobody"}, "no experiment"),
        ({"config": {"steps": 0}}, "at least 1"),
        ({"config": {"step": 3}}, "step"),
        ({"measure": "0.f:worst"}, "measure"),
        ({"experiment": "losses.curves", "config": {}, "axes": (SweepAxis("delta", (1.0,)),)}, "chance"),
    ],
)
def test_a_sweep_that_cannot_be_made_is_refused_before_anything_is_done(store, changes, said):
    here = Here()
    plan = SweepPlan(**{name: getattr(PLAN, name) for name in PLAN.__struct_fields__} | changes)
    with pytest.raises(Problem, match=said):
        everything(plan, store, here.workers)
    assert here.submitted == []


def test_only_one_program_makes_the_runs_and_others_may_look(store, monkeypatch):
    work = execute(PLAN, store, Here().workers)
    next(work)
    with SweepStore(store.path) as other:
        with pytest.raises(Problem, match="Another program"):
            next(execute(PLAN, other, Here().workers))
        assert other.plan() == PLAN
        list(work)
        assert len(missing(PLAN, other)[0]) == PLAN.count
        assert other.take_lease(), "it is given back at the end"


def test_the_lease_of_a_program_that_was_killed_ends_by_itself(store, monkeypatch):
    assert store.take_lease()
    with SweepStore(store.path) as other:
        assert not other.take_lease()
        late = storing.time.time() + storing.LEASE + 1
        monkeypatch.setattr(storing.time, "time", lambda: late)
        assert other.take_lease()
    assert not store.take_lease()


def test_a_full_disk_is_said_and_nothing_is_half_written(store):
    pages = store._file.execute("PRAGMA page_count").fetchone()[0]
    store._file.execute(f"PRAGMA max_page_count = {pages}")
    many = SweepPlan(PLAN.experiment, PLAN.config, PLAN.axes, 16, PLAN.measure)
    with pytest.raises(Problem, match="no room on the disk"):
        everything(many, store, Here().workers)
    store._file.execute("PRAGMA max_page_count = 100000")
    assert store._file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    before = len(missing(many, store)[0])
    here = Here()
    numbers(many, everything(many, store, here.workers))
    assert len(here.submitted) == many.count - before


def test_a_file_of_something_else_is_not_touched(tmp_path):
    text = tmp_path / "text.sweep"
    text.write_text("not a database, but long enough to be taken for one" * 40)
    with pytest.raises(Problem, match="is no file of sweeps"):
        SweepStore(text)
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as file:
        file.execute("CREATE TABLE mine (a)")
    before = foreign.read_bytes()
    with pytest.raises(Problem, match="is no file of sweeps"):
        SweepStore(foreign)
    assert foreign.read_bytes() == before
    with pytest.raises(Problem, match="cannot be used"):
        SweepStore(tmp_path / "nowhere" / "some.sweep")


@pytest.mark.parametrize(
    "hidden",
    [
        "CREATE TRIGGER gone AFTER INSERT ON runs BEGIN DELETE FROM runs; END",
        "CREATE VIEW mine AS SELECT * FROM runs",
        "CREATE TABLE mine (a)",
        "CREATE INDEX mine ON runs (abs(result))",
        "DROP TABLE plan; CREATE TABLE plan (one, plan TEXT GENERATED ALWAYS AS (hex(zeroblob(9))) VIRTUAL)",
        "DROP TABLE plan; CREATE VIEW plan AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n)"
        " SELECT i AS plan FROM n",
    ],
)
def test_a_file_that_would_execute_anything_is_refused(store, hidden):
    everything(PLAN, store, Here().workers)
    store._file.executescript(hidden)
    with pytest.raises(Problem, match="is no file of sweeps"):
        SweepStore(store.path)


def test_a_file_with_endless_texts_is_refused_without_reading_them(store):
    everything(PLAN, store, Here().workers)
    with sqlite3.connect(store.path) as file:
        file.execute("UPDATE plan SET plan = plan || printf('%.*c', 20000000, ' ')")
    file.close()
    with SweepStore(store.path) as other, pytest.raises(Problem, match=r"cannot be used: .* too big"):
        other.plan()


def test_a_file_of_sweeps_is_known_by_its_first_bytes(store):
    everything(PLAN, store, Here().workers)
    head = store.path.read_bytes()[:100]
    assert is_database(head)
    assert is_sweep(head)
    assert not is_sweep(head[:68] + b"gpkg" + head[72:])
    assert not is_database(b"SQLite, a text")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE runs SET result = '{\"finish\": 3}'",
        'UPDATE runs SET result = replace(result, \'{"end":\', \'{"end":"x","more":\')',
        "UPDATE runs SET result = NULL",
        "UPDATE plan SET plan = replace(plan, '[20,30]', '[[20],30]')",
    ],
)
def test_a_file_with_results_or_settings_that_cannot_be_read_is_refused(store, change):
    everything(PLAN, store, Here().workers)
    store._file.execute(change)
    with pytest.raises(Problem, match="is no file of sweeps"):
        missing(store.plan(), store)


def test_a_probe_tells_what_can_be_measured(monkeypatch):
    found = probe(PLAN)
    assert {"0.x", "0.y", "0.f"} <= set(found.names)
    assert found.seconds > 0
    assert found.of(10, 4) == pytest.approx(3 * found.seconds)
    wrong = SweepPlan(PLAN.experiment, PLAN.config, PLAN.axes, 1, "loss")
    with pytest.raises(Problem, match="There is no loss; there are 0"):
        probe(wrong)


def test_a_store_is_used_in_a_thread_of_its_own(tmp_path):
    """As in a window: the thread that makes it uses it."""
    found = []

    def work():
        with SweepStore(tmp_path / "own.sweep") as store:
            found.append(len(everything(PLAN, store, Here().workers)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [PLAN.count]


def test_any_executor_will_do(store):
    with ThreadPoolExecutor(2) as executor:
        make = partial(Workers, executor, 2, lambda: None)
        assert numbers(PLAN, everything(PLAN, store, make)) == alone(PLAN)


def test_results_are_those_of_this_program_only(store, tmp_path, monkeypatch):
    """A changed line of the engine changes the key of every run; the ends of lines do not."""
    folder = tmp_path / "engine"
    folder.mkdir()
    (folder / "one.py").write_bytes(b"a = 1\nb = 2\n")
    before = digest_of(folder)
    (folder / "one.py").write_bytes(b"a = 1\r\nb = 2\r\n")
    assert digest_of(folder) == before
    (folder / "one.py").write_bytes(b"a = 2\nb = 2\n")
    assert digest_of(folder) != before
    assert program().startswith(f"{VERSION}+{digest_of(ENGINE)[:16]}, NumPy ")
    everything(PLAN, store, Here().workers)
    monkeypatch.setattr(storing, "program", lambda: "0.0+changed, NumPy 2")
    again = Here()
    assert numbers(PLAN, everything(PLAN, store, again.workers)) == alone(PLAN)
    assert len(again.submitted) == PLAN.count
