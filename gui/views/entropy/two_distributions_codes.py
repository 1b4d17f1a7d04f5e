"""Huffman's codes for P and for Q: as a tree that grows merge by merge, as code words, as mean lengths."""

from math import isfinite

from engine.experiments.entropy.two_distributions import TwoDistributionsSnapshot
from engine.information.coding import Code, Fork, Tree, places
from gui.look.language import tr
from gui.plots.own.code_tree import CodeTreePanel, Knot
from gui.plots.own.table import TablePanel, TableRow
from gui.plots.stacks import Stack, StacksPanel, SumPart
from gui.plots.ticks import value_text
from gui.views.entropy.two_distributions_options import At
from gui.views.entropy.two_distributions_plots import outcome_name


def code_of(at: At) -> Code:
    """Return the chosen code."""
    shot: TwoDistributionsSnapshot = at.snapshot
    return shot.code_p if at.options.model == "p" else shot.code_q


def turns(at: At) -> int:
    """Return how many merges make the chosen code."""
    return sum(word is not None for word in code_of(at).words) - 1


def merged(at: At) -> int:
    """Return how many merges are shown."""
    return int(min(at.options.merges, turns(at)))


def show_tree(panel: CodeTreePanel, at: At) -> None:
    """Show the tree of the code after some merges, its words, and the bits that each adds to the mean."""
    shot: TwoDistributionsSnapshot = at.snapshot
    own = at.options.model
    panel.entitle(tr("Huffman's code for P") if own == "p" else tr("Huffman's code for Q, used on P"))
    found = at.once(places, code_of(at).tree)
    knots = [_knot(shot, word, place, own, found) for word, place in found.items()]
    head = tr("outcome"), "p" if own == "p" else "q", tr("word"), tr("extra bits")
    stroke = panel.theme.stroke
    panel.set_tree(knots, head, merged(at), stroke(own), stroke("entropy"))


def extra_bits(shot: TwoDistributionsSnapshot, code: Code, outcome: int) -> float:
    """Return p·(ℓ + log₂ p), the bits that a word adds to the ideal mean length; 0 for p = 0."""
    p = float(shot.p[outcome])
    return p * (float(code.lengths[outcome]) - float(shot.ideal[outcome])) if p else 0.0


def _knot(shot: TwoDistributionsSnapshot, word: str, place: Tree, own: str, found: dict[str, Tree]) -> Knot:
    if isinstance(place, Fork):
        below = [leaf for w, leaf in found.items() if w.startswith(word) and not isinstance(leaf, Fork)]
        names = ", ".join(str(k + 1) for k in sorted(leaf.outcome for leaf in below))
        told = tr(
            "{outcomes}: together {weight}, joined in turn {n}",
            outcomes=names,
            weight=place.weight,
            n=place.turn,
        )
        return Knot(word, place.weight, place.turn, told=told)
    k, code = place.outcome, shot.code_p if own == "p" else shot.code_q
    ideal, extra = float(shot.ideal[k]), extra_bits(shot, code, k)
    told = tr(
        "Outcome {n}: code word {word}, {bits} bits; −log₂ p = {ideal}",
        n=k + 1,
        word=word or "ε",
        bits=len(word),
        ideal=ideal,
    )
    weight = value_text(place.weight)
    return Knot(
        word, place.weight, 0, str(k + 1), ideal, (str(k + 1), weight, word or "ε", signed(extra)), told
    )


def signed(extra: float) -> str:
    """Return a difference with its sign."""
    return f"+{value_text(extra)}" if extra > 0 and isfinite(extra) else value_text(extra)


def show_lengths(panel: StacksPanel, at: At) -> None:
    """Show the mean lengths of both codes for outcomes from P, split by outcome."""
    shot: TwoDistributionsSnapshot = at.snapshot
    if panel.y_axis.name != (name := tr("mean length")):
        panel.set_axes((name, tr("bits")))
    panel.set_stacks(
        [
            Stack(title, [*_parts(panel, shot, code, key)])
            for key, code, title in (
                ("p", shot.code_p, tr("code for P")),
                ("q", shot.code_q, tr("code for Q")),
            )
        ]
    )


def _parts(panel: StacksPanel, shot: TwoDistributionsSnapshot, code: Code, key: str) -> list[SumPart]:
    stroke = panel.theme.stroke(key)
    terms = [(k, float(p) * float(code.lengths[k])) for k, p in enumerate(shot.p) if p > 0]
    return [SumPart(outcome_name(k), bits, stroke) for k, bits in terms if bits > 0]


def show_codes(panel: TablePanel, at: At) -> None:
    """Show the ideal bits and the word of each outcome, for P and for Q, and their means for outcomes from P.

    The emphasised outcome stays the same; without one, the line of the means is marked.
    """
    shot, lines = at.snapshot, []
    words = zip(shot.ideal, shot.code_p.words, shot.ideal_q, shot.code_q.words, strict=True)
    for k, (p, own, q, other) in enumerate(words):
        cells = (value_text(float(p)), _word(own), value_text(float(q)), _word(other))
        lines.append(TableRow(str(k + 1), None, cells, (float(p), own, float(q), other)))
    means = (shot.entropy_bits, shot.mean_length, shot.cross_entropy_bits, shot.mean_length_wrong)
    lines.append(TableRow(tr("mean length (bits)"), None, tuple(map(value_text, means)), means))
    before, count = panel.chosen, len(lines) - 1
    kept = 0 <= before < min(len(panel.lines) - 1, count)
    head = ("−log₂ p", tr("P's code"), "−log₂ q", tr("Q's code"))
    panel.set_lines(head, lines, before if kept else count)


def _word(word: str | None) -> str:
    """Return a code word; ε for the empty word, – for no word."""
    return "–" if word is None else word or "ε"
