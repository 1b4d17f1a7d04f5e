"""The script of *Gradients ▸ Deep network* in NumPy: both passes in float32, with numbers that nearly vanish.

It does what `engine.networks.deep_network` does: a gradient that is too small for float32 is scaled up in the
backward pass, and numbers are set to 0 before they become subnormal.
"""

from engine.activations import ACTIVATIONS
from engine.experiments.gradients.deep_network_config import NetworkSettings
from engine.networks.clipping import norm
from engine.networks.deep_network import FAINT_GRADIENT, STRAIGHT, scale_up
from engine.networks.hidden_layer import FAINT
from engine.networks.normalization import EPSILON
from engine.optimizers.muon import Muon
from engine.optimizers.trainer import SMALL_GRADIENT, flush_to_zero
from engine.scripts.deep_run import DeepRun
from engine.scripts.deep_training import write_training
from engine.scripts.muon import write_orthogonal
from engine.scripts.networks import write_activation
from engine.scripts.writer import INDENT, ScriptWriter, literal


def write_numpy(script: ScriptWriter, run: DeepRun) -> None:
    """Write the networks, and a function that trains one of them."""
    config, tr = run.config, script.tr
    script.note(tr("In float32, as in the window: 7 digits; np.float64 has 16"))
    script.code("dtype = np.float32")
    script.code("inputs, targets = inputs.astype(dtype), labels[:, None].astype(dtype)")
    script.code(f'np.seterr(over="ignore", invalid="ignore")  # {tr("gradients may explode")}')
    for name in dict.fromkeys(settings.activation for settings in run.networks.values()):
        write_activation(script, name)
    _loss(script)
    script.function(
        flush_to_zero,
        tr("Numbers that are nearly 0 become 0: below 1e−38 float32 is slow and has fewer digits"),
        {"SMALL_GRADIENT": literal(SMALL_GRADIENT)},
    )
    script.function(
        scale_up,
        tr("Tiny numbers times the power 2ᵉ that makes the largest about 1; returns e"),
        {"FAINT_GRADIENT": literal(FAINT_GRADIENT)},
    )
    script.function(norm, tr("The length of a vector, whose squares may be too large or too small"))
    if config.clipping == "norm":
        _clip(script)
    rule = config.optimizer
    orthogonal = write_orthogonal(script, rule) if isinstance(rule, Muon) else ""
    script.code("sizes = [2, *[width] * depth, 1]")
    for suffix, settings in run.forms.items():
        _form(script, run, settings, suffix, orthogonal)
    run.write_helpers(script)
    script.code(f"{run.generators} = rng_weights.spawn(2)")
    for name, settings in run.networks.items():
        suffix = run.suffix(settings)
        script.code(f"theta_{name} = first_weights{suffix}({run.drawing(name, settings)})")


def call(run: DeepRun, name: str, settings: NetworkSettings) -> str:
    """The call that trains a network."""
    straight = settings.activation in STRAIGHT
    phi, slope = settings.activation, ACTIVATIONS[settings.activation].slope.__name__
    return f'train{run.suffix(settings)}("{name}", theta_{name}, {phi}, {slope}, straight={straight})'


def _loss(script: ScriptWriter) -> None:
    script.note(script.tr("Sigmoid + cross-entropy, the mean over a batch, and its slope (p − y)/B"))
    script.code("""
        def cross_entropy(logits, target):
            e = np.exp(-np.abs(logits))
            losses = np.maximum(logits, 0.0) - logits * target + np.log1p(e)
            p = np.where(logits >= 0, 1.0, e) / (1.0 + e)
            loss = float(losses.sum()) / losses.size
            if not math.isfinite(loss):
                loss = float(np.sum(losses / np.float64(losses.size)))
            return loss, (p - target) / losses.size
    """)


def _clip(script: ScriptWriter) -> None:
    script.note(script.tr("Clipping by norm: a longer gradient is shortened"))
    script.code("""
        def clip_by_norm(gradient, most):
            length, largest = norm(gradient), np.abs(gradient).max()
            if not (length > most and np.isfinite(largest)):
                return gradient
            if 1e-30 < length < 1e30:
                return gradient * (most / length)
            unit = gradient / largest
            return unit * (most / norm(unit))
    """)


def _form(
    script: ScriptWriter, run: DeepRun, settings: NetworkSettings, suffix: str, orthogonal: str
) -> None:
    """The functions of all networks with one normalisation, with or without residual links."""
    tr, normalized = script.tr, settings.normalization != "none"
    parts = "((n_in, n_out), (n_out,), (n_out,))" if normalized else "((n_in, n_out), (n_out,))"
    script.note(tr("The shapes of W, b (or β, γ with normalisation) of every layer, which are parts of θ"))
    if normalized:
        script.code(f"shapes{suffix} = [s for n_in, n_out in zip(sizes[:-2], sizes[1:-1]) for s in {parts}]")
        script.code(f"shapes{suffix} += [(sizes[-2], 1), (1,)]")
    else:
        script.code(f"shapes{suffix} = [s for n_in, n_out in zip(sizes, sizes[1:]) for s in {parts}]")
    layers = (
        "[*(parts[k : k + 3] for k in range(0, len(parts) - 2, 3)), parts[-2:]]"
        if normalized
        else "[parts[k : k + 2] for k in range(0, len(parts), 2)]"
    )
    script.code(f"""
        def layers_of{suffix}(vector):
            ends = np.cumsum([math.prod(shape) for shape in shapes{suffix}])
            parts = [part.reshape(s) for part, s in zip(np.split(vector, ends[:-1]), shapes{suffix})]
            return {layers}
    """)
    _forward(script, settings, suffix)
    _backward(script, settings, suffix)
    _first(script, settings, suffix)
    write_training(script, run, settings, suffix, orthogonal)


def _forward(script: ScriptWriter, settings: NetworkSettings, suffix: str) -> None:
    tr, normalization = script.tr, settings.normalization
    given = ", given=None" if normalization == "batch" else ""
    script.note(
        tr("Forward: the logits, the last activations, and what the backward pass needs of each layer")
    )
    script.code(f"def forward{suffix}(theta, x, phi, flush{given}):")
    script.code(f"*hidden, (W, b) = layers_of{suffix}(theta)\ncaches = []", 1)
    counted = settings.residual or bool(given)
    if normalization == "none":
        loop = "for k, (U, c) in enumerate(hidden):" if counted else "for U, c in hidden:"
        script.code(f"{loop}\n    z = x @ U + c", 1)
        kept = "x, z"
    else:
        axis = 0 if normalization == "batch" else 1
        loop = "for k, (U, beta, gamma) in enumerate(hidden):" if counted else "for U, beta, gamma in hidden:"
        script.code(f"{loop}\n    z = x @ U", 1)
        lines = [
            f"mean = z.mean(axis={axis}, keepdims=True)",
            "centred = z - mean",
            f"variance = (centred * centred).mean(axis={axis}, keepdims=True)",
        ]
        if given:
            lines = ["if given is not None:", f"{INDENT}mean, variance = given[k]", "else:"] + [
                INDENT + line for line in lines
            ]
        lines += [
            f"stretch = 1.0 / np.sqrt(variance + {EPSILON!r})",
            "normalized = (z - mean) * stretch",
            "z = normalized * gamma + beta",
        ]
        script.code("\n".join(lines), 2)
        kept = "x, z, normalized, stretch" + (", mean, variance" if given else "")
    script.code(f"a = phi(z)\nif flush:\n    flush_to_zero(a, {FAINT!r})", 2)
    if settings.residual:
        script.code("if k > 0:\n    a += x", 2)
    script.code(f"caches.append(({kept}))\nx = a", 2)
    script.code("return x @ W + b, x, caches", 1)


def _backward(script: ScriptWriter, settings: NetworkSettings, suffix: str) -> None:
    tr, normalization = script.tr, settings.normalization
    script.note(
        tr(
            "Backward: the gradient, and ∂L/∂a of the first and the last hidden layer; where ∂L/∂z is too "
            "small for float32, it is computed times 2^raised"
        )
    )
    script.code(f"def backward{suffix}(theta, d_logits, a, caches, slope, flush):")
    kept = {"none": "x, z", "layer": "x, z, normalized, stretch", "batch": "x, z, normalized, stretch, _, _"}
    script.code(
        f"""
        gradient, ones = np.empty_like(theta), np.ones(len(d_logits), dtype)
        layers, into = layers_of{suffix}(theta), layers_of{suffix}(gradient)
        into[-1][0][...], into[-1][1][...] = a.T @ d_logits, ones @ d_logits
        d_a = d_last = d_logits @ layers[-1][0].T
        raised = 0
        for k in reversed(range(len(caches))):
            {kept[normalization]} = caches[k]
            d_z = d_a * slope(z)
            lift = scale_up(d_z) if flush else 0
            raised += lift
            if flush:
                flush_to_zero(d_z)
        """,
        1,
    )
    if normalization == "none":
        script.code("into[k][1][...] = ones @ d_z", 2)
    else:
        axis = 0 if normalization == "batch" else 1
        script.code(
            f"""
            into[k][1][...], into[k][2][...] = d_z.sum(axis=0), (d_z * normalized).sum(axis=0)
            d_hat = d_z * layers[k][2]
            along = (d_hat * normalized).mean(axis={axis}, keepdims=True)
            d_z = (d_hat - d_hat.mean(axis={axis}, keepdims=True) - normalized * along) * stretch
            """,
            2,
        )
    script.code(
        """
        into[k][0][...] = x.T @ d_z
        if raised:
            for part in into[k]:
                flush_to_zero(np.ldexp(part, -raised, out=part))
        """,
        2,
    )
    if settings.residual:
        back = "d_a, raised = np.ldexp(d_z @ layers[k][0].T, -lift) + d_a, raised - lift"
    else:
        back = "d_a = d_z @ layers[k][0].T"
    script.code(f"if k > 0:\n    {back}", 2)
    script.code("d_first = np.ldexp(d_a.astype(np.float64), -raised) if raised else d_a", 3)
    script.code("return gradient, d_first, d_last", 1)


def _first(script: ScriptWriter, settings: NetworkSettings, suffix: str) -> None:
    script.code(f"""
        def first_weights{suffix}(draw):
            theta = np.zeros(sum(math.prod(shape) for shape in shapes{suffix}), dtype)
            for layer in layers_of{suffix}(theta):
                layer[0][...] = draw(*layer[0].shape)
    """)
    if settings.normalization != "none":
        script.code(f"for layer in layers_of{suffix}(theta)[:-1]:\n    layer[2][...] = 1.0", 1)
    script.code("return theta", 1)
