"""The bases of the logarithm that one can choose, by the name that a config stores."""

import math
from typing import Annotated

from engine.config import choice

BASES = {"2": 2.0, "e": math.e, "10": 10.0}
BASE_TITLES = {"2": "2 (bits)", "e": "e (nats)", "10": "10 (dits)"}

LossBase = Annotated[  # of losses that are minimised
    str,
    choice(
        "Base of the logarithm",
        "In which unit the losses are measured. Another base divides loss and gradient by ln b: the steps"
        " change as with another learning rate, the minimum does not move.",
        BASE_TITLES,
        more=True,
    ),
]
