"""The program on the desktop, and whether that asks for less motion: Qt does not tell, so it is asked."""

import sys
from ctypes import byref, c_int
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant
from PySide6.QtWidgets import QApplication

PORTAL = (
    "org.freedesktop.portal.Desktop",
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Settings",
)
# Where desktops on Linux keep it, and what stands there where less motion is asked for
KEPT = {
    ("org.freedesktop.appearance", "reduced-motion"): 1,
    ("org.gnome.desktop.interface", "enable-animations"): False,
    ("org.kde.kdeglobals.KDE", "AnimationDurationFactor"): "0",
}
ANIMATES = 0x1042  # SPI_GETCLIENTAREAANIMATION of Windows
PATIENCE = 2000  # ms for an answer
MAC_FILE = "Library/Preferences/com.apple.universalaccess.plist"


def application() -> QApplication:
    """The program, as Qt knows it."""
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


class DesktopMotion(QObject):
    """Asks the desktop, without waiting: `calm` is False until it has answered that less motion is wanted."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.calm = False
        self._waits: dict[QDBusPendingCallWatcher, object] = {}  # what answers mean calm

    def ask(self) -> None:
        """Ask once; `changed` tells where the answer is that less is wanted."""
        if sys.platform == "win32":
            from ctypes import windll  # there is none elsewhere

            on = c_int(1)
            windll.user32.SystemParametersInfoW(ANIMATES, 0, byref(on), 0)
            self._take(not on.value)
        elif sys.platform == "darwin":
            file = QSettings(str(Path.home() / MAC_FILE), QSettings.Format.NativeFormat)
            self._take(file.value("reduceMotion") in (True, 1, "1", "true"))
        else:
            self._ask_portal()

    def _take(self, calm: bool) -> None:
        if calm and not self.calm:
            self.calm = True
            self.changed.emit()

    def _ask_portal(self) -> None:
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        for place, calm in KEPT.items():
            message = QDBusMessage.createMethodCall(*PORTAL, "ReadOne")
            message.setArguments(list(place))
            watcher = QDBusPendingCallWatcher(bus.asyncCall(message, PATIENCE), self)
            self._waits[watcher] = calm
            watcher.finished.connect(self._answered)

    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        wanted, told = self._waits.pop(watcher), watcher.reply().arguments()
        value = told[0].variant() if told and isinstance(told[0], QDBusVariant) else None
        watcher.deleteLater()
        self._take(value is not None and str(value) == str(wanted))
