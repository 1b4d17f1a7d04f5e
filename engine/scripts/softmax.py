"""The script of *Losses ▸ Softmax + cross-entropy*: the right gradient, and the notes'."""

import math

from engine.activations import log_softmax, softmax
from engine.data.datasets import DIGITS
from engine.data.training_data import TrainingData
from engine.experiments.losses.softmax import EXPERIMENT, MEASURED
from engine.experiments.losses.softmax_config import HELD_OUT, Clouds, SoftmaxConfig
from engine.optimizers.descent import GradientDescent
from engine.scripts.rates import rate_text, torch_start, torch_step, write_factor
from engine.scripts.rounding import steps_in_torch
from engine.scripts.writer import ScriptWriter, literal

RIGHT = "∂L/∂z = p − y"
NOTES = "∂L/∂z = y·(p − 1)"


def write(script: ScriptWriter, config: SoftmaxConfig, data: TrainingData) -> None:
    """Write the training of both classifiers."""
    tr = script.tr
    if isinstance(config.data, Clouds):
        _clouds(script, config.data, config.seed)
    else:
        script.note(tr("Handwritten digits, each a row of 64 pixels from 0 to 1"))
        write_digits(script, config.data.classes)
        script.code(f"""
            features = images.reshape(len(images), 64)
            rng = np.random.default_rng(({config.seed}, 0))
        """)
    script.note(tr("Of every class a part is held out"))
    script.code(f"""
        held_out = []
        for label in range({len(data.class_names)}):
            rows = rng.permutation(np.flatnonzero(labels == label))
            held_out.append(rows[: min(max(round({HELD_OUT} * len(rows)), 1), len(rows) - 1)])
        held_out = np.sort(np.concatenate(held_out))
        training = np.setdiff1d(np.arange(len(labels)), held_out)
    """)
    script.note(tr("Each example begins with a 1, so that the bias is a row of the weights"))
    script.code("inputs = np.concatenate([np.ones((len(features), 1)), features], axis=1)")
    script.code(f"targets = np.eye({len(data.class_names)})[labels]")
    script.note(tr("The batches, drawn with replacement"))
    script.setting("learning_rate", config.learning_rate)
    script.setting("batch_size", config.batch_size)
    script.setting("steps", steps_in_torch(script, EXPERIMENT, config, data))
    script.code(f"""
        rng = np.random.default_rng(({config.seed}, 1))
        batches = training[rng.integers(0, len(training), (steps, batch_size))]
    """)
    every = max(1, math.ceil(len(data.training) / MEASURED)), max(1, math.ceil(len(data.held_out) / MEASURED))
    if max(every) > 1:
        script.note(tr("The loss is measured on at most {most} examples", most=MEASURED))
    for name, part in zip(("training", "held_out"), every, strict=True):
        if part > 1:
            script.code(f"{name} = {name}[::{part}]")
    rule = config.descent
    write_factor(script, rule)
    (_numpy if script.framework == "numpy" else _torch)(script, rule)
    script.plot(f"""
        for name in ("right", "notes"):
            plt.plot(list(curves[name + ".loss"].values()), label=name)
        plt.xlabel({tr("step")!r})
        plt.ylabel({tr("loss")!r})
        plt.legend()
        plt.show()
    """)


def write_digits(script: ScriptWriter, classes: tuple[int, ...], labelled: bool = True) -> None:
    """Write `images` [n, 8, 8], with ink from 0 to 1, and their `labels`, from a file beside the script."""
    script.imports.add("from pathlib import Path")
    script.files[DIGITS.name] = DIGITS.read_bytes()
    script.code(f"""
        classes = {literal(list(classes))}
        with np.load(Path(__file__).parent / "{DIGITS.name}") as file:
            images, digits = file["images"], file["labels"]
        chosen = np.isin(digits, classes)
        images = images[chosen] / 16.0
    """)
    if labelled:
        script.code("labels = np.array([classes.index(digit) for digit in digits[chosen]])")


def _clouds(script: ScriptWriter, clouds: Clouds, seed: int) -> None:
    tr = script.tr
    script.note(tr("A round cloud of points for each class, with the centres evenly on a circle"))
    script.code(f"""
        rng = np.random.default_rng(({seed}, 0))
        classes = {clouds.groups}
        labels = np.arange(100 * classes) % classes
        angle = 2.0 * np.pi * (labels / classes)
        features = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        features = features + rng.normal(0.0, {literal(clouds.noise)}, features.shape)
    """)
    least = max(2, round(100 / clouds.uneven))
    if least < 100:
        script.note(tr("The first class keeps 100 points, every other one {count}", count=least))
        script.code(f"""
            kept = (labels == 0) | (np.arange(len(labels)) // classes < {least})
            features, labels = features[kept], labels[kept]
        """)


def _numpy(script: ScriptWriter, rule: GradientDescent) -> None:
    tr, rate = script.tr, rate_text(rule, "step - 1")
    script.function(softmax, tr("Softmax, which never overflows"), {"floating": "np.asarray"})
    script.function(log_softmax, renamed={"floating": "np.asarray"})
    script.note(tr("Loss and mean logit on the training examples, accuracy on those held out"))
    script.code("""
        def measure(name, step, weights):
            logits = inputs[training] @ weights
            loss = -log_softmax(logits)[np.arange(len(training)), labels[training]].mean()
            answers = (inputs[held_out] @ weights).argmax(axis=1)
            accuracy = np.mean(answers == labels[held_out])
            keep(step, {f"{name}.loss": loss, f"{name}.accuracy": accuracy})
            keep(step, {f"{name}.mean_logit": logits.mean()})
    """)
    for name, words, gradient in (
        ("right", tr("Softmax + cross-entropy: {gradient}", gradient=RIGHT), "p - y"),
        ("notes", tr("The common mistake: {gradient}", gradient=NOTES), "y * (p - 1.0)"),
    ):
        script.note(words)
        script.code(f"""
            weights = np.zeros((inputs.shape[1], targets.shape[1]))
            measure("{name}", 0, weights)
            for step, batch in enumerate(batches, 1):
                x, y = inputs[batch], targets[batch]
                p = softmax(x @ weights)
                by_logits = {gradient}
                weights = weights - {rate} / batch_size * (x.T @ by_logits)
                measure("{name}", step, weights)
        """)


def _torch(script: ScriptWriter, rule: GradientDescent) -> None:
    tr = script.tr
    script.code("inputs, labels, targets = map(torch.tensor, (inputs, labels, targets))")
    script.note(tr("Loss and mean logit on the training examples, accuracy on those held out"))
    script.code("""
        def measure(name, step, weights):
            weights = weights.detach()
            logits = inputs[training] @ weights
            loss = torch.nn.functional.cross_entropy(logits, labels[training])
            answers = (inputs[held_out] @ weights).argmax(dim=1)
            accuracy = (answers == labels[held_out]).double().mean()
            keep(step, {f"{name}.loss": loss, f"{name}.accuracy": accuracy})
            keep(step, {f"{name}.mean_logit": logits.mean()})
    """)
    script.note(tr("Softmax + cross-entropy: {gradient}", gradient=RIGHT))
    _torch_loop(script, rule, "right", "torch.nn.functional.cross_entropy(logits, labels[batch]).backward()")
    script.note(tr("The common mistake: {gradient}", gradient=NOTES))
    _torch_loop(
        script,
        rule,
        "notes",
        "wrong = targets[batch] * (logits.softmax(dim=1) - 1.0)\nlogits.backward(wrong / batch_size)",
    )


def _torch_loop(script: ScriptWriter, rule: GradientDescent, name: str, backward: str) -> None:
    script.code("""
        weights = torch.zeros(inputs.shape[1], targets.shape[1], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([weights], lr=learning_rate)
    """)
    torch_start(script, rule)
    script.code(f"""
        measure("{name}", 0, weights)
        for step, batch in enumerate(batches, 1):
            logits = inputs[batch] @ weights
            optimizer.zero_grad()
    """)
    script.code(backward, 1)
    torch_step(script, rule)
    script.code(f'measure("{name}", step, weights)', 1)
