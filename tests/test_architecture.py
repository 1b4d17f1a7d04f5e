"""The house stays as it was built: arrows point one way, and every experiment has all its rooms."""

import ast
import re
import subprocess
import sys
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from engine.experiments import EXPERIMENTS

ROOT = Path(__file__).parent.parent
MACHINERY = {
    "changes",
    "checkpoints",
    "config",
    "experiment",
    "lessons",
    "memory_limit",
    "recording",
    "run_arrays",
    "runner",
    "scripts",
    "session",
    "stop_rules",
    "sweeps",
    "training",
    "experiments",
}
SOURCES = sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "gui").rglob("*.py"), ROOT / "main.py"])


@cache
def parts_of(path):
    """The classes, imports, calls, attributes and answers to errors in a file; each file is read once."""
    kinds = ast.ClassDef, ast.Import, ast.ImportFrom, ast.Call, ast.Attribute, ast.ExceptHandler
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


@cache
def imports(path):
    """All that a file imports."""
    found = []
    for node in parts_of(path):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(found)


def test_the_engine_runs_without_qt():
    program = (
        "import sys, pkgutil, importlib, engine\n"
        "for module in pkgutil.walk_packages(engine.__path__, 'engine.'):\n"
        "    importlib.import_module(module.name)\n"
        "bad = [name for name in sys.modules if name.split('.')[0] in ('PySide6', 'pyqtgraph', 'gui')]\n"
        "sys.exit(', '.join(bad) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_package_engine_imports_nothing():
    assert list(imports(ROOT / "engine" / "__init__.py")) == []


ENGINE = ROOT / "engine"
CHAPTERS = (
    "information",
    "losses",
    "surfaces",
    "optimizers",
    "convergence",
    "data",
    "linear",
    "networks",
    "recurrent",
)
PAGES_OF_CONTENTS = sorted(ENGINE.rglob("__init__.py"))


def contents(page):
    """The files and folders that a page of contents names, in its order."""
    text = ast.get_docstring(ast.parse(page.read_text(encoding="utf-8")))
    return re.findall(r"(?m)^ *(\w+)  +\S", text)


@pytest.mark.parametrize("page", PAGES_OF_CONTENTS, ids=lambda page: str(page.parent.relative_to(ROOT)))
def test_every_file_of_the_engine_stands_in_the_contents_of_its_chapter(page):
    files = {path.stem for path in page.parent.glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in page.parent.glob("*/__init__.py")}
    assert sorted(contents(page)) == sorted(files | folders)


def test_the_chapters_stand_in_the_contents_in_the_order_in_which_they_lean_on_each_other():
    named = contents(ENGINE / "__init__.py")
    assert tuple(name for name in named if (ENGINE / name).is_dir()) == (
        *CHAPTERS,
        "experiments",
        "lessons",
        "sweeps",
        "scripts",
    )


BOOK = [page for page in PAGES_OF_CONTENTS if set(page.parts) & {*CHAPTERS, "experiments"}]


@pytest.mark.parametrize(
    "page", [ENGINE / "__init__.py", *BOOK], ids=lambda page: str(page.parent.relative_to(ROOT))
)
def test_a_file_leans_only_on_those_before_it_in_the_contents(page):
    """The contents are read from the first line to the last."""
    order, room = contents(page), ".".join(page.parent.relative_to(ROOT).parts)
    for place, name in enumerate(order):
        own = page.parent / f"{name}.py"
        for path in [own] if own.exists() else sorted((page.parent / name).rglob("*.py")):
            parts = {found.removeprefix(f"{room}.").split(".")[0] for found in imports(path)}
            ahead = sorted(parts & set(order[place + 1 :]))
            assert not ahead, f"{path.relative_to(ROOT)} leans on {ahead}"


def later(path):
    """What a file of a chapter, or a tool of all, imports of chapters that come after it."""
    room = path.relative_to(ENGINE).parts[0]
    own = CHAPTERS.index(room) if room in CHAPTERS else -1
    for name in imports(path):
        chapter = name.removeprefix("engine.").split(".")[0]
        if name.startswith("engine.") and chapter in CHAPTERS[own + 1 :]:
            yield name


@pytest.mark.parametrize("room", [*CHAPTERS, ""])
def test_a_chapter_leans_only_on_those_before_it(room):
    """The settled name of the user's formula, `expressions`, stands before the chapter that it opens."""
    paths = (ENGINE / room).rglob("*.py") if room else set(ENGINE.glob("*.py")) - {ENGINE / "expressions.py"}
    found = {str(path.relative_to(ROOT)): list(later(path)) for path in paths}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_planted_look_ahead_is_found(tmp_path, monkeypatch):
    planted = tmp_path / "losses" / "planted.py"
    planted.parent.mkdir()
    planted.write_text("from engine.networks.layers import Layer\nfrom engine.information import entropy\n")
    monkeypatch.setattr(sys.modules[__name__], "ENGINE", tmp_path)
    assert list(later(planted)) == ["engine.networks.layers.Layer"]


def test_the_settled_names_are_where_they_are_settled():
    """Checks from outside, and learners, call these."""
    from engine.activations import sigmoid
    from engine.experiments import CATALOGUE
    from engine.expressions import parse
    from engine.information import entropy
    from engine.losses import LOSSES
    from engine.optimizers import OPTIMIZERS
    from engine.recurrent import CELLS
    from engine.runner import Runner
    from engine.surfaces import SURFACES

    assert {"adam", "sgd"} <= set(OPTIMIZERS)
    assert set(CELLS) == {"rnn", "gru", "lstm"}
    assert {"rosenbrock", "himmelblau"} <= set(SURFACES)
    assert {"mse", "huber"} <= set(LOSSES)
    assert list(CATALOGUE) == ["entropy", "losses", "optimizers", "lstm", "gradients"]
    assert Runner.drive
    assert sigmoid(0.0) == 0.5
    assert entropy([0.5, 0.5], 2.0) == 1.0
    assert parse("x + y")


def against_the_arrows(room, name):
    """What is wrong with an import, by the place of the file that has it."""
    parts = name.split(".")
    if room[0] == "engine" and parts[0] in ("gui", "main", "PySide6", "pyqtgraph"):
        yield "the engine knows no window"
    mathematics = room[0] == "engine" and Path(room[1]).stem not in MACHINERY
    if mathematics and parts[0] == "engine" and parts[1] in MACHINERY - {"config"}:
        yield "mathematics knows no machinery"
    if room[0] == "gui" and parts[0] == "main":
        yield "the window does not start the program"
    if parts[0] == "pyqtgraph" and room[:2] != ("gui", "plots"):
        yield "pyqtgraph is known to the plots only"
    if room[:2] == ("gui", "plots") and "experiments" in parts:
        yield "a plot knows no experiment"


def test_arrows_point_one_way():
    rooms = {path: path.relative_to(ROOT).parts for path in SOURCES}
    assert len(rooms) > 300
    assert [
        (str(path), name, fault)
        for path, room in rooms.items()
        for name in imports(path)
        for fault in against_the_arrows(room, name)
    ] == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("engine/losses/mse.py", "PySide6.QtCore.Qt"),
        ("engine/losses/mse.py", "engine.runner.Runner"),
        ("gui/look/theme.py", "main.main"),
        ("gui/look/theme.py", "pyqtgraph.mkPen"),
        ("gui/plots/curves.py", "engine.experiments.EXPERIMENTS"),
    ],
)
def test_a_planted_arrow_is_found(path, name):
    assert len(list(against_the_arrows(Path(path).parts, name))) == 1


def arrows():
    """What each file of engine and gui imports of them, also in a function or only for the types."""
    paths = [path for path in SOURCES if path.name != "main.py"]
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    modules = {name.removesuffix(".__init__"): path for name, path in named.items()}
    found = {}
    for module, path in modules.items():
        longest = (name if name in modules else name.rpartition(".")[0] for name in imports(path))
        found[module] = {name for name in longest if name in modules and name != module}
    return found


def circles(leads_to):
    """The nodes that are left when all are taken away that lead to none, or that none leads to."""
    left = {node: set(others) for node, others in leads_to.items()}
    while ends := {node for node, others in left.items() if not others & left.keys()}:
        left = {node: others for node, others in left.items() if node not in ends}
    while starts := left.keys() - set().union(*left.values()):
        left = {node: others for node, others in left.items() if node not in starts}
    return sorted(left)


@pytest.mark.parametrize(
    ("leads_to", "left"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}, ["b", "c"]),
        ({"a": {"b", "d"}, "b": {"c"}, "c": {"a"}, "d": set()}, ["a", "b", "c"]),
    ],
)
def test_a_planted_circle_is_found(leads_to, left):
    assert circles(leads_to) == left


def test_nothing_is_imported_in_a_circle():
    found = arrows()
    assert "engine.config" in found["gui.app.window"]
    assert circles(found) == []


@pytest.mark.parametrize("room", ["look", "form", "plots", "screen", "export"])
def test_only_views_and_the_program_know_an_experiment(room):
    """Names and titles are in the catalogue; the folders of the experiments are theirs and their views'."""
    for path in (ROOT / "gui" / room).rglob("*.py"):
        for name in imports(path):
            parts = name.split(".")
            assert parts[:2] != ["engine", "experiments"] or len(parts) == 3, (path, name)


ROOMS = ("look", "plots", "form", "screen", "views", "export", "app")  # as `gui/__init__.py` tells


def leans(path):
    """What a file of gui leans on that it must not: a room below its own."""
    rooms = path.relative_to(ROOT / "gui").parts[:-1]
    own = ROOMS.index(rooms[0]) if rooms else -1
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "gui" or len(parts) < 2:
            continue
        if parts[1] not in ROOMS or ROOMS.index(parts[1]) > own:
            yield name


def test_the_rooms_of_gui_are_those_that_its_docstring_tells():
    text = ast.get_docstring(ast.parse((ROOT / "gui" / "__init__.py").read_text(encoding="utf-8")))
    assert re.findall(r"(?m)^(\w+)  +\S", text) == list(ROOMS)
    there = {path.name for path in (ROOT / "gui").iterdir() if any(path.rglob("*.py"))}
    assert there == set(ROOMS), "every file of gui has its room"
    assert {path.name for path in (ROOT / "gui").glob("*.py")} == {"__init__.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_leans_only_on_those_above_it(room):
    found = {str(path.relative_to(ROOT)): list(leans(path)) for path in (ROOT / "gui" / room).rglob("*.py")}
    assert {path: names for path, names in found.items() if names} == {}


VIEWS = ROOT / "gui" / "views"
PAGES = sorted(VIEWS.glob("*/*.py"))


def test_no_page_imports_another():
    """What pages share stands beside the tabs; the files of a page begin with its name."""
    assert len(PAGES) > 24
    for path in PAGES:
        tab, mine = experiment_of(path)
        for name in imports(path):
            parts = name.split(".")
            if parts[:2] != ["gui", "views"] or len(parts) < 4 or not (VIEWS / parts[2]).is_dir():
                continue
            assert parts[2] == tab, (path, name)
            assert parts[3].startswith(mine or "?"), (path, name)


def experiment_of(path):
    """The experiment that a file belongs to: the files of one begin with its name."""
    tab = path.parent.name
    names = [name.partition(".")[2] for name in EXPERIMENTS if name.startswith(f"{tab}.")]
    return tab, max((name for name in names if path.stem.startswith(name)), key=len, default="")


COURSE = ROOT / "engine" / "experiments"


def test_no_experiment_imports_another():
    """What experiments share is a chapter of the engine, in a file of its own."""
    paths = [path for path in sorted(COURSE.glob("*/*.py")) if path.stem != "__init__"]
    assert len(paths) > 24
    for path in paths:
        mine = experiment_of(path)
        assert mine[1], f"a file here is an experiment's: {path}"
        for name in imports(path):
            parts = name.split(".")
            if parts[:2] == ["engine", "experiments"]:
                assert len(parts) > 3, f"{path}: the catalogue is not for experiments: {name}"
                found = COURSE.joinpath(*parts[2:4]).with_suffix(".py")
                assert experiment_of(found) == mine, (path, name)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_has_all_its_files(name):
    tab, own = name.split(".")
    assert (ROOT / "gui" / "views" / tab / f"{own}.py").exists()
    assert (ROOT / "engine" / "experiments" / tab / f"{own}.py").exists()
    assert (ROOT / "tests" / "engine" / "experiments" / f"test_{own}.py").exists()
    assert (ROOT / "tests" / "gui" / "views" / f"test_{own}.py").exists()
    for language in ("en", "zh_CN"):
        text = (ROOT / "resources" / "notes" / language / tab / f"{own}.md").read_text(encoding="utf-8")
        assert len(text) > 300


PEERS = {"torch", "sklearn"}  # what some benchmarks compare with: the extra `bench`


BENCHMARKS = sorted(path.stem for path in (ROOT / "tests" / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_takes_only_what_is_there(name):
    """Nobody runs them but by hand: a name that has moved would be missed on the day it is wanted."""
    try:
        import_module(f"tests.benchmarks.{name}")
    except ModuleNotFoundError as error:
        assert error.name in PEERS, error


def test_the_formatter_lays_out_all_but_true_tables():
    files = [path for room in ("engine", "gui", "tests", ".book") for path in (ROOT / room).rglob("*.py")]
    skipped = [
        path.name
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.endswith("# fmt" + ": skip")
    ]
    assert len(skipped) <= 20, skipped


def test_no_class_name_stands_for_two_things():
    """A name says whose it is: `TrainSnapshot`, `TableRow`."""
    found = {}
    for path in SOURCES:
        for node in parts_of(path):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_nothing_is_evaluated_unpickled_or_left_to_global_chance():
    for path in SOURCES:
        for node in parts_of(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "compile", "__import__"), path
            if isinstance(node, ast.Attribute) and node.attr == "seed":
                assert "np.random" not in ast.unparse(node), path
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{path}:{node.lineno}"
        assert not {"pickle", "shelve", "marshal"} & {name.split(".")[0] for name in imports(path)}, path


def test_the_top_level_is_as_settled():
    allowed = {
        "main.py",
        "gui",
        "engine",
        "resources",
        "tests",
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
    }
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    made = [line.strip("/") for line in ignored]  # by tools: build/, *.egg-info/ …
    tops = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert {top for top in tops if not any(fnmatch(top, name) for name in made)} == allowed
