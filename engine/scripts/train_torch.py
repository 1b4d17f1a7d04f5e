"""The script of *LSTM ▸ Train on sequences* in PyTorch: its own cells, with the weights drawn by NumPy."""

from dataclasses import dataclass

from engine.experiments.lstm.train import PAUSE
from engine.experiments.lstm.train_config import TrainConfig, kinds
from engine.experiments.lstm.train_tasks import TaskData
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.muon import Muon
from engine.scripts.changing import group_lines, turn_lines
from engine.scripts.clipping_torch import OWN_CLIP
from engine.scripts.muon_lines import muon_in_torch
from engine.scripts.torch_rules import TorchLines, torch_call, torch_lines
from engine.scripts.train_parts import (
    arguments_of,
    clip_condition,
    clips,
    described,
    first_state,
    merged,
    other_turns,
    rule_turns,
    slots,
    stop_at_start,
    stop_lines,
    write_initializers,
    write_stop,
    write_update,
)
from engine.scripts.writer import INDENT, ScriptWriter, literal

PRECISE = (
    "All in float64. Nabla trains in float32, which rounds after 7 digits: at first its numbers differ in the"
    " last of these. Training can amplify that, so that after some hundred steps it is another run. The"
    " script in NumPy has the numbers of Nabla exactly"
)
TYPES = {"lstm": "torch.nn.LSTM", "gru": "torch.nn.GRU", "rnn": "torch.nn.RNN"}
VECTOR = "torch.nn.utils.parameters_to_vector(parameters).detach()"
BACK = "torch.nn.utils.vector_to_parameters({}, parameters)"


def write(script: ScriptWriter, config: TrainConfig, data: TaskData) -> None:
    """Write the networks and their training."""
    script.note(script.tr(PRECISE))
    write_initializers(script)
    _network(script, config, data)
    _loss(script, data)
    stepping = _stepping(script, config)
    write_stop(script, config)
    _loop(script, config, data, stepping)


def _network(script: ScriptWriter, config: TrainConfig, data: TaskData) -> None:
    tr, embedding = script.tr, data.shape.embedding > 0
    mixed = len(set(kinds(config))) > 1
    cell_type = "kind" if mixed else TYPES[config.cell]
    size, layers = (
        "embedding" if embedding else "inputs",
        f", num_layers={config.layers}" * (config.layers > 1),
    )
    forget = ["b[hidden : 2 * hidden] = forget_bias"] if "lstm" in kinds(config) else []
    if mixed and forget:
        forget = [f"if kind is {TYPES['lstm']}:", INDENT + forget[0]]
    table = "rng.normal(0.0, embedding**-0.5, (inputs, embedding))"
    drawn = [
        *([f"table.weight.copy_(torch.from_numpy({table}))"] if embedding else []),
        "for w, u, b, other_b in cell.all_weights:",
        f"    for rows in torch.arange(len(w)).split(hidden):  # {tr('gate by gate')}",
        "        w[rows] = torch.from_numpy(xavier_uniform(rng, w.shape[1], hidden).T)",
        "        u[rows] = torch.from_numpy(orthogonal(rng, hidden, hidden).T)",
        "    b.zero_()",
        *(INDENT + line for line in forget),
        "    other_b.zero_().requires_grad_(False)",
        "readout.weight.copy_(torch.from_numpy(xavier_uniform(rng, hidden, outputs).T))",
        "readout.bias.zero_()",
    ]
    made = ["table = torch.nn.Embedding(inputs, embedding, dtype=torch.float64)"] if embedding else []
    parts = "table, cell, readout" if embedding else "cell, readout"
    script.note(
        tr(
            "The network, with these first weights: W and V by Xavier, U orthogonal, b = 0; of the two biases"
            " of PyTorch one stays 0"
        )
    )
    lines = [
        *made,
        f"cell = {cell_type}({size}, hidden{layers}, dtype=torch.float64)",
        "readout = torch.nn.Linear(hidden, outputs, dtype=torch.float64)",
        "with torch.no_grad():",
        *(INDENT + line for line in drawn),
        f"return torch.nn.ModuleList([{parts}])",
    ]
    takes = "kind, rng" if mixed else "rng"
    script.code("\n".join([f"def first_net({takes}):", *(INDENT + line for line in lines)]))
    script.code("""
        def trained(net):
            return [one for one in net.parameters() if one.requires_grad]
    """)
    read = "torch.from_numpy(x)"
    if embedding:
        read = f"table({read})"
    elif data.held_out.x.dtype.kind != "f":
        read = f"torch.nn.functional.one_hot({read}, inputs).double()"
    script.code(f"""
        def outputs_of(net, x):
            {parts} = net
            return readout(cell({read})[0])
    """)


def _loss(script: ScriptWriter, data: TaskData) -> None:
    tr = script.tr
    loss = "cross_entropy(y.flatten(0, 1), target.flatten())"
    if data.held_out.target.dtype.kind == "f":
        loss = "mse_loss(y, target)"
    script.note(tr("The loss is the mean over the steps that are read"))
    script.code(f"""
        def loss_of(y, target):
            y, target = y[first_read:], torch.from_numpy(target[first_read:])
            return torch.nn.functional.{loss}
    """)
    words = tr("The loss of the held-out sequences")
    right = ""
    if data.recalls:
        words = tr("The loss of the held-out sequences, and the fraction of right answers")
        right = ", (y.argmax(dim=2) == torch.from_numpy(target))[first_read:].double().mean()"
    script.note(words)
    script.code(f"""
        def measure(net):
            x, target = held_out
            with torch.no_grad():
                y = outputs_of(net, x)
                return loss_of(y, target){right}
    """)


@dataclass(frozen=True)
class Stepping:
    """The lines of an optimizer: before the first step, in each step, before and after a measurement."""

    start: tuple[str, ...]
    step: tuple[str, ...]
    zero: str = "for one in parameters:\n    one.grad = None"
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


def _stepping(script: ScriptWriter, config: TrainConfig) -> Stepping:
    rule, changed, others = config.optimizer, rule_turns(config), other_turns(config)
    both = tuple(turn_lines(merged(changed, others)))
    if isinstance(rule, Muon):
        start, step = muon_in_torch(script, rule, len(slots(config)) > 1)
        return Stepping(start, step, changes=both)
    groups = group_lines(rule, changed)
    if groups is not None and torch_call(rule, "parameters") is not None:
        lines: TorchLines = torch_lines(rule, parameters="parameters")
        script.note(described(script, rule))
        return Stepping(lines.start, lines.step, lines.zero, changes=(*turn_lines(others), *groups))
    kept = write_update(script, rule)
    takes = arguments_of(kept)
    gives = "theta, state" if kept.start else "theta"
    return Stepping(
        start=(f"theta = {VECTOR}", *([f"state = {first_state(kept)}"] if kept.start else [])),
        step=(
            "gradient = torch.cat([one.grad.ravel() for one in parameters])",
            f"{gives} = update({takes})",
            BACK.format("theta"),
        ),
        before=(f"{BACK.format('state[0]')}  # {script.tr('the average is the answer')}",)
        if isinstance(rule, ASGD)
        else (),
        after=(BACK.format("theta"),) if isinstance(rule, ASGD) else (),
        changes=both,
    )


def _loop(script: ScriptWriter, config: TrainConfig, data: TaskData, stepping: Stepping) -> None:
    tr, names = script.tr, slots(config)
    several = len(names) > 1
    over = ["for name, net in nets.items():"] if several else []
    deeper = INDENT if several else ""

    def key(what: str) -> str:
        return f'f"{{name}}.{what}"' if several else f'"first.{what}"'

    def deep(*lines: str) -> list[str]:
        return [*over, *(deeper + line for line in lines)]

    right = f", {key('right')}: right" if data.recalls else ""
    measured = f"loss{', right' if data.recalls else ''} = measure(net)"
    script.note(tr("The training: the gradient of a batch, and one step of the optimizer"))
    script.code("weights_rng, batch_rng = np.random.default_rng(seed).spawn(2)")
    script.code("\n".join(_beginning(config)))
    script.code("\n".join(stepping.start))
    script.code(
        "\n".join(deep(measured, f"keep(0, {{{key('loss')}: loss, {key('held_out')}: loss{right}}})"))
    )
    script.code("\n".join(stop_at_start(config, names)))
    clipping = [
        f"if {clip_condition(config)}:  # {tr(OWN_CLIP)}",
        "    for one in trained(net):",
        "        one.grad *= clip / size",
    ]
    learning = deep(
        "loss = loss_of(outputs_of(net, x), target)",
        "loss.backward()",
        "size = torch.cat([one.grad.ravel() for one in trained(net)]).norm()",
        f"keep(t, {{{key('loss')}: loss, {key('norm')}: size}})",
        *(clipping if clips(config) else []),
    )
    bounded = "sum(one.square().sum() for one in parameters) < 3.4e38"
    body = [
        *stepping.changes,
        "x, target = draw(batch_rng, batch_size)",
        *stepping.zero.splitlines(),
        *learning,
        *stepping.step,
        f"if t % {PAUSE} == 0 or t == steps:",
        *(INDENT + line for line in stepping.before),
        *(INDENT + line for line in deep(measured, f"keep(t, {{{key('held_out')}: loss{right}}})")),
        *(INDENT + line for line in stepping.after),
        *(INDENT + line for line in stop_lines(config, names)),
        f"if not {bounded}:",
        f"    break  # {tr('this run has diverged')}",
    ]
    script.code("\n".join(["for t in range(1, steps + 1):", *(INDENT + line for line in body)]))


def _beginning(config: TrainConfig) -> list[str]:
    """The lines that make the networks, and the list of all parameters."""
    if len(slots(config)) == 1:
        return ["net = first_net(weights_rng.spawn(2)[0])", "parameters = trained(net)"]
    pairs = ", ".join(
        f"{literal(name)}: {TYPES[kind]}" for name, kind in zip(slots(config), kinds(config), strict=True)
    )
    if len(set(kinds(config))) > 1:
        made = [
            f"types = {{{pairs}}}",
            "rngs = zip(types.items(), weights_rng.spawn(2))",
            "nets = {name: first_net(kind, rng) for (name, kind), rng in rngs}",
        ]
    else:
        made = [
            'rngs = zip(("first", "second"), weights_rng.spawn(2))',
            "nets = {name: first_net(rng) for name, rng in rngs}",
        ]
    return [*made, "parameters = [one for net in nets.values() for one in trained(net)]"]
