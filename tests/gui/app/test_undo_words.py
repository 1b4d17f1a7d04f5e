"""How every change of every setting and option is called: by its title and its values, in both languages."""

import msgspec
import pytest
from msgspec import to_builtins

from engine.config import Problem, replaced
from engine.experiments import EXPERIMENTS
from engine.experiments.lstm.train_config import TrainConfig
from engine.experiments.optimizers.batches_config import BatchesConfig
from gui.app.undo_words import step_text
from gui.form.change_words import LONGEST
from gui.form.field import fields_of
from gui.look.language import install, tr
from gui.screen.playback_state import PlaybackState
from gui.screen.view import view_type
from gui.views.losses.classifier_options import ClassifierOptions
from gui.views.lstm.train_options import TrainOptions
from gui.views.optimizers.batches import BatchesOptions
from gui.views.optimizers.convergence import ConvergenceOptions
from tests.gui.corners import corners_of
from tests.gui.form.test_seeds import variants

BY_TITLE = {  # told by their title alone, and why
    "camera": "angles say nothing",
    "shown": "names of losses, one of which comes or goes",
    "below": "either choice is nearly a sentence",
}


@pytest.fixture(autouse=True)
def _english_again(qapp):
    yield
    install(qapp, "en")


def changed(config):
    """For each field of a record the record with other values of that: as it comes, and for other choices
    what these make of it."""
    told = set()
    for start in variants(config):
        for field in fields_of(type(start)):
            if (field.name, getattr(start, field.name)) in told:
                continue
            told.add((field.name, getattr(start, field.name)))
            now = getattr(start, field.name)
            values = [not now] if field.kind == "bool" else [*corners_of(field, now)]
            if field.kind in ("text", "file", "expression") and isinstance(now, str):
                values += ["a" if now != "a" else "b", ""]
            for value in values:
                try:
                    yield field, start, replaced(start, **{field.name: value})
                except (Problem, msgspec.ValidationError):
                    continue


def state(config, look):
    return PlaybackState(config, to_builtins(look))


def named(before, after, kind, looks=None):
    """What the step from one config, or from one way to look, to another is called."""
    looks = looks or (kind(), kind())
    return step_text(state(before, looks[0]), state(after, looks[1]), kind)


def steps_of(name):
    """Every change of an experiment: the field, the states before and after, and whether it is an option."""
    kind, config = view_type(name).options_type, EXPERIMENTS[name].config_type()
    for field, before, after in changed(config):
        if before != after:
            yield field, state(before, kind()), state(after, kind()), False
    for field, before, after in changed(kind()):
        if before != after:
            yield field, state(config, before), state(config, after), True


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_step_is_named_by_a_title_and_values_in_words(name, qapp):
    kind, steps = view_type(name).options_type, list(steps_of(name))
    for language in ("zh_CN", "en"):
        install(qapp, language)
        bare = {}
        for field, before, after, option in steps:
            text = step_text(before, after, kind)
            assert text.strip() == text != "", field.name
            assert not set("_[]{}") & set(text), text
            assert "('" not in text, text
            assert "  " not in text, text
            assert len(text) < 2 * LONGEST + 20, text
            title = tr(field.title)
            assert title == field.title or field.title not in text.replace(title, ""), text
            if option:
                assert text.startswith(title), text
                assert "(" not in text or field.choices, text  # no pairs of numbers
                bare[field.name] = bare.get(field.name, True) and "→" not in text
        several = {field for field, alone in bare.items() if alone and field not in BY_TITLE}
        assert several - {"model"} == set(), several  # by itself there is one model


@pytest.mark.parametrize(
    ("config", "before", "after", "text"),
    [
        (BatchesConfig(), BatchesOptions(), BatchesOptions(explained=1), "Explain B = 16 → B = 1"),
        (TrainConfig(cell="lstm", beside="gru"), TrainOptions(), TrainOptions(model=1), "Model LSTM → GRU"),
        (TrainConfig(), TrainOptions(), TrainOptions(words="To be"), "Opening words empty → To be"),
        (
            EXPERIMENTS["optimizers.convergence"].config_type(),
            ConvergenceOptions(),
            ConvergenceOptions(window=(20.0, 80.0)),
            "Window the last nine tenths → 20–80",
        ),
        (
            EXPERIMENTS["losses.classifier"].config_type(),
            ClassifierOptions(),
            ClassifierOptions(example=17),
            "Example the first held out → 17",
        ),
    ],
)
def test_what_is_numbered_inside_is_told_by_what_it_is(config, before, after, text):
    assert named(config, config, type(before), looks=(before, after)) == text
