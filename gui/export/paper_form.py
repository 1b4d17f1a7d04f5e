"""The settings of a figure on paper: size, letters, colours, and what is left out."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from gui.export.paper import LETTERS, PRESETS, SIDES, Paper, paper_of
from gui.look.combo import Combo
from gui.look.language import tr

SCREEN, OWN = "screen", "own"
PICTURES = ("png", "svg", "pdf")


TICKS = ("title", "settings", "marks", "formulas", "session")


class PaperForm(QObject):
    """Rows of a form that make a `Paper`."""

    changed = Signal()

    def __init__(self, form: QFormLayout) -> None:
        super().__init__(form)
        self._form = form
        self.size = _choice(
            tr("Size"), tr("As large as on the screen, or laid out anew for a size on paper.")
        )
        for key, words in (
            (SCREEN, tr("As on the screen")),
            ("column", tr("One column (85 mm)")),
            ("page", tr("Two columns (174 mm)")),
            ("slide", tr("Slide 16:9 (254 × 143 mm)")),
            (OWN, tr("Another size")),
        ):
            self.size.addItem(words, key)
        self.width = _number(SIDES[0], SIDES[1], 120.0, " mm", tr("Width on paper"), tr("Of the figure."))
        self.height = _number(
            0.0, SIDES[1], 80.0, " mm", tr("Height on paper"), tr("At 0 it is as the plots come.")
        )
        self.height.setSpecialValueText(tr("as it comes"))
        self.font = _number(
            *LETTERS, Paper().font, " pt", tr("Size of letters"), tr("How large ordinary text is on paper.")
        )
        self.font.setDecimals(1)
        self.theme = _choice(tr("Theme"), tr("The colours of the figure."))
        for key, words in (("", tr("As on the screen")), ("light", tr("Light")), ("dark", tr("Dark"))):
            self.theme.addItem(words, key)
        self.transparent = _choice(tr("Background"), tr("White (dark in the dark theme), or none."))
        self.transparent.addItem(tr("Opaque"), False)
        self.transparent.addItem(tr("Transparent"), True)
        self.title = _tick(tr("Title"), tr("The name of the experiment over the plots."), True)
        self.settings = _tick(
            tr("Step and settings"), tr("What it takes to make the figure again, under the title."), True
        )
        self.marks = _tick(
            tr("Playhead and selection"), tr("And the rings that one can drag, as on the screen."), False
        )
        self.formulas = _tick(
            tr("Formulas"), tr("Those of the notes with their numbers, under the plots."), False
        )
        self.session = _tick(
            tr("What opens it again"),
            tr("The settings, but no data, are in the file: dropped on Nabla it is this experiment again."),
            True,
        )
        self._lay_out()

    def _lay_out(self) -> None:
        self._own = _side_by_side(self.width, QLabel("×"), self.height)
        self._shown = _side_by_side(self.title, self.settings)
        rows = (
            (tr("Size"), self.size),
            ("", self._own),
            (tr("Size of letters"), self.font),
            (tr("Theme"), self.theme),
            (tr("Background"), self.transparent),
            (tr("With"), self._shown),
            ("", self.marks),
            ("", self.formulas),
            ("", self.session),
        )
        for title, widget in rows:
            self._form.addRow(title, widget)
        self.size.currentIndexChanged.connect(self._take_preset)
        for box in (self.theme, self.transparent):
            box.currentIndexChanged.connect(self.changed)
        for number in (self.width, self.height, self.font):
            number.valueChanged.connect(self.changed)
        for tick in (self.title, self.settings, self.marks, self.formulas, self.session):
            tick.toggled.connect(self.changed)

    def show(self, kind: str) -> None:
        """Show the rows that have an effect on a format."""
        picture, size = kind in PICTURES, self.size.currentData()
        for widget, on in (
            (self.size, picture),
            (self._own, picture and size == OWN),
            (self.font, picture and size != SCREEN),
            (self.theme, kind != "csv"),
            (self.transparent, picture),
            (self._shown, kind != "csv"),
            (self.marks, kind != "csv"),
            (self.formulas, picture),
            (self.session, picture),
        ):
            self._form.setRowVisible(widget, on)

    def _take_preset(self) -> None:
        preset = PRESETS.get(self.size.currentData())
        if preset is not None:
            self.font.setValue(preset[2])
        self.changed.emit()

    @property
    def paper(self) -> Paper:
        """Return the paper as it is set now."""
        return paper_of(self.choices())

    # What is remembered

    def choices(self) -> dict[str, object]:
        """Return the choices by name, to be saved."""
        boxes = {name: getattr(self, name).currentData() for name in ("size", "theme", "transparent")}
        numbers = {name: getattr(self, name).value() for name in ("width", "height", "font")}
        ticks = {name: getattr(self, name).isChecked() for name in TICKS}
        return {**boxes, **numbers, **ticks}

    def choose(self, choices: Mapping[str, object]) -> None:
        """Set the saved choices, as far as they exist."""
        for name, value in choices.items():
            widget = getattr(self, name) if name in self.choices() else None
            if isinstance(widget, QComboBox):
                widget.setCurrentIndex(max(widget.findData(value), 0))
            elif isinstance(widget, QDoubleSpinBox) and isinstance(value, int | float):
                widget.setValue(value)
            elif isinstance(widget, QCheckBox):
                widget.setChecked(value is True)


def _choice(name: str, tip: str) -> QComboBox:
    box = Combo()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box


def _number(low: float, high: float, value: float, unit: str, name: str, tip: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(low, high)
    box.setDecimals(1)
    box.setValue(value)
    box.setSuffix(unit)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box


def _tick(words: str, tip: str, on: bool) -> QCheckBox:
    tick = QCheckBox(words)
    tick.setToolTip(tip)
    tick.setChecked(on)
    return tick


def _side_by_side(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
    return holder
