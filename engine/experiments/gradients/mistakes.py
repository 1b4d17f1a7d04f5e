"""Gradients ▸ Gallery of mistakes: famous mistakes, each beside the right line, and a quiz of loss curves.

The pages of the gallery: `mistakes_recipe` (a training as a recipe of a few lines), then the lines that are
written wrongly, by kind: `mistakes_gradients`, `mistakes_numbers`, `mistakes_optimizers`, `mistakes_data`,
`mistakes_sequences`. `mistakes_check` compares both gradients with numeric differences.
"""

from collections.abc import Iterator

from engine.experiment import Experiment, Frame
from engine.experiments.gradients.mistakes_config import MistakesConfig
from engine.experiments.gradients.mistakes_recipe import STEPS
from engine.experiments.gradients.mistakes_training import (
    MistakesData,
    MistakesTraining,
    PairSnapshot,
    prepare,
)
from engine.pieces import Working
from engine.training import training_frames


def frames(config: MistakesConfig, data: MistakesData) -> Iterator[Frame[PairSnapshot] | Working]:
    """Train all pairs: frame 0 is the start, every further frame a step of each."""
    return training_frames(MistakesTraining(config, data), STEPS)


EXPERIMENT = Experiment(
    name="gradients.mistakes",
    title="Gallery of mistakes",
    config_type=MistakesConfig,
    frames=frames,
    last_step=lambda config, data: STEPS,
    prepare=prepare,
    eager=True,
)
