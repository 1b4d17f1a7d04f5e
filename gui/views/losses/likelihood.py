"""Losses ▸ Likelihood and least squares on the screen: one of three scenes."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtWidgets import QStackedLayout

from engine.config import Config
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.recording import Recording
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.panel import Panel
from gui.theme import Theme
from gui.views.losses.likelihood_coin import CoinScene
from gui.views.losses.likelihood_outlier import OutlierScene
from gui.views.losses.likelihood_points import LineScene
from gui.views.losses.likelihood_scene import Scene


class LikelihoodView(OldView):
    """Shows the scene that the config names, and hands everything on to it."""

    pace: ClassVar[float] = 30.0

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.scenes: dict[str, Scene] = {
            "points": LineScene(theme), "coin": CoinScene(theme), "outlier": OutlierScene(theme)
        }  # fmt: skip
        self.scene = self.scenes["points"]
        self.stack = QStackedLayout(self)
        for scene in self.scenes.values():
            self.stack.addWidget(scene)
            scene.edited.connect(self.edited)
            scene.step_chosen.connect(self.step_chosen)

    def panels(self) -> list[Panel]:
        return self.scene.panels()

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, LikelihoodConfig)
        self.scene = self.scenes[config.scene]
        self.scene.begin(config, ghosts)
        self.stack.setCurrentWidget(self.scene)

    def draw(self, recording: Recording, step: int) -> None:
        self.scene.draw(recording, step)

    def live(self, recording: Recording, step: int) -> list[Live]:
        return self.scene.live(recording, step)


VIEW = LikelihoodView
