"""The script of *LSTM ▸ Train on sequences*, in NumPy; in PyTorch it is in `train_torch`."""

from engine.experiments.lstm.train import PAUSE
from engine.experiments.lstm.train_config import CELLS, TrainConfig, kinds
from engine.experiments.lstm.train_tasks import TaskData
from engine.networks.clipping import norm
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.muon import Muon
from engine.recurrent.sequence_loss import cross_entropy, squared_error
from engine.scripts import train_torch
from engine.scripts.cells import write_cell
from engine.scripts.changing import turn_lines
from engine.scripts.muon_lines import muon_in_numpy
from engine.scripts.net_words import NetworkWords
from engine.scripts.tasks import write_task
from engine.scripts.train_parts import (
    arguments_of,
    check,
    clip_condition,
    clips,
    first_state,
    merged,
    other_turns,
    rule_turns,
    slots,
    stop_at_start,
    stop_lines,
    write_initializers,
    write_settings,
    write_stop,
    write_update,
)
from engine.scripts.writer import INDENT, WIDTH, ScriptWriter


def write(script: ScriptWriter, config: TrainConfig, data: TaskData) -> None:
    """Write the training of one network, or of two on the same batches."""
    check(config)
    write_settings(script, config)
    write_task(script, config.task, data)
    if script.framework == "numpy":
        _numpy(script, config, data)
    else:
        train_torch.write(script, config, data)
    _plot(script, config)


def _numpy(script: ScriptWriter, config: TrainConfig, data: TaskData) -> None:
    of_inputs = config.layers > 1 or data.shape.embedding > 0
    script.note(script.tr("σ(z) is 0 where e⁻ᶻ is ∞, and a run may diverge: neither is an error"))
    script.code('np.seterr(all="ignore")')
    for kind in dict.fromkeys(kinds(config)):
        write_cell(script, kind, of_inputs)
    net = NetworkWords(config, data)
    _parameters(script, net)
    _forward(script, net)
    _loss(script, net)
    _backward(script, net)
    _measure(script, net)
    script.function(norm, script.tr("The length of the gradient, which cannot overflow in this form"))
    if isinstance(config.optimizer, Muon):
        muon_in_numpy(script, config.optimizer, net)
        takes, first = f"{net.kind}theta, gradient, state, t", f"first_state({net.kind}theta)"
    else:
        lines = write_update(script, config.optimizer)
        takes, first = arguments_of(lines), first_state(lines) if lines.start else ""
    write_stop(script, config)
    _loop(script, config, net, takes, first)


def _parameters(script: ScriptWriter, net: NetworkWords) -> None:
    tr = script.tr
    parts = ["E"] * net.embedding + ["[W, b, U]"] * net.layers + ["V", "b"]
    script.note(tr("All parameters are one vector θ = ({parts})", parts=", ".join(parts)))
    if net.mixed:
        script.code(
            "\n".join(["shapes = {", *(f'    "{kind}": {net.shapes(kind, 1)},' for kind in net.kinds), "}"])
        )
        for which in ("forward", "backward"):
            pairs = ", ".join(f'"{kind}": {kind}_{which}' for kind in net.kinds)
            script.code(f"{which} = {{{pairs}}}")
    else:
        script.code(f"shapes = {net.shapes(net.kinds[0])}")
    own = "shapes[kind]" if net.mixed else "shapes"
    script.imports.add("import math")
    script.code(f"""
        def parts({net.kind}theta):
            ends = np.cumsum([math.prod(shape) for shape in {own}])
            return [part.reshape(shape) for part, shape in zip(np.split(theta, ends[:-1]), {own})]
    """)
    write_initializers(script)
    script.note(tr("The first parameters: W and V by Xavier, U orthogonal, b = 0"))
    lines = [f"theta = np.zeros(sum(math.prod(shape) for shape in {own}), dtype)", net.parts("V, _")]
    if net.embedding:
        lines.append("E[...] = rng.normal(0.0, embedding**-0.5, E.shape)")
    deeper = INDENT if net.layers > 1 else ""
    if net.layers > 1:
        lines.append("for cell in (lower, upper):")
    drawing = [
        "size = cell.shape[2] - 1 - hidden",
        "for gate in cell:",
        "    gate[:, :size] = xavier_uniform(rng, size, hidden).T",
        "    gate[:, size + 1 :] = orthogonal(rng, hidden, hidden).T",
    ]
    if "lstm" in net.kinds:
        forget = "cell[1, :, size] = forget_bias"
        drawing += ['if kind == "lstm":', f"    {forget}"] if net.mixed else [forget]
    lines += [deeper + line for line in drawing]
    lines += ["V[...] = xavier_uniform(rng, hidden, outputs)", "return theta"]
    script.code("\n".join([f"def first_theta({net.kind}rng):", *(INDENT + line for line in lines)]))


def _forward(script: ScriptWriter, net: NetworkWords) -> None:
    tr = script.tr
    lines = [net.parts()]
    if net.embedding:
        lines.append("x = E[x]")
    elif net.data.held_out.x.dtype.kind != "f":
        lines.append(f"x = np.eye(inputs, dtype=dtype)[x]  # {tr('symbols become one-hot vectors')}")
    if net.layers > 1:
        lines.append(f"below = {net.of('forward')}(lower, x)")
        lines.append("x = below[0][1:, :, -hidden:]")
    last = net.cells[-1]
    lines += [
        f"rows, kept = {net.of('forward')}({last}, x)",
        "h = rows[1:].reshape(-1, rows.shape[2])[:, -hidden:]",
        f"return V.T @ h.T + b[:, None], h, (rows, kept){', below' if net.layers > 1 else ''}",
    ]
    layers = (
        "h¹ₜ = cell(xₜ, h¹ₜ₋₁), h²ₜ = cell(h¹ₜ, h²ₜ₋₁), yₜ = h²ₜ·V + b" if net.layers > 1 else "yₜ = hₜ·V + b"
    )
    script.note(tr("The network: {formula}; y[outputs, steps·batch]", formula=layers))
    script.code("\n".join([f"def network({net.kind}theta, x):", *(INDENT + line for line in lines)]))


def _loss(script: ScriptWriter, net: NetworkWords) -> None:
    tr = script.tr
    numbers = net.data.held_out.target.dtype.kind == "f"
    if numbers:
        words = tr("Squared error, weighted: Σ weights·(y − t)²/outputs, and its gradient")
        script.function(squared_error, words)
    else:
        words = tr("Softmax cross-entropy, weighted: −Σ weights·log softmax(y)[target], and its gradient")
        script.function(cross_entropy, words)
    call = "squared_error" if numbers else "cross_entropy"
    target = "target.ravel().astype(dtype)" if numbers else "target.ravel()"
    script.note(tr("The loss is the mean over the steps that are read"))
    script.code(f"""
        def loss_of(y, target):
            weights = np.zeros(target.shape[:2], dtype)
            weights[first_read:] = 1.0 / weights[first_read:].size
            return {call}(y, {target}, weights.ravel())
    """)


def _backward(script: ScriptWriter, net: NetworkWords) -> None:
    two, last = net.layers > 1, net.cells[-1]
    of_inputs = two or net.embedding
    lines = [
        f"y, h, above{', below' if two else ''} = network({net.kind}theta, x)",
        "loss, d_y = loss_of(y, target)",
        net.parts("V, _"),
        "d_hidden = np.dot(d_y.T, V.T).reshape(*x.shape[:2], hidden)",
        f"d_{last}{', d_x' if of_inputs else ''} = {net.of('backward')}({last}, *above, d_hidden)",
    ]
    cells = [f"d_{last}.ravel()"]
    if two:
        lines.append(f"d_lower, d_x = {net.of('backward')}(lower, *below, d_x)")
        cells.insert(0, "d_lower.ravel()")
    if net.embedding:
        lines += [
            f'order = np.argsort(x, axis=None, kind="stable")  # {script.tr("the same symbols together")}',
            "found, first = np.unique(x.ravel()[order], return_index=True)",
            "d_E = np.zeros_like(E)",
            "d_E[found] = np.add.reduceat(d_x.reshape(x.size, -1)[order], first, axis=0)",
        ]
        cells.insert(0, "d_E.ravel()")
    lines += [
        "d_V, d_b = h.T @ d_y.T, d_y.sum(axis=1)",
        f"return loss, np.concatenate([{', '.join([*cells, 'd_V.ravel()', 'd_b'])}])",
    ]
    script.note(script.tr("The loss and its gradient: backward through the readout and through time"))
    takes = f"{net.kind}theta, x, target"
    script.code("\n".join([f"def loss_and_gradient({takes}):", *(INDENT + line for line in lines)]))


def _measure(script: ScriptWriter, net: NetworkWords) -> None:
    tr, count = script.tr, net.data.held_out.x.shape[1]
    words = tr("The loss of the held-out sequences")
    if net.recalls:
        words = tr("The loss of the held-out sequences, and the fraction of right answers")
    script.note(words)
    right = ["right = y.argmax(axis=0).reshape(target.shape) == target"] if net.recalls else []
    result = "loss_of(y, target)[0]" + (", right[first_read:].mean()" if net.recalls else "")
    if net.piece < count:
        lines = [
            "found = []",
            f"for begin in range(0, {count}, {net.piece}):  # {tr('not all at once, to save memory')}",
            f"    x, target = (part[:, begin : begin + {net.piece}] for part in held_out)",
            f"    y = network({net.kind}theta, x)[0]",
            *(INDENT + line for line in right),
            f"    found.append(({result}))",
            "return np.mean(found, axis=0)",
        ]
    else:
        lines = ["x, target = held_out", f"y = network({net.kind}theta, x)[0]", *right, f"return {result}"]
    script.code("\n".join([f"def measure({net.kind}theta):", *(INDENT + line for line in lines)]))


def _loop(script: ScriptWriter, config: TrainConfig, net: NetworkWords, takes: str, first: str) -> None:
    """The training; with two models each step goes through both.

    `update` takes `takes`, and `first` is the first state of the optimizer, if it has one.
    """
    tr, names = script.tr, slots(config)
    several = len(names) > 1
    theta, state = ("thetas[name]", "states[name]") if several else ("theta", "state")
    kind = "models[name], " if net.mixed else ""
    answer = f"{state}[0]" if isinstance(config.optimizer, ASGD) else theta
    over = ["for name in thetas:"] if several else []
    deeper = INDENT if several else ""

    def key(what: str) -> str:
        return f'f"{{name}}.{what}"' if several else f'"first.{what}"'

    right = f", {key('right')}: right" if net.recalls else ""
    measured = f"loss{', right' if net.recalls else ''} = measure({kind}{answer})"
    script.note(tr("The training: the gradient of a batch, and one step of the optimizer"))
    script.code("weights_rng, batch_rng = np.random.default_rng(seed).spawn(2)")
    script.code("\n".join(_beginning(config, net, first)))
    kept = f"keep(0, {{{key('loss')}: loss, {key('held_out')}: loss{right}}})"
    script.code("\n".join([*over, deeper + measured, deeper + kept]))
    script.code("\n".join(stop_at_start(config, names)))
    clipping = [f"if {clip_condition(config)}:", "    gradient = gradient * (clip / size)"]
    own = {"theta": theta, "state": state, "kind": "models[name]"}
    update = ", ".join(own.get(one, one) for one in takes.split(", "))
    gives = f"{theta}, {state}" if first else theta
    learning = [
        f"loss, gradient = loss_and_gradient({kind}{theta}, x, target)",
        "size = norm(gradient)",
        f"keep(t, {{{key('loss')}: loss, {key('norm')}: size}})",
        *(clipping if clips(config) else []),
        f"{gives} = update({update})",
    ]
    measuring = [measured, f"keep(t, {{{key('held_out')}: loss{right}}})"]
    bounded = "all(one @ one < 3.4e38 for one in thetas.values())" if several else "theta @ theta < 3.4e38"
    body = [
        *turn_lines(merged(rule_turns(config), other_turns(config))),
        "x, target = draw(batch_rng, batch_size)",
        *over,
        *(deeper + line for line in learning),
        f"if t % {PAUSE} == 0 or t == steps:",
        *(INDENT + line for line in (*over, *(deeper + line for line in measuring))),
        *(INDENT + line for line in stop_lines(config, names)),
        f"if not {bounded}:",
        f"    break  # {tr('this run has diverged')}",
    ]
    script.code("\n".join(["for t in range(1, steps + 1):", *(INDENT + line for line in body)]))


def _beginning(config: TrainConfig, net: NetworkWords, first: str) -> list[str]:
    """The lines that make the first θ, and what the optimizer keeps, of each model."""
    if len(slots(config)) == 1:
        return [
            "theta = first_theta(weights_rng.spawn(2)[0])",
            *([f"state = {first}"] if first else []),
        ]
    made = []
    names, drawn = '("first", "second")', "first_theta(rng)"
    if net.mixed:
        pairs = ", ".join(
            f'"{name}": "{kind}"' for name, kind in zip(slots(config), kinds(config), strict=True)
        )
        made.append(f"models = {{{pairs}}}")
        names, drawn = "models", "first_theta(models[name], rng)"
    made.append(f"thetas = {{name: {drawn} for name, rng in zip({names}, weights_rng.spawn(2))}}")
    if first:
        first = first.replace("kind", "models[name]")
        entry, each = f"name: {first}", "for name, theta in thetas.items()"
        short = f"states = {{{entry} {each}}}"
        made.append(short if len(short) <= WIDTH else f"states = {{\n    {entry}\n    {each}\n}}")
    return made


def _plot(script: ScriptWriter, config: TrainConfig) -> None:
    tr = script.tr
    names = {"first": CELLS[config.cell], "second": CELLS.get(config.beside, "")}
    shown = dict(list(names.items())[: len(kinds(config))])
    script.plot(f"""
        for name, cell in {shown!r}.items():
            loss, held_out = curves[name + ".loss"], curves[name + ".held_out"]
            (line,) = plt.plot(list(loss), list(loss.values()), alpha=0.4, label=cell)
            plt.plot(list(held_out), list(held_out.values()), color=line.get_color())
        plt.xlabel({tr("step")!r})
        plt.ylabel({tr("loss")!r})
        plt.legend()
        plt.show()
    """)
