"""Rprop: only the sign of each slope counts; each coordinate's step grows while the sign stays the same.

    a ← sign(g) sign(g̃)            1: the same direction as before, −1: the minimum was jumped over
    Δ ← η⁺Δ if a = 1,  η⁻Δ if a = −1,  else Δ               not below Δmin, not above Δmax
    g̃ ← 0 if a = −1, else g                                  after a jump the coordinate rests for one step
    x ← x − Δ sign(g̃)

The size of the gradient has no influence, so a plateau is no slower than a cliff. But the signs must be those
of one function: with mini-batches they are partly chance, and a coordinate whose gradient is 9 times 0.1 and
once −0.9 walks nine steps forward and one back although the mean gradient is 0. RMSProp was invented to mend
this: it divides by a size that hardly changes from one batch to the next.

Conventions. The step above is that of PyTorch, called iRprop⁻ by Igel and Hüsken. The first paper also takes
the jump back (`backtracking`): x returns to the point before it. η is the first Δ; here Δ = ηd with the
multiple d of each coordinate, so that a schedule can scale all steps. Optax 0.2.8 takes every step with the
gradient before: its first step is 0.

References: Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the RPROP
algorithm", 1993; Igel and Hüsken, "Improving the Rprop learning algorithm", 2000; Tieleman and Hinton,
Coursera lecture 6.5, 2012 (why not with mini-batches).
"""

from typing import Annotated, Generic

from msgspec.structs import replace

from engine.config import number, plain
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import (
    GradientRule,
    LearningRate,
    OptimizerState,
    T,
    choose,
    clamped,
    larger,
    sign,
)

Growth = Annotated[
    float,
    number(
        "Growth factor",
        "By what a step grows while the slope keeps its sign.",
        symbol="η⁺",
        ge=1,
        le=10,
        soft=(1, 2),
        more=True,
        live=True,
    ),
]
Shrinking = Annotated[
    float,
    number(
        "Shrink factor",
        "By what a step shrinks when the slope changes its sign.",
        symbol="η⁻",
        gt=0,
        le=1,
        more=True,
        live=True,
    ),
]
Shortest = Annotated[
    float,
    number(
        "Shortest step",
        "No step becomes shorter than this.",
        symbol="Δmin",
        gt=0,
        le=0.01,
        scale="log",
        soft=(1e-9, 0.01),
        more=True,
        live=True,
    ),
]
Longest = Annotated[
    float,
    number(
        "Longest step",
        "No step becomes longer than this.",
        symbol="Δmax",
        ge=0.01,
        le=1e6,
        scale="log",
        soft=(0.01, 1000),
        more=True,
        live=True,
    ),
]
Backtracking = Annotated[
    bool,
    plain(
        "Take jumps back",
        "Where the slope changes its sign, return to the point before (1993).",
        more=True,
        live=True,
    ),
]


class RpropState(OptimizerState, Generic[T], frozen=True):
    """Whether the signs agree, what that makes of the step length, the gradient that is kept, the move."""

    agreement: T
    multiplier: T
    multiple: T
    length: T
    kept_gradient: T
    move: T
    t: int


MULTIPLE = Equation(
    r"d_t = f_t\, d_{t-1} \quad (\Delta_{\min} \le \eta\, d_t \le \Delta_{\max})",
    "min(max(multiplier*old_multiple, shortest/learning_rate), longest/learning_rate)",
    "multiple",
)


class Rprop(GradientRule, frozen=True, tag="rprop"):
    """Δ grows by η⁺ or shrinks by η⁻, then x ← x − Δ sign(g̃); η is the first Δ."""

    learning_rate: LearningRate = 0.01
    growth: Growth = 1.2
    shrinking: Shrinking = 0.5
    shortest: Shortest = 1e-6
    longest: Longest = 50.0
    backtracking: Backtracking = False

    title = "Rprop"
    family = "per-coordinate"
    meaning = (
        "Only signs count: a step grows while its slope keeps its sign. For the gradient of all examples."
    )
    rule = (
        Equation(
            r"a_t = \mathrm{sign}(g_t)\, \mathrm{sign}(\tilde{g}_{t-1})",
            "sign(gradient)*sign(old_kept_gradient)",
            "agreement",
        ),
        Equation(
            r"f_t = \begin{cases}\eta^{+} & a_t > 0\\ 1 & a_t = 0\\ \eta^{-} & a_t < 0\end{cases}",
            "1 + (growth - 1)*max(agreement, 0) + (1 - shrinking)*min(agreement, 0)",
            "multiplier",
        ),
        MULTIPLE,
        Equation(r"\Delta_t = \eta\, d_t", "learning_rate*multiple", "length"),
        Equation(
            r"\tilde{g}_t = \begin{cases}0 & a_t < 0\\ g_t & a_t \ge 0\end{cases}",
            "gradient*min(1 + agreement, 1)",
            "kept_gradient",
        ),
        Equation(
            r"x_{t+1} = x_t - \Delta_t\, \mathrm{sign}(\tilde{g}_t)",
            "x - length*sign(kept_gradient)",
            "x",
            when=lambda rule: not rule.backtracking,
        ),
        Equation(
            r"s_t = \begin{cases}-s_{t-1} & a_t < 0\\"
            r" -\Delta_t\, \mathrm{sign}(\tilde{g}_t) & a_t \ge 0\end{cases}",
            "min(agreement, 0)*old_move - length*sign(kept_gradient)",
            "move",
            when=lambda rule: rule.backtracking,
        ),
        Equation(r"x_{t+1} = x_t + s_t", "x + move", "x", when=lambda rule: rule.backtracking),
    )
    state_type = RpropState

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The equations of one step; with a schedule too, the bounds are those of η."""
        return tuple(MULTIPLE if line.result == "multiple" else line for line in super().equations)

    def start(self, x: T) -> RpropState[T]:
        """Return the state before the first step: no gradient yet, and Δ = η."""
        start: RpropState[T] = super().start(x)
        return replace(start, multiple=start.multiple + 1.0, length=start.length + self.learning_rate)

    def step(self, x: T, gradient: T, state: RpropState[T], rate: float) -> tuple[T, RpropState[T]]:
        """Compare the signs, make Δ longer or shorter, then x ← x − Δ sign(g̃)."""
        first = self.learning_rate
        agreement = sign(gradient) * sign(state.kept_gradient)
        changed = agreement < 0
        multiplier = self._multiplier(agreement)
        multiple = clamped(multiplier * state.multiple, self.shortest / first, self.longest / first)
        length, kept = rate * multiple, choose(changed, 0.0, gradient)
        move = -length * sign(kept)
        if self.backtracking:
            move = choose(changed, -state.move, move)
        return x + move, RpropState(agreement, multiplier, multiple, length, kept, move, state.t + 1)

    def _multiplier(self, agreement: T) -> T:
        """η⁺ where the agreement is 1, η⁻ where it is −1, else 1; in the dtype of x."""
        grown: T = 1 + (self.growth - 1) * larger(agreement, 0 * agreement)
        return grown - (1 - self.shrinking) * larger(-agreement, 0 * agreement)
