"""The links between formulas, plots and settings: a thing pointed at in one of them is lit in the others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QEvent, QObject

from gui.form.base import Editor
from gui.form.form import Form
from gui.look.glossary import entry_named, entry_of_symbol
from gui.look.glossary_links import entry_headed
from gui.look.language import installed
from gui.look.linked_formula import LinkedFormula
from gui.look.shown_terms import ShownTerm
from gui.plots.panel import Panel
from gui.screen.notes import Live, LiveBlock, NotesPanel
from gui.screen.terms import Meaning, Spot, meanings, standing_in
from gui.screen.view import View


class Speech(QObject):
    """Connects the formulas of a screen, the plots of its view and its form, and lights what is pointed
    at.
    """

    def __init__(self, form: Form, notes: NotesPanel, strip: LiveBlock, parent: QObject) -> None:
        super().__init__(parent)
        self._form, self._notes, self._strip = form, notes, strip
        self._view: View | None = None
        self.known: list[Meaning] = []  # the meanings of the terms of the visible formulas
        self._heard: set[int] = set()  # formulas that it is connected to
        self._listen(strip.formula)
        form.rearranged.connect(self._watch_settings)

    def use(self, view: View) -> None:
        """Connect to the plots of a view."""
        self._view = view
        for panel in view.findChildren(Panel):
            panel.pointed.connect(self._from_plot)

    def forget(self) -> None:
        """Forget all terms, because the formulas are not visible."""
        if self.known:
            self._take([])

    def show(self, lives: Sequence[Live], at: Any, presenting: bool) -> None:
        """Show formulas with the meanings of their terms at a moment."""
        view = self._view
        assert view is not None
        formulas = [live.latex for live in lives]
        known = meanings(view.terms(at), at.config, at.options, view.theme, formulas) if formulas else []
        found = [standing_in(live.latex, known) for live in lives]
        name = self._notes.experiment
        terms = [tuple(_shown(live, these, name)) for live, these in zip(lives, found, strict=True)]
        self._notes.set_live(lives, terms)
        for block in self._notes.blocks:
            self._listen(block.formula)
        if presenting and lives:
            self._strip.show_live(lives[0], terms[0])
        self._take(list(dict.fromkeys(one for these in found for one in these)))

    def _listen(self, formula: LinkedFormula) -> None:
        if id(formula) not in self._heard:
            self._heard.add(id(formula))
            formula.pointed.connect(self._from_formula)
            formula.entry_requested.connect(self._notes.entry_requested)

    def _take(self, known: list[Meaning]) -> None:
        """Take these meanings, and watch the plots and settings that show them."""
        self.known = known
        spoken: dict[Panel, set[str]] = {}
        for panel, key in _spots(known):
            spoken.setdefault(panel, set()).add(key)
        for panel in self._panels():
            panel.spoken = frozenset(spoken.get(panel, ()))
        self._watch_settings()

    def _watch_settings(self) -> None:
        """Watch the mouse over those settings of the form that are terms of formulas."""
        for one in self.known:
            editor = self._form.found(one.setting) if one.setting else None
            if editor is not None:
                editor.installEventFilter(self)

    def _panels(self) -> list[Panel]:
        return self._view.findChildren(Panel) if self._view is not None else []

    # Pointing

    def _from_formula(self, latex: str) -> None:
        """Light the things of the plots and the form that a term stands for, and the term in all formulas."""
        self._light([one for one in self.known if one.shown.latex == latex])

    def _from_plot(self, key: str | None) -> None:
        """Light the terms that stand for a thing of a plot, if there are any."""
        panel = self.sender()
        spot = (panel, key)
        self._light([] if key is None else [one for one in self.known if spot in one.spots], plots=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Light the terms whose value a setting sets, while the mouse is over the setting."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave) and isinstance(watched, Editor):
            on = event.type() == QEvent.Type.Enter
            meant = [one for one in self.known if one.setting and self._form.found(one.setting) is watched]
            self._light(meant if on else [], form=False)
        return super().eventFilter(watched, event)

    def _light(self, meant: Sequence[Meaning], plots: bool = True, form: bool = True) -> None:
        keys: dict[Panel, set[str]] = {}
        for panel, key in _spots(meant if plots else ()):
            keys.setdefault(panel, set()).add(key)
        for panel in self._panels():
            panel.light(keys.get(panel, ()))
        names = {one.shown.latex for one in meant}
        for block in (*self._notes.blocks, self._strip):
            block.formula.light(names)
        self._form.light(one.setting for one in (meant if form else ()) if one.setting)


def _spots(known: Iterable[Meaning]) -> list[Spot]:
    return [spot for one in known for spot in one.spots]


def _shown(live: Live, meant: Iterable[Meaning], experiment: str) -> Iterator[ShownTerm]:
    """The terms of a formula, without what they are now where that is not to be told; with their entries."""
    language = installed()
    for one in meant:
        shown = one.shown if live.told else replace(one.shown, value="")
        key, said = _entry(shown.latex, shown.name, one.setting, experiment, language)
        yield replace(shown, entry=key, said=said) if key else shown


@lru_cache(maxsize=1024)
def _entry(latex: str, name: str, setting: str, experiment: str, language: str) -> tuple[str, str]:
    """Key and sentence of what the glossary says of a term: by its setting, or else by its name."""
    entry = (
        entry_of_symbol(latex, experiment, setting)
        or entry_named(name, language)
        or entry_headed(name, language, experiment)
    )
    return (entry.key, entry.words[language].meaning) if entry is not None else ("", "")
