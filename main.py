"""Nabla: a laboratory for the foundations of deep learning.

python main.py                      open the window where you left off
python main.py SESSION              open a session file, or a lesson (.md)
python main.py render SESSION ...   make the figures of a session, without a display
python main.py render LESSON ...    make the handout of a lesson
python main.py sweep SESSION ...    run it with many settings and seeds, on all cores or on a cluster
python main.py script SESSION ...   write its run as a short program in NumPy or PyTorch
python main.py check LESSON         say what is wrong with a lesson, line by line
python main.py list                 the experiments, tab by tab
python main.py associate            let a double click open sessions, lessons and sweeps (Linux)
"""

import argparse
import io
import multiprocessing
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

if sys.version_info < (3, 11):  # noqa: UP036  # what lies beyond this line is an error of syntax to an older one
    sys.exit(f"Nabla needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

# One thread for linear algebra: two of them and a window on two cores wait for each other.
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# Installed, this file lies in a folder of its own beside engine, gui and resources, as in the repository.
HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

PROGRAM = "python main.py" if __name__ == "__main__" and not hasattr(sys, "frozen") else "nabla"
WRONG, INTERRUPTED, UNREAD = 2, 130, 141  # exit codes; the last two as of a program ended by SIGINT, SIGPIPE
COMMANDS = ("render", "sweep", "script", "check", "list", "associate")
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")  # no option means a number of more digits


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; returns the exit code. What goes wrong is said in one line.

    0: done; 2: wrong use, nothing to draw on, or a file that cannot be read or written; 130: Ctrl+C;
    141: nobody reads the output any more.
    """
    try:
        code = _obey(sys.argv[1:] if arguments is None else arguments)
        if sys.stdout is not None:  # as where nothing is to be printed on
            sys.stdout.flush()
    except KeyboardInterrupt:
        return _end("Stopped.", INTERRUPTED)
    except BrokenPipeError:
        return _end("", UNREAD)
    except OSError as error:
        return _end(f"{error.filename or 'The output'}: {error.strerror}", WRONG)
    except MemoryError:
        return _end("There is not enough memory.", WRONG)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("engine", "gui"):
            raise
        return _end(f"{error.name} is not installed for {sys.executable}: see Start in README.md.", WRONG)
    return code


def _end(words: str, code: int) -> int:
    """Say why it ends; what is printed and not written yet is dropped, or Python would fail at it again."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if words:
        print(words, file=sys.stderr)
    return code


def _obey(words: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal or file that has no ▸ gets a question mark
    try:
        if words[:1] == ["list"]:
            return list_experiments(words[1:])
        if words[:1] == ["associate"]:
            return associate(words[1:])
        if words[:1] == ["check"]:
            return check(words[1:])
        if words[:1] == ["sweep"]:
            return sweep(words[1:])
        if words[:1] == ["script"]:
            return script(words[1:])
        return render(words[1:]) if words[:1] == ["render"] else open_window(words)
    except SystemExit as end:  # argparse has said all
        return int(end.code or 0)


class CommandLine(argparse.ArgumentParser):
    """Says in one line what is wrong with the words; `--help` tells the rest."""

    def error(self, message: str) -> NoReturn:
        """End the program."""
        from gui.look.plain import plain_name

        self.exit(WRONG, f"{self.prog}: {plain_name(message, 200)}\n")


def whole(text: str) -> int:
    """Return the whole number that an option is given.

    Raises:
        argparse.ArgumentTypeError: it is none, or has more digits than any option takes.
    """
    if WHOLE.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(f"must be a whole number of at most 18 digits, not {text}")
    return int(text)


def open_window(words: list[str]) -> int:
    """Open the window."""
    parser = CommandLine(
        PROGRAM,
        description=(__doc__ or "").replace("python main.py", PROGRAM),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "session", nargs="?", type=Path, help="a session, a figure, a lesson, or the results of a sweep"
    )
    if len(words) > 1 and words[0].isalpha() and not Path(words[0]).exists():
        parser.error(f"there is no command {words[0]}; there are {', '.join(COMMANDS)}")
    options = parser.parse_args(words)
    from gui.app.display import obstacle

    if problem := obstacle(program=PROGRAM):
        print(problem, file=sys.stderr)
        return WRONG
    from gui.app import app

    return app.run(options.session)


def list_experiments(words: list[str]) -> int:
    """Print the experiments, tab by tab."""
    CommandLine(f"{PROGRAM} list", description="The experiments, tab by tab.").parse_args(words)
    from engine.experiments import CATALOGUE

    for tab, experiments in CATALOGUE.items():
        for experiment in experiments:
            title = tab.upper() if tab == "lstm" else tab.capitalize()
            print(f"{experiment.name:24} {title} ▸ {experiment.title}")
    return 0


def associate(words: list[str]) -> int:
    """Let a double click open the files of Nabla."""
    about = "Let a double click on a session, a lesson or a sweep open it in Nabla, on a desktop of Linux."
    parser = CommandLine(f"{PROGRAM} associate", description=about)
    parser.add_argument("--remove", action="store_true", help="let it be as before")
    options = parser.parse_args(words)
    from gui.app import associate as desktop

    return desktop.associate(options.remove)


def check(words: list[str]) -> int:
    """Say what is wrong with a lesson; 0 where nothing is."""
    about = "Read a lesson, set up each of its stops, and say what is wrong, line by line."
    parser = CommandLine(f"{PROGRAM} check", description=about)
    parser.add_argument("lesson", type=Path, help="a lesson, a Markdown file")
    options = parser.parse_args(words)
    from gui.app.lesson_check import check_lesson

    return check_lesson(options.lesson)


def sweep(words: list[str]) -> int:
    """Run the experiment of a session with many settings and seeds."""
    about = "Run the experiment of a session with many settings and seeds, and compare the results."
    after = (
        "Values are a list, 8,16,32 or adam,momentum, or a range, 1e-4..1:9:log. A measure is a scalar with "
        "one of end, best, lowest, highest, area, below=0.1, above=0.9 after a colon. What is made is kept "
        "in FILE: the same command goes on where it was stopped."
    )
    parser = CommandLine(f"{PROGRAM} sweep", description=about, epilog=after)
    parser.add_argument("session", type=Path, help="a session file, or a figure")
    parser.add_argument(
        "--vary", action="append", required=True, metavar="SETTING=VALUES", help="once or twice"
    )
    parser.add_argument("--measure", required=True, help="such as held_out.loss:best")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the results are kept")
    parser.add_argument("--experiment", metavar="NAME", help="another one than the session opens")
    parser.add_argument("--seeds", type=whole, default=1, help="each combination under so many seeds (1)")
    parser.add_argument("--steps", type=whole, help="steps of each run, if not the session's")
    parser.add_argument("--workers", type=whole, default=0, help="processes (0: the cores but one)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler, such as tcp://host:8786")
    parser.add_argument("--csv", type=Path, metavar="TABLE", help="also write every run as a line of a table")
    parser.add_argument(
        "--allow-files", action="store_true", help="let the session read files outside its folder"
    )
    options = parser.parse_args(words)
    from gui.app import sweep_command

    return sweep_command.sweep(sweep_command.SweepOrder(**vars(options)))


def script(words: list[str]) -> int:
    """Write the run of a session as a script."""
    about = "Write the run of a session as one short program that needs only NumPy, or PyTorch."
    parser = CommandLine(f"{PROGRAM} script", description=about)
    parser.add_argument("session", type=Path, help="a session file, or a figure")
    parser.add_argument("--framework", choices=("numpy", "torch"), default="numpy", help="(numpy)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where it is written, with the data it reads"
    )
    parser.add_argument("--experiment", metavar="NAME", help="another one than the session opens")
    parser.add_argument("--language", choices=("en", "zh_CN"), default="en", help="of its comments (en)")
    parser.add_argument(
        "--allow-files", action="store_true", help="let the session read files outside its folder"
    )
    options = parser.parse_args(words)
    from gui.app import script_command

    return script_command.print_script(script_command.ScriptOrder(**vars(options)))


def render(words: list[str]) -> int:
    """Make the figures of a session."""
    parser = CommandLine(
        f"{PROGRAM} render", description="Make the figures of a session, or the handout of a lesson."
    )
    parser.add_argument("session", type=Path, help="a session file, or a lesson (.md)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the figures go")
    parser.add_argument("--experiment", metavar="NAME", help="only this one, such as optimizers.race")
    parser.add_argument(
        "--format",
        help="any of png,svg,pdf,csv,gif,apng,webp,npz,zip with commas (png); of a lesson: html,pdf (html)",
    )
    parser.add_argument("--teacher", action="store_true", help="of a lesson: with the teacher's notes")
    parser.add_argument(
        "--dpi", type=whole, default=192, help="resolution of PNG; 96 is one pixel a point (192)"
    )
    parser.add_argument(
        "--frames", type=whole, default=60, help="pictures of an animation, over the whole run (60)"
    )
    parser.add_argument("--fps", type=whole, default=15, help="pictures a second of an animation (15)")
    parser.add_argument("--width", type=whole, default=960, help="pixels across an animation (960)")
    parser.add_argument("--size", default="1440x900", metavar="WxH", help="logical size (1440x900)")
    parser.add_argument("--theme", choices=("light", "dark"), help="the session's unless given")
    parser.add_argument(
        "--language", choices=("en", "zh_CN"), help="the session's unless given; of a lesson: English"
    )
    paper = parser.add_argument_group("figures on paper")
    paper.add_argument("--mm", metavar="WxH", help="lay out anew for millimetres: 85x60, or 85 alone")
    paper.add_argument("--font", type=float, metavar="PT", help="size of letters where --mm is given (8)")
    paper.add_argument("--background", choices=("opaque", "transparent"), default="opaque")
    paper.add_argument("--no-title", dest="title", action="store_false", help="without the title")
    paper.add_argument("--no-settings", dest="settings", action="store_false", help="without the settings")
    paper.add_argument("--formulas", action="store_true", help="with the formulas and their numbers")
    paper.add_argument("--playhead", action="store_true", help="with playhead, handles and selection")
    paper.add_argument(
        "--no-session", dest="carry", action="store_false", help="without what opens the figure again"
    )
    paper.add_argument("--bom", action="store_true", help="CSV with a mark that tells Excel it is UTF-8")
    parser.add_argument("--window", action="store_true", help="pictures of the whole window instead")
    parser.add_argument(
        "--allow-files", action="store_true", help="let the session read files outside its folder"
    )
    options = parser.parse_args(words)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gui.app.display import obstacle

    if problem := obstacle(window=False):
        print(problem, file=sys.stderr)
        return WRONG
    teacher, kinds = options.teacher, options.format
    if options.session.suffix == ".md":
        from gui.app.render_lesson import render_lesson

        return render_lesson(options.session, options.out, kinds or "html", options.language, teacher)
    if teacher:
        parser.error("--teacher is for lessons (.md)")
    from gui.app.render import render_session
    from gui.app.render_order import RenderOrder

    del options.teacher
    options.format = kinds or "png"
    return render_session(RenderOrder(**vars(options)))


if __name__ == "__main__":
    multiprocessing.freeze_support()  # a process of a sweep starts here too, in a program of one folder
    sys.exit(main())
