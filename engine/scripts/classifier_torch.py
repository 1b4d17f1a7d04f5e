"""The script of *Losses ▸ Image classifier* in PyTorch: layers of `torch.nn`, in float64."""

from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.muon import Muon
from engine.scripts import feature_maps
from engine.scripts.classifier_run import MEASURED, STEP, ClassifierLines, ClassifierRun
from engine.scripts.muon import muon_torch_lines, write_orthogonal
from engine.scripts.networks import (
    GRADIENTS,
    check_first_weights,
    model_lines,
    write_initializer,
    write_torch_weights,
)
from engine.scripts.train_torch import PRECISE
from engine.scripts.writer import ScriptWriter


def write_torch(script: ScriptWriter, run: ClassifierRun) -> ClassifierLines:
    """Write the network and its first weights; returns the lines of the training."""
    if run.layers.depth:
        check_first_weights(run.config.initializer)
    config, layers, bank, tr = run.config, run.layers, run.bank, script.tr
    rule = config.optimizer
    script.note(tr(PRECISE))
    script.code("torch.set_default_dtype(torch.float64)")
    script.code("inputs, labels = torch.from_numpy(inputs), torch.from_numpy(labels)")
    if bank is not None and bank.edges:
        feature_maps.write_edges(script, bank)
        script.note(tr("The filters are not learnt, so the vectors v of all pictures are computed once"))
        script.code("\n".join(feature_maps.torch_edge_lines(bank)))
    modules = feature_maps.torch_modules(bank) if bank is not None and run.learnt else []
    script.code("model = torch.nn.Sequential(")
    script.code("\n".join([*modules, *layers.modules()]), 1)
    script.code(")")
    draw = write_initializer(script, config.initializer)
    write_torch_weights(script, draw, (bank.count, bank.side) if bank and run.learnt else None)
    smoothing = ""
    if run.has("label_smoothing"):
        script.setting("label_smoothing", config.label_smoothing)
        smoothing = ", label_smoothing=label_smoothing"
    script.note(tr("Softmax + cross-entropy of the logits"))
    call = f"torch.nn.functional.cross_entropy(logits, labels{smoothing})"
    script.code(f"def cross_entropy(logits, labels):\n    return {call}")
    script.code("""
        def accuracy(logits, labels):
            return (logits.argmax(dim=1) == labels).double().mean()
    """)
    script.code(f"""
        def measured(name, rows):
            with torch.no_grad():
                logits = model(inputs[rows])
            loss = cross_entropy(logits, labels[rows])
            return {MEASURED}
    """)
    if isinstance(rule, Muon):
        moving = muon_torch_lines(rule, run.rule_turns, write_orthogonal(script, rule))
    else:
        moving = model_lines(rule, run.rule_turns)
    loss = "loss"
    if run.has("l2_decay"):
        weights = "sum((p**2).sum() for p in model.parameters() if p.ndim > 1)"
        loss = f"(loss + 0.5 * l2_decay * {weights})"
    lines = [
        "logits = model(inputs[rows])",
        "loss = cross_entropy(logits, labels[rows])",
        moving.zero,
        f"{loss}.backward()",
        STEP,
        f'numbers["gradient.norm"] = {GRADIENTS}.norm()',
        f"# {tr(rule.title)}",
        *moving.step,
    ]
    after = ""
    if isinstance(rule, ASGD):
        lines.append("torch.nn.utils.vector_to_parameters(position, model.parameters())")
        after = "torch.nn.utils.vector_to_parameters(theta, model.parameters())"
    return ClassifierLines(moving, lines, after=after)
