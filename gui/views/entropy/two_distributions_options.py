"""The options of *Two distributions*: bars, codes, or the bits of a long message."""

from typing import Annotated

from engine.config import Config, choice, number, plain
from engine.experiments.entropy.two_distributions import LONGEST, TwoDistributionsConfig
from engine.information.shaped_distribution import MOST
from gui.screen.moment import Moment

PANES = {"bars": "P and Q", "tree": "Code tree", "message": "Long messages"}
MODELS = {"p": "Code for P", "q": "Code for Q"}


class TwoDistributionsOptions(Config, frozen=True):
    """The options of the view."""

    pane: Annotated[
        str, choice("Show", "P and Q as bars, Huffman's code as a tree, or a long message in bits.", PANES)
    ] = "bars"
    model: Annotated[
        str,
        choice(
            "Code", "For which distribution the code is made. What is coded comes from P in any case.", MODELS
        ),
    ] = "p"
    merges: Annotated[
        int,
        number(
            "Merges",
            "How often two groups of outcomes have been joined, the two rarest each time.",
            ge=0,
            le=MOST - 1,
        ),
    ] = MOST - 1
    coded: Annotated[
        int,
        number("Coded", "How many outcomes of the message have been coded.", ge=1, le=LONGEST),
    ] = 5
    codes: Annotated[
        bool, plain("Codes", "In a low window: show the codes in the place of bars and sums.")
    ] = False


At = Moment[TwoDistributionsConfig, TwoDistributionsOptions]
