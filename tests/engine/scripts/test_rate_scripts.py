"""Scripts of plain gradient descent follow the schedule of its learning rate, whichever it is."""

import pytest

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.optimizers.schedules import (
    ConstantRate,
    CosineDecay,
    CosineRestarts,
    ExponentialDecay,
    InverseRootDecay,
    InverseTimeDecay,
    LinearDecay,
    StepDecay,
)
from tests.engine.scripts.running import FRAMEWORKS, hold

CASES = {
    "gradients.clipping": [
        {"schedule": CosineDecay(total_steps=150), "scene": "unit"},
        {"schedule": ExponentialDecay(gamma=0.9, warmup_steps=3), "scene": "cliff", "steps": 30},
        {"schedule": StepDecay(step_size=5), "scene": "net", "length": 10, "gain": 0.8, "steps": 20},
    ],
    "losses.neuron": [
        {"schedule": CosineRestarts(first_period=3, warmup_steps=2), "factor": 3.0, "steps": 40},
        {"schedule": ConstantRate(warmup_steps=5), "steps": 20},
        {"schedule": StepDecay(step_size=7, gamma=0.3), "steps": 30},
    ],
    "losses.likelihood": [
        {"schedule": InverseTimeDecay(decay_rate=1.0), "features": "raw", "steps": 60},
        {"schedule": InverseRootDecay(warmup_steps=4), "noise": "learned", "steps": 60},
    ],
    "optimizers.newton": [
        {"schedule": CosineDecay(total_steps=12), "curve_rate": 1.0},
        {"schedule": LinearDecay(total_steps=9, warmup_steps=2), "scene": "surface"},
    ],
    "losses.softmax": [
        {"schedule": LinearDecay(total_steps=25, end_factor=0.1, warmup_steps=3), "steps": 40}
    ],
}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_scripts_give_the_numbers_of_the_runs(framework, tmp_path):
    cases = [
        (name, replaced(EXPERIMENTS[name].config_type(), **settings))
        for name, several in CASES.items()
        for settings in several
    ]
    scripts = hold(cases, framework, tmp_path)
    assert all(script.text.count("factor_of") >= 2 for script in scripts)
