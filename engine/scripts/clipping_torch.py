"""The script of *Exploding and clipping* in PyTorch."""

from engine.config import Problem
from engine.experiments.gradients.clipping import ClippingConfig
from engine.experiments.gradients.clipping_scenes import UNIT_GOAL, UNIT_STEPS
from engine.optimizers.descent import GradientDescent
from engine.scripts.chaos import repeatable_steps
from engine.scripts.clipping_parts import write_drawing, write_unit
from engine.scripts.rates import rate_text, torch_start, torch_step
from engine.scripts.rounding import CHAOTIC
from engine.scripts.writer import ScriptWriter

ENDS = (
    "Where gradients explode, descent is chaotic: small differences grow at every step. PyTorch rounds in"
    " another way, so a run ends where its numbers would no longer be those of Nabla; in NumPy it has all"
    " steps"
)

OWN_CLIP = "clip_grad_norm_ of PyTorch divides by ‖g‖ + 10⁻⁶; here it is ‖g‖"


def write_torch_steps(script: ScriptWriter, config: ClippingConfig) -> None:
    """Write the steps of each run: as many as have the same numbers with other rounding.

    Raises:
        Problem: they differ from the first step on.
    """
    last = repeatable_steps(config)
    if min(last.values()) < 1:
        raise Problem(CHAOTIC)
    if min(last.values()) < config.steps:
        script.note(script.tr(ENDS))
    runs = ", ".join(f'"{way}": {count}' for way, count in last.items())
    script.code(f"steps = {{{runs}}}")


def write_plane(script: ScriptWriter, config: ClippingConfig) -> None:
    """Write the three runs over the plane of two parameters."""
    tr, rule = script.tr, config.descent
    if config.scene == "cliff":
        script.note(tr("A bowl with a wall in it"))
        script.code("""
            def loss_of(theta):
                x, y = theta
                return 0.1 * ((x + 2) ** 2 + y**2) + 2 * (1 + torch.tanh(25 * (x - 1)))
        """)
    else:
        write_unit(script)
        script.code(f"""
            def loss_of(theta):
                w, b = theta
                h = torch.tensor(0.5, dtype=torch.float64)
                for _ in range({UNIT_STEPS}):
                    h = w * torch.sigmoid(h) + b
                return (torch.sigmoid(h) - {UNIT_GOAL}) ** 2
        """)
    script.note(tr("Three runs: θ ← θ − η·(the clipped gradient)"))
    script.code("""
        for way, last in steps.items():
            theta, moved = torch.tensor(start, dtype=torch.float64, requires_grad=True), 0.0
            optimizer = torch.optim.SGD([theta], lr=learning_rate)
    """)
    torch_start(script, rule, 1)
    script.code(
        f"""
            for step in range(last + 1):
                optimizer.zero_grad()
                loss = loss_of(theta)
                loss.backward()
                size = torch.linalg.vector_norm(theta.grad)
                if not (loss < 1e30 and torch.isfinite(size)):
                    break  # {tr("this run has diverged")}
                keep(step, {{f"{{way}}.loss": loss, f"{{way}}.norm": size, f"{{way}}.moved": moved}})
                keep(step, {{f"{{way}}.x": theta[0], f"{{way}}.y": theta[1]}})
                # {tr(OWN_CLIP)}
                if way == "norm" and size > threshold:
                    theta.grad *= threshold / size
                elif way == "value":
                    torch.nn.utils.clip_grad_value_([theta], threshold)
                moved = {rate_text(rule)} * torch.linalg.vector_norm(theta.grad)
    """,
        1,
    )
    torch_step(script, rule, 2)


def write_net(script: ScriptWriter, rule: GradientDescent) -> None:
    """Write the three runs of the recurrent net."""
    tr = script.tr
    write_drawing(script)
    script.note(tr("A recurrent net with these weights; of the two biases of PyTorch one stays 0"))
    script.code("""
        def first_net():
            cell, readout = (torch.from_numpy(part) for part in drawn())
            net = torch.nn.RNN(1, hidden, dtype=torch.float64)
            with torch.no_grad():
                net.weight_ih_l0.copy_(cell[:, :1])
                net.weight_hh_l0.copy_(cell[:, 2:])
                net.bias_ih_l0.zero_()
                net.bias_hh_l0.zero_()
            net.bias_hh_l0.requires_grad_(False)
            return net, readout.requires_grad_()
    """)
    script.note(tr("Three runs: θ ← θ − η·(the clipped gradient)"))
    script.code("""
        for way, last in steps.items():
            (net, readout), moved = first_net(), 0.0
            parameters = [net.weight_ih_l0, net.weight_hh_l0, net.bias_ih_l0, readout]
            optimizer = torch.optim.SGD(parameters, lr=learning_rate)
    """)
    torch_start(script, rule, 1)
    script.code(
        f"""
            for step in range(last + 1):
                x, sign = map(torch.from_numpy, examples(step + 1))
                optimizer.zero_grad()
                _, end = net(x)
                loss = 0.5 * torch.nn.functional.mse_loss(end[0] @ readout, sign)
                loss.backward()
                size = torch.cat([one.grad.ravel() for one in parameters]).norm()
                if not (loss < 1e30 and torch.isfinite(size)):
                    break  # {tr("this run has diverged")}
                keep(step, {{f"{{way}}.loss": loss, f"{{way}}.norm": size, f"{{way}}.moved": moved}})
                # {tr(OWN_CLIP)}
                if way == "norm" and size > threshold:
                    for one in parameters:
                        one.grad *= threshold / size
                elif way == "value":
                    torch.nn.utils.clip_grad_value_(parameters, threshold)
                moved = {rate_text(rule)} * torch.cat([one.grad.ravel() for one in parameters]).norm()
    """,
        1,
    )
    torch_step(script, rule, 2)
