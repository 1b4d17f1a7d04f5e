"""The glossary in the window, through events: opened, searched, left for an experiment and its setting."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.form.base import Editor
from gui.look.glossary import glossary
from gui.look.linked_formula import LinkedFormula
from gui.screen.reading import Explanation

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def place_of(text, href):
    """The middle of a link in a text, in its viewport."""
    cursor, block = QTextCursor(text.document()), text.document().begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().anchorHref() == href:
                cursor.setPosition(piece.position() + 1)
                return text.cursorRect(cursor).center() + QPoint(2, 0)
            pieces += 1
        block = block.next()
    raise AssertionError(href)


def click_link(text, href):
    QTest.mouseClick(text.viewport(), LEFT, NONE, place_of(text, href))


def lit(form):
    return {editor.field.name for editor in form.findChildren(Editor) if editor._lit}


def test_help_opens_the_glossary_it_is_searched_and_its_links_lead_to_a_setting(window, qtbot):
    QTest.keyClick(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.finder.glossary is not None)
    dialog = window.finder.glossary
    assert dialog.list.count() == len(glossary())
    QTest.keyClick(dialog.line, Qt.Key.Key_Up)  # round to the last
    assert dialog.list.currentRow() == len(glossary()) - 1
    QTest.keyClicks(dialog.line, "tjs")  # 条件数, by a Chinese reader's keys
    assert dialog.shown == "condition_number"
    dialog.line.clear()
    QTest.keyClicks(dialog.line, "moment")
    assert dialog.shown == "momentum"
    QTest.keyClick(dialog.line, Qt.Key.Key_Down)
    assert dialog.shown != "momentum"
    dialog.show_entry("learning_rate")  # not among what is listed: what was typed is cleared
    assert dialog.line.text() == ""
    assert dialog.shown == "learning_rate"
    dialog.show_entry("momentum")
    qtbot.waitUntil(lambda: dialog.text.document().toPlainText().startswith("momentum"))
    assert "glossary:momentum" not in dialog.text.document().toHtml()  # no entry is a link to itself
    click_link(dialog.text, "glossary:gradient")
    assert dialog.shown == "gradient"
    dialog.show_entry("momentum")
    click_link(dialog.text, "experiment:optimizers.race/racers.beta")
    qtbot.waitUntil(lambda: window.playback.experiment.name == "optimizers.race")
    form = window.on_screen.form
    assert window.finder.glossary is None
    beta = form.found("racers.1.beta")
    assert beta.isVisible()
    assert beta.isAncestorOf(window.focusWidget())
    assert lit(form) == {"beta"}
    # A setting without effect at present is not shown, and that is said.
    window.finder.go_to("optimizers.race", "condition")
    assert "Condition number" in window.status_line.words
    # What is folded away is unfolded.
    window.finder.go_to("optimizers.race", "tolerance")
    assert form.found("tolerance").isVisible()
    window.finder.show_entry("adam")
    assert window.finder.glossary.shown == "adam"
    window.appearance.set_theme("dark")  # it would keep the colours of the other theme
    assert window.finder.glossary is None


def test_words_of_the_notes_and_terms_of_formulas_lead_to_their_entries(window, qtbot, monkeypatch):
    window.resize(1500, 900)
    notes = window.on_screen.notes
    words = notes.scene.words
    qtbot.waitUntil(lambda: words.document().characterCount() > 50)
    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_: told.append(text))
    links = [part for part in words.document().toHtml().split('"') if part.startswith("glossary:")]
    assert len(links) == len(set(links)) > 1
    place = place_of(words, links[0])
    ask = QHelpEvent(QEvent.Type.ToolTip, place, words.viewport().mapToGlobal(place))
    QApplication.sendEvent(words.viewport(), ask)
    key = links[0].removeprefix("glossary:")
    assert told == [glossary()[key].words["en"].meaning]
    click_link(words, links[0])
    assert window.finder.glossary.shown == key
    window.finder.glossary.close()

    # The Tab key goes by: what follows the text is a button, or the first formula.
    words.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(words, Qt.Key.Key_Tab)
    assert not isinstance(window.focusWidget(), Explanation)

    def known():
        formulas = notes.findChildren(LinkedFormula)
        return [(one, term, spot) for one in formulas for term, spot in one.spots() if term.entry]

    qtbot.waitUntil(lambda: known() != [])
    formula, term, spot = known()[0]
    assert f"Glossary: {term.said}" in term.words
    QTest.mouseClick(formula, LEFT, NONE, QPointF(spot.center()).toPoint())
    assert window.finder.glossary.shown == term.entry
    window.finder.glossary.close()
    formula.setFocus()
    while formula.chosen is None or not formula.chosen.entry:
        QTest.keyClick(formula, Qt.Key.Key_Right)
    QTest.keyClick(formula, Qt.Key.Key_Return)
    assert window.finder.glossary.shown == formula.chosen.entry
