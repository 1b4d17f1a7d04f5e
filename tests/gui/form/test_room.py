"""A form is 240 pixels wide: no title, choice or button in it is cut, in either language."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QToolButton, QWidget

from engine.changes import live_fields
from engine.data.settings import CsvFile
from engine.experiments import EXPERIMENTS
from engine.experiments.lstm.train_texts import TextFile
from engine.optimizers.table import OPTIMIZERS
from gui.form.base import WIDTH, Editor
from gui.form.form import Form
from gui.form.racers import Card, RacersEditor
from gui.look import language
from gui.look.combo import Combo
from gui.look.fold import Fold
from gui.look.style import dress
from gui.look.theme import LIGHT


def whole_form(config, qtbot):
    """A form with all there is in it, also what other settings hide."""
    form = Form(config, LIGHT)
    qtbot.addWidget(form)
    for fold in form.findChildren(Fold):
        fold.setChecked(True)
    form.show_live(live_fields(config))
    for editor in form.findChildren(Editor):
        editor.show()
    form.resize(WIDTH - form.verticalScrollBar().sizeHint().width(), 3000)  # as narrow as beside its bar
    form.show()
    settle()
    return form


def settle():
    """Let rows that are made anew find their places, and then what is in them."""
    for _ in range(2):
        QApplication.processEvents()


def cut(form):
    """What has less room in a form than it asks for."""
    found = [f"the form is {over} pixels too wide" for over in (beyond(form),) if over > 0]
    for label in (one for one in form.findChildren(QLabel) if one.isVisible() and one.text()):
        tall = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        if tall > label.height() + 1 or label.minimumSizeHint().width() > label.width():
            found.append(f"title {label.text()!r}")
    for combo in (one for one in form.findChildren(QComboBox) if one.isVisible()):
        shown = combo.wide_of(combo.currentText()) if isinstance(combo.parent(), Card) else combo.wide
        if shown > combo.width():
            found.append(f"choice in {combo.accessibleName()!r}")
    return found


def beyond(form):
    return form.widget().minimumSizeHint().width() - (WIDTH - form.verticalScrollBar().sizeHint().width())


@pytest.fixture(params=["en", "zh_CN"])
def spoken(request, qapp):
    """Both languages, as the window looks."""
    language.install(qapp, request.param)
    dress(qapp, LIGHT)
    yield request.param
    language.install(qapp, "en")


def test_nothing_is_cut_in_any_form(spoken, qtbot):
    wrong = {
        name: faults
        for name, experiment in EXPERIMENTS.items()
        if (faults := cut(whole_form(experiment.config_type(), qtbot)))
    }
    assert wrong == {}


def test_the_buttons_of_a_file_have_room_too(spoken, qtbot):
    table = EXPERIMENTS["losses.classifier"].config_type(data=CsvFile(path="a/table.csv"))
    text = EXPERIMENTS["lstm.train"].config_type(task=TextFile(path="a/text.txt"))
    for config in (table, text):
        assert cut(whole_form(config, qtbot)) == []


def test_a_planted_title_that_is_too_long_is_found(qtbot):
    form = whole_form(EXPERIMENTS["optimizers.newton"].config_type(), qtbot)
    assert cut(form) == []
    form.findChildren(QLabel)[0].setText("Unausgesprochenheitsvermutungsfragebogen")
    combo = form.findChild(Combo)
    combo.addItem("A choice with far more words than there is room for")
    QApplication.processEvents()
    assert len(cut(form)) >= 2


def test_the_name_of_every_racer_has_room_in_its_card(spoken, qtbot):
    config = EXPERIMENTS["optimizers.race"].config_type()
    form = whole_form(config, qtbot)
    racers = form.editor("racers")
    assert isinstance(racers, RacersEditor)
    for kind in OPTIMIZERS.values():
        racers.set_value((kind(),))
        settle()
        card = racers.cards[0]
        assert card.kind.wide_of(card.kind.currentText()) <= card.kind.width(), kind
        inside = [one.geometry() for one in card.findChildren(QToolButton) if one.isVisible()]
        assert all(card.rect().contains(spot) for spot in inside)


def test_no_part_of_a_form_is_a_window_of_its_own_while_it_is_made(qtbot):
    shown = []

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched)
            return False

    watch = Watch()
    QApplication.instance().installEventFilter(watch)
    form = Form(EXPERIMENTS["optimizers.race"].config_type(), LIGHT)
    QApplication.instance().removeEventFilter(watch)
    qtbot.addWidget(form)
    assert shown == []
