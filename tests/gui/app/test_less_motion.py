"""Less motion: as the desktop asks until the user has chosen; at once, and on the next page too."""

import pytest
from PySide6.QtDBus import QDBusVariant

from gui.look.desktop import KEPT, DesktopMotion


def switch(window):
    menus = [action.menu() for action in window.menuBar().actions()]
    return next(one for menu in menus for one in menu.actions() if one.text() == "Less &motion")


def test_the_desktop_is_followed_until_the_user_chooses(window):
    window.preferences.motion = ""
    window.appearance.desktop._take(False)
    assert not window.appearance.calm
    window.appearance.desktop._take(True)
    assert window.on_screen.calm
    assert switch(window).isChecked()
    switch(window).trigger()
    assert (window.preferences.motion, window.on_screen.calm) == ("full", False)
    window.show_experiment("optimizers.newton")
    assert not window.on_screen.calm
    switch(window).trigger()
    assert (window.preferences.motion, window.on_screen.calm) == ("less", True)


class Reply:
    """What a portal has answered."""

    def __init__(self, *told):
        self.told = told

    def arguments(self):
        return [*self.told]


class Watcher:
    def __init__(self, *told):
        self._reply = Reply(*told)

    def reply(self):
        return self._reply

    def deleteLater(self):
        pass


@pytest.mark.parametrize(
    ("calm", "other"),
    [
        (KEPT["org.freedesktop.appearance", "reduced-motion"], 0),
        (KEPT["org.gnome.desktop.interface", "enable-animations"], True),
        (KEPT["org.kde.kdeglobals.KDE", "AnimationDurationFactor"], "1"),
    ],
)
def test_each_desktop_says_it_in_its_way(qapp, calm, other):
    for told, wanted in (
        (QDBusVariant(other), False),
        ("no such setting", False),
        (QDBusVariant(calm), True),
    ):
        motion, watcher = DesktopMotion(qapp), Watcher(told)
        motion._waits[watcher] = calm
        motion._answered(watcher)
        assert motion.calm is wanted
        assert not motion._waits
