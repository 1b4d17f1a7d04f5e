"""The tasks of *Train on sequences* in a script: what is read, what a batch is, and what is held out.

    x, target = draw(rng, count)        [length, count] of symbols, or [length, count, inputs] of numbers

The loss is the mean over the steps from `first_read` on.
"""

from pathlib import Path

from engine.data.texts import TEXTS
from engine.data.user_files import bytes_of, encoding_of
from engine.experiments.lstm.train_tasks import (
    CHANCE,
    MEASURED,
    Adding,
    Echo,
    RecallTask,
    SequenceTask,
    Sine,
    TaskData,
)
from engine.experiments.lstm.train_texts import Text, TextFile
from engine.scripts.datasets import path_of
from engine.scripts.writer import ScriptWriter, literal


def write_task(script: ScriptWriter, task: SequenceTask, data: TaskData) -> None:
    """Write the settings of a task, its batches, and the sequences that are held out."""
    tr = script.tr
    script.note(tr("The task: {title}. {meaning}", title=tr(task.title), meaning=tr(task.meaning)))
    if isinstance(task, Text | TextFile):
        _text(script, task, data)
        return
    script.setting("length", task.steps, tr("Steps of a sequence"))
    if isinstance(task, RecallTask):
        _recall(script, task)
    elif isinstance(task, Echo):
        _echo(script, task)
    elif isinstance(task, Adding):
        _adding(script)
    elif isinstance(task, Sine):
        _sine(script, task)
    count = MEASURED if isinstance(task, Echo | Sine) else 4 * MEASURED
    script.note(tr("Sequences that are held out: they are always the same"))
    script.code(f"held_out = draw(np.random.default_rng({CHANCE}), {count})")


def _recall(script: ScriptWriter, task: RecallTask) -> None:
    tr = script.tr
    script.setting("symbols", task.symbols, tr("Letters; then there are the blank and the question"))
    script.code("inputs, outputs = symbols + 2, symbols")
    script.setting("first_read", task.steps - 1, tr("the loss is read at the last step only"))
    script.code("""
        def draw(rng, count):
            letter = rng.integers(0, symbols, count)
            x = np.full((length, count), symbols)
            x[0], x[-1] = letter, symbols + 1
            return x, np.tile(letter, (length, 1))
    """)


def _echo(script: ScriptWriter, task: Echo) -> None:
    tr = script.tr
    script.setting("delay", task.delay, tr("Delay"))
    script.setting("symbols", task.symbols, tr("Letters"))
    script.code("inputs = outputs = symbols")
    script.code(f"first_read = delay  # {tr('the loss is read from there on')}")
    script.code("""
        def draw(rng, count):
            x = rng.integers(0, symbols, (length, count))
            return x, np.roll(x, delay, axis=0)
    """)


def _adding(script: ScriptWriter) -> None:
    script.code("inputs, outputs = 2, 1")
    script.code(f"first_read = length - 1  # {script.tr('the loss is read at the last step only')}")
    script.code("""
        def draw(rng, count):
            values, marks = rng.random((length, count)), np.zeros((length, count))
            marks[rng.integers(0, length // 2, count), np.arange(count)] = 1.0
            marks[rng.integers(length // 2, length, count), np.arange(count)] = 1.0
            total = (values * marks).sum(axis=0)
            return np.stack([values, marks], axis=-1), np.tile(total[:, None], (length, 1, 1))
    """)


def _sine(script: ScriptWriter, task: Sine) -> None:
    tr = script.tr
    script.setting("period", task.period, tr("Period"))
    script.setting("noise", task.noise, tr("Noise"))
    script.code("inputs = outputs = 1")
    script.setting("first_read", 0, tr("the loss is read at every step"))
    script.code("""
        def draw(rng, count):
            phase, turn = rng.uniform(0.0, 2.0 * np.pi, count), rng.uniform(period, period, count)
            wave = np.sin(phase + 2.0 * np.pi * np.arange(length + 1)[:, None] / turn)[:, :, None]
            return wave[:-1] + rng.normal(0.0, noise, (length, count, 1)), wave[1:]
    """)


def _text(script: ScriptWriter, task: Text | TextFile, data: TaskData) -> None:
    tr = script.tr
    path, encoding = _file(script, task)
    script.imports.add("from pathlib import Path")
    script.code(f"""
        path = {path}
        text = path.read_text(encoding="{encoding}").strip()
        characters = sorted(set(text))
        symbol_of = {{character: symbol for symbol, character in enumerate(characters)}}
        symbols = np.array([symbol_of[character] for character in text])
        cut = len(symbols) - round(0.1 * len(symbols))  # {tr("the last tenth is held out")}
        inputs = outputs = len(characters)
    """)
    if data.shape.embedding:
        script.setting("embedding", data.shape.embedding, tr("numbers that stand for a character"))
    script.setting("length", task.steps, tr("Steps of a sequence"))
    script.setting("first_read", 0, tr("the loss is read at every step"))
    script.code(f"""
        def windows(symbols, begins):
            pieces = symbols[begins + np.arange(length + 1)[:, None]]
            return pieces[:-1], pieces[1:]


        def draw(rng, count):
            return windows(symbols[:cut], rng.integers(0, cut - length, count))


        last = len(symbols) - cut - length - 1
        held_out = windows(symbols[cut:], np.linspace(0, last, {MEASURED}).astype(int))
    """)


def _file(script: ScriptWriter, task: Text | TextFile) -> tuple[str, str]:
    """An expression for the path of the text, and its encoding."""
    if isinstance(task, Text):
        path = TEXTS[task.name]
        script.files[path.name] = path.read_bytes()
        return f"Path(__file__).parent / {literal(path.name)}", "utf-8"
    encoding = encoding_of(bytes_of(Path(task.path)))
    return path_of(script, task.path), encoding
