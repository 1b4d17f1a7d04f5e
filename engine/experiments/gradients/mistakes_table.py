"""The table of the famous mistakes: a new one is a class in a file `mistakes_…`, and a line here."""

from engine.experiments.gradients.mistakes_base import Mistake
from engine.experiments.gradients.mistakes_data import (
    FeaturesChosenOnAll,
    InOrderOfClass,
    LabelsLeftBehind,
    ScalingWithTestData,
)
from engine.experiments.gradients.mistakes_gradients import (
    DerivativeOfOutput,
    DiagonalJacobian,
    GradientsNotReset,
    LabelTimesError,
    SumForMean,
)
from engine.experiments.gradients.mistakes_numbers import LogOfZero, SoftmaxTwice, SoftmaxWithoutShift
from engine.experiments.gradients.mistakes_optimizers import (
    AdamWithoutCorrection,
    AdamWithoutPower,
    NegativeBias,
    ZeroStart,
)
from engine.experiments.gradients.mistakes_sequences import GatesSwapped, StateLeaks

AnyMistake = (
    LabelTimesError
    | DiagonalJacobian
    | SumForMean
    | GradientsNotReset
    | DerivativeOfOutput
    | SoftmaxWithoutShift
    | LogOfZero
    | SoftmaxTwice
    | AdamWithoutPower
    | AdamWithoutCorrection
    | ZeroStart
    | NegativeBias
    | InOrderOfClass
    | LabelsLeftBehind
    | ScalingWithTestData
    | FeaturesChosenOnAll
    | GatesSwapped
    | StateLeaks
)
MISTAKES: dict[str, type[Mistake]] = {str(kind.__struct_config__.tag): kind for kind in AnyMistake.__args__}
