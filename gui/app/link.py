"""An experiment as one line of text, to be sent in a message and pasted back: what differs from the defaults.

    nabla:optimizers.race{"settings":{"surface":"beale"},"step":17}

It is read as strictly as the scene of a lesson, which has the same parts. Files are neither named nor read.
"""

import re
from typing import Any, Protocol

import msgspec
from PySide6.QtGui import QGuiApplication

from engine.config import Config, Problem, problem_from
from engine.file_fields import with_file_paths
from engine.lessons.check import config_of
from engine.lessons.lesson import LessonScene, LessonStop
from engine.session import Look
from gui.app.lesson_check import options_of
from gui.app.lesson_draft import scene_of
from gui.look.language import problem_text, tr
from gui.look.plain import plain_name
from gui.screen.playback import Playback
from gui.screen.screen import Screen

LINK = re.compile(r"\s*nabla:([a-z_]+\.[a-z_]+)(\{.*\})?\s*", re.DOTALL)
LONGEST = 100_000  # characters
PARTS = {"settings", "options", "step"}


class LinkStage(Protocol):
    """What a link asks of the window."""

    @property
    def playback(self) -> Playback: ...
    @property
    def on_screen(self) -> Screen: ...
    def show_scene(self, name: str, config: Config, look: Look) -> None: ...


def link_of(playback: Playback, options: Config) -> str:
    """The line for what is on the screen."""
    bare = with_file_paths(playback.config, lambda path: "")
    scene: dict[str, Any] = scene_of(playback, options, None, bare)
    name = scene.pop("experiment")
    return f"nabla:{name}" + (msgspec.json.encode(scene).decode() if scene else "")


def scene_from(text: str) -> tuple[str, Config, Look]:
    """The experiment of a line, its settings, and how it is looked at.

    Raises:
        Problem: it is no such line, or something in it is not possible; `where` is its place.
    """
    found = LINK.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise Problem("The clipboard has no link to an experiment")
    try:
        parts = msgspec.json.decode(found[2] or "{}", type=dict[str, Any])
        if unknown := parts.keys() - PARTS:
            raise Problem("There is no setting of this name", where=min(unknown))
        scene = msgspec.convert({"experiment": found[1], **parts}, LessonScene)
    except msgspec.ValidationError as error:
        raise problem_from(error) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise Problem("The link is not whole") from error
    stop = LessonStop("link", scene, {}, 1)
    config, options = config_of(stop), options_of(stop)
    return found[1], config, Look(step=scene.step, options=msgspec.to_builtins(options))


def copy_link(stage: LinkStage) -> str:
    """Put the line on the clipboard; returns what to say."""
    QGuiApplication.clipboard().setText(link_of(stage.playback, stage.on_screen.view.options))
    return tr("Link copied: paste it anywhere, or back with Ctrl+V")


def paste_link(stage: LinkStage) -> str:
    """Open the line on the clipboard; returns what to say."""
    try:
        stage.show_scene(*scene_from(QGuiApplication.clipboard().text()))
    except Problem as problem:
        place = f"{plain_name(problem.where)}: " if problem.where else ""
        return place + problem_text(problem)
    return tr("Link opened")
