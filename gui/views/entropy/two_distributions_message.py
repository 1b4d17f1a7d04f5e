"""A long message in bits: bits per outcome against its length, for three codes; and the shrinking
interval.
"""

from math import ceil, inf, log10

import numpy as np

from engine.experiments.entropy.two_distributions import TwoDistributionsSnapshot
from engine.experiments.entropy.two_distributions_message import MessageCosts, Narrowing
from engine.information.arithmetic_coding import Interval
from engine.information.information import Array
from gui.look.language import tr
from gui.look.numbers import SUPERSCRIPTS, counted
from gui.look.theme import Theme
from gui.plots.curves import Curve
from gui.plots.own.shrinking import ShrinkingPanel, Shrunk
from gui.plots.own.table import TablePanel, TableRow
from gui.plots.ticks import value_text
from gui.views.curve_plots import CurveAxes, Plot
from gui.views.entropy.two_distributions_options import At

DIGITS = 4  # decimals of the ends of an interval, at most
BITS = 7  # how many bits of a word are written: the last ones
HIGHEST = 1.6  # the end of the plot, in multiples of the largest expected number of bits


def coded(at: At, costs: MessageCosts) -> int:
    """Return how many outcomes of the message have been coded, at the chosen place."""
    return min(at.options.coded, len(costs.message))


def message_curves(at: At, theme: Theme, costs: MessageCosts) -> Plot:
    """Return the bits per outcome against the number of coded outcomes, with H(P) and H(P, Q)."""
    shot: TwoDistributionsSnapshot = at.snapshot
    last = float(max(at.config.length, 2))
    axes = CurveAxes(
        (tr("outcomes coded"), ""),
        (tr("bits per outcome"), ""),
        log_x=True,
        x_limits=(1.0, last),
        y_limits=(0.0, _top(shot)),
        whole_x=True,
    )
    lines = _lines(shot, np.array([1.0, last]), theme)
    place = float(coded(at, costs)) if len(costs.message) else None
    return Plot(axes, [*lines, *_measured(costs, theme)], cursor=(place, ""))


def _measured(costs: MessageCosts, theme: Theme) -> list[Curve]:
    """Return the curves of the codes, and the information of the message."""
    every, stroke = np.arange(1.0, len(costs.message) + 1), theme.stroke
    blocks = costs.block * np.arange(1.0, len(costs.blocks) + 1)
    title = tr("Huffman, blocks of {b}", b=costs.block)
    name, lengths = tr("arithmetic coding"), costs.lengths.astype(float)
    return [
        Curve("surprise", tr("its surprise"), every, costs.surprise / every, stroke("bound")),
        Curve("single", tr("Huffman"), every, costs.single / every, stroke("huffman")),
        Curve("blocks", title, blocks, costs.blocks / blocks, stroke("huffman_blocks")),
        Curve("arithmetic", name, lengths, costs.arithmetic / lengths, stroke("arithmetic"), width=2.4),
    ]


def _lines(shot: TwoDistributionsSnapshot, ends: Array, theme: Theme) -> list[Curve]:
    """Return the lines of entropy and of cross-entropy, if that is finite."""
    lines = (("entropy", "H(P)", shot.entropy_bits), ("cross_entropy", "H(P, Q)", shot.cross_entropy_bits))
    return [
        Curve(key, name, ends, np.full(2, value), theme.stroke(key), width=1.4)
        for key, name, value in lines
        if value < inf
    ]


def _top(shot: TwoDistributionsSnapshot) -> float:
    """Return the end of the axis, above all expected values; the first few outcomes may be beyond it."""
    expected = (shot.entropy_bits, shot.cross_entropy_bits, shot.mean_length, shot.mean_length_wrong)
    return max(HIGHEST * max(value for value in expected if value < inf), 1.0)


def show_interval(panel: ShrinkingPanel, at: At, found: Narrowing) -> None:
    """Show the last few intervals, and the word of the last one beside it."""
    ends = [_ends(interval) for interval in found.intervals]
    spans = [(low / whole, (low + width) / whole) for low, width, whole in found.intervals]
    chosen = (*found.chosen, None)
    stages = [Shrunk(*end, part, span) for end, part, span in zip(ends, chosen, spans, strict=True)]
    model = at.options.model
    n = found.first + len(found.chosen)
    wide = tr("The interval after {n} outcomes, its width", n=n)  # if the ends are too long to be written
    panel.entitle(tr("The interval after {n} outcomes", n=n) if ends[-1][1] else wide)
    strokes = panel.theme.stroke(model), panel.theme.stroke("arithmetic")
    shares = tuple(map(float, found.shares))
    panel.set_stages(counted(len(shares)), shares, stages, strokes, _bracket(found))


def _bracket(found: Narrowing) -> tuple[float, float, str]:
    """Return the part of the last interval with the numbers that begin with its word."""
    low, width, whole = found.intervals[-1]
    bits, number = len(found.word), int(found.word or "0", 2)
    scale = width << bits
    first = ((number * whole) - (low << bits)) / scale
    last = ((number + 1) * whole - (low << bits)) / scale
    word = found.word if len(found.word) <= BITS else "…" + found.word[-(BITS - 1) :]
    return first, last, word or "ε"


def _ends(interval: Interval) -> tuple[str, str]:
    """Return the ends of an interval as decimals that differ; for a short interval its width."""
    low, width, whole = interval
    bits = whole.bit_length() - width.bit_length()  # approximately −log₂ of the width
    digits = ceil((bits + 1) * log10(2)) + 1
    if digits > DIGITS:
        return "2" + f"-{bits}".translate(SUPERSCRIPTS), ""
    return _decimal(low, whole, digits), _decimal(low + width, whole, digits)


def _decimal(number: int, whole: int, digits: int) -> str:
    """Return number/whole, rounded to this many decimals, without zeros at the end."""
    before, after = divmod((2 * number * 10**digits + whole) // (2 * whole), 10**digits)
    decimals = f"{after:0{digits}d}".rstrip("0")
    return f"{before}.{decimals}" if decimals else str(before)


def show_costs(panel: TablePanel, at: At, costs: MessageCosts) -> None:
    """Show the bits of the whole message by each code, in all and per outcome, and the expected ones."""
    n = len(costs.message)
    shot: TwoDistributionsSnapshot = at.snapshot
    ideal = shot.entropy_bits if at.options.model == "p" else shot.cross_entropy_bits
    whole = len(costs.blocks) * costs.block
    rows = [
        (tr("Huffman"), "single", _last(costs.single), n, costs.single_mean),
        (tr("blocks of {b}", b=costs.block), "blocks", _last(costs.blocks), whole, costs.block_mean),
        (tr("arithmetic"), "arithmetic", _last(costs.arithmetic), n, None),
        (tr("surprise"), "surprise", _last(costs.surprise), n, ideal),
    ]
    lines = [
        TableRow(name, panel.theme.stroke(STROKES[key]), *_cells(bits, count, mean))
        for name, key, bits, count, mean in rows
    ]
    panel.set_lines((tr("bits"), tr("outcomes"), tr("per outcome"), tr("expected")), lines)


STROKES = {
    "single": "huffman",
    "blocks": "huffman_blocks",
    "arithmetic": "arithmetic",
    "surprise": "bound",
}


def _cells(bits: float, count: int, mean: float | None) -> tuple[tuple[str, ...], tuple[object, ...]]:
    each = bits / count if count else None
    values = (bits, count, each, mean)
    texts = (
        value_text(bits) if bits % 1 else f"{bits:.0f}",
        str(count),
        "–" if each is None else value_text(each),
        "–" if mean is None else value_text(mean),
    )
    return texts, values


def _last(bits: Array) -> float:
    return float(bits[-1]) if len(bits) else 0.0
