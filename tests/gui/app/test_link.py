"""An experiment as one line, copied and pasted with keys."""

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine.config import Problem, replaced
from engine.experiments import EXPERIMENTS
from engine.experiments.losses.classifier_config import CsvFile
from gui.app.link import link_of, scene_from

RACE = "optimizers.race"


def test_copied_and_pasted_with_keys_it_is_the_same_experiment_again(window, qtbot):
    window.show_experiment(RACE)
    playback = window.playback
    default = playback.config
    playback.edit(replaced(playback.config, surface="beale", steps=40))
    qtbot.waitUntil(lambda: playback.shown is playback.runner)
    window.on_screen.view.set_option(log=False)
    playback.seek(17)
    qtbot.waitUntil(lambda: playback.step == 17)
    config, look = playback.config, playback.look()
    window.middle.on_screen.view.setFocus()
    QTest.keyClick(
        window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    text = QApplication.clipboard().text()
    assert text == (
        'nabla:optimizers.race{"settings":{"surface":"beale","steps":40},"options":{"log":false},"step":17}'
    )
    window.set_defaults()
    window.show_experiment("losses.curves")
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.playback.experiment.name == RACE and window.playback.step == 17)
    assert (window.playback.config, window.playback.look()) == (config, look)
    window.undo()
    assert window.playback.config == default


def test_in_a_line_a_paste_is_text(window, qtbot):
    QApplication.clipboard().setText("12")
    line = next(line for line in window.on_screen.form.findChildren(QLineEdit) if line.isVisible())
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "12"


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_defaults_are_a_short_line(name):
    experiment, config, look = scene_from(f"  nabla:{name}\n")
    assert (experiment, config, look.step) == (name, EXPERIMENTS[name].config_type(), None)


@pytest.mark.parametrize(
    ("text", "said", "where"),
    [
        ("", "no link", ""),
        ("https://example.org", "no link", ""),
        ("nabla:optimizers.nobody", "no experiment", ""),
        ("nabla:optimizers.race{", "no link", ""),
        ('nabla:optimizers.race{"settings":}', "not whole", ""),
        ('nabla:optimizers.race{"code":1}', "no setting", "code"),
        ('nabla:optimizers.race{"settings":{"steps":0}}', "at least 1", "steps"),
        ('nabla:optimizers.race{"settings":{"nothing":0}}', "no setting", "nothing"),
        ('nabla:optimizers.race{"step":-1}', "at least 0", "step"),
        (
            'nabla:losses.classifier{"settings":{"data":{"kind":"csv","path":"/etc/passwd"}}}',
            "own folder",
            "data.path",
        ),
        ("nabla:optimizers.race" + '{"settings":' * 20_000, "no link", ""),
    ],
)
def test_what_is_no_link_or_not_possible_is_refused_with_its_place(text, said, where):
    with pytest.raises(Problem, match=said) as refused:
        scene_from(text)
    assert refused.value.where == where


def test_damaged_links_are_refused(window):
    whole = link_of(window.playback, window.on_screen.view.options)
    whole = whole + '{"settings":{"surface":"beale"},"step":3}' if "{" not in whole else whole
    chance = random.Random(1)
    for _ in range(300):
        text = list(whole)
        for _ in range(chance.randint(1, 4)):
            text[chance.randrange(len(text))] = chr(chance.randrange(32, 0x3000))
        try:
            scene_from("".join(text))
        except Problem as problem:
            assert str(problem)


def test_files_are_not_named(window, qtbot):
    window.show_experiment("losses.classifier")
    playback = window.playback
    playback.edit(replaced(playback.config, data=CsvFile(path="/home/somebody/table.csv")))
    assert "somebody" not in link_of(playback, window.on_screen.view.options)
