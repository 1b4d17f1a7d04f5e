"""The script of *Losses ▸ Image classifier* in NumPy: forward and backward, layer by layer, in float32."""

from engine.experiments.losses.classifier_maps import PIECE, products
from engine.networks.feature_maps import FilterBank
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.muon import Muon
from engine.scripts import feature_maps
from engine.scripts.classifier_run import MEASURED, STEP, ClassifierLines, ClassifierRun
from engine.scripts.muon import muon_lines, write_orthogonal
from engine.scripts.networks import theta_lines, write_activation, write_initializer, write_softmax_loss
from engine.scripts.writer import ScriptWriter


def write_numpy(script: ScriptWriter, run: ClassifierRun) -> ClassifierLines:
    """Write the network and its first weights; returns the lines of the training."""
    config, layers, tr = run.config, run.layers, script.tr
    rule = config.optimizer
    script.note(tr("In float32, as in the window: 7 digits; np.float64 has 16"))
    script.code("dtype = np.float32")
    script.code("inputs = inputs.astype(dtype)")
    if run.has("label_smoothing"):
        script.setting("label_smoothing", config.label_smoothing)
    script.note(tr("The labels as distributions"))
    script.code(_targets(run))
    _functions(script, run)
    draw = write_initializer(script, config.initializer)
    script.note(tr("All weights are one vector θ, which begins with random weights and biases 0"))
    lines = layers.drawn(draw)
    if run.learnt and run.bank:
        count, pixels = run.bank.count, run.bank.side**2
        lines = [f"F, c = {draw}(rng, {pixels}, {count}).T, np.zeros({count})", *lines]
    script.code("\n".join([*lines, f"theta = {layers.joined()}.astype(dtype)"]))
    if isinstance(rule, Muon):
        _matrices(script, run)
        moving = muon_lines(rule, run.rule_turns, write_orthogonal(script, rule))
    else:
        moving = theta_lines(rule, run.rule_turns)
    step = [
        "loss, gradient, logits = loss_and_gradient(theta, inputs[rows], targets[rows])",
        STEP,
        'numbers["gradient.norm"] = math.sqrt(np.vdot(gradient, gradient))',
        f"# {tr(rule.title)}",
        *moving.step,
    ]
    answer = ", position" if isinstance(rule, ASGD) else ", theta"
    return ClassifierLines(moving, step, answer, _targets(run))


def _targets(run: ClassifierRun) -> str:
    """The line that makes the labels distributions."""
    classes = len(run.data.class_names)
    one_hot = f"np.eye({classes})[labels]"
    if run.has("label_smoothing"):
        one_hot = f"((1.0 - label_smoothing) * {one_hot} + label_smoothing / {classes})"
    return f"targets = {one_hot}.astype(dtype)"


def _matrices(script: ScriptWriter, run: ClassifierRun) -> None:
    """The function `matrices(vector)`: the weights in a vector like θ, [in, out]."""
    names = [name for name, shape in run.layers.parts.items() if len(shape) > 1]
    said = ", ".join("F.T" if name == "F" else name for name in names)
    parts = ", ".join(name if name in names else "_" for name in run.layers.parts)
    script.note(script.tr("The weight matrices in a vector like θ, each [in, out]"))
    script.code(f"def matrices(vector):\n    {parts} = parts(vector)\n    return [{said}]")


def _functions(script: ScriptWriter, run: ClassifierRun) -> None:
    """The network: forward, its loss, backward, and how it is measured."""
    layers, bank, tr = run.layers, run.bank, script.tr
    slope, needs_relu = "", run.learnt and not (layers.depth and layers.activation == "relu")
    if layers.depth:
        _, slope = write_activation(script, layers.activation)
    if needs_relu:
        write_activation(script, "relu")
    write_softmax_loss(script)
    if bank is not None:
        feature_maps.write_patches(script, bank)
        feature_maps.write_places(script, bank)
        if bank.edges:
            _edge_vectors(script, run, bank)
    script.note(tr("θ is cut into the weights W[in, out] and the biases b[out] of each layer"))
    script.code(layers.cut())
    script.note(tr("Forward, from a batch x to its logits"))
    first, kept = "x", layers.kept
    script.code("def forward(theta, x):")
    script.code(f"{', '.join(layers.parts)} = parts(theta)", 1)
    if bank is not None and run.learnt:
        first, kept = "v", f"P, z0, a0, v, {kept}"
        script.code("\n".join(["P = patches_of(x)", *feature_maps.forward_lines(bank)]), 1)
    script.code("\n".join([*layers.forward(first), f"return {kept}"]), 1)
    script.note(tr("Loss and gradient of a batch; backward, each layer hands ∂L/∂z to the one before it"))
    script.code("def loss_and_gradient(theta, x, target):")
    script.code("\n".join(_backward(run, slope, first, kept)), 1)
    script.code("""
        def accuracy(logits, labels):
            return np.mean(logits.argmax(axis=1) == labels)
    """)
    logits = "forward(theta, inputs[rows])" + ("[-1]" if "," in kept else "")
    script.code("def measured(name, rows, theta):")
    if bank is not None:
        each = max(1, int(PIECE / products(run.network)))
        script.note(tr("A few pictures at once, since their patches are large"), indent=1)
        script.code(f"pieces = [rows[k : k + {each}] for k in range(0, len(rows), {each})]", 1)
        logits = f"np.concatenate([{logits.replace('rows', 'some')} for some in pieces])"
    script.code(f"logits = {logits}\nloss, _ = cross_entropy(logits, targets[rows])", 1)
    script.code(f"return {MEASURED}", 1)


def _backward(run: ClassifierRun, slope: str, first: str, kept: str) -> list[str]:
    """The lines of `loss_and_gradient`."""
    layers, bank = run.layers, run.bank
    used = ", ".join(name if name.startswith("W") else "_" for name in layers.parts)
    lines = [f"{kept} = forward(theta, x)"]
    needed = [name for name in layers.parts if name.startswith("W")]
    if run.has("l2_decay"):
        needed = [name for name, shape in layers.parts.items() if len(shape) > 1]
    elif not run.learnt:
        needed = needed[1:]
    if needed:
        used = ", ".join(name if name in needed else "_" for name in layers.parts)
        lines.append(f"{used} = parts(theta)")
    lines.append("loss, d_logits = cross_entropy(logits, target)")
    lines += layers.backward(slope, first, to_input=run.learnt)
    if bank is not None and run.learnt:
        lines += feature_maps.backward_lines(bank)
    if run.has("l2_decay"):
        weights = [name for name, shape in layers.parts.items() if len(shape) > 1]
        lines += [f"d_{name} += l2_decay * {name}" for name in weights]
    return [*lines, f"return loss, {layers.joined('d_')}, logits"]


def _edge_vectors(script: ScriptWriter, run: ClassifierRun, bank: FilterBank) -> None:
    """The vectors of fixed filters take the place of the pictures, once for all."""
    feature_maps.write_edges(script, bank)
    script.code("F = F.astype(dtype)")
    script.note(script.tr("The filters are not learnt, so the vectors v of all pictures are computed once"))
    script.code("\n".join(["P = patches_of(inputs)", *feature_maps.forward_lines(bank), "inputs = v"]))
