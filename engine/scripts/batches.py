"""The script of *Optimizers ▸ Mini-batches*: the same descent with batches of different sizes."""

from typing import Any

from engine.activations import sigmoid
from engine.changes import Change, changes_of
from engine.experiments.optimizers.batches import EXPERIMENT
from engine.experiments.optimizers.batches_config import BatchesConfig, BatchesData, count_of, sizes
from engine.experiments.optimizers.batches_walk import TOO_FAR
from engine.linear.mini_batches import BLOCK
from engine.scripts.changing import MovingLines, check_end, moving_lines, turns
from engine.scripts.rounding import steps_in_torch
from engine.scripts.softmax import write_digits
from engine.scripts.writer import ScriptWriter, by_place, literal
from engine.stop_rules import LossBelow


def write(script: ScriptWriter, config: BatchesConfig, data: BatchesData) -> None:
    """Write the runs of all batch sizes."""
    tr = script.tr
    check_end(config)
    script.note(tr("Two handwritten digits, with ink from 0 to 1"))
    write_digits(script, config.digits, config.task == "classification")
    _features(script, config)
    script.setting("steps", steps_in_torch(script, EXPERIMENT, config, data))
    (_loss_numpy if script.framework == "numpy" else _loss_torch)(script, config)
    _batches(script, config)
    found = turns(config, config.steps, lambda settings: settings.optimizer)
    moving = moving_lines(config.optimizer, found, script.framework, "theta", "slope")
    script.note(tr("The optimizer: {name}", name=tr(config.optimizer.title)))
    if not found:  # settings that change belong into the function
        for name, value in moving.settings.items():
            script.setting(name, value)
    _descend(script, config, moving, {**moving.settings} if found else {})
    script.note(tr("One run for each batch size, with a random generator of its own"))
    names = [f"{size}" for size in sizes(config)]
    script.code(f"sizes = [{', '.join(names)}]")
    script.code(f"generators = np.random.default_rng({config.seed}).spawn(len(sizes))")
    resized = {change.step + 1: sizes(config, change.step + 1)[0] for change in _resizing(config)}
    if resized:
        words = tr("the batch size of the first run from a step on")
        script.code(f"resized = {resized}  # {words}")
    script.code("for run, (size, rng) in enumerate(zip(sizes, generators)):")
    call = f"descend(run, size, rng{', resized if run == 0 else {}' if resized else ''})"
    script.code(f"steps = {call}" if isinstance(config.stop, LossBelow) else call, 1)
    script.name_curves(by_place([f"B = {size}" for size in names]))
    script.plot(f"""
        for run, name in names.items():
            plt.semilogy(list(curves[f"{{run}}.loss"].values()), label=name)
        plt.xlabel({tr("step")!r})
        plt.ylabel({tr("loss over all examples")!r})
        plt.legend()
        plt.show()
    """)


def _features(script: ScriptWriter, config: BatchesConfig) -> None:
    tr = script.tr
    if config.task == "classification":
        script.note(tr("Which of the two is it? The features are the first two principal components"))
        script.code("""
            pixels = images.reshape(len(images), -1)
            centred = pixels - pixels.mean(axis=0)
            directions = np.linalg.svd(centred, full_matrices=False)[2][:2]
            largest = np.abs(directions).argmax(axis=1)
            signs = np.sign(directions[np.arange(2), largest])
            features = centred @ (directions * signs[:, None]).T
        """)
        if config.standardised:
            script.code("features = (features - features.mean(axis=0)) / features.std(axis=0)")
        script.code("targets = labels.astype(np.float64)")
        script.setting("weight_decay", config.decay)
        return
    script.note(tr("How much ink is on the right half, from how much is on the left? ŷ = b + w·x"))
    script.code(
        "halves = np.stack([images[:, :, :4].mean(axis=(1, 2)), images[:, :, 4:].mean(axis=(1, 2))], axis=1)"
    )
    if config.standardised:
        script.code("halves = (halves - halves.mean(axis=0)) / halves.std(axis=0)")
    script.code("""
        left, targets = halves.T
        features = np.stack([np.ones_like(left), left], axis=1)
    """)


def _loss_numpy(script: ScriptWriter, config: BatchesConfig) -> None:
    tr = script.tr
    if config.task == "classification":
        script.function(sigmoid, tr("The sigmoid σ(z) = 1/(1 + e⁻ᶻ), which never overflows in this form"))
        script.note(tr("Cross-entropy and weight decay: mean (ln(1 + eᶻ) − y·z) + ½λ‖θ‖², z = φ·θ"))
        script.code("""
            def loss(theta):
                z = features @ theta
                each = np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z))) - targets * z
                return each.mean() + 0.5 * weight_decay * (theta**2).sum()


            def gradient(theta, rows):
                error = sigmoid(features[rows] @ theta) - targets[rows]
                return error @ features[rows] / len(error) + weight_decay * theta
        """)
        return
    script.note(tr("Squared error: mean ½(ŷ − y)²"))
    script.code("""
        def loss(theta):
            return (0.5 * (features @ theta - targets) ** 2).mean()


        def gradient(theta, rows):
            error = features[rows] @ theta - targets[rows]
            return error @ features[rows] / len(error)
    """)


def _loss_torch(script: ScriptWriter, config: BatchesConfig) -> None:
    tr = script.tr
    script.code("features, targets = torch.tensor(features), torch.tensor(targets)")
    if config.task == "classification":
        script.note(tr("Cross-entropy and weight decay: mean (ln(1 + eᶻ) − y·z) + ½λ‖θ‖², z = φ·θ"))
        script.code("""
            def loss(theta, rows=slice(None)):
                z, y = features[rows] @ theta, targets[rows]
                entropy = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
                return entropy + 0.5 * weight_decay * (theta**2).sum()
        """)
        return
    script.note(tr("Squared error: mean ½(ŷ − y)²"))
    script.code("""
        def loss(theta, rows=slice(None)):
            return 0.5 * torch.nn.functional.mse_loss(features[rows] @ theta, targets[rows])
    """)


def _batches(script: ScriptWriter, config: BatchesConfig) -> None:
    """The generator of batches, with the branches that the batch sizes of the runs need."""
    tr = script.tr
    resized = {change.step + 1: sizes(config, change.step + 1)[0] for change in _resizing(config)}
    used = {*sizes(config), *resized.values()}
    if used == {count_of(config)}:
        script.note(tr("Every step has all examples"))
        script.code("def batches(size, rng):\n    while True:\n        yield slice(None)")
        return
    script.code("count = len(targets)")
    if config.order == "shuffled":
        script.note(tr("Each epoch goes through all examples, in another random order"))
    else:
        script.note(tr("Each batch is drawn without replacement, {count} batches at once", count=BLOCK))
    everything = count_of(config) in used
    if resized and config.order == "shuffled":
        _resized_epochs(script, everything)
    elif resized:
        script.code("def draw(size, rng):")
        _choice(script, used - {count_of(config)}, config, "return ", 1)
        _resized_blocks(script, everything)
    elif config.order == "shuffled":
        script.code("def batches(size, rng):\n    while True:")
        if everything:
            script.code("if size == count:\n    yield slice(None)  # all\n    continue", 2)
        script.code(
            """
            order = rng.permutation(count)
            for first in range(0, count, size):
                yield order[first : first + size]
        """,
            2,
        )
    else:
        script.code("def batches(size, rng):\n    while True:")
        _choice(script, used, config, "yield from ", 2)


def _choice(script: ScriptWriter, used: set[int], config: BatchesConfig, word: str, indent: int) -> None:
    """Draw a block of independent batches of a size among those that are used; nothing is drawn for all."""
    everything = count_of(config)
    lines = {}
    if everything in used:
        lines["size == count"] = "yield slice(None)  # all"
    if 1 in used:
        lines["size == 1"] = f"{word}rng.integers(count, size=({BLOCK}, 1))"
    if used - {1, everything}:
        lines[""] = f"{word}rng.random(({BLOCK}, count)).argpartition(size - 1, axis=1)[:, :size]"
    for index, (condition, line) in enumerate(lines.items()):
        if len(lines) == 1:
            script.code(line, indent)
        elif index == len(lines) - 1:
            script.code(f"else:\n    {line}", indent)
        else:
            script.code(f"{'elif' if index else 'if'} {condition}:\n    {line}", indent)


def _resized_blocks(script: ScriptWriter, everything: bool) -> None:
    """Independent batches whose size changes: those that would have come next with the new size."""
    all_of_them = "if size == count:\n    yield slice(None)  # all\n    continue"
    script.note(script.tr("After a change come the batches that would have come with the new size"))
    script.code("""
        def batches(size, rng, resized):
            block, place, before = [], 0, rng.bit_generator.state
            for t in range(1, steps + 1):
                if t in resized:
                    size = resized[t]
                    rng.bit_generator.state = before
                    block = draw(size, rng)
    """)
    if everything:
        script.code(all_of_them, 2)
    script.code(
        """
        if place >= len(block):
            place, before = 0, rng.bit_generator.state
            block = draw(size, rng)
        yield block[place]
        place += 1
    """,
        2,
    )


def _resized_epochs(script: ScriptWriter, everything: bool) -> None:
    """Epochs in which the size of the batches changes: they go on with the examples that are left."""
    script.code("""
        def batches(size, rng, resized):
            order, place = [], count
            for t in range(1, steps + 1):
                size = resized.get(t, size)
    """)
    if everything:
        script.code("if place >= count and size == count:\n    yield slice(None)  # all\n    continue", 2)
    script.code(
        """
        if place >= count:
            order, place = rng.permutation(count), 0
        yield order[place : place + size]
        place += size
    """,
        2,
    )


def _resizing(config: BatchesConfig) -> list[Change]:
    return [c for c in changes_of(config) if c.where == "batch_size" and c.step < config.steps]


def _descend(
    script: ScriptWriter, config: BatchesConfig, moving: MovingLines, inside: dict[str, Any]
) -> None:
    """The function of one run; settings that change stand in it."""
    tr, torch = script.tr, script.framework == "torch"
    resized = bool(_resizing(config))
    script.code(f"def descend(run, size, rng{', resized' if resized else ''}):")
    start = literal(list(config.start))
    script.code(
        f"theta = torch.tensor({start}, dtype=torch.float64, requires_grad=True)"
        if torch
        else f"theta = np.array({start})",
        1,
    )
    for name, value in inside.items():
        script.code(f"{name} = {literal(value)}", 1)
    script.code("\n".join(moving.start), 1)
    kept = 'keep({t}, {{f"{{run}}.x": theta[0], f"{{run}}.y": theta[1], f"{{run}}.loss": loss({theta})}})'
    theta = "theta.detach()" if torch else "theta"
    script.code(kept.format(t=0, theta=theta), 1)
    script.code(
        f"for t, rows in zip(range(1, steps + 1), batches(size, rng{', resized' if resized else ''})):", 1
    )
    if torch:
        script.code(f"{moving.zero}\nloss(theta, rows).backward()", 2)
    else:
        script.code("slope = gradient(theta, rows)", 2)
    script.code("\n".join(moving.step), 2)
    largest = "theta.abs().max()" if torch else "np.abs(theta).max()"
    script.code(f"if not {largest} < {TOO_FAR:.0e}:  # {tr('the steps diverged')}\n    break", 2)
    script.code(kept.format(t="t", theta=theta), 2)
    if isinstance(config.stop, LossBelow):
        since = max((change.step for change in changes_of(config)), default=0)
        low = f'curves["0.loss"][t] < {literal(config.stop.limit)}'
        script.code(f"if run == 0 and t > {since} and {low}:\n    return t", 2)
        script.code("return steps", 1)
