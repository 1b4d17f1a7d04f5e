"""The glossary: a list that is searched as one types, and beside it what the chosen entry says."""

import re

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.experiments import EXPERIMENTS
from gui.app.list_keys import ListKeys
from gui.app.navigation import tab_names, tab_of, tab_titles
from gui.form.field import Field, fields_of, structs_in
from gui.look.glossary import EntryWords, GlossaryEntry, glossary
from gui.look.language import LANGUAGES, installed, sentences, series, tr
from gui.look.matching import Names
from gui.look.theme import Theme
from gui.screen.reading import Explanation

SIZE = 820, 520  # pixels at the ordinary size of text
LIST = 230  # of the width
KEY = Qt.ItemDataRole.UserRole


class GlossaryDialog(QDialog):
    """Shows the entries. It goes nowhere by itself: `place_chosen` tells what was clicked."""

    place_chosen = Signal(str, str)  # an experiment, and the way to one of its settings or ""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Glossary"))
        self._names = {entry.key: _names_of(entry) for entry in glossary().values()}
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Search"))
        self.line.setAccessibleName(tr("Search"))
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._filter)
        self.list = QListWidget()
        ListKeys(self.line, self.list)
        self.list.setAccessibleName(tr("Entries"))
        self.list.currentItemChanged.connect(self._show_chosen)
        self.text = Explanation(theme)
        self.text.anchorClicked.connect(self._follow)
        self.text.entry_requested.connect(self.show_entry)
        self._dress(theme)
        self._filter("")
        self.resize(min(theme.px(SIZE[0]), window.width()), min(theme.px(SIZE[1]), window.height()))

    def _dress(self, theme: Theme) -> None:
        self.setStyleSheet(
            f"QTextBrowser {{ background: transparent; border: none; font-size: {theme.notes_px}px; }}"
            f"QTextBrowser:focus {{ border: 1px solid {theme.accent}; }}"
            f"QListWidget {{ background: {theme.plot}; border: 1px solid {theme.hairline}; outline: none; }}"
            f"QListWidget::item {{ padding: {theme.px(3)}px {theme.px(6)}px; color: {theme.text}; }}"
            f"QListWidget::item:selected {{ background: {theme.accent}; color: {theme.accent_text}; }}"
        )
        left, whole = QVBoxLayout(), QHBoxLayout(self)
        left.addWidget(self.line)
        left.addWidget(self.list, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addWidget(self.text)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the text in it takes the focus
        area.setWidget(inside)
        self._area = area
        self.list.setFixedWidth(theme.px(LIST))
        self.line.setFixedWidth(theme.px(LIST))
        whole.addLayout(left)
        whole.addWidget(area, 1)

    @property
    def shown(self) -> str:
        """The key of the entry that is shown, or ""."""
        item = self.list.currentItem()
        return str(item.data(KEY)) if item is not None else ""

    def show_entry(self, key: str) -> None:
        """Show one entry; where what was searched for hides it, that is cleared."""
        if self._item(key) is None:
            self.line.clear()
        item = self._item(key)
        if item is not None:
            self.list.setCurrentItem(item)
            self.list.scrollToItem(item)

    def _item(self, key: str) -> QListWidgetItem | None:
        items = (self.list.item(row) for row in range(self.list.count()))
        return next((item for item in items if item.data(KEY) == key), None)

    def _filter(self, typed: str) -> None:
        """List what fits, the best first; without anything typed all, by the alphabet."""
        language = installed()
        if typed.strip():
            fits = {key: names.fit(typed) for key, names in self._names.items()}
            keys = [key for _, key in sorted((fit, key) for key, fit in fits.items() if fit is not None)]
        else:
            keys = sorted(glossary(), key=lambda key: in_order(glossary()[key].words[language].name))
        self.list.clear()
        for key in keys:
            words = glossary()[key].words[language]
            item = QListWidgetItem(words.name, self.list)
            item.setData(KEY, key)
            item.setToolTip(words.meaning)
        self.list.setCurrentRow(0)

    def _show_chosen(self, item: QListWidgetItem | None) -> None:
        key = str(item.data(KEY)) if item is not None else ""
        self.text.entry = key
        self.text.set_markdown(text_of(glossary()[key], installed()) if key else tr("Nothing fits."))
        self._area.verticalScrollBar().setValue(0)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == "experiment":
            experiment, _, way = url.path().partition("/")
            self.place_chosen.emit(experiment, way)


def in_order(name: str) -> tuple[bytes, str]:
    """What names are sorted by: the alphabet; in Chinese, the order of the pinyin in GB 2312."""
    return name.casefold().encode("gb18030"), name


def _names_of(entry: GlossaryEntry) -> Names:
    """All names in every language, those of the present one first."""
    now = installed()
    order = sorted(LANGUAGES, key=lambda language: language != now)
    return Names.of(*(name for language in order for name in entry.words[language].names))


def place_title(experiment: str) -> str:
    """Where an experiment is, such as "Optimizers ▸ Race"."""
    tab = tab_titles()[tab_names().index(tab_of(experiment))]
    return f"{tab} ▸ {tr(EXPERIMENTS[experiment].title)}"


def field_at(experiment: str, way: str) -> Field | None:
    """The setting at the end of a way, as "racers.beta"; of several kinds that have one, the first."""
    kinds: list[type] = [EXPERIMENTS[experiment].config_type]
    found: list[Field] = []
    for part in way.split("."):
        found = [field for kind in kinds for field in fields_of(kind) if field.name == part]
        kinds = [kind for field in found for kind in structs_in(field.type)]
    return next(iter(found), None)


def text_of(entry: GlossaryEntry, language: str) -> str:
    """What the dialog says of an entry: Markdown in a language."""
    words = entry.words[language]
    others = [entry.words[other].name for other in LANGUAGES if other != language]
    symbol = f" ${entry.symbol}$" if entry.symbol else ""
    names = " · ".join(name for name in dict.fromkeys([*_others(words), *others]) if name != words.name)
    titles = {_title(one.title, language): name for name, one in EXPERIMENTS.items()}
    where = re.sub(r"\*([^*]+)\*", lambda found: _link(found[1], titles), words.where)
    head = f"# {words.name}{symbol}"
    places = [f"- {_place(name, entry)}" for name in entry.experiments]
    return "\n\n".join([head, names, words.meaning, where, "\n".join(places)])


def _others(words: EntryWords) -> list[str]:
    """What else names an entry, without its plurals."""
    shown: list[str] = []
    for name in words.names:
        if not any(name.casefold().startswith(one[:-1].casefold()) for one in shown):
            shown.append(name)
    return shown[1:]


def _title(title: str, language: str) -> str:
    return sentences(language).get(title, title) if language != "en" else title


def _link(words: str, titles: dict[str, str]) -> str:
    """A title as a link to its experiment; other words as they are set."""
    return f"[{words}](experiment:{titles[words]})" if words in titles else f"*{words}*"


def _place(experiment: str, entry: GlossaryEntry) -> str:
    """An experiment, and its settings that move the entry, as links."""
    ways = [way for name, way in entry.places if name == experiment and way]
    fields = [(way, field) for way in ways if (field := field_at(experiment, way)) is not None]
    links = [
        f"[{tr(field.title)}{f' {field.symbol}' if field.symbol else ''}](experiment:{experiment}/{way})"
        for way, field in fields
    ]
    place = f"[{place_title(experiment)}](experiment:{experiment})"
    return tr("{place}: {settings}", place=place, settings=series(links)) if links else place
