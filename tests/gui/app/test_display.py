"""What keeps a window from opening is said before Qt ends the program."""

import sys

import pytest

from gui.app import display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux needs this")


@pytest.fixture
def bare(monkeypatch):
    """Libraries that are not there, by name; no display, no platform chosen."""
    gone = set()
    monkeypatch.setattr(display, "_loads", lambda library: library not in gone)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return gone


def test_a_library_that_is_missing_is_named_with_its_package(bare):
    bare |= {"libEGL.so.1", "libxcb-cursor.so.0"}
    said = display.obstacle()
    assert said == (
        "Qt needs libEGL.so.1, libxcb-cursor.so.0, which cannot be loaded. "
        "On Debian and Ubuntu: sudo apt-get install libegl1 libxcb-cursor0"
    )


def test_figures_need_no_library_of_a_window(bare, monkeypatch):
    bare |= {"libxcb-cursor.so.0"}
    assert display.obstacle(window=False) is None
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display.obstacle() is None
    monkeypatch.setenv("QT_QPA_PLATFORM", "")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert display.obstacle() is None


def test_a_chosen_platform_without_a_display_needs_the_libraries_of_qt_all_the_same(bare, monkeypatch):
    bare |= {"libfontconfig.so.1"}
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert "libfontconfig1" in display.obstacle()
    assert "libfontconfig1" in display.obstacle(window=False)


def test_without_a_display_it_says_how_figures_are_made(bare):
    assert "neither DISPLAY nor WAYLAND_DISPLAY" in display.obstacle()
    assert "python main.py render SESSION" in display.obstacle(program="python main.py")


def test_a_display_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setattr(display, "_loads", lambda library: True)
    assert display.obstacle().startswith("The display :4711 does not answer.")


def test_the_list_names_each_library_once_and_those_of_a_window_on_top():
    bare, window = display.libraries(window=False), display.libraries(window=True)
    assert set(bare) < set(window)
    assert bare["libEGL.so.1"] == "libegl1"
    assert window["libxcb-cursor.so.0"] == "libxcb-cursor0"
    assert "libxcb-cursor.so.0" not in bare
    assert all(".so." in library for library in window)
    assert len(set(window.values())) == len(window)
