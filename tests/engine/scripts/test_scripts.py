"""Every script gives the numbers of the run that it was written from (`running` says how exactly)."""

from pathlib import Path

import msgspec
import pytest

from engine.config import Problem
from engine.experiments import EXPERIMENTS
from engine.scripts.table import WRITERS, script_of
from engine.session import decode, home_of, placed
from tests.engine.scripts.running import FRAMEWORKS, hold, shortened

SESSIONS = Path(__file__).parents[3] / "resources" / "sessions"


def examples():
    """The example sessions of the experiments that have a script, and their first settings."""
    found = {name: [(name, EXPERIMENTS[name].config_type())] for name in WRITERS}
    for path in sorted(SESSIONS.glob("*.nabla.json")):
        name = msgspec.json.decode(path.read_bytes())["open"]
        if name in WRITERS:
            session = placed(decode(path.read_bytes()), home_of(path))
            found[name].append((name, session.config(name)))
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("names", [[*WRITERS][part::3] for part in range(3)])
def test_the_scripts_of_the_first_settings_and_of_the_examples_give_their_numbers(names, framework, tmp_path):
    found = examples()
    cases = [(name, shortened(name, config)) for which in names for name, config in found[which]]
    hold(cases, framework, tmp_path)


def test_an_experiment_without_a_run_is_refused_with_the_reason():
    with pytest.raises(Problem, match="Loss curves"):
        script_of("losses.curves", EXPERIMENTS["losses.curves"].config_type())
