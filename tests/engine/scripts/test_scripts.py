"""Every script gives the numbers of the run that it was written from: it is run in a fresh process.

NumPy is held to 1e-9 of the recording at every step of every curve that the script keeps; PyTorch, in
float64, to 1e-5. Scripts of PyTorch are run only where it is installed.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.config import Problem
from engine.experiments import EXPERIMENTS
from engine.runner import Runner
from engine.scripts.table import WRITERS, script_of
from engine.session import decode, home_of, placed

SESSIONS = Path(__file__).parents[3] / "resources" / "sessions"
FRAMEWORKS = ["numpy", *(["torch"] if find_spec("torch") else [])]
TOLERANCE = {"numpy": 1e-9, "torch": 1e-5}
RUN = "import json, runpy, sys; print(json.dumps(runpy.run_path(sys.argv[1])['curves']))"
SHORT = 200  # steps of a run that is compared; a longer one is cut, where it can be

# By experiment: what a script keeps at least
KEPT = {
    "losses.neuron": {"squared_error.loss", "cross_entropy.loss", "squared_error.p", "cross_entropy.weight"},
}


def examples():
    """The example sessions of the experiments that have a script."""
    found = []
    for path in sorted(SESSIONS.glob("*.nabla.json")):
        name = msgspec.json.decode(path.read_bytes())["open"]
        if name in WRITERS:
            found.append(pytest.param(name, path, id=path.name.removesuffix(".nabla.json")))
    return found


def curves_of(script, folder):
    """What a script keeps, from a fresh process."""
    for name, content in script.files.items():
        (folder / name).write_bytes(content)
    path = folder / "run.py"
    path.write_text(script.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(path)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    return {
        name: {int(step): number for step, number in curve.items()}
        for name, curve in json.loads(lines[-1]).items()
    }


def recorded(name, config):
    runner = Runner(EXPERIMENTS[name], config)
    runner.drive()
    return runner.recording


def compared(name, config, framework, folder):
    """Hold a script to the recording; returns the script."""
    script = script_of(name, config, framework, folder=folder)
    curves = curves_of(script, folder)
    recording = recorded(name, config)
    assert KEPT[name] <= curves.keys()
    for curve, numbers in curves.items():
        steps = np.array(list(numbers))
        expected = np.asarray(recording.column(curve))[steps]
        np.testing.assert_allclose(
            list(numbers.values()), expected, rtol=TOLERANCE[framework], atol=1e-12, err_msg=curve
        )
        assert steps[-1] == recording.last, curve
    return script


def shortened(config):
    if getattr(config, "steps", 0) and "steps" in config.__struct_fields__ and config.steps > SHORT:
        return msgspec.structs.replace(config, steps=SHORT)
    return config


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(("name", "path"), examples())
def test_the_script_of_an_example_gives_its_numbers(name, path, framework, tmp_path):
    session = placed(decode(path.read_bytes()), home_of(path))
    compared(name, shortened(session.config(name)), framework, tmp_path)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("name", WRITERS)
def test_the_script_of_the_first_settings_gives_their_numbers(name, framework, tmp_path):
    compared(name, shortened(EXPERIMENTS[name].config_type()), framework, tmp_path)


def test_an_experiment_without_a_run_is_refused_with_the_reason():
    with pytest.raises(Problem, match="Loss curves"):
        script_of("losses.curves", EXPERIMENTS["losses.curves"].config_type())
