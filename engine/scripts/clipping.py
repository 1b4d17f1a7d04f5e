"""The script of *Gradients ▸ Exploding and clipping*: descent from one start, unclipped and clipped."""

import re

from engine.experiments.gradients.clipping import ClippingConfig, scene_of
from engine.experiments.gradients.clipping_scenes import UNIT_GOAL, UNIT_STEPS, Net
from engine.networks.clipping import clip_by_norm, norm
from engine.scripts.clipping_parts import write_drawing, write_unit
from engine.scripts.clipping_torch import write_net, write_plane, write_torch_steps
from engine.scripts.rates import rate_text, write_factor
from engine.scripts.writer import ScriptWriter, function_text


def write(script: ScriptWriter, config: ClippingConfig, data: None) -> None:
    """Write the three runs."""
    tr = script.tr
    script.note(tr("The settings"))
    if config.scene == "net":
        _settings_of_net(script, config)
    else:
        script.setting("start", config.cliff_start if config.scene == "cliff" else config.unit_start)
    script.setting("learning_rate", config.learning_rate, "η")
    script.setting("threshold", config.threshold, f"c: {tr('Threshold')}")
    if script.framework == "numpy":
        script.setting("steps", config.steps)
    else:
        write_torch_steps(script, config)
    write_factor(script, config.descent)
    if script.framework == "numpy":
        _numpy(script, config)
    elif config.scene == "net":
        write_net(script, config.descent)
    else:
        write_plane(script, config)
    script.plot(f"""
        for way in ("none", "norm", "value"):
            plt.semilogy(list(curves[way + ".loss"].values()), label=way)
        plt.xlabel({tr("step")!r})
        plt.ylabel({tr("loss")!r})
        plt.legend()
        plt.show()
    """)


def _settings_of_net(script: ScriptWriter, config: ClippingConfig) -> None:
    tr, net = script.tr, scene_of(config)
    assert isinstance(net, Net)
    script.setting("length", net.length, tr("Length"))
    script.setting("gain", net.gain, tr("Weight scale"))
    script.setting("hidden", net.hidden)
    script.setting("batch", net.batch)
    script.setting("noise", net.noise)
    script.setting("seed", net.seed)


def _numpy(script: ScriptWriter, config: ClippingConfig) -> None:
    tr, scene = script.tr, config.scene
    {"cliff": _cliff, "unit": _unit, "net": _net}[scene](script)
    script.function(norm, tr("The length of the gradient, which cannot overflow in this form"))
    script.note(tr("By norm: the direction of the gradient stays, its length is c at most"))
    if scene == "net":
        text = function_text(clip_by_norm, {})
        script.code(re.sub(r"Clipped\((.+), before, (before|most)\)", r"\1", text) + "\n\n")
    else:
        script.code("""
            def clip_by_norm(gradient, most):
                length = norm(gradient)
                return gradient * (most / length) if length > most else gradient


        """)
    data = ", step + 1" if scene == "net" else ""
    script.note(tr("Three runs: θ ← θ − η·(the clipped gradient)"))
    script.code(f"""
        for way in ("none", "norm", "value"):
            theta, moved = {"first_theta()" if scene == "net" else "np.array(start)"}, 0.0
            for step in range(steps + 1):
                loss, gradient = loss_and_gradient(theta{data})
                size = norm(gradient)
                if not (loss < 1e30 and math.isfinite(size)):
                    break  # {tr("this run has diverged")}
                keep(step, {{f"{{way}}.loss": loss, f"{{way}}.norm": size, f"{{way}}.moved": moved}})
    """)
    if scene != "net":
        script.code('keep(step, {f"{way}.x": theta[0], f"{way}.y": theta[1]})', 2)
    script.code(
        f"""
                if way == "norm":
                    gradient = clip_by_norm(gradient, threshold)
                elif way == "value":
                    gradient = np.clip(gradient, -threshold, threshold)
                move = {rate_text(config.descent)} * gradient
                theta, moved = theta - move, norm(move)
    """,
        2,
    )


def _cliff(script: ScriptWriter) -> None:
    script.note(
        script.tr(
            "A bowl with a wall in it: {formula}", formula="f = 0.1((x + 2)² + y²) + 2(1 + tanh 25(x − 1))"
        )
    )
    script.code("""
        def loss_and_gradient(theta):
            x, y = map(float, theta)
            a, t = x + 2.0, math.tanh(25.0 * (x - 1.0))
            loss = 0.1 * (a * a + y * y) + 2.0 * (1.0 + t)
            return loss, np.array([0.2 * a + 50.0 * (1.0 - t * t), 0.2 * y])
    """)


def _unit(script: ScriptWriter) -> None:
    tr = script.tr
    write_unit(script)
    script.code(f"""
        def sigmoid(z):
            return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


        def loss_and_gradient(theta):
            w, b = map(float, theta)
            outputs = [sigmoid(0.5)]  # σ(h₀), σ(h₁), …
            for _ in range({UNIT_STEPS}):
                outputs.append(sigmoid(w * outputs[-1] + b))
            output = outputs.pop()
            # {tr("Backward through time: each step multiplies ∂L/∂h by w·σ′(h)")}
            d_h = 2 * (output - {UNIT_GOAL}) * output * (1 - output)
            d_w = d_b = 0.0
            for s in reversed(outputs):
                d_w += d_h * s
                d_b += d_h
                d_h *= w * s * (1 - s)
            return (output - {UNIT_GOAL}) ** 2, np.array([d_w, d_b])
    """)


def _net(script: ScriptWriter) -> None:
    tr = script.tr
    write_drawing(script)
    script.code("""
        def first_theta():
            cell, readout = drawn()
            return np.concatenate([cell.ravel(), readout])
    """)
    script.note(
        tr("hₜ = tanh(W·xₜ + b + U·hₜ₋₁), o = r·h at the last step, and the loss is the mean of ½(o − sign)²")
    )
    script.code(f"""
        def loss_and_gradient(theta, step):
            x, sign = examples(step)
            cell, readout = theta[:-hidden].reshape(hidden, 2 + hidden), theta[-hidden:]
            weights = cell.T.copy()  # [W; b; U]
            inputs = np.zeros((length + 1, batch, 2 + hidden))  # {tr("x, 1 and h of the step before")}
            inputs[:-1, :, :1], inputs[:, :, 1] = x, 1.0
            h = inputs[:, :, 2:]
            for t in range(length):
                h[t + 1] = np.tanh(np.dot(inputs[t], weights))
            wrong = h[-1] @ readout - sign
            # {tr("Backward through time: each step multiplies ∂L/∂h by tanh′ and by U")}
            d_h = np.outer(wrong / batch, readout)
            d_z, recurrent = np.zeros((length, batch, hidden)), cell[:, 2:].copy()
            for t in reversed(range(length)):
                d_z[t] = d_h * (1.0 - h[t + 1] * h[t + 1])
                d_h = np.dot(d_z[t], recurrent)
            rows = length * batch
            d_cell = np.dot(d_z.reshape(rows, -1).T, inputs[:-1].reshape(rows, -1))
            gradient = np.concatenate([d_cell.ravel(), wrong / batch @ h[-1]])
            return 0.5 * (wrong @ wrong) / batch, gradient
    """)
