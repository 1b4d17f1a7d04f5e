"""The settings of an animation: which steps, how many pictures, how fast, how wide."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from gui.export.animation import FASTEST, MOST, NARROWEST, WIDEST, Film
from gui.form.spin import SpinBox
from gui.look.language import tr


class FilmForm(QObject):
    """Rows of a form that make a `Film` of a run whose newest step is known."""

    changed = Signal()

    def __init__(self, form: QFormLayout, newest: int) -> None:
        super().__init__(form)
        usual = Film()
        self._form, self._newest = form, max(newest, 1)
        self.first = _number(0, self._newest - 1, 0, tr("First step"), tr("The step of the first picture."))
        self.last = _number(
            1, self._newest, self._newest, tr("Last step"), tr("The step of the last picture.")
        )
        self.frames = _number(
            2, MOST, usual.frames, tr("Pictures"), tr("How many, evenly spaced over these steps.")
        )
        self.fps = _number(
            1, FASTEST, usual.fps, tr("Pictures a second"), tr("How fast they follow one another.")
        )
        self.width = _number(
            NARROWEST, WIDEST, usual.width, tr("Width"), tr("Of the picture; the height follows.")
        )
        self.width.setSuffix(" px")
        self.width.setSingleStep(80)
        self.loop = QCheckBox(tr("Begin again at the end"))
        self.loop.setToolTip(tr("The last picture stands for a moment, then all begins again."))
        self.loop.setChecked(usual.loop)
        self._rows: list[QWidget] = []
        self._lay_out()

    def _lay_out(self) -> None:
        steps = QWidget()
        row = QHBoxLayout(steps)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.first, 1)
        row.addWidget(QLabel("–"))
        row.addWidget(self.last, 1)
        for title, widget in (
            (tr("Steps shown"), steps),
            (tr("Pictures"), self.frames),
            (tr("Pictures a second"), self.fps),
            (tr("Width"), self.width),
            ("", self.loop),
        ):
            self._form.addRow(title, widget)
            self._rows.append(widget)
        self.first.valueChanged.connect(lambda step: self.last.setMinimum(step + 1))
        self.last.valueChanged.connect(lambda step: self.first.setMaximum(step - 1))
        for number in (self.first, self.last, self.frames, self.fps, self.width):
            number.valueChanged.connect(self.changed)
        self.loop.toggled.connect(self.changed)

    def show(self, on: bool) -> None:
        """Show the rows, or hide them."""
        for widget in self._rows:
            self._form.setRowVisible(widget, on)

    @property
    def film(self) -> Film:
        """Return the animation as it is set now."""
        return Film(
            frames=self.frames.value(),
            fps=self.fps.value(),
            width=self.width.value(),
            loop=self.loop.isChecked(),
            first=self.first.value(),
            last=self.last.value(),
        )

    def summary(self, size: tuple[float, float]) -> str:
        """Say how many pictures of which size, and how long they take; `size` is that of the figure."""
        film, (width, height) = self.film, size
        return tr(
            "{n} pictures of {w} × {h} pixels, {seconds} s",
            n=len(film.steps(self._newest)),
            w=film.width,
            h=round(height * film.width / width),
            seconds=f"{film.seconds(self._newest):.1f}",
        )


def _number(low: int, high: int, value: int, name: str, tip: str) -> SpinBox:
    box = SpinBox(low, high)
    box.setValue(value)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setGroupSeparatorShown(True)
    return box
