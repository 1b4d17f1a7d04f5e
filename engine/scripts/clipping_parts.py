"""What both frameworks share in the script of *Exploding and clipping*."""

from engine.experiments.gradients.clipping_scenes import UNIT_GOAL
from engine.networks import initializers
from engine.scripts.writer import ScriptWriter


def write_unit(script: ScriptWriter) -> None:
    """Write what the net of one unit computes."""
    formula = f"hₜ = w·σ(hₜ₋₁) + b, h₀ = ½, L = (σ(h₅₀) − {UNIT_GOAL})²"
    script.note(script.tr("A recurrent net of one unit: {formula}", formula=formula))


def write_drawing(script: ScriptWriter) -> None:
    """Write how the batches and the first weights of the net are drawn."""
    tr = script.tr
    script.function(initializers.uniform)
    script.function(initializers.xavier_uniform, tr("Xavier: the variance is 2/(inputs + outputs)"))
    script.function(initializers.orthogonal, tr("A random orthogonal matrix"))
    script.note(tr("The batch of a step: the sign at the beginning, noise after it"))
    script.code("""
        def examples(step):
            rng = np.random.default_rng((seed, step))
            x = noise * rng.normal(size=(length, batch, 1))
            sign = rng.choice([-1.0, 1.0], size=batch)
            x[0, :, 0] = sign
            return x, sign
    """)
    script.note(tr("The first weights: of the cell [W, b, U], U is orthogonal times the weight scale"))
    script.code("""
        def drawn():
            rng, cell = np.random.default_rng(seed), np.zeros((hidden, 2 + hidden))
            cell[:, :1] = xavier_uniform(rng, 1, hidden).T
            cell[:, 2:] = orthogonal(rng, hidden, hidden).T * gain
            return cell, rng.normal(size=hidden) / hidden**0.5
    """)
