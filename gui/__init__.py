"""The window: everything that knows Qt. Its rooms, each leaning only on those above it:

look      how everything looks and speaks: theme, style, fonts, icons, language, numbers, formulas
plots     panels on pyqtgraph; none knows an experiment
form      widgets made from the fields of a config
screen    one experiment on the screen: its playback and widgets, the base of the views, the engine's thread
views     a view an experiment, found by the experiment's name
export    a screen on paper: figures, files, the clipboard, animations
app       the life of the program: window, menus, documents, what is taken back, `render`
"""

from importlib import import_module

import PySide6.QtCore  # noqa: F401


def _wants_other_names(module: object) -> bool:
    """Whether a module asks for Qt in snake_case (`from __feature__ import snake_case`): none here does."""
    return False


# PySide6 would look for that in the source of each module that is imported from now on, and the standard
# library would keep what it has read for it: 20 MB and a tenth of a second.
setattr(import_module("shibokensupport.feature"), "_mod_uses_pyside", _wants_other_names)  # noqa: B010
