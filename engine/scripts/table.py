"""Which runs can be written as a script, and the function that writes each."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.config import Config, Problem
from engine.experiments import EXPERIMENTS
from engine.scripts import (
    batches,
    classifier,
    clipping,
    deep_network,
    dying_relu,
    fit,
    likelihood,
    neuron,
    newton,
    race,
    softmax,
    sparse,
    train,
)
from engine.scripts.writer import Framework, Script, ScriptWriter, Translate, in_english

Writing = Callable[[ScriptWriter, Any, Any], None]
WRITERS: Mapping[str, Writing] = {
    "losses.neuron": neuron.write,
    "losses.classifier": classifier.write,
    "gradients.deep_network": deep_network.write,
    "gradients.dying_relu": dying_relu.write,
    "gradients.clipping": clipping.write,
    "entropy.fit": fit.write,
    "losses.likelihood": likelihood.write,
    "losses.softmax": softmax.write,
    "optimizers.batches": batches.write,
    "lstm.train": train.write,
    "optimizers.sparse": sparse.write,
    "optimizers.race": race.write,
    "optimizers.newton": newton.write,
}
NOT_A_RUN = "*{title}* has no run that trains or descends, which a script could repeat"


def script_of(
    experiment: str,
    config: Config,
    framework: Framework = "numpy",
    tr: Translate = in_english,
    folder: Path | None = None,
    data: Any = None,
) -> Script:
    """The script of a run. Data of the user's own are read by their path from `folder`, where it will lie.

    `data` are those of a run that has begun; they are made if not given.

    Raises:
        Problem: the script would not give the same numbers, or the experiment has no run; the reason.
    """
    found = EXPERIMENTS[experiment]
    if experiment not in WRITERS:
        raise Problem(NOT_A_RUN, title=tr(found.title))
    script = ScriptWriter(framework, tr(found.title), tr, folder=folder)
    WRITERS[experiment](script, config, prepared(found, config) if data is None else data)
    return Script(script.text(), script.files)


def prepared(experiment: Any, config: Config) -> Any:
    """The data of a run, made at once.

    Raises:
        Problem: they cannot be made.
    """
    making = experiment.preparing(config)
    while True:
        try:
            next(making)
        except StopIteration as done:
            return done.value
