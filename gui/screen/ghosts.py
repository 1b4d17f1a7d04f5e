"""The runs drawn behind the one on the screen: pinned runs, and the parts of branches that are not shared."""

from math import inf

from engine.changes import shared_steps
from engine.config import Config
from gui.form.change_words import other_text
from gui.form.settings_text import differences_text
from gui.screen.later import LaterPart
from gui.screen.moment import Ghost
from gui.screen.runs import KeptRun


def ghost_of(pin: KeptRun, present: Config, branch: bool) -> Ghost:
    """Return the ghost of a run behind the run of `present`; a `branch` only from where the two differ."""
    shared = shared_steps(present, pin.config)
    if not 0 < shared < inf:
        return Ghost(pin.config, pin.runner.recording, differences_text(present, pin.config))
    since = int(shared)
    label = other_text(present, pin.config, since)
    if not branch:
        return Ghost(pin.config, pin.runner.recording, label)
    return Ghost(pin.config, LaterPart(pin.runner.recording, since), label, since)
