"""How long a descent can be repeated with other rounding: where gradients explode, it is chaotic.

PyTorch adds and multiplies in another order than NumPy, so its numbers differ in the last digit. On most
losses this stays so. Where each step multiplies small differences by more than 1, they grow exponentially
until nothing is the same. So the run is computed some times more with a little noise in θ, larger than
rounding errors; its numbers can be repeated as long as all of these runs agree.

Reference: Metz, Freeman, Schoenholz & Kachman, "Gradients are not all you need" (2021).
"""

import math

import numpy as np

from engine.experiments.gradients.clipping import WAYS, ClippingConfig, ClippingRun, scene_of

SHADOWS = 2  # runs with noise
NOISE = 1e-15  # of θ, relative
SAME = 1e-6  # relative difference of the numbers of a step
MOST = 12_000  # steps through time of a net that are computed: about a second


def repeatable_steps(config: ClippingConfig) -> dict[str, int]:
    """The last step of each run of *Exploding and clipping* at which noise has changed nothing; −1 if none.

    Of a net only the first steps are computed.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return {way: _repeatable(config, way) for way in WAYS}


def _repeatable(config: ClippingConfig, way: str) -> int:
    scene, rng = scene_of(config), np.random.default_rng(0)
    last = min(config.steps, MOST // config.length) if config.scene == "net" else config.steps
    exact, *shadows = (ClippingRun(scene, way, config) for _ in range(1 + SHADOWS))
    for step in range(last + 1):
        for shadow in shadows:
            if shadow.theta is not None:
                shadow.theta = shadow.theta * (1 + NOISE * rng.normal(size=shadow.theta.size))
        numbers = exact.look(step)
        if not all(_alike(numbers, shadow.look(step)) for shadow in shadows):
            return step - 1
        if exact.theta is None:
            return config.steps
        for run in (exact, *shadows):
            run.go()
    return last


def _alike(numbers: dict[str, float], others: dict[str, float]) -> bool:
    return all(
        (math.isnan(number) and math.isnan(others[name]))
        or math.isclose(number, others[name], rel_tol=SAME, abs_tol=1e-13)
        for name, number in numbers.items()
    )
