"""The quick way to train gives what the readable rules give, and leaves no subnormal numbers."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import astuple

from engine.optimizers.adam import Adam
from engine.optimizers.table import OPTIMIZERS
from engine.optimizers.trainer import BLOCK, SMALL_GRADIENT, Trainer, flush_to_zero

RNG = np.random.default_rng(6)


def test_adam_in_place_follows_adam() -> None:
    rule = Adam(0.03, 0.8, 0.99, 1e-4)
    x: Any = RNG.normal(size=BLOCK + 100)
    trainer, state = Trainer(rule, x), rule.start(x)
    theta = trainer.theta
    for _ in range(20):
        gradient = RNG.normal(size=x.size) * 10 ** RNG.uniform(-3, 3, x.size)
        trainer.step(gradient)
        x, state = rule.update(x, gradient, state)
    assert trainer.theta is theta
    np.testing.assert_allclose(trainer.theta, x, rtol=1e-11, atol=1e-13)


def test_adam_in_place_goes_on_without_its_correction_and_with_it_again() -> None:
    x: Any = RNG.normal(size=70)
    rule = Adam(0.03, 0.8, 0.99, 1e-4)
    trainer, state = Trainer(rule, x), rule.start(x)
    for step in range(30):
        if step in (7, 16):
            rule = rule.with_(bias_correction=step == 16, beta1=0.5 if step == 16 else 0.7)
            trainer.use(rule)
        gradient = RNG.normal(size=x.size)
        trainer.step(gradient)
        x, state = rule.update(x, gradient, state)
        np.testing.assert_allclose(trainer.theta, x, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", ["gradient_descent", "momentum", "rmsprop", "lion", "adam"])
def test_every_rule_trains(name: str) -> None:
    rule = OPTIMIZERS[name](learning_rate=0.02) if name != "adam" else Adam(0.02, bias_correction=False)
    x = RNG.normal(size=5)
    trainer, state = Trainer(rule, x), rule.start(x)
    for _ in range(5):
        trainer.step(2.0 * trainer.theta)
        x, state = rule.update(x, 2.0 * x, state)
    np.testing.assert_allclose(trainer.theta, x)


def test_what_fades_is_swept_out() -> None:
    trainer = Trainer(Adam(0.001), np.ones(50, np.float32))
    trainer.step(np.full(50, 1e-6, np.float32))
    for _ in range(800):
        trainer.step(np.zeros(50, np.float32))
    smallest = np.finfo(np.float32).tiny
    for part in astuple(trainer.state):
        assert not np.any((part != 0) & (np.abs(part) < smallest))
    assert not trainer.state.gradients.any()


def test_small_numbers_become_0() -> None:
    values = np.array([1.0, -SMALL_GRADIENT / 2, SMALL_GRADIENT, -0.0, np.inf, -np.inf, np.nan])
    np.testing.assert_array_equal(
        flush_to_zero(values), [1.0, 0.0, SMALL_GRADIENT, 0.0, np.inf, -np.inf, np.nan]
    )
