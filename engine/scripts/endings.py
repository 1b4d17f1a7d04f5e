"""How a run of a network ends in a script: at the last step, or by a rule on losses that are measured."""

from collections.abc import Sequence

from engine.changes import changes_of
from engine.config import Config
from engine.scripts.writer import INDENT, literal
from engine.stop_rules import HeldOutRises, LossBelow

DIVERGED = "if not all(math.isfinite(curves[name][t]) for name in numbers):"


def end_lines(config: Config, watched: Sequence[str]) -> list[str]:
    """Lines at the beginning of step `t` that end a run by its rule; `watched` are names of curves.

    A run with changes goes on at least to the last of them.
    """
    rule = getattr(config, "stop", None)
    if not isinstance(rule, LossBelow | HeldOutRises):
        return []
    since = max((change.step for change in changes_of(config)), default=-1)
    lines, over = [], []
    for number, name in enumerate(watched, start=1):
        losses = "losses" if len(watched) == 1 else f"losses{number}"
        curve = f'curves["{name}"]'
        if since < 0:
            lines.append(f"{losses} = list({curve}.values())")
        else:
            lines.append(f"{losses} = [loss for step, loss in {curve}.items() if step > {since}]")
        known = [losses] if since >= 0 else []
        if isinstance(rule, LossBelow):
            over.append(" and ".join([*known, f"{losses}[-1] < {literal(rule.limit)}"]))
        else:
            over.append(" and ".join([*known, f"len({losses}) - 1 - np.argmin({losses}) >= {rule.patience}"]))
    return [*lines, f"if {' and '.join(over)}:", f"{INDENT}break"]


def later_end_lines(config: Config, ending: str) -> list[str]:
    """Lines at the end of step `t`, for curves whose names have an ending, and which may end earlier."""
    rule = getattr(config, "stop", None)
    if not isinstance(rule, LossBelow | HeldOutRises):
        return []
    since = max((change.step for change in changes_of(config)), default=-1)
    values = (
        "list(curve.values())" if since < 0 else f"[loss for step, loss in curve.items() if step > {since}]"
    )
    if isinstance(rule, LossBelow):
        over = f"one[-1] < {literal(rule.limit)}"
    else:
        over = f"len(one) - 1 - np.argmin(one) >= {rule.patience}"
    later = "losses" if since < 0 else f"t > {since} and losses"
    return [
        f'measured = [curve for name, curve in curves.items() if name.endswith("{ending}") and t in curve]',
        f"losses = [{values} for curve in measured]",
        f"if {later} and all({over} for one in losses):",
        f"{INDENT}break",
    ]
