"""The script of *Gradients ▸ Dying ReLU*: a network in training, and which of its units are dead."""

from msgspec.structs import replace

from engine.changes import changes_of, config_at
from engine.data.training_data import TrainingData
from engine.experiments.gradients.dying_relu_config import (
    POINT_SETS,
    BiasKick,
    DyingReluConfig,
    RateKick,
    network_of,
)
from engine.networks.dead_units import FAINT
from engine.scripts.changing import ChangedSettings, MovingLines, check_end, turn_lines, turns
from engine.scripts.datasets import write_examples, write_generators
from engine.scripts.endings import DIVERGED, end_lines
from engine.scripts.networks import (
    ScriptLayers,
    check_first_weights,
    model_lines,
    theta_lines,
    write_activation,
    write_initializer,
    write_softmax_loss,
    write_torch_weights,
)
from engine.scripts.train_torch import PRECISE
from engine.scripts.writer import INDENT, ScriptWriter, literal


def write(script: ScriptWriter, config: DyingReluConfig, data: TrainingData) -> None:
    """Write the run."""
    check_end(config)
    tr = script.tr
    write_generators(script, config.seed)
    write_examples(script, replace(POINT_SETS[config.data], points=config.points), data)
    layers = ScriptLayers(network_of(config, data).sizes, config.activation)
    found = turns(config, config.steps, lambda settings: settings.optimizer)
    if script.framework == "numpy":
        step = _numpy(script, config, layers, len(data.class_names))
        moving = theta_lines(config.optimizer, found, average=False)
    else:
        step = _torch(script, config, layers)
        moving = model_lines(config.optimizer, found, average=False)
    _train(script, config, moving, step)
    script.name_curves({str(k): tr("layer {n}", n=k) for k in range(1, config.layers + 1)})
    script.plot(f"""
        for layer, name in names.items():
            plt.plot(list(curves[f"{{layer}}.dead"].values()), label=name)
        plt.xlabel({tr("step")!r})
        plt.ylabel({tr("fraction of dead units")!r})
        plt.legend()
        plt.show()
    """)


# NumPy


def _numpy(script: ScriptWriter, config: DyingReluConfig, layers: ScriptLayers, classes: int) -> list[str]:
    """Write the network in NumPy; returns the lines from the rows of a batch to the gradient."""
    tr = script.tr
    script.note(tr("In float32, as in the window: 7 digits; np.float64 has 16"))
    script.code("dtype = np.float32")
    script.code(f"inputs, targets = inputs.astype(dtype), np.eye({classes})[labels].astype(dtype)")
    _, slope = write_activation(script, config.activation)
    write_softmax_loss(script)
    script.note(tr("θ is cut into the weights W[in, out] and the biases b[out] of each layer"))
    script.code(layers.cut())
    script.note(tr("Forward, from a batch x to its logits"))
    script.code(f"def forward(theta, x):\n    {', '.join(layers.parts)} = parts(theta)")
    script.code("\n".join([*layers.forward(), f"return {layers.kept}"]), 1)
    needed = [name for name in layers.parts if name.startswith("W")][1:]
    used = ", ".join(name if name in needed else "_" for name in layers.parts)
    script.note(tr("Loss and gradient of a batch; backward, each layer hands ∂L/∂z to the one before it"))
    script.code("def gradient_of(theta, x, target):")
    lines = [f"{layers.kept} = forward(theta, x)", f"{used} = parts(theta)"]
    lines += ["_, d_logits = cross_entropy(logits, target)", *layers.backward(slope)]
    script.code("\n".join([*lines, f"return {layers.joined('d_')}"]), 1)
    sums = ", ".join(f"z{k}" for k in range(1, config.layers + 1))
    kept = ", ".join(name if name.startswith("z") else "_" for name in layers.kept.split(", ")[:-1])
    script.note(tr("A unit is dead if its slope φ′(z) is nearly 0 for every example: it gets no gradient"))
    script.code(f"""
        def look(theta):
            {kept}, logits = forward(theta, inputs)
            loss, _ = cross_entropy(logits, targets)
            sums = np.stack([{sums}])
            dead = (np.abs({slope}(sums)) < {FAINT}).all(axis=1) & ~np.isnan(sums).any(axis=1)
            numbers = {{"loss": loss, "dead": dead.mean()}}
            numbers["accuracy"] = np.mean(logits.argmax(axis=1) == labels)
            return numbers | {{f"{{k}}.dead": layer.mean() for k, layer in enumerate(dead, start=1)}}, dead
    """)
    draw = write_initializer(script, config.initializer)
    script.note(tr("All weights are one vector θ, which begins with random weights"))
    lines = [
        line.replace(f"np.zeros({config.width})", f"np.full({config.width}, {literal(config.initial_bias)})")
        if config.initial_bias and k < config.layers
        else line
        for k, line in enumerate(layers.drawn(draw))
    ]
    script.code("\n".join([*lines, f"theta = {layers.joined()}.astype(dtype)"]))
    return ["gradient = gradient_of(theta, inputs[rows], targets[rows])"]


# PyTorch


def _torch(script: ScriptWriter, config: DyingReluConfig, layers: ScriptLayers) -> list[str]:
    """Write the network in PyTorch; returns the lines from the rows of a batch to `backward`."""
    check_first_weights(config.initializer)
    tr = script.tr
    script.note(tr(PRECISE))
    script.code("torch.set_default_dtype(torch.float64)")
    script.code("inputs, labels = torch.from_numpy(inputs), torch.from_numpy(labels)")
    script.code("model = torch.nn.Sequential(")
    script.code("\n".join(layers.modules()), 1)
    script.code(")")
    draw = write_initializer(script, config.initializer)
    write_torch_weights(script, draw)
    if config.initial_bias:
        script.code(f"for layer in model[:-1:2]:\n    layer.bias.fill_({literal(config.initial_bias)})", 1)
    script.code("cross_entropy = torch.nn.functional.cross_entropy")
    script.note(tr("A unit is dead if its slope φ′(z) is nearly 0 for every example: it gets no gradient"))
    script.code(f"""
        def look():
            x, dead = inputs, []
            for linear, phi in zip(model[:-1:2], model[1::2]):
                z = linear(x).detach().requires_grad_()
                x = phi(z)
                (slope,) = torch.autograd.grad(x.sum(), z)
                dead.append((slope.abs() < {FAINT}).all(dim=0).numpy())
            logits = model[-1](x).detach()
            dead = np.stack(dead)
            numbers = {{"loss": cross_entropy(logits, labels), "dead": dead.mean()}}
            numbers["accuracy"] = (logits.argmax(dim=1) == labels).double().mean()
    """)
    by_layer = '{f"{k}.dead": layer.mean() for k, layer in enumerate(dead, start=1)}'
    script.code(f"return numbers | {by_layer}, dead", 1)
    return ["loss = cross_entropy(model(inputs[rows]), labels[rows])", "{zero}", "loss.backward()"]


# Both


def _train(script: ScriptWriter, config: DyingReluConfig, moving: MovingLines, step: list[str]) -> None:
    """The training: batch after batch, and after each step a look at all units."""
    tr, answer = script.tr, "theta" if script.framework == "numpy" else ""
    script.note(tr("The training"))
    script.setting("steps", config.steps)
    script.setting("batch_size", config.batch_size)
    script.note(tr("The optimizer: {name}", name=tr(config.optimizer.title)))
    for name, value in moving.settings.items():
        script.setting(name, value)
    script.code("\n".join(moving.start))
    script.note(tr("The network before the first step"))
    script.code(f"""
        numbers, dead = look({answer})
        keep(0, numbers | {{"deaths": 0, "revivals": 0}})
    """)
    script.note(tr("Every step takes the next batch of a random order of the examples"))
    script.code("order, place = [], 0\nfor t in range(1, steps + 1):")
    first = [*end_lines(config, ["loss"]), *turn_lines(_batch_turns(config))]
    lines = [line.format(zero=moving.zero) if line == "{zero}" else line for line in step]
    script.code(
        "\n".join(
            [
                *first,
                "if place >= len(order):",
                "    order, place = rng.permutation(len(labels)), 0",
                "rows = order[place : place + batch_size]",
                "place += batch_size",
                *lines,
                *_kicked(script, config, moving),
            ]
        ),
        1,
    )
    script.code(
        f"""
        before = dead
        numbers, dead = look({answer})
        numbers |= {{"deaths": (dead & ~before).sum(), "revivals": (before & ~dead).sum()}}
        keep(t, numbers)
        {DIVERGED}
            break
        """,
        1,
    )


def _batch_turns(config: DyingReluConfig) -> list[ChangedSettings]:
    """The changes of the batch size."""
    found, before = [], config.batch_size
    for step in sorted({change.step for change in changes_of(config) if change.step < config.steps}):
        after = config_at(config, step + 1).batch_size
        if after != before:
            found.append(ChangedSettings(step + 1, {"batch_size": after}))
        before = after
    return found


def _kicked(script: ScriptWriter, config: DyingReluConfig, moving: MovingLines) -> list[str]:
    """The lines of a step of the optimizer, with the perturbation before or after it."""
    kick, tr, in_numpy = config.kick, script.tr, script.framework == "numpy"
    name = f"# {tr(config.optimizer.title)}"
    if isinstance(kick, RateKick):
        by_package = "optimizer.step()" in moving.step
        rate = 'optimizer.param_groups[0]["lr"]' if by_package else "learning_rate"
        begin = next(
            place
            for place, line in enumerate(moving.step)
            if not line.startswith(("if t == ", INDENT)) or "=" not in line
        )
        once = [
            f"# {tr('Once, a larger step')}",
            f"if t == {kick.step}:",
            f"{INDENT}usual_rate = {rate}",
            f"{INDENT}{rate} = {literal(kick.factor)} * usual_rate",
        ]
        back = [f"if t == {kick.step}:", f"{INDENT}{rate} = usual_rate"]
        if by_package and "schedule.step()" in moving.step:
            back = []  # the schedule sets it
        return [name, *moving.step[:begin], *once, *moving.step[begin:], *back]
    if not isinstance(kick, BiasKick):
        return [name, *moving.step]
    layer = min(kick.layer, config.layers)
    push = f"# {tr('Once, the biases of a layer are pushed')}"
    if in_numpy:
        lines = ["theta = theta.copy()", f"parts(theta)[{2 * layer - 1}][...] -= {literal(kick.size)}"]
    else:
        lines = [f"model[{2 * layer - 2}].bias.data -= {literal(kick.size)}"]
    return [name, *moving.step, push, f"if t == {kick.step}:", *(INDENT + line for line in lines)]
