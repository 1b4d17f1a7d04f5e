"""Tests of a file that only look at a view share it: it has to show what a new one would."""

import pytest
from PySide6.QtWidgets import QApplication

from engine.experiments import EXPERIMENTS
from gui.look.theme import DARK
from gui.screen.view import view_type
from tests.gui.views.conftest import renew
from tests.gui.views.moments import present, ran


def seen(view):
    view.catch_up()
    focused = view.focusWidget()
    if focused is not None:
        focused.clearFocus()  # one window only has the focus
    QApplication.processEvents()
    return view.grab().toImage()


@pytest.mark.parametrize(
    "name", ["entropy.fit", "losses.softmax", "optimizers.race", "optimizers.maps", "lstm.cell"]
)
def test_a_view_that_was_looked_at_shows_another_run_as_a_new_one_does(page, name):
    kind, experiment = view_type(name), EXPERIMENTS[name]
    long, short = (ran(experiment, experiment.config_type(), goal) for goal in (6, 3))
    new = page(kind, short.config, short.recording, theme=DARK)
    kept = page(kind, long.config, long.recording, 1, theme=DARK)
    kept.edited.connect(kept.close)
    seen(kept)
    renew(kept, new.options)
    present(kept, short.config, short.recording, short.recording.last)
    kept.edited.emit(short.config)  # nobody hears it any more
    assert kept.isVisible()
    assert seen(kept) == seen(new)
