"""The settings of *Losses ▸ Loss curves*: what is on the axis, the target, and the losses' own parameters."""

from typing import Annotated

from engine.config import Config, choice, number, plain
from engine.losses.loss_curves import LossParameters, logit, smoothed_label

AXES = {"number": "Any number p", "probability": "A probability p", "logit": "The logit z"}
ENDS = {"number": (-6.0, 6.0), "probability": (0.0, 1.0), "logit": (-12.0, 12.0)}
POINTS = {"number": "prediction", "probability": "probability", "logit": "logit"}  # axis → its field


def of_classes(config: "CurvesConfig") -> bool:
    """Whether the target is a class, not a number."""
    return config.over != "number"


class CurvesConfig(Config, frozen=True):
    """One target, one point at which the numbers are given, and the parameters of the losses."""

    over: Annotated[
        str,
        choice(
            "Over",
            "What is on the axis. Over the logit z the prediction is σ(z), and the slope is the gradient that"
            " a network gets.",
            AXES,
        ),
    ] = "logit"
    prediction: Annotated[
        float,
        number(
            "Prediction",
            "The point whose numbers are given.",
            symbol="p",
            ge=-6,
            le=6,
            when=lambda c: c.over == "number",
        ),
    ] = 2.5
    probability: Annotated[
        float,
        number(
            "Prediction",
            "The point whose numbers are given.",
            symbol="p",
            ge=0,
            le=1,
            when=lambda c: c.over == "probability",
        ),
    ] = 0.9
    logit: Annotated[
        float,
        number(
            "Logit",
            "The point whose numbers are given.",
            symbol="z",
            ge=-12,
            le=12,
            when=lambda c: c.over == "logit",
        ),
    ] = 5.0
    target: Annotated[
        float,
        number("Target", "What is right.", symbol="y", ge=-5, le=5, when=lambda c: c.over == "number"),
    ] = 0.0
    label: Annotated[
        float,
        number(
            "Label", "What is right: class 0, class 1, or a mixture.", symbol="y", ge=0, le=1, when=of_classes
        ),
    ] = 0.0
    smoothing: Annotated[
        float,
        number(
            "Label smoothing",
            "Fraction of the label spread over both classes: y′ = (1 − s)·y + s/2.",
            symbol="s",
            ge=0,
            le=1,
            when=of_classes,
        ),
    ] = 0.0
    delta: Annotated[
        float,
        number(
            "Huber: threshold",
            "Errors larger than this count linearly.",
            symbol="δ",
            gt=0,
            le=100,
            soft=(0.05, 5),
        ),
    ] = 1.0
    gamma: Annotated[
        float,
        number(
            "Focal: focus",
            "How much less easy examples count; 0 is cross-entropy.",
            symbol="γ",
            ge=0,
            le=10,
            soft=(0, 5),
            when=of_classes,
        ),
    ] = 2.0
    weighted: Annotated[
        bool,
        plain("Focal: weigh the classes", "Count class 1 by α and class 0 by 1 − α.", when=of_classes),
    ] = False
    alpha: Annotated[
        float,
        number(
            "Focal: weight of class 1",
            "Class 0 has the rest, 1 − α.",
            symbol="α",
            ge=0,
            le=1,
            when=lambda c: c.weighted,
        ),
    ] = 0.25

    @property
    def point(self) -> float:
        """The value on the axis at which the numbers are given."""
        return float(getattr(self, POINTS[self.over]))

    @property
    def y(self) -> float:
        """The target in the losses: for a label, after smoothing."""
        return self.target if self.over == "number" else smoothed_label(self.label, self.smoothing)

    @property
    def best(self) -> float:
        """The value on the axis at which the prediction is the target; ±∞ for the logit of label 0 or 1."""
        return logit(self.y) if self.over == "logit" else self.y

    @property
    def parameters(self) -> LossParameters:
        """The parameters of the losses."""
        return LossParameters(self.delta, self.gamma, self.alpha if self.weighted else None)
