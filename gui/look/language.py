"""The language of the window. English is the source text; every other language is a table of sentences.

`tr("Learning rate")` looks the sentence up in whatever language is installed in the application. The
tables are JSON files of {"English": "translation"}, one for each part of the program. Words that the
engine owns (the title of a field, the sentence of a `Problem`) are looked up in the same way.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache, reduce
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from engine.config import Problem
from gui.look.numbers import number_text, short_text
from gui.look.plain import plain_name

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
TRANSLATIONS = Path(__file__).resolve().parents[2] / "resources" / "translations"
CONTEXT = "nabla"
CHINESE = "[\u2e80-\u9fff\uff00-\uffef]"
LONG = 300  # characters of a value in a sentence

# What the dialogs of Qt say in English, or wrongly, although its own table of Chinese is there
LEFT_BY_QT = {
    ("QFileDialog", "&Look in:"): "查找范围(&I)：",
    ("QFileDialog", "Files of &type:"): "文件类型(&T)：",
    ("QFileDialog", "File list"): "文件列表",
    ("QFileSystemModel", "Size"): "大小",  # Qt has 体积, the volume of a body
    ("QAbstractFileIconProvider", "Folder"): "文件夹",
    ("QAbstractFileIconProvider", "File"): "文件",
    ("QAbstractFileIconProvider", "%1 File"): "%1 文件",
    ("QAbstractFileIconProvider", "Drive"): "驱动器",
    ("QAbstractFileIconProvider", "Unknown"): "未知",
}
QT_CONTEXTS = {context for context, _ in LEFT_BY_QT}


def tr(text: str, /, **values: object) -> str:
    """Return the sentence in the installed language, with its {slots} filled.

    A `float` is written with four significant digits; what shall be written otherwise is given as a text.
    """
    translated = QCoreApplication.translate(CONTEXT, text) if text else ""
    if not values:
        return translated
    for slot, value in values.items():
        if isinstance(value, float | np.floating):
            values[slot] = number_text(float(value)).strip()
        elif isinstance(value, str) and not value.isascii():
            translated = _closed(translated, slot, _is_chinese(value[:1]), _is_chinese(value[-1:]))
    return translated.format(**values)


def _is_chinese(letter: str) -> bool:
    return re.match(CHINESE, letter) is not None


@lru_cache(maxsize=1024)
def _closed(sentence: str, slot: str, before: bool, after: bool) -> str:
    """A sentence without the space that stands between a slot and Chinese, before it or after it.

    It parts Chinese from Latin letters and numbers; a Chinese word in the slot needs none.
    """
    if before:
        sentence = re.sub(f"(?<={CHINESE}) (?=\\{{{slot}[:}}])", "", sentence)
    if after:
        sentence = re.sub(f"(\\{{{slot}(?::[^}}]*)?}}) (?={CHINESE})", r"\1", sentence)
    return sentence


def series(words: Iterable[str]) -> str:
    """Put words side by side: "a, b, c"; in Chinese "a、b、c"."""
    told = list(words)
    return reduce(lambda one, other: tr("{one}, {other}", one=one, other=other), told) if told else ""


def problem_text(problem: Problem) -> str:
    """Return what is wrong, in the installed language. Values that are sentences are translated too."""
    return tr(problem.sentence, **{name: _value_text(value) for name, value in problem.values.items()})


def _value_text(value: object) -> object:
    if isinstance(value, str | Path):
        return plain_name(tr(str(value)), LONG)  # a file may speak in it
    return short_text(value) if isinstance(value, float) else value


def system_language() -> str:
    """Return the language of `LANGUAGES` that the desktop asks for, or English."""
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def installed() -> str:
    """Return the language that is spoken now."""
    return "zh_CN" if QLocale().language() == QLocale.Language.Chinese else "en"


def install(application: QCoreApplication, language: str) -> None:
    """Make `language` the one that `tr` and Qt's own dialogs speak from now on, and write numbers in."""
    QLocale.setDefault(QLocale(language))
    for old in application.findChildren(QTranslator, CONTEXT):
        application.removeTranslator(old)
        old.setParent(None)
    if language == "en":
        return
    dialogs = QTranslator(application)
    dialogs.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for translator in (dialogs, _Table(sentences(language), application)):
        translator.setObjectName(CONTEXT)
        application.installTranslator(translator)


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return every translated sentence of a language: all files of its folder in one table."""
    table: dict[str, str] = {}
    for file in sorted((TRANSLATIONS / language).glob("*.json")):
        table.update(json.loads(file.read_text(encoding="utf-8")))
    return table


class _Table(QTranslator):
    """Looks a sentence up in a dictionary."""

    def __init__(self, table: Mapping[str, str], parent: QObject) -> None:
        super().__init__(parent)
        self._table = table

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Return the translation; None lets Qt ask its other tables ('' would blank the text)."""
        if context == CONTEXT:
            return self._table.get(text)
        return LEFT_BY_QT.get((context, text)) if context in QT_CONTEXTS else None
