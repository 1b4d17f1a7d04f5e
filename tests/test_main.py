"""The command line as a terminal sees it: what goes wrong is one line and an exit code, never a traceback."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import main
from engine.config import replaced
from engine.experiments.entropy.binary import BinaryConfig
from engine.experiments.optimizers.race_config import RaceConfig
from engine.lessons.lesson_file import SUFFIX as LESSON
from engine.session import Session, save
from engine.sweeps.store import SweepStore
from gui.app.kept import SUFFIX, Slot
from gui.app.sweep_files import SUFFIX as SWEEP

ROOT = Path(__file__).parent.parent
PROGRAM = [sys.executable, str(ROOT / "main.py")]
LONG = "9" * 5000
unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes of Unix")


@pytest.fixture
def environment(tmp_path):
    """A user of its own, without a display."""
    own = {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    return {**os.environ, **own}


def start(words, environment, **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([*PROGRAM, *words], env=environment, text=True, encoding="utf-8", **options)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--dpi"], "nabla: unrecognized arguments: --dpi"),
        (["sript", "a.nabla.json"], "nabla: there is no command sript; there are render, sweep, script,"),
        (["list", "all"], "nabla list: unrecognized arguments: all"),
        (["render"], "nabla render: the following arguments are required: session, --out"),
        (["render", "s", "--out", "o", "--dpi", "1e9"], "not 1e9"),
        (
            ["render", "s", "--out", "o", "--dpi", LONG],
            "argument --dpi: must be a whole number of at most 18",
        ),
        (["render", "s", "--out", "o", "--dpi", "１９２"], "argument --dpi: must be a whole number"),
        (["render", "s", "--out", "o", "--dpi", "9"], "--dpi must be from 10 to 2400"),
        (["render", "s", "--out", "o", "--dpi", "999999999999"], "--dpi must be from 10 to 2400"),
        (["render", "s", "--out", "o", "--frames", "-1"], "--frames must be from 2 to 1000"),
        (["render", "s", "--out", "o", "--fps", "0"], "--fps must be from 1 to 50"),
        (["render", "s", "--out", "o", "--width", "3841"], "--width must be from 160 to 3840"),
        (["render", "s", "--out", "o", "--width", ""], "argument --width: must be a whole number"),
        (["render", "s", "--out", "o", "--size", f"{LONG}x900"], "--size must be like 1440x900"),
        (["render", "s", "--out", "o", "--size", "1440"], "--size must be like 1440x900"),
        (["render", "s", "--out", "o", "--size", "20001x900"], "each side from 200 to 20000, not 20001x900"),
        (["render", "s", "--out", "o", "--format", LONG], "There is no format"),
        (["render", "s", "--out", "o", "--experiment", "a\nb"], "There is no experiment"),
        (["render", "s", "--out", "o", "--theme", "blue"], "argument --theme: invalid choice: 'blue'"),
        (["render", "no such file", "--out", "o"], "no such file"),
    ],
)
def test_wrong_words_are_one_short_line_and_code_2(capsys, qapp, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    assert main.main(words) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert len(shown.err.splitlines()) == 1
    assert len(shown.err) < 300
    assert shown.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_kind_is_called_what_it_is(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with SweepStore(Path("a.sweep")):
        pass
    Path("b.sweep").write_bytes(Path("a.sweep").read_bytes()[:5000])
    for name in ("a.md", "a.json"):
        Path(name).write_text("{}")
    before = sorted(tmp_path.iterdir())
    vary = ["--vary", "steps=1,2", "--measure", "0.f", "--out", "o"]
    results, lesson = "These are the results of a sweep, not a ", "This is a lesson, not a session"
    for words, said in (
        (["render", "a.sweep", "--out", "o"], f"{results}session: “nabla a.sweep” opens them."),
        (["render", "b.sweep", "--out", "o"], results),
        (["script", "a.sweep"], results),
        (["script", "a.md"], f"{lesson}: “nabla a.md” opens it."),
        (["sweep", "a.sweep", *vary], results),
        (["sweep", "a.md", *vary], lesson),
        (["check", "a.sweep"], f"{results}lesson"),
        (["check", "a.json"], "This is a session, not a lesson: “nabla a.json” opens it."),
    ):
        assert main.main(words) == 2
        shown = capsys.readouterr()
        assert said in shown.err
        assert len(shown.err.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_help_is_no_error(capsys):
    for words in (["--help"], ["list", "--help"], ["render", "--help"]):
        assert main.main(words) == 0
        said = capsys.readouterr()
        assert "nabla" in said.out
        assert "main.py" not in said.out
        assert said.err == ""


@unix
def test_who_stops_reading_and_a_full_disk_get_no_traceback(environment):
    reader, writer = os.pipe()
    os.close(reader)
    done = start(["list"], environment, stdout=writer)
    os.close(writer)
    assert (done.communicate()[1], done.returncode) == ("", 141)
    with open("/dev/full", "w") as full:
        done = start(["list"], environment, stdout=full)
        assert (done.communicate()[1], done.returncode) == ("The output: No space left on device\n", 2)


def test_a_terminal_that_cannot_write_every_sign_gets_question_marks(environment):
    done = start(["list"], {**environment, "PYTHONIOENCODING": "ascii"})
    out, err = done.communicate()
    assert "optimizers.race          Optimizers ? Race" in out
    assert (err, done.returncode) == ("", 0)


@unix
def test_without_the_libraries_it_says_where_to_look(environment, tmp_path):
    """A Python in which nothing is installed: `-S` leaves site-packages away, `-E` the variables."""
    words = [sys.executable, "-S", "-E", str(ROOT / "main.py"), "list"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is not installed for" in done.stderr
    assert "README.md" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@unix
def test_ctrl_c_ends_a_render_between_two_pictures_and_says_so(environment, tmp_path):
    path, out = tmp_path / "long.nabla.json", tmp_path / "out"
    configs = {"entropy.binary": BinaryConfig(), "optimizers.race": RaceConfig(steps=400_000)}
    save(Session(experiments=configs, open="entropy.binary"), path)
    words = ["render", str(path), "--out", str(out), "--size", "900x600", "--dpi", "48"]
    done = start(words, environment)
    assert done.stdout.readline().startswith(str(out))
    done.send_signal(signal.SIGINT)
    _, err = done.communicate(timeout=60)
    assert (err, done.returncode) == ("Stopped.\n", 130)
    assert all(path.suffix == ".png" and path.stat().st_size > 0 for path in out.iterdir())


@unix
def test_ctrl_c_closes_the_window_and_keeps_the_work(environment, tmp_path, qtbot):
    path = tmp_path / "mine.nabla.json"
    config = replaced(RaceConfig(), steps=321)
    save(Session(experiments={"optimizers.race": config}, open="optimizers.race"), path)
    done = start([str(path)], environment)

    def kept():
        """The sessions that the program has written for itself."""
        found = (tmp_path / "data").rglob(f"*{SUFFIX}")
        return [Slot(file.parent, file.name.removesuffix(SUFFIX)).read().session for file in found]

    qtbot.waitUntil(lambda: bool(kept()), timeout=30_000)
    done.send_signal(signal.SIGINT)
    _, err = done.communicate(timeout=60)
    assert (err, done.returncode) == ("Stopped.\n", 130)
    assert [session.config("optimizers.race").steps for session in kept()] == [321]


@unix
def test_ctrl_c_while_the_window_opens_ends_it_all_the_same(environment, tmp_path):
    """It comes while Qt has called Python, where an error would only be printed."""
    words = """
import signal, sys
import main
from gui.app.status_line import StatusLine
say = StatusLine.say
def pressed(line, words):
    signal.raise_signal(signal.SIGINT)
    say(line, words)
StatusLine.say = pressed
sys.exit(main.main([sys.argv[1]]))
"""
    path = tmp_path / "mine.nabla.json"
    save(Session(experiments={"optimizers.race": RaceConfig()}, open="optimizers.race"), path)
    command = [sys.executable, "-c", words, str(path)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stderr, done.returncode) == ("Stopped.\n", 130)


def test_check_says_what_is_wrong_with_a_lesson(tmp_path, capsys):
    path = tmp_path / "a.nabla-lesson.md"
    text = """# T
```toml
lesson = 1
```
## first
```toml
experiment = "optimizers.race"
settings.steps = 20
options.layout = "contour"
```
### en: A
words
"""
    path.write_text(text)
    assert main.main(["check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: 1 stops, 2 minutes, en\n"
    path.write_text(text.replace('"contour"', '"nothing"').replace("steps = 20", "step = 20"))
    assert main.main(["check", str(path)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.removeprefix(f"{path}: ").partition(": ")[0] for line in lines] == [
        "line 5, first, step",
        "line 5, first, options.layout",
    ]
    path.write_text("# T")
    assert main.main(["check", str(path)]) == 2
    assert "line 1: A block ```toml must follow this heading" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="desktops of Linux")
def test_associate_tells_the_desktop_which_files_it_opens_and_takes_it_back(tmp_path, monkeypatch, capsys):
    data = tmp_path / "data of %mine"
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    monkeypatch.setattr(sys, "executable", "/opt/a $b/100%/python")
    assert main.main(["associate"]) == 0
    entry, types = data / "applications" / "nabla.desktop", data / "mime" / "packages" / "nabla.xml"
    assert str(entry) in capsys.readouterr().out
    lines = dict(line.split("=", 1) for line in entry.read_text(encoding="utf-8").splitlines()[1:])
    assert lines["Exec"] == rf'"/opt/a \\$b/100%%/python" "{ROOT / "main.py"}" %f'
    assert Path(lines["Icon"]).is_file()
    kinds = {
        kind.get("type"): [one.get("pattern") for one in kind if one.tag.endswith("glob")]
        for kind in ElementTree.parse(types).getroot()
    }
    assert sorted(kinds) == sorted(filter(None, lines["MimeType"].split(";")))
    assert sorted(one for kind in kinds.values() for one in kind) == sorted(
        f"*{one}" for one in (SUFFIX, LESSON, SWEEP)
    )
    assert main.main(["associate", "--remove"]) == 0
    assert not entry.exists()
    assert not types.exists()
