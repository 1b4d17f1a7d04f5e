"""What the script of *Gradients ▸ Deep network* needs of its settings, in both frameworks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.changes import changes_of, config_at
from engine.config import Problem
from engine.data.training_data import TrainingData
from engine.experiments.gradients.deep_network_config import DRAWN, DeepConfig, NetworkSettings
from engine.networks import initializers
from engine.optimizers.muon import Muon
from engine.scripts.changing import ChangedSettings, MovingLines, turn_lines, turns
from engine.scripts.muon import muon_turns
from engine.scripts.writer import ScriptWriter, literal
from engine.stop_rules import HeldOutRises, LossBelow

ANOTHER_CLIPPING = "After step {step} the gradient is clipped in another way, which a script cannot repeat"


@dataclass(frozen=True)
class DeepRun:
    """A run of one or two deep networks."""

    config: DeepConfig
    data: TrainingData

    @property
    def networks(self) -> dict[str, NetworkSettings]:
        """The settings of the networks, by their names."""
        return self.config.networks

    @property
    def yields(self) -> bool:
        """Whether a rule may end both networks before the last step, so that they are trained in turn."""
        return isinstance(self.config.stop, LossBelow | HeldOutRises)

    @cached_property
    def forms(self) -> dict[str, NetworkSettings]:
        """The networks that need functions of their own, by the suffix of their names."""
        found: dict[tuple[str, bool], NetworkSettings] = {}
        for settings in self.networks.values():
            found.setdefault((settings.normalization, settings.residual), settings)
        if len(found) == 1:
            return {"": self.networks["a"]}
        return {f"_{name}": settings for name, settings in self.networks.items()}

    def suffix(self, settings: NetworkSettings) -> str:
        """The suffix of the functions of a network."""
        form = settings.normalization, settings.residual
        return next(suffix for suffix, one in self.forms.items() if (one.normalization, one.residual) == form)

    @property
    def generators(self) -> str:
        """The names of the generators of first weights."""
        return "rng_a, rng_b" if len(self.networks) > 1 else "rng_a, _"

    def helpers(self, settings: NetworkSettings) -> list[Callable[..., Any]]:
        """The functions that draw the first weights of a network."""
        _, normal, uniform = DRAWN[settings.initializer]
        draw = normal if settings.shape == "normal" else uniform
        if settings.initializer in ("given", "orthogonal"):
            return [draw]
        return [initializers.normal if settings.shape == "normal" else initializers.uniform, draw]

    def write_helpers(self, script: ScriptWriter) -> None:
        """Write the functions that draw the first weights of all networks."""
        words = script.tr("First weights [in, out]; biases begin at 0")
        for settings in self.networks.values():
            for draw in self.helpers(settings):
                script.function(draw, words)
                words = ""

    def drawing(self, name: str, settings: NetworkSettings) -> str:
        """A function of a shape [in, out] that draws the first weights of a network."""
        *_, draw = self.helpers(settings)
        spread = ""
        if settings.initializer == "given":
            normal = settings.shape == "normal"
            spread = f", std={settings.spread!r}" if normal else f", variance={settings.spread!r} ** 2"
        drawn = f"{draw.__name__}(rng_{name}, *shape{spread})"
        gain = "" if settings.gain == 1 else f"{settings.gain!r} * "
        return f"lambda *shape: {gain}{drawn}"

    @cached_property
    def rule_turns(self) -> list[ChangedSettings]:
        """The changes of the optimizer."""
        if isinstance(self.config.optimizer, Muon):
            return muon_turns(self.config, self.config.steps)
        return turns(self.config, self.config.steps, lambda config: config.optimizer)

    def local_settings(self, moving: MovingLines) -> list[str]:
        """The settings that may change in the training, as lines inside of it."""
        found = {**self._own(self.config), **moving.settings}
        return [f"{name} = {literal(value)}" for name, value in found.items()]

    def write_steps(self, script: ScriptWriter) -> None:
        """Write the head of the loop over the steps, and the changes that are due in a step.

        Raises:
            Problem: the gradient is clipped in another way after a change.
        """
        if self.yields:
            script.code("yield 0", 1)
        script.code("for t in range(1, steps + 1):", 1)
        if lines := self._own_turn_lines():
            script.code("\n".join(lines), 2)

    def _own_turn_lines(self) -> list[str]:
        """The lines that change the local settings, without those of the optimizer.

        Raises:
            Problem: the gradient is clipped in another way after a change.
        """
        found, before = [], self.config
        for step in sorted({change.step for change in changes_of(self.config)}):
            after = config_at(self.config, step + 1)
            if step < self.config.steps:
                if after.clipping != before.clipping:
                    raise Problem(ANOTHER_CLIPPING, where="changes", step=step)
                old = self._own(before)
                changed = {name: value for name, value in self._own(after).items() if value != old[name]}
                if changed:
                    found.append(ChangedSettings(step + 1, changed))
            before = after
        return turn_lines(found)

    def _own(self, config: DeepConfig) -> dict[str, float]:
        size: dict[str, float] = {"batch_size": min(config.batch_size, len(self.data.training))}
        return size if config.clipping == "none" else {**size, "clip_at": config.clip_at}
