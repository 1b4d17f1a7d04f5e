"""Lessons that were damaged by chance or on purpose, always the same ones for a seed.

Run it for many of them: python -m tests.gui.app.mutated_lessons 10000. It tells how many were opened and how
many refused, what went wrong, and the slowest.
"""

import os
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

HOSTILE = [
    '"/etc/hostname"',
    '"../../other.csv"',
    '"//host/share/x.csv"',
    '"/proc/self/mem"',
    "1e999",
    "-1e999",
    "nan",
    "inf",
    "0",
    "-1",
    str(10**30),
    "9" * 400,
    "true",
    '""',
    "[]",
    "{}",
    "[[[[1]]]]",
    '"' + "x" * 5000 + '"',
    "1979-05-27",
    '"\\u0000"',
    '"0.f < 1"',
    '"((((((((((1"',
    '"min(min(0.f))"',
    '"first(0.f < 1/0) < -1"',
    '"at(0.f, 1e99) > 0"',
    '"9^9^9^9^9 > 1"',
    '"exp(exp(exp(9))) < 1"',
    '"losses.classifier"',
    '"lstm.train"',
    '"no.such"',
    '{ kind = "csv", path = "/etc/passwd" }',
    '{ kind = "file", path = "../../../etc/passwd" }',
    '{ kind = "adam" }',
]
SNIPPETS = [
    "![x](/etc/hostname)",
    "![x](file:///etc/passwd)",
    "<img src='/etc/hostname'>",
    "<script>alert(1)</script>",
    "![x](99.formula)",
    "![x](a.png)",
    "$$" + "\\frac{1}{" * 60,
    "$\\unknown{$",
    "$" + "{" * 500 + "$",
    "```",
    "# T",
    "## x",
    "### en: B",
    "### fr_FR: B",
    "#### Teacher",
    "? Why",
    "! Because",
    "- [x] yes",
    "- [ ] no",
    "> hint",
    "> (0.f < 1) hint",
    "> ((((",
    "\x00",
    "\ufeff",
    "\u2028",
    "[a](javascript:x)",
    "|" * 300,
    "> " * 200,
    "- " * 300,
    "*" * 2000,
    "_" * 2000,
    "[" * 1000,
    "`" * 999,
]


def mutated(data: bytes, seed: int) -> bytes:
    """A lesson with one to four things done to it."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(WAYS)(data, chance)
    return data


def _flip(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 2, 20))):
        if found:
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def _lines(data: bytes, chance: random.Random) -> tuple[list[bytes], int, int]:
    lines = data.split(b"\n")
    first = chance.randrange(len(lines))
    return lines, first, min(len(lines), first + chance.choice((1, 1, 3, 30)))


def _cut(data: bytes, chance: random.Random) -> bytes:
    lines, first, last = _lines(data, chance)
    return b"\n".join(lines[:first] + lines[last:])


def _repeat(data: bytes, chance: random.Random) -> bytes:
    lines, first, last = _lines(data, chance)
    return b"\n".join(lines[:last] + lines[first:])


def _swap(data: bytes, chance: random.Random) -> bytes:
    lines, first, last = _lines(data, chance)
    to = chance.randrange(len(lines))
    return b"\n".join(lines[:to] + lines[first:last] + lines[to:])


def _value(data: bytes, chance: random.Random) -> bytes:
    places = list(re.finditer(rb"(?m)^[\w.\"\[\]]+ = (.*)$", data))
    if not places:
        return data
    one = chance.choice(places)
    return data[: one.start(1)] + chance.choice(HOSTILE).encode() + data[one.end(1) :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    lines, first, _ = _lines(data, chance)
    return b"\n".join([*lines[:first], chance.choice(SNIPPETS).encode(), *lines[first:]])


def _end(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


WAYS = (_flip, _cut, _repeat, _swap, _value, _value, _insert, _insert, _end)


def outcome(path: Path, known: set[object]) -> str:
    """Open a lesson as the window does, and show each text that is not `known`: "opened" or "refused".

    Raises:
        AssertionError: it is refused without a place.
    """
    from engine.config import Problem
    from engine.lessons.lesson_file import load
    from gui.app.lesson_check import check_scenes
    from gui.export.prose import prose
    from gui.look.theme import LIGHT
    from gui.screen.explanation import explanation

    try:
        lesson = load(path)
        check_scenes(lesson)
    except Problem as problem:
        assert problem.where.startswith("line ") or "too large" in problem.sentence, problem
        return "refused"
    for stop in lesson.stops:
        for text in stop.texts.values():
            answers = (one.words for one in text.answers)
            for words in (text.words, text.asked, text.after, text.teacher, *answers):
                if words not in known:
                    known.add(words)
                    explanation(words, LIGHT, 320, 1.0, None).deleteLater()
                    prose(words)
    return "opened"


def main(count: int) -> int:
    """Try so many, and say what happened."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gui.app.app import application
    from gui.app.lesson_files import lesson_files

    app = application()
    originals = [path.read_bytes() for path in lesson_files()]
    found: Counter[str] = Counter()
    known: set[object] = set()
    times, opened = list[tuple[float, int]](), set[str]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.nabla-lesson.md"
        for file in lesson_files():
            outcome(file, known)  # what is imported late is not counted
        watching = [False]

        def heard(event: str, arguments: tuple[object, ...]) -> None:
            if watching[0] and event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
                opened.add(os.fsdecode(arguments[0]))

        sys.addaudithook(heard)
        for seed in range(count):
            path.write_bytes(mutated(originals[seed % len(originals)], seed))
            begun, watching[0] = perf_counter(), True
            try:
                found[outcome(path, known)] += 1
            except Exception as error:  # noqa: BLE001  # all of them are told
                found[f"seed {seed}: {type(error).__name__}: {str(error)[:120]}"] += 1
            watching[0] = False
            times.append((perf_counter() - begun, seed))
            app.processEvents()
    print(*(f"{number:6}  {what}" for what, number in found.most_common(40)), sep="\n")
    print("slowest:", *(f"{seconds:.3f} s (seed {seed})" for seconds, seed in sorted(times)[-5:]))
    ours = (".py", ".pyc", ".nabla-lesson.md")
    print("opened:", sorted(name for name in opened if not name.endswith(ours))[:20])
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
