"""Formulas as the docstrings write them, in plain characters, turned into LaTeX.

    mₜ ← β₁m + (1−β₁)g²/√v̂      →      m_{t} \\leftarrow \\beta_{1}m+(1-\\beta_{1})g^{2}/\\sqrt{\\hat{v}}

A formula there is a line of symbols and words. Words become upright text, names of functions stay
upright, all other letters are variables.
"""

import re
from unicodedata import normalize

FUNCTIONS = frozenset(
    "log ln exp max min sin cos tan cot tanh sinh cosh sech arctan diag tr Var Cov mean sign softmax norm "
    "softplus expm1 log1p logaddexp logcosh angle share fade".split()
)
SHORT_WORDS = frozenset(
    "is of to in or at as by an if it no the one and its for all not can be on up so now but are has per "
    "with both yes see out two old new cut sum own far any use way low high last step".split()
)
GREEK = dict(
    zip(
        "αβγδεζηθκλμνξπρσςτφχψωΓΔΘΛΞΠΣΦΨΩ",
        r"\alpha \beta \gamma \delta \varepsilon \zeta \eta \theta \kappa \lambda \mu \nu \xi \pi \rho "
        r"\sigma \varsigma \tau \varphi \chi \psi \omega "
        r"\Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Phi \Psi \Omega".split(),
        strict=True,
    )
)
SIGNS = {
    "←": r"\leftarrow ", "→": r"\to ", "⇔": r"\iff ", "≤": r"\le ", "≥": r"\ge ", "≈": r"\approx ",
    "∝": r"\propto ", "≪": r"\ll ", "≫": r"\gg ", "~": r"\sim ",
    "∂": r"\partial ", "∇": r"\nabla ", "∫": r"\int ", "‖": r"\| ",
    "×": r"\times ", "·": r"\cdot ", "∘": r"\circ ", "⊗": r"\otimes ", "±": r"\pm ", "∞": r"\infty ",
    "…": r"\ldots ", "−": "-", "–": "-", "½": r"\tfrac{1}{2}", "⅔": r"\tfrac{2}{3}", "⅓": r"\tfrac{1}{3}",
    "¼": r"\tfrac{1}{4}",
    "′": "'", "″": "''", "%": r"\% ", "#": r"\# ", "&": r"\& ", "{": r"\{ ", "}": r"\} ",
    "│": r"\mid ", "ℓ": r"\ell ", "*": "^{*}", "$": r"\$ ",
}  # fmt: skip
LOW = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-aehijklmnoprstuvx", strict=True))
HIGH = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀⁿᵏᵗᵘᵃᵇⁱʲᴴᶻᵞ", "0123456789+-Tnktuabi" + "jHz" + "γ", strict=True))
HAT, BAR = "\u0302", "\u0304"

TOKEN = re.compile(
    rf"(?P<low>[{''.join(LOW)}]+)|(?P<high>[{''.join(HIGH)}]+)|(?P<under>_(\{{[^}}]*\}}|[A-Za-z]+|\w))"
    r"|(?P<power>\^(\([^()]*\)|⌊[^⌊⌋]*⌋|\w))|(?P<words>[A-Za-z]+)|(?P<number>[0-9.]+)|(?P<space>\s+)|(?P<sign>.)"
)
WORD = r"[A-Za-z]+(?:[-'’][A-Za-z]+)*"
WORDS = re.compile(rf"(?:\s*|(?<=\w)-){WORD}(?:,? +{WORD})*(?![A-Za-z_(\[])[,:;]?\s*")
OPENING, CLOSING = "([", ")]"


def latex(plain: str, sums: bool = True) -> str:
    """Return a line of a docstring as LaTeX; `sums` tells that Σ adds up, and is not a matrix."""
    return _latex("".join(map(_apart, plain)), sums).strip()


def _apart(character: str) -> str:
    """Return a letter and its hat or bar apart."""
    parts = normalize("NFD", character)
    return parts if parts[1:] in (HAT, BAR) else character


def _latex(plain: str, sums: bool) -> str:
    parts: list[str] = []
    place = 0
    while place < len(plain):
        if plain[place] == "√":
            inner, place = _argument(plain, place + 1)
            parts.append(rf"\sqrt{{{_latex(inner, sums)}}}")
            continue
        if plain[place] in (HAT, BAR):
            parts[-1] = rf"\{'hat' if plain[place] == HAT else 'bar'}{{{parts[-1].strip()}}}"
            place += 1
            continue
        words = _words(plain, place)
        if words:
            before, after = (r"\;" if space else "" for space in (words[0] == " ", words[-1] == " "))
            parts.append(rf"{before}\text{{{words.strip()}}}{after}")
            place += len(words)
            continue
        token = TOKEN.match(plain, place)
        assert token is not None
        parts += _tokens(token, sums)
        place = token.end()
    return "".join(parts)


def _tokens(token: re.Match[str], sums: bool) -> list[str]:
    """Return what a token becomes: a letter each, so that a hat finds its own."""
    kind, text = token.lastgroup or "", token.group()
    match kind:
        case "low":
            return [f"_{{{''.join(LOW[c] for c in text)}}}"]
        case "high":
            return [f"^{{{_latex(''.join(HIGH[c] for c in text), sums)}}}"]
        case "under" if text[1:].isalpha() and (_is_word(text[1:]) or len(text) > 3):
            return [rf"_{{\text{{{text[1:]}}}}}"]
        case "under" | "power":
            return [text[0] + "{" + _latex(text[1:].strip("{}()"), sums) + "}"]
        case "words":
            spaced = "" if token.string[token.end() : token.end() + 1] == "(" else r"\,"
            return [rf"\operatorname{{{text}}}{spaced}"] if _upright(text) else list(text)
        case "space":
            return [" "]
        case "number":
            return [text]
    if text == "Σ" and sums:
        return [r"\sum "]
    return [GREEK[text] + " " if text in GREEK else SIGNS.get(text, text)]


def _upright(word: str) -> bool:
    return word in FUNCTIONS or (len(word) > 1 and word.isupper())


def _is_word(word: str) -> bool:
    return word in SHORT_WORDS or (len(word) > 3 and not _upright(word))


def _words(plain: str, place: int) -> str:
    """Return the run of words that begins at a place, with the spaces between and around them; or nothing."""
    found = WORDS.match(plain, place)
    if found is None or (
        place and plain[place] not in " -" and (plain[place - 1].isalnum() or plain[place - 1] in "_^")
    ):
        return ""
    words = re.findall(r"[A-Za-z]+", found.group())
    if not any(map(_is_word, words)):
        return ""
    kept = found.group()
    if plain[found.end() : found.end() + 1] in (HAT, BAR) and found.end() < len(plain):
        return ""
    while len(words) > 1 and not _is_word(words[-1]):  # a variable after the words is none of them
        kept = kept[: kept.rindex(words.pop())]
    return kept if _is_word(words[0]) or words[0] == "a" else ""


def _argument(plain: str, place: int) -> tuple[str, int]:
    """Return what a root is taken of, and where it ends: a bracket, or digits and a letter."""
    if plain[place : place + 1] in OPENING and place < len(plain):
        depth = 0
        for end in range(place, len(plain)):
            depth += (plain[end] in OPENING) - (plain[end] in CLOSING)
            if depth == 0:
                return plain[place + 1 : end], end + 1
    found = re.compile(rf"[0-9]*\w?[{HAT}{BAR}]?[{''.join(LOW)}]*").match(plain, place)
    assert found is not None
    return found.group(), found.end()
