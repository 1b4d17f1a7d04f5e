"""What is drawn behind the run on the screen: pinned runs, and of other branches what is not shared."""

from math import inf

from engine.changes import shared_steps
from engine.config import Config
from gui.form.change_words import other_text
from gui.form.settings_text import differences_text
from gui.screen.later import LaterPart
from gui.screen.moment import Ghost
from gui.screen.runs import KeptRun


def ghost_of(pin: KeptRun, present: Config, branch: bool) -> Ghost:
    """A run as it is drawn behind the run of `present`; a `branch` only from where the two part."""
    shared = shared_steps(present, pin.config)
    if not 0 < shared < inf:
        return Ghost(pin.config, pin.runner.recording, differences_text(present, pin.config))
    since = int(shared)
    label = other_text(present, pin.config, since)
    if not branch:
        return Ghost(pin.config, pin.runner.recording, label)
    return Ghost(pin.config, LaterPart(pin.runner.recording, since), label, since)
