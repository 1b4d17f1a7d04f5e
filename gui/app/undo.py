"""What can be taken back, step by step.

Nobody reports a change. The history looks at the playback after everything that was done to it, and sixty
times a second besides, and keeps what differs as a step: so no control can be forgotten. What belongs
together is one step: all that is dragged while a button of the mouse is held; what is typed in one line,
or done with one key after the other, until there is a pause or the focus goes elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from msgspec import convert
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QWidget

from engine.experiments import EXPERIMENTS
from engine.session import Session
from gui.app.kept import SUFFIX
from gui.app.undo_words import changed_fields, step_text
from gui.look.language import tr
from gui.screen.playback import Playback
from gui.screen.playback_state import PlaybackMemo, PlaybackState
from gui.screen.view import view_type

LIMIT = 200  # steps that are kept
PAUSE = 1.0  # seconds without a key after which another step begins
KEYS = (QEvent.Type.KeyPress, QEvent.Type.Wheel)
PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
SETTINGS = 1  # the kind of the steps that can become one


@dataclass(frozen=True)
class Document:
    """A whole session, the file it belongs to, what stands in that file, and what stands in none."""

    session: Session
    path: Path | None
    on_file: Session
    memos: Mapping[str, PlaybackMemo]


def same(name: str, one: PlaybackState, other: PlaybackState) -> bool:
    """Whether two states of an experiment are equal; an option that is missing has its default."""
    if one == other:
        return True
    options = view_type(name).options_type
    return replace(one, options={}) == replace(other, options={}) and convert(
        one.options, options
    ) == convert(other.options, options)


class PlaybackStep(QUndoCommand):
    """One experiment before and after a change. Where the playhead stood is noted when a state is left."""

    def __init__(self, history: "History", name: str, before: PlaybackState, after: PlaybackState) -> None:
        super().__init__()
        self.history, self.name = history, name
        self.before, self.after = before, after
        self.goes_on = False  # whether this is more of the step before
        self._done = True  # what is pushed has been done already
        self.name_it()

    def name_it(self) -> None:
        """Name the step, in the installed language."""
        self.setText(step_text(self.before, self.after, view_type(self.name).options_type))

    def id(self) -> int:
        return SETTINGS

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Merge the next step into this one if it continues it; a step without effect is dropped."""
        if not (isinstance(other, PlaybackStep) and other.goes_on and other.name == self.name):
            return False
        self.after = other.after
        self.setObsolete(same(self.name, self.before, self.after))
        if not self.isObsolete():
            self.name_it()
        return True

    def undo(self) -> None:
        self.after = self.history.left(self.name, self.after)
        self.history.playback_wanted.emit(self.name, self.before)

    def redo(self) -> None:
        if self._done:
            self._done = False
            return
        self.before = self.history.left(self.name, self.before)
        self.history.playback_wanted.emit(self.name, self.after)


class SessionStep(QUndoCommand):
    """Everything before and after another session was opened."""

    def __init__(self, history: "History", before: Document, after: Document) -> None:
        super().__init__()
        self.history, self.before, self.after = history, before, after
        self._done = True
        self.name_it()

    def name_it(self) -> None:
        """Name the step, in the installed language."""
        path = self.after.path
        self.setText(tr("Open “{name}”", name=shown_name(path)) if path else tr("New session"))

    def undo(self) -> None:
        self.after = self.history.session_left(self.after)
        self.history.session_wanted.emit(self.history.on_disk(self.before))

    def redo(self) -> None:
        if self._done:
            self._done = False
            return
        self.before = self.history.session_left(self.before)
        self.history.session_wanted.emit(self.history.on_disk(self.after))


class History(QObject):
    """The steps of a window. It watches the playbacks and asks for what is to be shown."""

    playback_wanted = Signal(str, object)  # an experiment, and the PageState that it is to have
    session_wanted = Signal(object)  # a Document
    leaving = Signal()  # a session is left: what is seen of it is to be noted

    def __init__(self, playbacks: Mapping[str, Playback], parent: QObject) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(LIMIT)
        self._playbacks = playbacks
        self._known: dict[str, PlaybackState] = {}
        self._files: dict[Path, Session] = {}  # what stands in files, as far as it is known
        self._on_button = False  # whether the focus is on a button: pressed again, it does another thing
        self._broken = True  # whether something has been done since the last change: another one begins
        self._key = False  # whether that was a key, or the wheel
        self._held: list[QUndoCommand] = []  # the steps on the stack
        self._last: LastChange | None = None

    # What was done

    def note(self, playback: Playback) -> None:
        """Compare a playback with what it was; a difference becomes a step."""
        name, state = playback.experiment.name, playback.state()
        before = self._known.get(name, state)
        self._known[name] = state
        if not same(name, before, state):
            self._push(PlaybackStep(self, name, before, state))

    def _push(self, step: PlaybackStep) -> None:
        change = LastChange(step.name, changed_fields(step.before, step.after), self._key, perf_counter())
        step.goes_on = self._goes_on(change)
        self._broken = self._key = False
        self._last = change
        self._push_step(step)

    def _push_step(self, step: QUndoCommand) -> None:
        """Put a step on the stack, and hold all that are there: the stack does so in C++ only, where the
        garbage collector does not see it, and a step that it takes away crashes the next one."""
        self._held.append(step)
        self.stack.push(step)
        self._held = [self.stack.command(index) for index in range(self.stack.count())]

    def _goes_on(self, change: "LastChange") -> bool:
        """Whether a change is more of the last one: of the same event, the same drag, or by more keys."""
        last = self._last
        if last is None or last.name != change.name:
            return False
        if not self._broken:
            return True
        typed = last.by_key and change.by_key and change.time - last.time < PAUSE
        return typed and not self._on_button and bool(last.fields & change.fields)

    def rest(self) -> None:
        """Time passes: without a button of the mouse held, what is dragged has been let go."""
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._broken = True

    def opened(self, before: Document, after: Document) -> None:
        """Keep as a step that another session was opened."""
        self.forget()
        self._push_step(SessionStep(self, before, after))

    def clear(self) -> None:
        """Begin with nothing to take back."""
        self.forget()
        self.stack.clear()

    def forget(self) -> None:
        """Forget the playbacks: they were replaced, which is not a change by the user."""
        self._known = {}
        self._last = None

    # Files

    def know(self, path: Path | None, on_file: Session) -> None:
        """Remember the content of the session's file."""
        if path is not None:
            self._files[path] = on_file

    def session_left(self, document: Document) -> Document:
        """A session that is left now, with what is seen of it by now and stands in no file."""
        self.leaving.emit()
        now = {name: playback.memo for name, playback in self._playbacks.items()}
        return replace(document, memos={**document.memos, **now})

    def on_disk(self, document: Document) -> Document:
        """A document with what its file holds by now."""
        if document.path is None:
            return document
        return replace(document, on_file=self._files.get(document.path, document.on_file))

    # Back and forth

    def undo(self) -> None:
        """Take the last step back; not while something is held with the mouse."""
        self._go(self.stack.undo)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._go(self.stack.redo)

    def _go(self, go: Callable[[], None]) -> None:
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._last = None
            go()

    def left(self, name: str, state: PlaybackState) -> PlaybackState:
        """A state that is left now, with where its playhead stands."""
        playback = self._playbacks.get(name)
        now = playback.state() if playback is not None else state
        return now if now == state else state

    def came_back(self, playback: Playback) -> None:
        """A playback was put back to an earlier state: this is not a new step."""
        self._known[playback.experiment.name] = playback.state()

    def name_steps(self) -> None:
        """Name every step anew: the language is another one."""
        for index in range(self.stack.count()):
            step = self.stack.command(index)
            if isinstance(step, PlaybackStep | SessionStep):
                step.name_it()

    def text(self, undo: bool, here: str) -> str:
        """The name of the step that can be taken back, or done again; empty when there is none.

        `here` is the experiment on the screen: where the step belongs to another one, that is told too.
        """
        stack = self.stack
        text = stack.undoText() if undo else stack.redoText()
        step = stack.command(stack.index() - undo) if text else None
        if isinstance(step, PlaybackStep) and step.name != here:
            return f"{tr(EXPERIMENTS[step.name].title)} – {text}"
        return text

    # Keys and the mouse

    def watch(self, widget: QObject) -> None:
        """Look at the keys and the mouse of a widget, or of the window itself."""
        inner = [widget.viewport()] if isinstance(widget, QAbstractScrollArea) else []
        for one in (widget, *inner):  # a plot hears of the mouse through its viewport
            one.removeEventFilter(self)
            one.installEventFilter(self)

    def watch_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """The focus has moved: what follows belongs to another control."""
        self._broken, self._key, self._on_button = True, False, isinstance(new, QAbstractButton)
        self._last = None
        if new is not None:
            self.watch(new)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that an action begins; every event goes on to its receiver."""
        kind = event.type()
        if kind in KEYS:
            self._broken = self._key = True
        elif kind in PRESSES:
            self._broken, self._key = True, False
        return False


@dataclass(frozen=True)
class LastChange:
    """What was done last: where, to which fields, with a key, and when (seconds)."""

    name: str
    fields: frozenset[str]
    by_key: bool
    time: float


def shown_name(path: Path) -> str:
    """A file's name as the title has it."""
    return path.name.removesuffix(SUFFIX)
