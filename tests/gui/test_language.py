"""Every sentence has its translation, and the translator leaves Qt's own sentences alone."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLabel

from engine.config import Problem
from gui.look.language import LANGUAGES, install, problem_text, system_language, tr
from tests.gui import sentences
from tests.gui.sentences import missing, translations, wanted, written

TRANSLATED = {sentence: translation for _, sentence, translation in translations()}


@pytest.fixture
def chinese(qapp: Any) -> Iterator[None]:
    install(qapp, "zh_CN")
    yield
    install(qapp, "en")


def test_every_sentence_is_translated() -> None:
    bare = {
        where: sorted(one for one in found if not TRANSLATED.get(one)) for where, found in wanted().items()
    }
    assert {where: found for where, found in bare.items() if found} == {}


def _slots(sentence: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)[^}]*\}", sentence))


def test_translations_have_the_slots_of_their_sentence() -> None:
    differ = [
        (file, sentence)
        for file, sentence, text in translations()
        if set(_slots(sentence)) != set(_slots(text))
    ]
    assert differ == []


def test_no_translation_is_useless() -> None:
    used = written().union(*wanted().values())
    assert [(file, sentence) for file, sentence, _ in translations() if sentence not in used] == []


def test_no_sentence_is_translated_twice() -> None:
    times = Counter(sentence for _, sentence, _ in translations())
    assert [sentence for sentence, count in times.items() if count > 1] == []


def test_what_is_missing_is_what_is_wanted_and_not_there() -> None:
    assert set(missing()) == set().union(*wanted().values()) - set(TRANSLATED)


def test_the_search_finds_literals_given_to_tr_and_to_problems() -> None:
    tree = ast.parse(
        'def f():\n    p = "B {x}"\n    tr("A" if x else "D"); raise Problem(p); tr(name)\nother("C")'
    )
    assert set(sentences._of_calls(tuple(ast.walk(tree)))) == {"A", "D", "B {x}"}


def test_sentences_change_with_the_language(qapp: Any) -> None:
    install(qapp, "zh_CN")
    assert tr("More") == "更多"
    install(qapp, "en")
    assert tr("More") == "More"


@pytest.mark.usefixtures("chinese")
def test_qt_speaks_the_language_too_and_is_never_blanked() -> None:
    both = QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Save
    box = QDialogButtonBox(both)
    assert {button.text() for button in box.buttons()} == {"保存", "取消"}
    assert QCoreApplication.translate("QPlatformTheme", "no such sentence") == "no such sentence"
    dialog = QFileDialog()
    assert "查找范围(&I)：" in [label.text() for label in dialog.findChildren(QLabel)]
    assert not [label for label in dialog.findChildren(QLabel) if label.text().isascii()]
    assert QCoreApplication.translate("QAbstractFileIconProvider", "Folder") == "文件夹"
    assert tr("no such sentence") == "no such sentence"
    assert tr("") == ""


@pytest.mark.usefixtures("chinese")
def test_slots_are_filled_after_the_translation() -> None:
    assert tr("gradient check {error}", error="3e-10") == "梯度检验 3e-10"


def test_sentences_write_their_numbers_with_four_digits_and_leave_whole_ones() -> None:
    assert (
        tr("step {n}: {loss}, {lost}", n=12, loss=-0.123456, lost=np.float32(np.inf)) == "step 12: −0.1235, ∞"
    )


@pytest.mark.usefixtures("chinese")
def test_problems_and_the_words_in_them_are_translated() -> None:
    assert (
        problem_text(Problem("Must be {expected}, not {got}", expected="a number", got="a text"))
        == "应为数，而不是文本"
    )
    assert problem_text(Problem("Must be at most {bound}", bound=1e-3)) == "不能大于 0.001"


def test_installing_again_and_again_leaves_one_translator(qapp: Any) -> None:
    from PySide6.QtCore import QTranslator

    for language in ("zh_CN", "en", "zh_CN", "zh_CN"):
        install(qapp, language)
        assert QLocale().name() == {"zh_CN": "zh_CN", "en": "en_US"}[language]
    assert len([found for found in qapp.findChildren(QTranslator) if found.objectName()]) == 2
    install(qapp, "en")
    assert [found for found in qapp.findChildren(QTranslator) if found.objectName()] == []


@pytest.mark.parametrize(
    ("locale", "language"), [("zh_CN", "zh_CN"), ("zh_TW", "zh_CN"), ("de_DE", "en"), ("C", "en")]
)
def test_the_language_of_the_desktop(monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(locale))
    assert system_language() == language
    assert language in LANGUAGES
