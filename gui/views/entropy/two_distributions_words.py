"""The texts of *Two distributions*: the sentence over the plots, and the formulas with their numbers."""

from math import e, isinf, log

from engine.experiments.entropy.two_distributions import TwoDistributionsSnapshot
from engine.experiments.entropy.two_distributions_message import MessageCosts, Narrowing
from engine.information.bases import BASES
from engine.information.coding import Fork, places
from gui.look.language import tr
from gui.plots.ticks import listed
from gui.plots.ticks import value_text as text
from gui.screen.view import Live
from gui.views.bases import LOGS, unit_of
from gui.views.entropy.two_distributions_codes import code_of, extra_bits, merged, turns
from gui.views.entropy.two_distributions_options import At

EXACT = 1e-12  # bits; a smaller difference is rounding


def information_formulas(at: At) -> list[Live]:
    """Return the formulas of entropy, cross-entropy, both KL divergences, JS, the base, and the code."""
    shot, unit, log_b = at.snapshot, unit_of(at.config.base), LOGS[at.config.base]
    base, most = BASES[at.config.base], log(2) / log(BASES[at.config.base])
    return [
        Live(tr("Entropy and perplexity"), rf"H(P)=-\sum_i p_i {log_b}p_i", _entropies(shot, unit)),
        Live(tr("Cross-entropy: P is the truth"), rf"H(P,Q)=-\sum_i p_i {log_b}q_i", _crosses(shot, unit)),
        Live(
            tr("KL divergence: not the same both ways"),
            rf"\mathrm{{KL}}(P\|Q)=\sum_i p_i {log_b}\frac{{p_i}}{{q_i}}\;\geq 0",
            _divergences(shot, unit),
        ),
        Live(
            tr("The identity"),
            r"H(P,Q)=H(P)+\mathrm{KL}(P\|Q)",
            f"{text(shot.cross_entropy)} = {text(shot.entropy_p)} + {text(shot.kl)}",
        ),
        Live(
            tr("JS divergence: the same both ways"),
            r"\mathrm{JS}=\tfrac12\mathrm{KL}(P\|M)+\tfrac12\mathrm{KL}(Q\|M),\quad M=\tfrac12(P+Q)",
            tr("{js} {unit}, of at most {most}", js=shot.js, unit=unit, most=most),
        ),
        Live(
            tr("Slope at the logits of Q"),
            r"\frac{\partial H(P,Q)}{\partial z_i}=\frac{q_i-p_i}{\ln b},\quad Q=\mathrm{softmax}(z)",
            _slope(base, shot),
            shot.slope_check,
        ),
        Live(tr("Mean length of a code"), r"L=\sum_i p_i\,\ell_i", _lengths(shot)),
    ]


def code_formulas(at: At) -> list[Live]:
    """Return the mean length of the code with its bounds, what each word adds, and its Kraft sum."""
    shot, code = at.snapshot, code_of(at)
    length, ideal = code.mean_length(shot.p), shot.entropy_bits
    extras = [extra_bits(shot, code, k) for k, p in enumerate(shot.p) if p > 0]
    terms = text(extras[0]) + "".join(
        f" {'−' if extra < 0 else '+'} {text(abs(extra))}" for extra in extras[1:]
    )
    kraft = sum(2.0 ** -len(word) for word in code.words if word is not None)
    blocks = [
        Live(tr("Mean length of a code"), r"L=\sum_i p_i\,\ell_i", _lengths(shot)),
        Live(
            tr("Extra bits"),
            r"L-H(P)=\sum_i p_i\,(\ell_i+\log_2 p_i)",
            f"{text(length)} − {text(ideal)} = {text(length - ideal)}\n{terms}",
        ),
        Live(tr("The words just fit (Kraft)"), r"\sum_i 2^{-\ell_i}=1", f"Σ = {text(kraft)}"),
    ]
    if at.options.model == "p":
        numbers = f"{text(ideal)} ≤ {text(length)} < {text(ideal + 1)}"
        blocks.insert(1, Live(tr("Within one bit of the entropy"), r"H(P)\le L<H(P)+1", numbers))
    return blocks


def message_formulas(at: At, costs: MessageCosts, found: Narrowing) -> list[Live]:
    """Return the interval and its word after the coded outcomes, and the code on blocks."""
    n = found.first + len(found.chosen)
    surprise = float(costs.surprise[n - 1]) if n else 0.0
    whole = len(costs.word)
    told = tr(
        "{n} outcomes, coded in {bits} bits and decoded again: the same.", n=len(costs.message), bits=whole
    )
    bound = r"<H(P)+\frac{1}{k}" if at.options.model == "p" else r"\approx H(P,Q)"
    ideal = at.snapshot.entropy_bits if at.options.model == "p" else at.snapshot.cross_entropy_bits
    return [
        Live(
            tr("Width of the interval"),
            r"w=p(x_1)\,p(x_2)\cdots p(x_t)" if at.options.model == "p" else r"w=q(x_1)\,q(x_2)\cdots q(x_t)",
            tr("t = {n}: −log₂ w = {bits}", n=n, bits=surprise),
        ),
        Live(
            tr("Length of the word"),
            r"-\log_2 w\le\ell<-\log_2 w+2",
            f"{text(surprise)} ≤ {len(found.word)} < {text(surprise + 2)}",
        ),
        Live(tr("The whole message"), "", told if costs.decoded else ""),
        Live(
            tr("Huffman's code on blocks"),
            r"\frac{L_k}{k}" + bound,
            tr(
                "k = {k}: {words} words, {bits} bits per outcome are expected; the limit is {ideal}",
                k=costs.block,
                words=costs.table,
                bits=costs.block_mean,
                ideal=ideal,
            ),
        ),
    ]


def finding(at: At) -> str:
    """Return the sentence of the pane: of the information, of the code, or of the message."""
    found = {"bars": _found_of_information, "tree": _found_of_code, "message": _found_of_message}
    return found[at.options.pane](at)


def _found_of_code(at: At) -> str:
    """Describe the last merge; at the end, the length of the code and its excess over the entropy."""
    shot, code, done = at.snapshot, code_of(at), merged(at)
    own, wrong = shot.mean_length, shot.mean_length_wrong
    if done == 0 and turns(at):
        return tr("Every outcome is a group of its own. The two rarest groups are joined first.")
    if done < turns(at):
        fork = next(
            one for one in at.once(places, code.tree).values() if isinstance(one, Fork) and one.turn == done
        )
        return tr(
            "Merge {n} of {all}: the two rarest groups, {a} and {b}, become one of {sum}.",
            n=done,
            all=turns(at),
            a=fork.zero.weight,
            b=fork.one.weight,
            sum=fork.weight,
        )
    if at.options.model == "q":
        return tr(
            "Made for Q, the code takes {wrong} bits as outcomes come from P: {more} more than P's own code.",
            wrong=wrong,
            more=wrong - own,
        )
    if abs(shot.mean_length - shot.entropy_bits) < EXACT:
        return tr("P's code takes {own} bits an outcome, and that is H(P): no bit is wasted.", own=own)
    return tr(
        "P's code takes {own} bits an outcome, {more} more than H(P) = {ideal}: words have whole bits.",
        own=own,
        more=own - shot.entropy_bits,
        ideal=shot.entropy_bits,
    )


def _found_of_message(at: At) -> str:
    """Compare the bits of Huffman's code, for any length of the message, with those of arithmetic coding."""
    shot = at.snapshot
    if at.options.model == "p":
        return tr(
            "Huffman's code takes {own} bits an outcome, however long the message is; arithmetic coding comes"
            " to H(P) = {ideal}.",
            own=shot.mean_length,
            ideal=shot.entropy_bits,
        )
    if shot.impossible:
        return tr(
            "Outcome {n} comes, but Q says never: no part of the interval is left for it, and the message"
            " ends before it.",
            n=shot.impossible[0] + 1,
        )
    return tr(
        "Made for Q, Huffman's code takes {wrong} bits an outcome; arithmetic coding comes to"
        " H(P, Q) = {cross}, and H(P) is {ideal}.",
        wrong=shot.mean_length_wrong,
        cross=shot.cross_entropy_bits,
        ideal=shot.entropy_bits,
    )


def _found_of_information(at: At) -> str:
    """Say what it costs to believe Q, and which part of it is the divergence."""
    shot, names = at.snapshot, {"h": "entropy_p", "cross": "cross_entropy", "kl": "kl", "js": "js"}
    slots = {slot: getattr(shot, name) for slot, name in names.items()}
    slots |= {"unit": unit_of(at.config.base), "reverse": shot.reverse_kl}
    if shot.impossible:
        return tr(
            "Outcome {n} comes, but Q says never: H(P, Q) and KL(P‖Q) are infinite, JS is {js} {unit}.",
            n=shot.impossible[0] + 1,
            **slots,
        )
    if (shot.p == shot.q).all():
        return tr("Q is P: H(P, Q) is no more than H(P), {h} {unit}, and KL is 0 both ways.", **slots)
    if shot.entropy_p == 0:
        return tr("P is certain, H(P) is 0: all of H(P, Q), {cross} {unit}, is KL(P‖Q).", **slots)
    return tr(
        "H(P, Q) is {cross} {unit}: the entropy H(P) = {h} plus KL(P‖Q) = {kl}."
        " The other way round, KL(Q‖P) is {reverse}.",
        **slots,
    )


def _entropies(shot: TwoDistributionsSnapshot, unit: str) -> str:
    return "\n".join(
        (
            tr(
                "H(P) = {p} {unit}, as hard to foresee as {many} equally likely outcomes",
                p=shot.entropy_p,
                unit=unit,
                many=shot.perplexity_p,
            ),
            tr("H(Q) = {q} {unit}, perplexity {many}", q=shot.entropy_q, unit=unit, many=shot.perplexity_q),
        )
    )


def _crosses(shot: TwoDistributionsSnapshot, unit: str) -> str:
    numbers = f"H(P, Q) = {text(shot.cross_entropy)} {unit}"
    if not shot.impossible:
        return numbers
    k = shot.impossible[0]
    why = tr(
        "Outcome {n} comes with p = {p}, but Q says never: its surprise −log 0 is ∞.",
        n=k + 1,
        p=float(shot.p[k]),
    )
    return f"{numbers}\n{why}"


def _divergences(shot: TwoDistributionsSnapshot, unit: str) -> str:
    lines = [f"KL(P‖Q) = {text(shot.kl)} {unit}", f"KL(Q‖P) = {text(shot.reverse_kl)} {unit}"]
    if isinf(shot.reverse_kl):
        lines.append(tr("Q puts weight on outcome {n}, which P never brings.", n=shot.unseen[0] + 1))
    if shot.kl == 0:
        lines.append(tr("0, for Q is P: only then."))
    return "\n".join(lines)


def _slope(base: float, shot: TwoDistributionsSnapshot) -> str:
    """Say how the base changes the gradient."""
    factor = "1" if base == e else 1 / log(base)
    numbers = tr("1/ln b = {factor}: it multiplies loss and slope, and moves no minimum.", factor=factor)
    if shot.slope is None:
        return numbers + "\n" + tr("No slope: H(P, Q) is infinite.")
    return f"{numbers}\n{listed(shot.slope)}"


def _lengths(shot: TwoDistributionsSnapshot) -> str:
    own = tr("built for P: {bits} bits an outcome", bits=shot.mean_length)
    wrong = tr("built for Q, used on P: {bits} bits", bits=shot.mean_length_wrong)
    ideal, cross = text(shot.entropy_bits), text(shot.cross_entropy_bits)
    return f"{own} (H(P) {ideal})\n{wrong} (H(P, Q) {cross})"
