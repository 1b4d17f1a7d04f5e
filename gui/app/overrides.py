"""An error in a method that Qt calls (a resizeEvent, a sizeHint) is an error there too, and not the end.

Before Python 3.12 an error of C code (1/0, a key that is missing, a widget that Qt has deleted) travels as
a class and a text, and becomes an object only where it is caught. PySide (6.10 and 6.11 at least) takes the
text for the object when such an error leaves a method that Qt calls while Python waits for Qt, as in `show`
or `grab`: a segmentation fault. So each of these methods catches its errors here, and raises them again.
Out of what an item of a plot is asked while the plot is painted (`paint`, `boundingRect`, `shape`) not even
that helps, whoever made the item: there they are reported, and the item counts as empty.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QPainterPath, QUndoCommand
from PySide6.QtWidgets import QGraphicsItem

from gui.plots.painting import reported

ROOTS: tuple[type, ...] = (QObject, QUndoCommand, QGraphicsItem)
CALLED_BY_QT = {
    "event",
    "eventFilter",
    "sizeHint",
    "minimumSizeHint",
    "heightForWidth",
    "data",
    "headerData",
    "flags",
    "rowCount",
    "columnCount",
    "undo",
    "redo",
    "mergeWith",
    "paint",
    "boundingRect",
    "shape",
}
# … and whatever ends in Event
# what of it is called while an item is painted, and what is returned after an error
WHILE_PAINTING: dict[str, Callable[[], object]] = {
    "paint": lambda: None,
    "boundingRect": QRectF,
    "shape": QPainterPath,
}


def guard_overrides() -> None:
    """Guard the classes that are there, and each one that is made from now on."""
    for cls in subclasses():
        guard(cls)
    for root in ROOTS:
        if "__init_subclass__" not in vars(root):
            root.__init_subclass__ = classmethod(_guarding(root))  # type: ignore[assignment]


def subclasses() -> Iterator[type]:
    """All classes made in Python that Qt calls."""
    waiting = list(ROOTS)
    while waiting:
        cls = waiting.pop()
        waiting += type.__subclasses__(cls)
        if not _is_native(cls):
            yield cls


def overrides(cls: type) -> Iterator[tuple[str, FunctionType]]:
    """The methods of a class itself that take the place of one of Qt's and that Qt calls."""
    native = [base for base in cls.__mro__ if _is_native(base)]
    for name, method in vars(cls).items():
        called = name in CALLED_BY_QT or name.endswith("Event")
        if called and isinstance(method, FunctionType) and any(name in vars(base) for base in native):
            yield name, method


def guard(cls: type) -> None:
    """Let each of them catch its errors and raise them again."""
    for name, method in list(overrides(cls)):
        if not is_guarded(method):
            empty = WHILE_PAINTING.get(name)
            setattr(cls, name, _reporting(method, empty) if empty else _guarded(method))


def is_guarded(method: FunctionType) -> bool:
    """Whether a method has been guarded already."""
    return hasattr(method, "__wrapped__")


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return method(*arguments, **options)
        except Exception:
            raise  # as an object

    return call


def _reporting(method: Callable[..., Any], empty: Callable[[], object]) -> Callable[..., Any]:
    @wraps(method)
    def call(*arguments: Any, **options: Any) -> Any:
        with reported():
            return method(*arguments, **options)
        return empty()

    return call


def _guarding(root: type) -> Callable[..., None]:
    def guard_new(cls: type, **options: Any) -> None:
        super(root, cls).__init_subclass__(**options)  # type: ignore[arg-type]
        guard(cls)

    return guard_new


def _is_native(cls: type) -> bool:
    return cls.__module__.startswith("PySide6")
