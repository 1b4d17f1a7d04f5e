"""`render`: the figures of a session from the command line, without a window on a screen."""

import json
import sys

import pytest
from PySide6.QtGui import QImage, QMovie

import main
from engine.experiments.entropy.binary import BinaryConfig
from engine.experiments.optimizers.race_config import RaceConfig
from engine.session import Look, Session, save
from gui.look.language import install
from gui.plots.line import CurveLine

SMALL = ["--size", "900x600", "--dpi", "96"]


@pytest.fixture
def session(tmp_path):
    """A short race and an experiment without steps."""
    path = tmp_path / "small.nabla.json"
    configs = {"optimizers.race": RaceConfig(steps=8), "entropy.binary": BinaryConfig()}
    save(Session(experiments=configs, open="optimizers.race"), path)
    return path


@pytest.fixture
def render(session, tmp_path, qapp):
    """Run the command; gives the exit code and the names of the files."""

    def run(*words):
        out = tmp_path / "out"
        code = main.main(["render", str(session), "--out", str(out), *SMALL, *words])
        return code, sorted(path.name for path in out.iterdir()) if out.exists() else []

    yield run
    install(qapp, "en")


def test_the_whole_and_each_plot_in_each_format(render, tmp_path):
    code, names = render("--experiment", "optimizers.race", "--format", "png,svg,pdf,csv")
    assert code == 0
    for kind in ("png", "svg", "pdf", "csv"):
        assert f"race.{kind}" in names
        assert sum(name.endswith(kind) for name in names) == 4
    assert not QImage(str(tmp_path / "out" / "race.png")).isNull()


def test_a_picture_of_the_window_shows_its_plots(render, tmp_path):
    code, names = render("--experiment", "optimizers.race", "--window")
    assert (code, names) == (0, ["optimizers.race-window.png"])
    image = QImage(str(tmp_path / "out" / "optimizers.race-window.png"))
    middle = image.copy(image.width() // 3, image.height() // 3, image.width() // 4, image.height() // 4)
    pixels = ((x, y) for x in range(0, middle.width(), 5) for y in range(0, middle.height(), 5))
    assert len({middle.pixel(x, y) for x, y in pixels}) > 50, "a field is of many colours"


def test_an_error_that_nobody_expected_is_told_by_the_exit_code(render, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(str(error)))
    monkeypatch.setattr(CurveLine, "draw", lambda *_: 1 / 0)
    code, names = render("--experiment", "entropy.binary")
    assert code == 1
    assert "binary.png" in names
    assert set(told) == {"division by zero"}


def test_animations_of_what_has_steps(render, tmp_path, capsys):
    image = pytest.importorskip("PIL.Image", reason="Pillow, which the program requires, is not installed")
    code, names = render("--format", "gif", "--frames", "3", "--fps", "5", "--width", "320")
    assert code == 0
    assert "race.gif" in names
    assert len(names) == 4
    assert all(name.startswith("race") and name.endswith(".gif") for name in names)
    movie = QMovie(str(tmp_path / "out" / "race.gif"))
    assert movie.frameCount() == 3
    movie.jumpToFrame(0)
    assert movie.currentImage().width() == 320
    with image.open(tmp_path / "out" / "race.gif") as film:  # Qt counts the time since the frame was read
        assert film.info["duration"] == 200
    said = capsys.readouterr()
    assert "entropy.binary: no steps, no animation" in said.err
    assert len(said.out.splitlines()) == 4


def test_figures_are_laid_out_for_a_size_on_paper(render, tmp_path, capsys):
    small = ["--mm", "60x45", "--font", "7", "--background", "transparent", "--no-title", "--no-settings"]
    code, names = render("--experiment", "optimizers.race", "--format", "png,svg,csv", "--bom", *small)
    assert code == 0
    assert {"race-curves.png", "race-curves.svg", "race.csv"} <= set(names)
    assert "race.png" not in names
    assert "race: There is not enough room for 3 plots" in capsys.readouterr().err
    picture = QImage(str(tmp_path / "out" / "race-curves.png"))
    assert (picture.width(), picture.height()) == (227, 170)  # 60 and 45 mm at 96 dots in 25.4 mm
    assert picture.pixelColor(1, 1).alpha() == 0
    text = (tmp_path / "out" / "race-curves.svg").read_text(encoding="utf-8")
    assert 'width="60mm" height="45mm"' in text
    assert "Rosenbrock" not in text  # the settings
    assert (tmp_path / "out" / "race.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--mm", "85x"], "A size in millimetres is like 85x60"),
        (["--font", "99"], "--font must be from 4.0 to 40.0"),
        (["--format", "tiff"], "There is no format 'tiff'"),
        (["--frames", "1"], "--frames must be from 2 to 1000"),
        (["--fps", "51"], "--fps must be from 1 to 50"),
        (["--width", "0"], "--width must be from 160 to 3840"),
        (["--experiment", "nothing"], "There is no experiment 'nothing'. “nabla list” names them all."),
        (
            ["--experiment", "Race"],
            "'Race'. Did you mean optimizers.race? “nabla list” names",
        ),
        (["--experiment", "softmax"], "Did you mean entropy.softmax / losses.softmax?"),
        (["--experiment", "clip"], "Did you mean gradients.clipping?"),
        (["--experiment", "losses.clasifier"], "Did you mean losses.classifier?"),
    ],
)
def test_what_is_wrong_is_one_line_and_no_file(render, capsys, words, reason):
    assert render(*words) == (2, [])
    said = capsys.readouterr().err
    assert reason in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(("step", "calls"), [(0, "0"), (3, "3"), (None, "8")])
def test_a_session_is_rendered_where_it_stood_or_else_at_its_end(session, render, tmp_path, step, calls):
    looks = {"optimizers.race": Look(step=step)}
    save(Session(experiments={"optimizers.race": RaceConfig(steps=8)}, looks=looks), session)
    assert render("--format", "csv")[0] == 0
    table = (tmp_path / "out" / "race-results.csv").read_text(encoding="utf-8-sig")
    assert table.splitlines()[1].split(",")[-1] == calls  # gradient descent: one gradient a step


@pytest.mark.parametrize("path", ["/etc/passwd", "//server/share/t.csv", "../t.csv"])
def test_files_outside_the_folder_of_a_session_are_not_read_unless_allowed(tmp_path, qapp, capsys, path):
    session = tmp_path / "s.nabla.json"
    raw = {
        "schema": 1,
        "open": "entropy.binary",
        "experiments": {"losses.classifier": {"data": {"kind": "csv", "path": path}}, "entropy.binary": {}},
    }
    session.write_text(json.dumps(raw))
    words = ["render", str(session), "--out", str(tmp_path / "out"), "--experiment", "entropy.binary", *SMALL]
    assert main.main(words) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "--allow-files" in said
    assert not (tmp_path / "out").exists()
    if path == "/etc/passwd":
        assert main.main([*words, "--allow-files"]) == 0
