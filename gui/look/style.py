"""A theme for Qt's own widgets: their palette, and the few rules of style sheet that it leaves to be said."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from gui.look.icons import FOLDER
from gui.look.theme import Theme


def dress(application: QApplication, theme: Theme) -> None:
    """Give everything the colours, the size of text and the rules of a theme.

    Qt polishes every widget anew for a style sheet, even for the same one, which takes this window a third of
    a second: so only where the theme is another one, not for each experiment that is opened.
    """
    if not dressed(application, theme):
        application.setPalette(palette_of(theme))
        application.setFont(theme.font())
        application.setStyleSheet(style_sheet(theme))


def dressed(application: QApplication, theme: Theme) -> bool:
    """Whether everything has the colours, the size of text and the rules of a theme already."""
    return application.styleSheet() == style_sheet(theme) and application.palette() == palette_of(theme)


def palette_of(theme: Theme) -> QPalette:
    """The colours of a theme for Qt's own widgets."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.plot,
        QPalette.ColorRole.AlternateBase: theme.panel,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.panel,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.error,
        QPalette.ColorRole.ToolTipBase: theme.panel,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.quiet,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.accent_text,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.LinkVisited: theme.accent,
        QPalette.ColorRole.Light: theme.panel,
        QPalette.ColorRole.Midlight: theme.panel,
        QPalette.ColorRole.Mid: theme.hairline,
        QPalette.ColorRole.Dark: theme.hairline,
        QPalette.ColorRole.Shadow: theme.hairline,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.quiet))
    return palette


def _mark(name: str, theme: Theme) -> str:
    """The file of a small mark: of the tick, which is seen on the accent colour, or of an arrow."""
    return (FOLDER / f"{name}-{theme.name}.svg").as_posix()


def boxes(theme: Theme) -> str:
    """The rules of what one writes in or presses: a hairline, seen better under the mouse and in use."""
    t, px = theme, theme.px
    every = "QLineEdit", "QAbstractSpinBox", "QPushButton"
    return f"""
    {", ".join(every)} {{ background: {t.plot}; border: 1px solid {t.hairline}; border-radius: {px(4)}px;
        padding: {px(2)}px {px(5)}px; selection-background-color: {t.accent}; }}
    {", ".join(f"{one}:hover" for one in every)} {{ border-color: {t.quiet}; }}
    {", ".join(f"{one}:focus" for one in every)} {{ border-color: {t.accent}; }}
    {", ".join(f"{one}:disabled" for one in every)} {{ color: {t.quiet}; background: transparent; }}
    QPushButton {{ padding: {px(3)}px {px(10)}px; }}
    QPushButton:pressed {{ background: {t.hairline}; }}
    QPushButton:default {{ border-color: {t.accent}; }}
    QPushButton::menu-indicator {{ image: none; width: 0; }}
    QAbstractSpinBox QLineEdit {{ background: transparent; border: none; padding: 0; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: {px(18)}px; }}
    QAbstractSpinBox::up-arrow {{ image: url("{_mark("up", t)}"); width: {px(9)}px; height: {px(9)}px; }}
    QAbstractSpinBox::down-arrow {{ image: url("{_mark("down", t)}"); width: {px(9)}px; height: {px(9)}px; }}
    """


def style_sheet(theme: Theme) -> str:
    """The style sheet of the whole application in a theme."""
    t, px = theme, theme.px
    return f"""
    QToolTip {{ color: {t.text}; background: {t.panel}; border: 1px solid {t.hairline}; padding: {px(4)}px; }}
    QMenuBar {{ background: {t.window}; border: none; padding: {px(2)}px; }}
    #page {{ font-size: {t.title_px}px; font-weight: bold; padding: 0 {px(10)}px; }}
    QMenu {{ background: {t.plot}; border: 1px solid {t.quiet}; padding: {px(3)}px 0; }}
    QMenu::item {{ color: {t.text}; padding: {px(4)}px {px(22)}px {px(4)}px {px(30)}px; }}
    QMenu::item:disabled {{ color: {t.quiet}; }}
    QMenu::item:selected:enabled {{ background: {t.accent}; color: {t.accent_text}; }}
    QMenu::separator {{ height: 1px; background: {t.hairline}; margin: {px(3)}px 0; }}
    QTabBar {{ background: {t.window}; qproperty-drawBase: 0; }}
    QTabBar::tab {{ padding: {px(7) - 2}px {px(18) - 2}px {px(7)}px; color: {t.quiet};
        background: transparent; border: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {t.text}; border-bottom: 2px solid {t.accent}; }}
    QTabBar::tab:hover {{ color: {t.text}; }}
    QTabBar::tab:focus {{ border: 2px solid {t.accent}; border-radius: {px(4)}px; }}
    #rule {{ background: {t.hairline}; }}
    #drawer {{ border: none; border-radius: {px(4)}px; padding: {px(5)}px {px(10)}px; color: {t.quiet}; }}
    #drawer:checked {{ color: {t.text}; background: {t.panel}; }}
    #drawer:hover {{ background: {t.hairline}; }}
    #drawer:focus {{ border: 2px solid {t.accent}; padding: {px(5) - 2}px {px(10) - 2}px; }}
    #experiments {{ background: transparent; border: none; outline: none; }}
    #experiments::item {{ padding: {px(5) - 1}px {px(8) - 1}px; border-radius: {px(4)}px; color: {t.text};
        border: 1px solid transparent; }}
    #experiments::item:selected {{ background: {t.panel}; color: {t.accent}; }}
    #experiments::item:focus {{ border: 1px solid {t.accent}; }}
    #end {{ background: {t.window}; border: none; color: {t.accent}; font-size: {px(20)}px;
        padding: 0 {px(6)}px {px(4)}px; }}
    #end:hover {{ background: {t.hairline}; }}
    #end:disabled {{ color: {t.hairline}; background: {t.window}; }}
    #transport {{ background: {t.window}; border-top: 1px solid {t.hairline}; }}
    #transport QToolButton {{ border: none; border-radius: {px(4)}px; padding: {px(5)}px; }}
    #transport QToolButton:hover, #transport QToolButton:focus {{ background: {t.hairline}; }}
    #transport QToolButton:focus {{ border: 2px solid {t.accent}; padding: {px(5) - 2}px; }}
    #transport QToolButton[accent="true"] {{ background: {t.accent}; }}
    #transport QToolButton[accent="true"]:focus {{ border-color: {t.text}; }}
    {boxes(t)}
    #banner {{ color: {t.error}; background: {t.panel}; padding: {px(8)}px;
        border-left: 3px solid {t.error}; }}
    #banner[reading="true"] {{ color: {t.text}; border-left-color: {t.accent}; }}
    QSplitter::handle {{ background: {t.hairline}; }}
    QScrollBar {{ background: transparent; margin: 0; }}
    QScrollBar:vertical {{ width: {px(8)}px; }}
    QScrollBar:horizontal {{ height: {px(8)}px; }}
    QScrollBar::handle {{ background: {t.hairline}; border-radius: {px(3)}px; margin: 1px; }}
    QScrollBar::handle:hover {{ background: {t.quiet}; }}
    QScrollBar::handle:vertical {{ min-height: {px(32)}px; }}
    QScrollBar::handle:horizontal {{ min-width: {px(32)}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QScrollArea {{ border: none; background: transparent; }}
    QMenu::indicator {{ left: {px(8)}px; }}
    QMenu::indicator:exclusive {{
        width: {px(8)}px; height: {px(8)}px; border-radius: {px(4)}px; margin: 0 {px(3)}px; }}
    QMenu::indicator:exclusive:checked {{ background: {t.accent}; }}
    QMenu::indicator:exclusive:checked:selected {{ background: {t.accent_text}; }}
    QMenu::indicator:non-exclusive:checked:selected {{ border-color: {t.accent_text}; }}
    QRadioButton::indicator {{ width: {px(12)}px; height: {px(12)}px; border-radius: {px(7)}px;
        border: 1px solid {t.quiet}; background: {t.plot}; }}
    QRadioButton::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; }}
    QRadioButton::indicator:focus {{ border-color: {t.text}; }}
    QCheckBox::indicator, QAbstractItemView::indicator, QMenu::indicator:non-exclusive {{
        width: {px(14)}px; height: {px(14)}px; }}
    QCheckBox::indicator:unchecked, QAbstractItemView::indicator:unchecked,
    QMenu::indicator:non-exclusive:unchecked {{
        width: {px(14) - 2}px; height: {px(14) - 2}px; background: {t.plot};
        border: 1px solid {t.quiet}; border-radius: 2px; }}
    QCheckBox::indicator:unchecked:focus {{ border-color: {t.accent}; }}
    QCheckBox::indicator:checked, QAbstractItemView::indicator:checked,
    QMenu::indicator:non-exclusive:checked {{
        width: {px(14) - 2}px; height: {px(14) - 2}px; background: {t.accent};
        border: 1px solid {t.accent}; border-radius: 2px; image: url("{_mark("tick", t)}"); }}
    QCheckBox::indicator:checked:focus {{ border-color: {t.text}; }}
    QCheckBox::indicator:checked:disabled {{ background: {t.quiet}; border-color: {t.quiet}; }}
    """
