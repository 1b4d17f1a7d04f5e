"""Small widgets of the bar over the plots: a row of switches, a list of examples, a slider with its value."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from gui.form.slider import Slider
from gui.look.combo import Combo
from gui.look.language import tr
from gui.look.theme import Stroke, Theme


class SwitchRow(QWidget):
    """A row of buttons for several names; `chosen` carries the name that was pressed."""

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        titles: Mapping[str, str],
        tips: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        """Make the buttons; `titles` has the English title of each name, `tips` are translated."""
        super().__init__(parent)
        self._theme, px = theme, theme.px
        self.setObjectName("switches")
        self.setStyleSheet(
            f"#switches {{ background: {theme.plot}; border: 1px solid {theme.hairline};"
            f" border-radius: {px(4)}px; }}"
            f"#switches QToolButton {{ border: none; border-radius: {px(3)}px;"
            f" padding: {px(2)}px {px(7)}px; color: {theme.quiet}; }}"
            f"#switches QToolButton:checked {{ color: {theme.text}; background: {theme.hairline}; }}"
            f"#switches QToolButton:hover {{ color: {theme.text}; }}"
            f"#switches QToolButton:focus {{ text-decoration: underline; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(px(1))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons = {name: self._switch(name, tr(title), tips[name]) for name, title in titles.items()}
        for button in self.buttons.values():
            row.addWidget(button)

    def _switch(self, name: str, title: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.press(name))
        entitle(button, title)
        return button

    def swatch(self, name: str, stroke: Stroke) -> None:
        """Show under a name the colour and dash in which it is drawn in the plots."""
        line = f"{self._theme.px(2.5)}px {'dashed' if stroke.dash else 'solid'} {stroke.colour}"
        self.buttons[name].setStyleSheet(f"border: none; border-bottom: {line}; border-radius: 0;")

    def rename(self, name: str, title: str) -> None:
        """Write another title on a button; the row around asks for its new width at once."""
        entitle(self.buttons[name], title)
        layout = self.layout()
        assert layout is not None
        layout.activate()

    def __getitem__(self, name: str) -> QToolButton:
        """Return the button of a name."""
        return self.buttons[name]

    def press(self, name: str) -> None:
        """Choose a name."""
        self.show_choice(name)
        self.chosen.emit(name)

    def show_choice(self, name: str) -> None:
        """Show which name is chosen."""
        for key, button in self.buttons.items():
            button.setChecked(key == name)


def entitle(button: QToolButton | QPushButton, text: str) -> None:
    """Set the text of a button, also for a screen reader."""
    button.setText(text)
    button.setAccessibleName(text)


def push_button(
    text: str, tip: str, pressed: Callable[[], object] | None = None, name: str = ""
) -> QPushButton:
    """Return a button with a tooltip, its action, and an accessible name if the text is only a symbol."""
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(name or text)
    if pressed is not None:
        button.clicked.connect(pressed)
    return button


def quiet_label(text: str = "", tip: str = "") -> QLabel:
    """Return a quiet text in the bar."""
    label = QLabel(text)
    label.setObjectName("quiet")
    label.setToolTip(tip)
    return label


class Presets(Combo):
    """A list of examples whose settings can be taken; `chosen` carries the example."""

    chosen = Signal(str)

    def __init__(self, name: str, invitation: str, tip: str, titles: Mapping[str, str]) -> None:
        """Make the list; all texts are translated."""
        super().__init__()
        self.setPlaceholderText(invitation)
        for key, title in titles.items():
            self.addItem(title, key)
        self.setCurrentIndex(-1)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def show_choice(self, name: str | None) -> None:
        """Show which example has the present settings, or none."""
        self.setCurrentIndex(-1 if name is None else self.findData(name))


class Slide(QWidget):
    """A slider with its value beside it; `moved` carries the value in hundredths while the user moves it."""

    moved = Signal(float)

    def __init__(self, theme: Theme, low: float, high: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.slider, self.value = Slider(low, high, theme, parent=self), QLabel(self)
        self.slider.setFixedWidth(theme.px(110))
        self.value.setMinimumWidth(theme.px(36))
        self.slider.moved.connect(lambda value: self.moved.emit(round(value, 2)))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.slider)
        row.addWidget(self.value)

    def setAccessibleName(self, name: str) -> None:
        """Set the name of the slider too, because it takes the focus."""
        super().setAccessibleName(name)
        self.slider.setAccessibleName(name)

    def setValue(self, value: float) -> None:
        """Show a value, without a signal."""
        self.slider.set_value(value)
        self.value.setText(f"{value:.2f}")
