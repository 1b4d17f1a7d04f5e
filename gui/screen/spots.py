"""Where a widget is inside another, in words that outlive it: so do the focus, and how room is parted."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QSplitter, QWidget

Spot = tuple[tuple[str, str, int], ...]  # from the root down: type, name, number among its like


def spot_of(widget: QWidget | None, root: QWidget | None) -> Spot:
    """Where a widget is inside another one, in words that hold for a like one that is made anew."""
    steps = []
    while widget is not None and widget is not root:
        parent = widget.parentWidget()
        if parent is None:
            return ()
        steps.append((type(widget).__name__, widget.objectName(), _like(widget, parent).index(widget)))
        widget = parent
    return tuple(reversed(steps))


def _like(widget: QWidget, parent: QWidget) -> list[QWidget]:
    """The children of a parent that are of the type and name of one of them."""
    kind, name = type(widget).__name__, widget.objectName()
    return _called(kind, name, parent)


def _called(kind: str, name: str, parent: QWidget) -> list[QWidget]:
    children = parent.findChildren(QWidget, name, Qt.FindChildOption.FindDirectChildrenOnly)
    return [child for child in children if type(child).__name__ == kind]


def focus_at(root: QWidget, spot: Spot) -> None:
    """Give the focus to what is at a spot now, or as near to it as something can take the focus."""
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
    """Part a widget that is made anew as the one before was parted, where both have like splitters."""
    before = {spot_of(one, old): one for one in old.findChildren(QSplitter)}
    for own in new.findChildren(QSplitter):
        other = before.get(spot_of(own, new))
        if other is not None and other.count() == own.count():
            own.restoreState(other.saveState())


def _takes_focus(widget: QWidget) -> bool:
    able = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
    return able and widget.isVisibleTo(widget.window()) and not isinstance(widget, QScrollArea)


def stops_in(part: QWidget) -> list[QWidget]:
    """What can take the focus in a part, from top left to bottom right; popups are not in it."""
    inside = [
        widget for widget in part.findChildren(QWidget) if widget.window() is part.window()
    ]  # no popups
    found = [widget for widget in inside if _takes_focus(widget)]
    corners = {widget: widget.mapTo(part, widget.rect().topLeft()) for widget in found}
    return sorted(found, key=lambda widget: (corners[widget].y(), corners[widget].x()))
