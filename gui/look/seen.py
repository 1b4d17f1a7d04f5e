"""Showing and hiding widgets while a page is built."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def see(widget: QWidget, on: bool) -> None:
    """Show or hide a widget, as `setVisible` does.

    A new one comes to be seen with its parent: Qt would give it its style and its places at once, unseen.
    """
    new = not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    parent = widget.parentWidget()
    if not (on and new and parent is not None and not parent.isVisible()):
        widget.setVisible(on)
