"""The learning rate of plain gradient descent in a script: η, or η times the factor of its schedule.

learning_rate = 0.1                                        # both frameworks
def factor_of(steps_done): …

w = w - learning_rate * factor_of(step) * gradient         # NumPy
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor_of)
"""

from engine.optimizers.update_rule import GradientRule
from engine.scripts.torch_rules import factor_lines
from engine.scripts.writer import ScriptWriter


def write_factor(script: ScriptWriter, rule: GradientRule) -> None:
    """Write the function of the factor, if the learning rate is not always the same."""
    if rule.schedule.constant:
        return
    title = script.tr(rule.schedule.title)
    script.note(script.tr("The factor of the learning rate: {schedule}", schedule=title))
    script.code("\n".join(factor_lines(rule)))


def rate_text(rule: GradientRule, steps_done: str = "step", rate: str = "learning_rate") -> str:
    """The learning rate as an expression, where `steps_done` is the number of steps before this one."""
    return rate if rule.schedule.constant else f"{rate} * factor_of({steps_done})"


def torch_start(script: ScriptWriter, rule: GradientRule, indent: int = 0) -> None:
    """Write the line after an optimizer of PyTorch that has it follow the schedule."""
    if not rule.schedule.constant:
        script.code("schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor_of)", indent)


def torch_step(script: ScriptWriter, rule: GradientRule, indent: int = 1) -> None:
    """Write a step of an optimizer of PyTorch, and of its schedule."""
    script.code("optimizer.step()" if rule.schedule.constant else "optimizer.step()\nschedule.step()", indent)
