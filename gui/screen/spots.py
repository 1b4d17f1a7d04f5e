"""The place of a widget inside another, described by names, so that focus and sizes survive new widgets."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QSplitter, QWidget

Spot = tuple[tuple[str, str, int], ...]  # from the root down: type, name, index among those of the same


def spot_of(widget: QWidget | None, root: QWidget | None) -> Spot:
    """Return the place of a widget inside another, in a form that holds for a new widget of the same kind."""
    steps = []
    while widget is not None and widget is not root:
        parent = widget.parentWidget()
        if parent is None:
            return ()
        steps.append((type(widget).__name__, widget.objectName(), _like(widget, parent).index(widget)))
        widget = parent
    return tuple(reversed(steps))


def _like(widget: QWidget, parent: QWidget) -> list[QWidget]:
    """Return the children of a parent with the same type and name as one of them."""
    kind, name = type(widget).__name__, widget.objectName()
    return _called(kind, name, parent)


def _called(kind: str, name: str, parent: QWidget) -> list[QWidget]:
    children = parent.findChildren(QWidget, name, Qt.FindChildOption.FindDirectChildrenOnly)
    return [child for child in children if type(child).__name__ == kind]


def focus_at(root: QWidget, spot: Spot) -> None:
    """Give the focus to the widget at a spot, or to the nearest one that can take it."""
    found: QWidget | None = root
    for kind, name, index in spot:
        like = _called(kind, name, found) if found is not None else []
        if not like:
            break
        found = like[min(index, len(like) - 1)]
    while found is not None and found is not root:
        stops = [found] if _takes_focus(found) else stops_in(found)
        if stops:
            stops[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        found = found.parentWidget()


def keep_sizes(old: QWidget, new: QWidget) -> None:
    """Give the splitters of a new widget the sizes that they had in the old one."""
    before = {spot_of(one, old): one for one in old.findChildren(QSplitter)}
    for own in new.findChildren(QSplitter):
        other = before.get(spot_of(own, new))
        if other is not None and other.count() == own.count():
            own.restoreState(other.saveState())


def _takes_focus(widget: QWidget) -> bool:
    able = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
    return able and widget.isVisibleTo(widget.window()) and not isinstance(widget, QScrollArea)


def stops_in(part: QWidget) -> list[QWidget]:
    """Return the widgets in a part that can take the focus, from top left to bottom right, without popups."""
    inside = [
        widget for widget in part.findChildren(QWidget) if widget.window() is part.window()
    ]  # no popups
    found = [widget for widget in inside if _takes_focus(widget)]
    corners = {widget: widget.mapTo(part, widget.rect().topLeft()) for widget in found}
    return sorted(found, key=lambda widget: (corners[widget].y(), corners[widget].x()))
