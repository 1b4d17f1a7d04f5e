"""The base of the logarithm on the pages on entropy: the unit of information, and log in formulas."""

from engine.information.bases import BASES
from engine.information.information import UNITS
from gui.look.language import tr

LOGS = {"2": r"\log_2 ", "e": r"\ln ", "10": r"\log_{10} "}


def unit_of(base: str) -> str:
    """Bits, nats or dits, translated."""
    return tr(UNITS[BASES[base]])
