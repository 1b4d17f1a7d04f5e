"""The script of *Gradients ▸ Deep network* in PyTorch: layers of `torch.nn`, in float64."""

from collections.abc import Mapping

from engine.experiments.gradients.deep_network import EVERY
from engine.experiments.gradients.deep_network_config import NetworkSettings
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.muon import Muon
from engine.scripts.deep_run import DeepRun
from engine.scripts.muon import muon_torch_lines, write_orthogonal
from engine.scripts.networks import GRADIENTS, TORCH_LAYERS, model_lines
from engine.scripts.train_torch import PRECISE
from engine.scripts.vanishing import check_vanishing
from engine.scripts.writer import INDENT, ScriptWriter

NORMALIZATIONS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "batch": ("torch.nn.BatchNorm1d(width)",),
    "layer": ("torch.nn.LayerNorm(width)",),
}


def write_torch(script: ScriptWriter, run: DeepRun) -> None:
    """Write the networks, and a function that trains one of them."""
    check_vanishing(run)
    tr = script.tr
    script.note(tr(PRECISE))
    script.code("torch.set_default_dtype(torch.float64)")
    script.code("inputs, targets = torch.from_numpy(inputs), torch.from_numpy(labels[:, None] * 1.0)")
    run.write_helpers(script)
    script.note(tr("A layer whose weights are drawn with NumPy; in PyTorch they have the shape [out, in]"))
    script.code("""
        def linear(n_in, n_out, draw, bias=True):
            layer = torch.nn.Linear(n_in, n_out, bias=bias)
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(draw(n_in, n_out)).T)
                if bias:
                    layer.bias.zero_()
            return layer
    """)
    script.code(f"{run.generators} = rng_weights.spawn(2)")
    for name, settings in run.networks.items():
        _network(script, run, name, settings)
    residuals = {settings.residual for settings in run.networks.values()}
    script.code("cross_entropy = torch.nn.BCEWithLogitsLoss()")
    script.note(tr("Forward: the logits, and the activations of the hidden layers"))
    link = "if residual and k > 0" if len(residuals) > 1 else "if k > 0"
    last = ", residual" if len(residuals) > 1 else ""
    loop = "for k, layer in enumerate(model[:-1]):" if any(residuals) else "for layer in model[:-1]:"
    script.code(f"def forward(model, x{last}):\n    activations = []\n    {loop}")
    if any(residuals):
        script.code(f"x = layer(x) + x {link} else layer(x)", 2)
    else:
        script.code("x = layer(x)", 2)
    script.code("activations.append(x)", 2)
    script.code("return model[-1](x), activations", 1)
    _train(script, run, last)


def call(run: DeepRun, name: str, settings: NetworkSettings) -> str:
    """The call that trains a network."""
    several = len({settings.residual for settings in run.networks.values()}) > 1
    return f'train("{name}", model_{name}{f", {settings.residual}" if several else ""})'


def _network(script: ScriptWriter, run: DeepRun, name: str, settings: NetworkSettings) -> None:
    normalized = settings.normalization != "none"
    script.note(script.tr("Network {name}: its hidden layers, and the output layer", name=name.upper()))
    draw = f"draw_{name}"
    drawn = run.drawing(name, settings).removeprefix("lambda *shape: ")
    script.code(f"def {draw}(*shape):\n    return {drawn}")
    bias = ", bias=False" if normalized else ""
    script.code("hidden = [\n    torch.nn.Sequential(")
    after = [*NORMALIZATIONS[settings.normalization], TORCH_LAYERS[settings.activation]]
    script.code("\n".join(f"{line}," for line in (f"linear(n_in, width, {draw}{bias})", *after)), 2)
    script.code(")\nfor n_in in (2, *[width] * (depth - 1))", 1)
    script.code("]")
    script.code(f"model_{name} = torch.nn.Sequential(*hidden, linear(width, 1, {draw}))")


def _apart(lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Lines without the function in them, and the lines of that function."""
    begin = next((k for k, line in enumerate(lines) if line.startswith("def ")), len(lines))
    end = begin + 1
    while end < len(lines) and lines[end].startswith(INDENT):
        end += 1
    kept = [line for line in (*lines[:begin], *lines[end:]) if line]
    return kept, list(lines[begin:end])


def _train(script: ScriptWriter, run: DeepRun, last: str) -> None:
    config, tr = run.config, script.tr
    rule = config.optimizer
    if isinstance(rule, Muon):
        moving = muon_torch_lines(rule, run.rule_turns, write_orthogonal(script, rule))
    else:
        moving = model_lines(rule, run.rule_turns)
    batch = any(settings.normalization == "batch" for settings in run.networks.values())
    measured = [f"logits, _ = forward(model, inputs[held_out]{last})"]
    if batch:  # with the running means
        measured = ["model.eval()", *measured, "model.train()"]
    script.code(f"def held_out_loss(model{last}):\n    with torch.no_grad():")
    script.code("\n".join(measured), 2)
    script.code("return cross_entropy(logits, targets[held_out])", 1)
    start, factor = _apart(moving.start)
    if factor:
        script.code("\n".join(factor))
    script.note(
        tr("The training of one network; each begins with the same generator, so it has the same batches")
    )
    script.code(f"def train(name, model{last}):")
    script.code("\n".join(run.local_settings(moving)), 1)
    script.code("rng = np.random.default_rng(seed).spawn(3)[1]", 1)
    script.code("\n".join(start), 1)
    script.code(f'keep(0, {{name + ".held_out": held_out_loss(model{last})}})', 1)
    run.write_steps(script)
    script.code(
        f"""
        rows = rng.choice(training, batch_size, replace=False)
        logits, activations = forward(model, inputs[rows]{last})
        loss = cross_entropy(logits, targets[rows])
        first, last = activations[0], activations[-1]
        first.retain_grad()
        last.retain_grad()
        {moving.zero}
        loss.backward()
        numbers = {{"loss": loss, "first": first.grad.norm(), "last": last.grad.norm()}}
        keep(t, {{f"{{name}}.{{key}}": number for key, number in numbers.items()}})
        """,
        2,
    )
    if config.clipping == "value":
        script.code("torch.nn.utils.clip_grad_value_(model.parameters(), clip_at)", 2)
    elif config.clipping == "norm":
        script.code(
            f"""
            length = {GRADIENTS}.norm()
            if length > clip_at:
                for p in model.parameters():
                    p.grad *= clip_at / length
            """,
            2,
        )
    script.code("\n".join([f"# {tr(rule.title)}", *moving.step]), 2)
    script.code(
        f"""
        if not all(p.isfinite().all() for p in model.parameters()):
            break
        if t % {EVERY} == 0 or t == steps:
        """,
        2,
    )
    measure = f'keep(t, {{name + ".held_out": held_out_loss(model{last})}})'
    vector = "torch.nn.utils.vector_to_parameters({}, model.parameters())"
    averaged = [vector.format("position"), measure, vector.format("theta")]
    script.code("\n".join(averaged) if isinstance(rule, ASGD) else measure, 3)
    if run.yields:
        script.code("yield t", 2)
