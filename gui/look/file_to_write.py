"""Asks for the file to write. No file is replaced that the user was not asked about."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gui.look.language import tr
from gui.look.messages import Button, ask
from gui.look.plain import plain_name


def ask_for_file_to_write(
    parent: QWidget, title: str, start: str, kinds: str, ending: str, accepted: str | tuple[str, ...] = ""
) -> Path | None:
    """Return the file that the user chooses, with its ending; None after a cancel.

    `start` is the path that is offered, `kinds` the filter of the dialog. `ending` is added to a name that
    does not end with `accepted`, or one of them (with `ending` itself if not given).
    """
    chosen, _ = QFileDialog.getSaveFileName(parent, title, start, kinds)
    if not chosen:
        return None
    if chosen.lower().endswith(accepted or ending):
        return Path(chosen)
    # The dialog has asked about the name as it was typed, not about the name with its ending.
    path = Path(chosen + ending)
    words = tr("“{name}” is there already. Replace it?", name=plain_name(path.name))
    if path.exists() and ask(parent, words, Button.Yes | Button.No, Button.No) != Button.Yes:
        return None
    return path
