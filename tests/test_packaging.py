"""What is installed, and how one is told to install it."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from engine.version import VERSION

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CI, SETUP = ((ROOT / ".ci" / name).read_text(encoding="utf-8") for name in ("run", "setup"))


def commands():
    """The lines of the README's blocks of shell that set everything up on Debian."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines()]
    return [line for line in lines if line.startswith("bash .ci/setup")]


def test_what_the_readme_says_is_what_is_tried_before_a_change_lands():
    to_use, to_test = commands()
    assert to_use == "bash .ci/setup && .venv/bin/python main.py"
    for part in to_test.split(" && "):
        assert part in CI.splitlines()


def test_stored_results_name_the_version_that_is_installed():
    assert PROJECT["project"]["version"] == VERSION


def test_the_list_of_packages_is_the_only_one():
    names = [
        line.split()[0]
        for line in (ROOT / "resources" / "debian-packages.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert len(names) == len(set(names)) > 20
    others = [ROOT / "gui" / "app" / "display.py", ROOT / "README.md", *(ROOT / ".ci").iterdir()]
    for path in others:
        words = re.findall(r"[\w.+-]+", path.read_text(encoding="utf-8"))
        assert {"libegl1", "libxcb-cursor0", "fonts-noto-cjk", "openbox"} & {*words} == set(), path


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_the_scripts_are_bash():
    for name in ("setup", "run", "try-program", "try-wheel", "try-bundle"):
        assert subprocess.run(["bash", "-n", str(ROOT / ".ci" / name)], check=False).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash and Unix paths")
def test_without_root_and_sudo_the_administrator_is_told_what_to_install(tmp_path):
    """A machine on which apt-get is there, nothing is installed, and the user may install nothing."""
    tools = {
        "apt-get": "exit 99",
        "dpkg-query": "true",
        "id": "echo 1000",
        "python3": "exit 1",
        **{
            name: f'exec {found} "$@"'
            for name in ("awk", "sed", "tr", "grep", "dirname", "bash")
            if (found := _where(name))
        },
    }
    for name, does in tools.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    words = [_where("bash"), str(ROOT / ".ci" / "setup")]
    done = subprocess.run(words, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "Ask the administrator of this machine to run\n  apt-get install" in done.stderr
    line = next(line for line in done.stderr.splitlines() if "apt-get install" in line)
    assert {"python3-venv", "libegl1", "libxcb-cursor0", "fonts-noto-cjk"} <= {*line.split()}
    assert "xvfb" not in line


def _where(name):
    done = subprocess.run(["/bin/sh", "-c", f"command -v {name}"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_everything_that_runs_is_installed_in_one_folder():
    tools = PROJECT["tool"]["setuptools"]
    assert tools["packages"] == ["nabla"]
    assert tools["package-dir"] == {"nabla": "."}
    inside = {path for pattern in tools["package-data"]["nabla"] for path in ROOT.glob(pattern)}
    left_out = {path for pattern in tools["exclude-package-data"]["nabla"] for path in ROOT.glob(pattern)}
    for room in ("engine", "gui", "resources"):
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert (path in inside - left_out) == ("pictures" not in path.parts), path


def test_the_licence_is_there():
    assert PROJECT["project"]["license-files"] == ["LICENSE"]
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License")
    assert "The Nabla authors" in text
