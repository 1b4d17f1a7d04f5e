"""The list of all shortcuts, in two columns; on a low screen it scrolls."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.look.language import tr

GAP = "&nbsp;" * 6  # between the columns
SMALLEST = 9  # pixels of letters


class ShortcutsDialog(QDialog):
    """Shows rows of (keys, what they do); it is never larger than its window."""

    def __init__(self, window: QWidget, rows: list[tuple[str, str]]) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Shortcuts"))
        self.words = QLabel(f"<table>{in_two_columns(rows)}</table>")
        self.words.setMargin(12)
        self._fit(0.85 * window.height())
        area = QScrollArea()
        area.setWidget(self.words)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        column = QVBoxLayout(self)
        column.addWidget(area, 1)
        column.addWidget(buttons)
        room, wanted = window.size(), self.words.sizeHint()
        rest = buttons.sizeHint().height() + 3 * column.spacing() + 24
        self.resize(min(wanted.width() + 48, room.width()), min(wanted.height() + rest, room.height()))

    def _fit(self, height: float) -> None:
        """Make the letters smaller where they would not all be seen at once."""
        px = self.words.fontInfo().pixelSize()
        while self.words.sizeHint().height() > height and px > SMALLEST:
            px -= 1
            self.words.setStyleSheet(f"font-size: {px}px")


def other_keys() -> list[tuple[str, str]]:
    """(keys, what they do) of all that no menu has."""
    return [
        (tr("Space"), tr("Run or pause")),
        (tr("Page keys on the timeline"), tr("A tenth of the run")),
        (tr("Up, Down on a branch"), tr("The branch above or below")),
        (tr("Delete on a mark or a branch"), tr("Take the change back, close the branch")),
        (tr("Up, Down, Page keys"), tr("Change a number")),
        (tr("F4, Alt+Down"), tr("Open a list of choices")),
        (tr("arrow keys in a plot"), tr("Move or choose what can be")),
        ("1 … 9", tr("Go to a plot of the page")),
        (tr("Shift with arrow keys or a drag"), tr("Finer numbers")),
        (tr("Ctrl with arrow keys"), tr("Ten times as far")),
        (tr("Home, End on bars"), tr("Take a bar to its ends")),
        (tr("Tab in a plot"), tr("The next handle or series")),
        ("+  −  0  A", tr("Zoom a plot; see all of it")),
        (tr("double click in a plot"), tr("Reset zoom")),
        (tr("Shift+drag in a plot"), tr("Zoom into a rectangle")),
        (tr("wheel or drag on an axis"), tr("Zoom or move that axis")),
        (tr("F, double click on a title"), tr("A plot as large as the page, and back")),
        (tr("Ctrl+click, Insert, Delete"), tr("Add, remove points")),
        ("L", tr("Lock a bar, or free it")),
        (tr("Return in a diagram"), tr("Choose the framed part")),
        (tr("Menu key, Shift+F10"), tr("The menu of a plot")),
    ]


def in_two_columns(rows: list[tuple[str, str]]) -> str:
    """Rows of an HTML table, the second half beside the first."""
    half = (len(rows) + 1) // 2
    cell = "<td style='white-space: nowrap; vertical-align: bottom'>"  # Chinese lines are higher
    entries = [
        f"{cell}<b>{escape(keys)}</b>&nbsp;&nbsp;&nbsp;</td>{cell}{escape(what)}</td>" for keys, what in rows
    ]
    entries += [""] * (2 * half - len(rows))
    pairs = zip(entries[:half], entries[half:], strict=True)
    return "".join(f"<tr>{left}<td>{GAP}</td>{right}</tr>" for left, right in pairs)
