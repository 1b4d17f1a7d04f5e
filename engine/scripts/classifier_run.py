"""What the script of *Losses ▸ Image classifier* needs of its settings, in both frameworks."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from engine.changes import changes_of, config_at
from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier import between_measurements, last_step, thinned
from engine.experiments.losses.classifier_config import ClassifierConfig, batch_size, network_of
from engine.networks.feature_maps import FeatureNetwork, FilterBank
from engine.networks.network import Network
from engine.optimizers.muon import Muon
from engine.scripts.changing import ChangedSettings, MovingLines, turns
from engine.scripts.muon import muon_turns
from engine.scripts.networks import ScriptLayers

STEP = 'numbers = {"training.loss": loss, "training.accuracy": accuracy(logits, labels[rows])}'
MEASURED = '{name + ".loss": loss, name + ".accuracy": accuracy(logits, labels[rows])}'


class ClassifierLines(NamedTuple):
    """The training in a script: the optimizer, the lines of a step from `rows` to `numbers`, and more."""

    moving: MovingLines
    step: list[str]
    answer: str = ""  # the argument of `measured` for the weights
    targets: str = ""  # the line that follows a change of the label smoothing
    after: str = ""  # the line after what is measured


@dataclass(frozen=True)
class ClassifierRun:
    """A run of the classifier, and what its script needs in both frameworks."""

    config: ClassifierConfig
    data: TrainingData

    @cached_property
    def network(self) -> Network | FeatureNetwork:
        """The network of the run."""
        return network_of(self.config, self.data)

    @property
    def bank(self) -> FilterBank | None:
        """The filters before the fully connected layers, if there are any."""
        return self.network.bank if isinstance(self.network, FeatureNetwork) else None

    @property
    def learnt(self) -> bool:
        """Whether the filters are learnt."""
        return self.bank is not None and not self.bank.edges

    @cached_property
    def layers(self) -> ScriptLayers:
        """The fully connected layers, with the filters before them in θ if they are learnt."""
        head = self.network if isinstance(self.network, Network) else self.network.head
        bank = self.bank
        before = (("F", (bank.count, bank.side**2)), ("c", (bank.count,))) if bank and self.learnt else ()
        return ScriptLayers(head.sizes, self.config.activation, before)

    @cached_property
    def rule_turns(self) -> list[ChangedSettings]:
        """The changes of the optimizer."""
        if isinstance(self.config.optimizer, Muon):
            return muon_turns(self.config, self.steps)
        return turns(self.config, self.steps, lambda config: config.optimizer)

    @cached_property
    def turns(self) -> list[ChangedSettings]:
        """The changes of the other settings."""
        found, before = [], self.own_settings(self.config)
        for step in sorted({change.step for change in changes_of(self.config)}):
            after = self.own_settings(config_at(self.config, step + 1))
            changed = {name: value for name, value in after.items() if value != before[name]}
            if changed and step < self.steps:
                found.append(ChangedSettings(step + 1, changed))
            before = after
        return found

    def own_settings(self, config: ClassifierConfig) -> dict[str, float]:
        """The settings of a step by their names in a script, without those of the optimizer."""
        return {
            "batch_size": batch_size(config, self.data),
            "l2_decay": config.weight_decay,
            "label_smoothing": config.label_smoothing,
        }

    def has(self, name: str) -> bool:
        """Whether a setting is ever other than 0."""
        return bool(self.own_settings(self.config)[name]) or any(name in turn.settings for turn in self.turns)

    @cached_property
    def steps(self) -> int:
        """The last step of the run, if no rule ends it before."""
        return last_step(self.config, self.data)

    @cached_property
    def every(self) -> int:
        """Steps from one measurement of the held-out examples to the next."""
        return between_measurements(self.config, self.data, len(thinned(self.data.held_out)))
