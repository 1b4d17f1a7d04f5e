"""What a menu is filled with: a table of texts, keys, and what each does."""

import re
from collections.abc import Callable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

Item = tuple[str, str, Callable[[], object]] | None  # text, keys, what it does; None is a line


def add_menu(bar: QMenuBar, title: str, items: list[Item]) -> QMenu:
    """A menu of a bar, with these items."""
    menu = bar.addMenu(title)
    fill(menu, items)
    return menu


def fill(menu: QMenu, items: list[Item]) -> None:
    """Add items to a menu."""
    for item in items:
        if item is None:
            menu.addSeparator()
            continue
        text, keys, act = item
        action = menu.addAction(text)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(without_arguments(act))


def without_arguments(act: Callable[[], object]) -> Callable[[], None]:
    """What takes none, for a signal that tells something."""

    def triggered() -> None:
        act()

    return triggered


def bare(text: str) -> str:
    """The text of an action without its mnemonic: "Save &as…" or, as Chinese has it, "另存为(&A)…"."""
    return re.sub(r"\(&.\)|&(.)", lambda found: found[1] or "", text)
