"""The script of *Optimizers ▸ Sparse features*: several optimizers on the same mini-batches."""

from engine.activations import sigmoid
from engine.experiments.optimizers.sparse import EXPERIMENT, HELD_OUT, SparseConfig, SparseData, first_rare
from engine.scripts.changing import moving_lines
from engine.scripts.rounding import steps_in_torch
from engine.scripts.writer import ScriptWriter, by_place, literal, numbered


def write(script: ScriptWriter, config: SparseConfig, world: SparseData) -> None:
    """Write the run of each optimizer, one after the other."""
    tr, titles = script.tr, numbered([script.tr(rule.title) for rule in config.racers])
    script.setting("features", config.features)
    script.setting("batch_size", config.batch)
    script.setting("steps", steps_in_torch(script, EXPERIMENT, config, world))
    script.code(f"rng = np.random.default_rng({config.seed})")
    script.note(tr("Feature j is present with the probability p₁·j⁻ᵃ; its true weight is ±c·ln(1/p)"))
    script.code(f"""
        p = {literal(config.most)} * np.arange(1.0, features + 1) ** {literal(-config.exponent)}
        truth = rng.choice((-1.0, 1.0), features) * {literal(config.strength)} * -np.log(p)
    """)
    script.function(sigmoid, tr("The sigmoid σ(z) = 1/(1 + e⁻ᶻ), which never overflows in this form"))
    script.note(tr("Examples that are held out, with the true probability of a yes"))
    script.code(f"""
        held_out = (rng.random(({HELD_OUT}, features)) < p).astype(np.float64)
        answers = sigmoid(held_out @ truth)
    """)
    some = 0 < world.rare.sum() < len(world.rare)
    if some:
        words = tr("whether a feature of the rarer half is present")
        script.code(f"rare = held_out[:, {first_rare(config.features) - 1}:].any(axis=1)  # {words}")
    script.note(tr("The mini-batches, the same for all optimizers"))
    script.code("""
        batches = []
        for _ in range(steps):
            x = rng.random((batch_size, features)) < p
            y = rng.random(batch_size) < sigmoid(x @ truth)
            batches.append((x.astype(np.float64), y.astype(np.float64)))
    """)
    parts = [("all", "each")]
    if some:
        parts += [("rare", "each[rare]"), ("common", "each[~rare]")]
    elif world.rare.any():
        parts.append(("rare", "each"))
    else:
        parts.append(("common", "each"))
    kept = [f'keep(step, {{f"{{racer}}.{name}": {each}.mean()}})' for name, each in parts]
    (_functions_numpy if script.framework == "numpy" else _functions_torch)(script, kept)
    for racer, rule in enumerate(config.racers):
        script.note(f"{racer}: {titles[racer]}")
        moving = moving_lines(rule, [], script.framework, "w", "slope")
        for name, value in moving.settings.items():
            script.setting(name, value)
        torch = script.framework == "torch"
        script.code(
            "w = torch.zeros(features, dtype=torch.float64, requires_grad=True)"
            if torch
            else "w = np.zeros(features)"
        )
        if moving.start:
            script.code("\n".join(moving.start))
        script.code(f"measure({racer}, 0, w)")
        script.code("for t, (x, y) in enumerate(batches, 1):")
        if torch:
            script.code(
                f"{moving.zero}\ntorch.nn.functional.binary_cross_entropy_with_logits(x @ w, y).backward()", 1
            )
        else:
            script.code("slope = gradient(w, x, y)", 1)
        script.code("\n".join(moving.step), 1)
        script.code(f"measure({racer}, t, w)", 1)
    script.name_curves(by_place(titles))
    script.plot(f"""
        for racer, name in names.items():
            plt.plot(list(curves[f"{{racer}}.all"].values()), label=name)
        plt.xlabel({tr("step")!r})
        plt.ylabel({tr("loss on held-out examples")!r})
        plt.legend()
        plt.show()
    """)


def _functions_numpy(script: ScriptWriter, kept: list[str]) -> None:
    tr = script.tr
    script.note(tr("The loss ln(1 + eᶻ) − y·z with z = w·x, on the examples that are held out"))
    script.code("""
        def measure(racer, step, w):
            z = held_out @ w
            each = np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0.0) - answers * z
    """)
    script.code("\n".join(kept), 1)
    script.note(tr("Its gradient on a mini-batch: 0 for every feature that is absent"))
    script.code("""
        def gradient(w, x, y):
            return (sigmoid(x @ w) - y) @ x / len(x)
    """)


def _functions_torch(script: ScriptWriter, kept: list[str]) -> None:
    tr = script.tr
    script.code("""
        held_out, answers = torch.tensor(held_out), torch.tensor(answers)
        batches = [(torch.tensor(x), torch.tensor(y)) for x, y in batches]
    """)
    script.note(tr("The loss ln(1 + eᶻ) − y·z with z = w·x, on the examples that are held out"))
    script.code("""
        def measure(racer, step, w):
            z = held_out @ w.detach()
            each = torch.nn.functional.binary_cross_entropy_with_logits(z, answers, reduction="none")
    """)
    script.code("\n".join(kept), 1)
