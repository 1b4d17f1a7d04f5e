"""Pages for the tests of views: shown a run as the window shows it, and shared by tests that only look."""

from inspect import signature

import msgspec
import pytest
from PySide6.QtCore import SIGNAL, QEvent
from PySide6.QtWidgets import QApplication

from gui.look.theme import LIGHT
from gui.plots.panel import Panel
from gui.screen.moment import Memo
from tests.gui.conftest import unpainted
from tests.gui.views.moments import present
from tests.runs import ran

SIGNALS = {
    "edited": "(PyObject)",
    "options_changed": "(PyObject)",
    "step_chosen": "(int)",
    "experiment_wanted": "(QString,PyObject)",
    "live_changed": "()",
}


@pytest.fixture
def page(qtbot, request, kept_views):
    """Show a view of a run at a step: `page(RaceView, config, recording, step, layout="step")`.

    A view keeps nothing of the run that it was shown, so tests that only look at one are given the same view
    one after the other (`test_kept.py`). A test that has hands, `qtbot`, is given a view of its own.
    """
    own = "qtbot" in signature(request.function).parameters
    used = []

    def show(
        kind, config, recording, step=None, ghosts=(), theme=LIGHT, size=(900, 700), options=None, **chosen
    ):
        options = options or kind.options_type(**chosen)
        shared = not own and recording.last >= 0
        alike = (
            view
            for view in kept_views
            if (type(view), view.theme, (view.width(), view.height())) == (kind, theme, size)
        )
        view = next((view for view in alike if view not in used), None) if shared else None
        if view is None:
            view = kind(theme, options)
            view.resize(*size)
            if shared:
                kept_views.append(view)
            else:
                qtbot.addWidget(view)
        else:
            renew(view, options)
        used.append(view)
        with unpainted(view), qtbot.waitExposed(view):
            view.show()
            present(view, config, recording, recording.last if step is None else step, ghosts)
        if getattr(request.module, "SETTLED", False):
            view.catch_up()  # with what is drawn only when there is time
        return view

    return show


@pytest.fixture
def show(page, request):
    """Show a run on the page that a file is about: its `VIEW`, `SIZE`, `STEP`, and options in its `LOOK`."""
    module = request.module
    kind, usual, begin = module.VIEW, getattr(module, "SIZE", (900, 700)), getattr(module, "STEP", None)
    look = getattr(module, "LOOK", {})

    def show(runner, step=begin, ghosts=(), theme=LIGHT, size=usual, **options):
        known = runner.config, runner.recording
        return page(kind, *known, step, ghosts, theme, size, **(look | options))

    return show


@pytest.fixture
def show_with(page, request):
    """Show a run with some settings, of the `EXPERIMENT` and on the page that a file is about (`show`).

    It begins as the experiment does, or as the file says: `BEGIN`. Options are a dictionary, or all of them.
    """
    module = request.module
    usual, first = getattr(module, "SIZE", (800, 640)), getattr(module, "STEP", 0)
    begin = getattr(module, "BEGIN", module.EXPERIMENT.config_type())

    def show(step=first, ghosts=(), theme=LIGHT, options=None, size=usual, **settings):
        config = msgspec.structs.replace(begin, **settings)  # also what no form would let through
        runner = ran(module.EXPERIMENT, config)
        look = options if isinstance(options, dict | None) else {"options": options}
        view = page(module.VIEW, config, runner.recording, step, ghosts, theme, size, **(look or {}))
        view.runner = runner
        return view

    return show


@pytest.fixture
def make(page, request):
    """Show the run of a config, at its last step: as `show_with` does for settings. `LOOK` has options."""
    module = request.module
    begin = getattr(module, "BEGIN", module.EXPERIMENT.config_type())
    usual, first = getattr(module, "SIZE", (900, 700)), getattr(module, "STEP", None)
    look = getattr(module, "LOOK", {})

    def make(config=begin, step=first, theme=LIGHT, ghosts=(), size=usual, **options):
        runner = ran(module.EXPERIMENT, config)
        view = page(module.VIEW, config, runner.recording, step, ghosts, theme, size, **(look | options))
        view.runner = runner
        return view

    return make


@pytest.fixture(scope="module")
def kept_views():
    """The views that the tests of a file look at."""
    views = []
    yield views
    for view in views:
        delete(view)


def renew(view, options):
    """Let a view be as if it had shown nothing yet."""
    view.catch_up()
    view.forget_answers()
    view.gradient_check.forget()
    view.options, view.memo, view.at = options, Memo(), None
    view._has_begun = False
    view.fills.show_anew()
    if view.finding is not None:
        view.finding.set_text("")
        view.finding.forget_height()
        view.finding._grow()
    for panel in view.findChildren(Panel):
        panel.restart()
    for name, arguments in SIGNALS.items():
        if view.receivers(SIGNAL(name + arguments)):
            getattr(view, name).disconnect()


def delete(view):
    view.close()
    view.deleteLater()
    QApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete.value)
