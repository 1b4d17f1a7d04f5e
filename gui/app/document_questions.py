"""What is asked, and said, about session files. Names out of a file are shown short, and as plain text."""

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.config import Problem
from engine.session import Session, files_outside, home_of, without_files
from gui.look.language import problem_text, tr
from gui.look.messages import Button, ask, tell
from gui.look.plain import plain_name

MOST_NAMED = 8  # files in a question
LONG = 120  # characters of a path


def window_of(asker: QObject) -> QWidget:
    """The window that asks. Qt's parent, not a reference: the two would hold each other for ever."""
    parent = asker.parent()
    assert isinstance(parent, QWidget)
    return parent


def ask_to_save(window: QWidget, name: str) -> Button:
    """Save, Discard or Cancel, before the open session goes."""
    return ask(
        window,
        tr("Save the changes to “{name}” first?", name=name),
        Button.Save | Button.Discard | Button.Cancel,
        Button.Save,
    )


def ask_to_overwrite(window: QWidget, path: Path) -> Button:
    """Yes to write over what another program has written, No for another name, or Cancel."""
    return ask(
        window,
        tr("“{name}” has been changed by another program. Write over it?", name=plain_name(path.name)),
        Button.Yes | Button.No | Button.Cancel,
        Button.Cancel,
        {Button.Yes: tr("&Write over it"), Button.No: tr("&Save under another name…")},
    )


def ask_to_restore(window: QWidget, name: str, aside: Path) -> bool:
    """Whether to open the session of a window that crashed; if not, it is put aside."""
    words = "\n\n".join(
        [
            tr("Nabla did not close properly last time. Open the session as it was then?"),
            tr("Session: {name}", name=name),
            tr(
                "If not, it is put aside, and File ▸ Open recent lists it: {path}",
                path=plain_name(str(aside), LONG),
            ),
        ]
    )
    return ask(window, words, Button.Yes | Button.No, Button.Yes) == Button.Yes


def allowed(window: QWidget, session: Session, path: Path, known: Collection[str] = ()) -> Session | None:
    """A session out of a file as it may be used: with the files outside its folder, or without; None: not.

    Nothing outside is touched before the user has said yes; nobody is asked about files that are `known`.
    """
    outside = [file for file in files_outside(session, home_of(path)) if file not in known]
    if not outside:
        return session
    answer = ask_for_files(window, plain_name(path.name), outside)
    if answer == Button.No:
        return without_files(session, outside)
    return session if answer == Button.Yes else None


def ask_for_files(window: QWidget, name: str, paths: list[str]) -> Button:
    """Yes to let a session read files outside its folder, No to open it without them, or Cancel."""
    named = [plain_name(path, LONG) for path in paths[:MOST_NAMED]]
    if len(paths) > MOST_NAMED:
        named.append(tr("and {count} more", count=len(paths) - MOST_NAMED))
    question = tr("“{name}” names files outside its folder. May they be read?", name=name)
    return ask(
        window,
        "\n".join([question, "", *named]),
        Button.Yes | Button.No | Button.Cancel,
        Button.Cancel,
        {Button.Yes: tr("&Read them"), Button.No: tr("&Open without them")},
    )


def show_error(window: QWidget, what: str, error: Problem) -> None:
    """Say in one message what went wrong, why, and where."""
    place = tr("Place in the file: {place}", place=plain_name(error.where, LONG)) if error.where else ""
    tell(window, f"{what}\n\n{problem_text(error)}\n{place}".rstrip())
