"""What the tests of scripts share: scripts run in a fresh process, and are held to the recording.

    hold([("losses.neuron", config), …], "numpy", folder)

runs the scripts of all these settings in one process. NumPy is held to 1e-9 of the recording at every step of
every curve that a script keeps; PyTorch, in float64, to 1e-5. Where a run is in float32, its rounding grows
from step to step. Then PyTorch is held to the script in NumPy with `dtype = np.float64`, and to the recording
in the first steps only. Without PyTorch its scripts are written, and only read.
"""

import ast
import json
import subprocess
import sys
from importlib.util import find_spec

import msgspec
import numpy as np

from engine.experiments import EXPERIMENTS
from engine.runner import Runner
from engine.scripts.table import script_of
from engine.scripts.writer import Script, columns

FRAMEWORKS = ["numpy", "torch"]
RUNS = {"numpy": True, "torch": find_spec("torch") is not None}  # else a script is written, and only read
TOLERANCE = {"numpy": 1e-9, "torch": 1e-5}
SHORT = {
    "lstm.train": 22,
    "gradients.deep_network": 40,
}  # steps of a run that is compared; a longer one is cut, where it can be
NEAR_ZERO = {"optimizers.race": 1e-7}  # of PyTorch: f near a minimum is a difference of larger numbers
FIRST = 10  # steps in which float64 is held to a recording in float32
WIDEST = 110  # columns of a line
CHAOTIC = (
    "gradients.clipping",
    "losses.softmax",
    "optimizers.batches",
    "optimizers.sparse",
    "entropy.fit",
    "losses.likelihood",
    "optimizers.race",
    "optimizers.newton",
)  # in PyTorch these end before rounding has made them another run
FLOAT32 = "dtype = np.float32"

# By experiment: what a script keeps at least
KEPT = {
    "optimizers.sparse": {f"{racer}.{group}" for racer in range(5) for group in ("all", "rare", "common")},
    "optimizers.batches": {"0.x", "0.y", "0.loss"},
    "losses.softmax": {f"{way}.{what}" for way in ("right", "notes") for what in ("loss", "accuracy")},
    "optimizers.race": {"0.x", "0.y", "0.f"},
    "optimizers.newton": {f"{m}.{what}" for m in ("newton", "damped_newton") for what in ("x", "f", "slope")},
    "losses.likelihood": set(),
    "gradients.dying_relu": {"loss", "accuracy", "dead", "1.dead", "3.dead", "deaths", "revivals"},
    "gradients.deep_network": {"a.loss", "a.first", "a.last", "a.held_out", "b.held_out"},
    "losses.classifier": {"training.loss", "training.accuracy", "held_out.loss", "gradient.norm"},
    "entropy.fit": {"entropy", "cross_entropy.loss", "cross_entropy.kl", "cross_entropy.z0"},
    "losses.neuron": {"squared_error.loss", "cross_entropy.loss", "squared_error.p", "cross_entropy.weight"},
    "gradients.clipping": {f"{way}.{what}" for way in ("none", "norm") for what in ("loss", "norm", "moved")},
    "lstm.train": {"first.loss", "first.held_out", "first.norm"},
}

RUN = """
import contextlib, io, json, runpy, sys, warnings
warnings.simplefilter("error")
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()):
        curves = runpy.run_path(path)["curves"]
    print(json.dumps(curves))
"""


def shortened(name, config):
    """The same settings with fewer steps."""
    if name == "losses.classifier":
        return msgspec.structs.replace(config, epochs=min(config.epochs, 2 if config.data.pictures else 20))
    most = SHORT.get(name, 200)
    if getattr(config, "steps", 0) and "steps" in config.__struct_fields__ and config.steps > most:
        return msgspec.structs.replace(config, steps=most)
    return config


def run(scripts, folder):
    """What scripts keep, from one fresh process: for each of them name of a curve → step → number."""
    paths = []
    for index, script in enumerate(scripts):
        own = folder / f"script{index}"
        own.mkdir(parents=True)
        for name, content in script.files.items():
            (own / name).write_bytes(content)
        paths.append(own / "run.py")
        paths[-1].write_text(script.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, paths)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return [
        {
            name: {int(step): number for step, number in curve.items()}
            for name, curve in json.loads(line).items()
        }
        for line in done.stdout.splitlines()
    ]


def recorded(name, config):
    """The recording of a run."""
    runner = Runner(EXPERIMENTS[name], config)
    runner.drive()
    return runner.recording


def hold(cases, framework, folder, kept=True):
    """Hold the scripts of some experiments, with their settings, to their recordings; returns the scripts."""
    scripts = [
        script_of(name, config, framework, folder=folder / f"{framework}/script{index}")
        for index, (name, config) in enumerate(cases)
    ]
    if not RUNS[framework]:
        for script in scripts:
            _check_tidy(script.text)
        return scripts
    precise = {}
    if framework == "torch":
        for index, (name, config) in enumerate(cases):
            script = script_of(name, config, "numpy", folder=folder / f"numpy/script{len(precise)}")
            if FLOAT32 in script.text:
                text = script.text.replace(FLOAT32, "dtype = np.float64")
                precise[index] = Script(text, script.files)
    expected = (
        dict(zip(precise, run(list(precise.values()), folder / "numpy"), strict=True)) if precise else {}
    )
    found = run(scripts, folder / framework)
    for index, ((name, config), script, curves) in enumerate(zip(cases, scripts, found, strict=True)):
        _check_tidy(script.text)
        recording = recorded(name, config)
        assert not kept or KEPT[name] <= curves.keys() or not recording.last
        if index in expected:
            _same_curves(curves, expected[index])
        for curve, numbers in curves.items():
            _same(curve, numbers, recording, framework, FIRST if index in expected else None, (name, config))
            if framework == "numpy" or name not in CHAOTIC:
                assert np.isnan(recording.column(curve)[max(numbers) + 1 :]).all(), f"{curve} ends too early"
    return scripts


def _same(curve, numbers, recording, framework, first, case):
    if first and curve.endswith("accuracy"):
        return  # between classes that are equally likely, rounding decides
    column = np.asarray(recording.column(curve))
    steps = np.array([step for step in numbers if first is None or step < first])
    tolerance = 1e-3 if first else TOLERANCE[framework]
    got = [numbers[step] for step in steps.tolist()]
    zero = NEAR_ZERO.get(case[0], 1e-12) if framework == "torch" else 1e-12
    np.testing.assert_allclose(got, column[steps], rtol=tolerance, atol=zero, err_msg=f"{curve} {case}")


def _same_curves(curves, expected):
    assert curves.keys() <= expected.keys()
    for curve, numbers in curves.items():
        assert numbers.keys() == expected[curve].keys()
        got, wanted = list(numbers.values()), list(expected[curve].values())
        np.testing.assert_allclose(got, wanted, rtol=TOLERANCE["torch"], atol=1e-12, err_msg=curve)


def _check_tidy(text):
    """A script has no line that is too long, and no name at its left edge that is not used."""
    for line in text.splitlines():
        assert columns(line) <= WIDEST, line
    tree = ast.parse(text)
    assigned = {
        name.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }
    loaded = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert assigned <= loaded | {"_"}, f"not used: {assigned - loaded}"
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert functions <= loaded, f"not called: {functions - loaded}"
