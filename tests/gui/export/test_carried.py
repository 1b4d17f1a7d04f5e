"""A figure carries its session: read back to the last bit, strictly, and without anything of the user's."""

import random
import shutil
import subprocess
import zlib

import msgspec
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtSvg import QSvgRenderer

import main
from engine.config import replaced
from engine.session import Look, Session, SessionError, decode, encode
from gui.export.carried import KEYWORD, carried, session_bytes, text_of
from gui.export.figures import figures_of
from gui.export.paper import Paper
from gui.look.language import install

RACE = "optimizers.race"
KINDS = ("png", "svg", "pdf")


@pytest.fixture
def edited(window, qtbot):
    """A window with a race that is not the default, at step 17, with an option and a pinned run."""
    window.show_experiment(RACE)
    playback = window.playback
    playback.edit(replaced(playback.config, start=(0.125, -1.0 / 3.0), steps=40))
    playback.pin()
    playback.edit(replaced(playback.config, surface="beale"))
    qtbot.waitUntil(lambda: playback.shown is playback.runner)
    window.on_screen.view.set_option(log=False)
    playback.seek(17)
    qtbot.waitUntil(lambda: playback.step == 17)
    return window


def saved(window, folder, paper=None):
    """A figure of the experiment in each format."""
    figure = figures_of(window.on_screen, paper or Paper())[0]
    paths = [folder / f"race.{kind}" for kind in KINDS]
    for path, kind in zip(paths, KINDS, strict=True):
        for _ in figure.save(path, kind, 96):
            pass
    return paths


@pytest.fixture(scope="module")
def kept():
    """What was saved of the window, by the names of the files."""
    return {}


@pytest.fixture
def pictures(kept, request, tmp_path):
    """The files that are saved of the window: saved once, and read by several tests."""
    if not kept:
        kept |= {path.name: path.read_bytes() for path in saved(request.getfixturevalue("edited"), tmp_path)}
    for name, data in kept.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in kept]


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(200, 200),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def test_dropped_on_the_window_a_figure_is_its_experiment_again(edited, qtbot, tmp_path):
    window, playback = edited, edited.playback
    config, look = playback.config, playback.look()
    paths = saved(window, tmp_path)
    for path in paths:
        window.show_experiment(RACE)
        window.set_defaults()
        window.playback.unpin()
        window.show_experiment("losses.neuron")
        drop(window, path)
        qtbot.waitUntil(lambda: window.playback.experiment.name == RACE and window.playback.step == 17)
        playback = window.playback
        assert playback.config == config
        assert msgspec.json.encode(playback.look()) == msgspec.json.encode(look)
        assert window.documents.path is None, "saving does not overwrite the picture"
        assert window.windowTitle() == f"Figure: {path.name} – Nabla"
        window.undo()
        assert playback.config == type(config)()


def test_the_pictures_are_still_pictures_and_the_text_is_where_the_formats_have_it(pictures):
    png, svg, pdf = pictures
    with Image.open(png) as image:
        image.load()
        assert decode(image.text[KEYWORD].encode()).open == RACE
    assert QSvgRenderer(str(svg)).isValid()
    if tool := shutil.which("qpdf"):
        assert subprocess.run([tool, "--check", pdf], check=False, capture_output=True).returncode == 0
    for path in (png, svg, pdf):
        assert decode(session_bytes(path)) == decode(carried(path.read_bytes()))


def test_it_can_be_left_out(edited, tmp_path):
    for path in saved(edited, tmp_path, Paper(session=False)):
        assert carried(path.read_bytes()) is None
        with pytest.raises(SessionError, match="carries no session"):
            session_bytes(path)


def test_no_file_of_the_users_is_named():
    table = "/home/somebody/secret/table.csv"
    config = {"data": {"kind": "csv", "path": table}}
    session = decode(msgspec.json.encode({"schema": 1, "experiments": {"losses.classifier": config}}))
    assert table in encode(session).decode()
    text = text_of(msgspec.structs.replace(session, looks={"losses.classifier": Look(pins=())}))
    assert "somebody" not in text
    assert "table" not in text.replace('"table"', "")
    assert "\n" not in text
    assert decode(text.encode()).config("losses.classifier").data.path == ""


def test_damaged_and_hostile_pictures_are_refused(pictures, tmp_path):
    """Bytes changed or cut anywhere: a session as strictly read as any, or an error that says why."""
    chance = random.Random(5)
    for path in pictures:
        whole = path.read_bytes()
        broken = tmp_path / f"broken{path.suffix}"
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 40)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            data = data[: chance.randrange(len(data))] if chance.random() < 0.3 else data
            broken.write_bytes(data)
            try:
                assert isinstance(decode(session_bytes(broken)), Session)
            except SessionError as error:
                assert str(error)
    bomb = (
        b"%PDF-1.4\n/EF <</F 9 0 R>>\n9 0 obj\nstream\n" + zlib.compress(bytes(40 * 2**20)) + b"\nendstream"
    )
    assert carried(bomb) is None
    assert carried(b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffiTXt") is None


def test_render_and_the_command_line_take_a_figure(pictures, tmp_path, qapp, capsys):
    again = tmp_path / "again"
    code = main.main(["render", str(pictures[0]), "--out", str(again), "--format", "csv"])
    install(qapp, "en")
    assert code == 0, capsys.readouterr().err
    assert (again / "race.csv").exists()
