"""The script of *Gradients ▸ Deep network*: one or two networks, trained on the same batches."""

from engine.data.training_data import TrainingData
from engine.experiments.gradients.deep_network_config import HELD_OUT, POINT_SETS, DeepConfig
from engine.scripts import deep_numpy, deep_torch
from engine.scripts.changing import check_end
from engine.scripts.datasets import write_examples, write_generators, write_split, write_standardised
from engine.scripts.deep_run import DeepRun
from engine.scripts.endings import later_end_lines
from engine.scripts.writer import ScriptWriter


def write(script: ScriptWriter, config: DeepConfig, data: TrainingData) -> None:
    """Write the run."""
    check_end(config)
    run, tr = DeepRun(config, data), script.tr
    write_generators(script, config.seed, ("rng_data", "_", "rng_weights"))
    write_examples(script, POINT_SETS[config.data], data)
    write_split(script, HELD_OUT)
    write_standardised(script)
    script.note(tr("The size of the networks, from the two coordinates to one logit"))
    script.setting("depth", config.depth)
    script.setting("width", config.width)
    script.setting("steps", config.steps)
    in_numpy = script.framework == "numpy"
    (deep_numpy.write_numpy if in_numpy else deep_torch.write_torch)(script, run)
    call = deep_numpy.call if in_numpy else deep_torch.call
    calls = [call(run, name, settings) for name, settings in run.networks.items()]
    script.note(tr("The training"))
    if run.yields:
        script.imports.add("from itertools import zip_longest")
        script.code(
            f"runs = [{', '.join(calls)}]"
            if len(calls) == 1
            else f"runs = [\n    {calls[0]},\n    {calls[1]},\n]"
        )
        script.code("for t, _ in enumerate(zip_longest(*runs)):")
        script.code("\n".join(later_end_lines(config, ".held_out")), 1)
    else:
        script.code("\n".join(calls))
    script.plot(f"""
        for name, curve in curves.items():
            if name.endswith((".first", ".last")):
                plt.semilogy(list(curve), list(curve.values()), label=name)
        plt.xlabel({tr("step")!r})
        plt.ylabel("‖∂L/∂a‖")
        plt.legend()
        plt.show()
    """)
