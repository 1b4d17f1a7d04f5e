"""The meanings of the terms of formulas: a term is declared once, with what shows it; settings declare
themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import msgspec

from gui.form.field import Field, fields_of
from gui.look.arithmetic import exact_text
from gui.look.language import tr
from gui.look.shown_terms import ShownTerm
from gui.look.terms import terms_in
from gui.look.theme import Theme
from gui.plots.panel import Panel
from gui.plots.things import ALL
from gui.plots.ticks import value_text

GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "varepsilon",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "varphi",
    "ω": "omega",
    "Δ": "Delta",
}
LOW = {ord(digit): str(k) for k, digit in enumerate("₀₁₂₃₄₅₆₇₈₉")}
RAISED = {"⁺": "+", "⁻": "-"}
Spot = tuple[Panel, str]  # a plot, and the key of a thing in it


class Term(NamedTuple):
    """A term of the formulas of a page: its LaTeX, its name, and where it is shown.

    It has the colour of the things that show it, if they share one, and their value, unless a value is given.
    Without a name it is the setting with this symbol, which plots also show.
    """

    latex: str
    name: str
    spots: tuple[Spot, ...] = ()
    value: str = ""
    told: bool = True


def term(latex: str, name: str, *spots: Spot | Panel, value: str | float = "", told: bool = True) -> Term:
    """Return a term with the things that show it: (plot, key), or a whole plot.

    If the value of a thing is another quantity than the term, the term is not `told`: no value is shown.
    """
    places = tuple((one, ALL) if isinstance(one, Panel) else one for one in spots)
    return Term(latex, name, places, value if isinstance(value, str) else value_text(value), told)


@dataclass(frozen=True, eq=False)
class Meaning:
    """The meaning of a term now: its text, the plots that show it, and the setting that sets it."""

    shown: ShownTerm
    spots: tuple[Spot, ...] = ()
    setting: str = ""  # the path of the setting, such as "racers.2.beta"


def meanings(
    terms: Sequence[Term],
    config: msgspec.Struct,
    options: msgspec.Struct,
    theme: Theme,
    formulas: Sequence[str] | None = None,
) -> list[Meaning]:
    """Return the terms of a page, then the settings that have a symbol; for the same symbol the first counts.

    With `formulas`, only terms that occur in one of them, because looking up the things of a plot takes time.
    """
    settings: dict[str, Meaning] = {}
    for one in _of_settings(config, options):
        settings.setdefault(one.shown.latex, one)
    own: dict[str, Term] = {}
    for term in terms:
        if term.name or term.latex in settings:
            own.setdefault(term.latex, term)
    names = tuple(settings | own)
    if formulas is not None:
        used = {k for latex in formulas for k in _standing(latex, names)}
        names = tuple(names[k] for k in sorted(used))
    found = (
        _of_plots(own[name], settings.get(name), theme) if name in own else settings[name] for name in names
    )
    return list(found)


def standing_in(latex: str, known: Sequence[Meaning]) -> tuple[Meaning, ...]:
    """Return the terms that occur in a formula, in their order."""
    return tuple(known[k] for k in _standing(latex, tuple(one.shown.latex for one in known)))


@lru_cache(maxsize=1000)
def _standing(latex: str, terms: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(sorted({found.term for found in terms_in(latex, terms)}))


def _of_plots(term: Term, setting: Meaning | None, theme: Theme) -> Meaning:
    things = [thing for panel, key in term.spots if panel.isVisible() and (thing := panel.thing(key))]
    colours = {thing.colour for thing in things} - {""}
    values = {thing.value for thing in things} - {""}
    colour = theme.ink(colours.pop()) if len(colours) == 1 else ""
    told = term.value or (values.pop() if len(values) == 1 and term.told else "")
    if setting is not None and not term.name:
        return replace(setting, shown=replace(setting.shown, colour=colour), spots=term.spots)
    return Meaning(ShownTerm(term.latex, term.name, colour, told), term.spots)


def _of_settings(config: msgspec.Struct, options: msgspec.Struct | None) -> Iterator[Meaning]:
    """Yield the settings with a symbol that have an effect; in a list of records, those of the chosen one."""
    for field in fields_of(type(config)):
        value = getattr(config, field.name)
        if not field.when(config):
            continue
        if field.symbol and isinstance(value, int | float):
            yield _setting(field, value, field.name)
        elif isinstance(value, msgspec.Struct):
            yield from _inside(_of_settings(value, None), field.name)
        elif isinstance(value, Sequence) and value and isinstance(value[0], msgspec.Struct):
            index = min(_chosen(options, field.name), len(value) - 1)
            if index >= 0:
                yield from _inside(_of_settings(value[index], None), f"{field.name}.{index}")


def _inside(found: Iterator[Meaning], way: str) -> Iterator[Meaning]:
    return (replace(one, setting=f"{way}.{one.setting}") for one in found)


def _chosen(options: msgspec.Struct | None, name: str) -> int:
    """Return the chosen entry of a list; −1 if the page does not choose one."""
    of = [field.name for field in fields_of(type(options)) if field.of == name] if options is not None else []
    return int(getattr(options, of[0])) if of else -1


def _setting(field: Field, value: float, way: str) -> Meaning:
    text = exact_text(float(value)) if isinstance(value, float) else str(value)
    shown = ShownTerm(latex_of(field.symbol), tr(field.title), "", text, tr(field.meaning))
    return Meaning(shown, (), way)


def latex_of(symbol: str) -> str:
    """Return the LaTeX of a symbol of a setting: β₁ is \\beta_1, and Δmin \\Delta_{\\min}."""
    word = next((word for word in ("min", "max") if symbol.endswith(word)), "")
    bare = symbol.removesuffix(word).rstrip("₀₁₂₃₄₅₆₇₈₉⁺⁻")
    letters = "".join(f"\\{GREEK[letter]}" if letter in GREEK else letter for letter in bare)
    low = symbol.removesuffix(word).removeprefix(bare)
    if low in RAISED:
        return f"{letters}^{{{RAISED[low]}}}"
    return f"{letters}_{{\\{word}}}" if word else f"{letters}_{low.translate(LOW)}" if low else letters
