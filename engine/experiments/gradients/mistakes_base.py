"""What every famous mistake has: a line that is right, the same line written wrongly, and where it stands.

The line that is shown is the line that runs: `Line.code` stands, letter by letter, in the source of
`Line.function`, and a test compares them.
"""

import math
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from engine.config import Tagged
from engine.experiments.gradients.mistakes_recipe import CLASSES, Recipe


class Line(NamedTuple):
    """One line of a program: as a formula, as NumPy, and as the function that runs."""

    latex: str
    code: str
    function: Callable[..., Any]


class Mistake(Tagged, frozen=True):
    """Base of the mistakes. Right and wrong run the same recipe, with one line or the other in it."""

    title: ClassVar[str]
    meaning: ClassVar[str]  # what is done, in one sentence
    look: ClassVar[str]  # the kind of look of its loss curve: the curves of a quiz all look different
    looks: ClassVar[str]  # what one sees in the loss curve
    found: ClassVar[str]  # how one finds it
    passes: ClassVar[str] = ""  # why the gradient check passes, where it does
    source: ClassVar[str]
    result: ClassVar[str]  # what the line computes, in the program
    right: ClassVar[Line]
    wrong: ClassVar[Line]
    guess: ClassVar[float] = math.log(CLASSES)  # the loss of an answer that knows nothing of the input
    curve: ClassVar[str] = "loss"  # the loss that is drawn: or "held_out"
    symptom: ClassVar[str] = "accuracy"  # the scalar that shows it

    @property
    def name(self) -> str:
        """Its key in sessions."""
        return str(self.__struct_config__.tag)

    def recipe(self, seed: int, line: Callable[..., Any]) -> Recipe:
        """The training with the function of one of the two lines in it."""
        raise NotImplementedError

    def recipes(self, seed: int) -> tuple[Recipe, Recipe]:
        """Both trainings, the right one first: the same start, the same data, one line different."""
        return self.recipe(seed, self.right.function), self.recipe(seed, self.wrong.function)
