"""The options of *Loss curves*: which losses are drawn, and which one is explained."""

from typing import Annotated

from engine.config import Config, choice, plain
from engine.experiments.losses.curves import CurvesConfig
from engine.losses.loss_curves import OVER
from engine.losses.table import LOSSES
from gui.screen.moment import Moment

# As they are called in programs: seven of them have to fit.
SHORT = {
    "mse": "MSE",
    "mae": "MAE",
    "huber": "Huber",
    "log_cosh": "Log-cosh",
    "bce": "BCE",
    "hinge": "Hinge",
    "focal": "Focal",
}
ALL = OVER["logit"]
TITLES = {name: LOSSES[name].title for name in ALL}


class CurvesOptions(Config, frozen=True):
    """Which losses are drawn, and which one is explained."""

    shown: Annotated[tuple[str, ...], plain("Losses", "Which losses are drawn.", max_length=len(ALL))] = ALL
    explained: Annotated[
        str, choice("Explain", "Whose formulas, numbers and flat ranges are shown.", TITLES)
    ] = "mse"

    def toggled(self, name: str) -> tuple[str, ...]:
        """The losses that are drawn when one more, or one less, is."""
        chosen = set(self.shown) ^ {name}
        return tuple(one for one in ALL if one in chosen)


At = Moment[CurvesConfig, CurvesOptions]


def drawn(at: At) -> list[str]:
    """The losses that are drawn over the axis: those chosen, or all where none of them is possible."""
    possible = OVER[at.config.over]
    return [name for name in possible if name in at.options.shown] or list(possible)


def subject(at: At) -> str:
    """The loss that is explained."""
    return at.options.explained if at.options.explained in drawn(at) else drawn(at)[0]
