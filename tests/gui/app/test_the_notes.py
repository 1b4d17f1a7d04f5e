"""The notes, section by section: what each stop says to wrong and to right answers, in both languages.

Here without a window; `test_lessons` answers the same stops in one, in one of the languages.
"""

import pytest

from engine.lessons.check import config_of, facts_of
from engine.lessons.lesson_file import load
from engine.lessons.question import ChooseQuestion, NumberQuestion, ReachQuestion
from engine.setting_paths import with_values
from gui.app.lesson_files import FOLDER
from gui.app.lesson_verdicts import choice_verdict, hint_for, number_verdict

LESSON = load(FOLDER / "the_notes.nabla-lesson.md")
STOPS = {stop.name: stop for stop in LESSON.stops}
HEADINGS = """
    rnn forget write read count flatten classes entropy kl cross_entropy one_hot forms why_not_kl
    same_value softmax jacobian wrong_formula sigmoid saturation kinds_of_loss gradient likelihood
    least_squares error_after_k newton newton_fails sgd schedule momentum_bumps momentum_valley
    averages two_forms nesterov adagrad rmsprop adam vanishing vanishing_in_time exploding
    dying_relu
"""


def test_it_follows_the_notes_in_about_four_hours_with_a_question_at_every_stop():
    assert [*STOPS] == HEADINGS.split()
    assert LESSON.languages == ("en", "zh_CN")
    assert 220 <= LESSON.minutes <= 260
    assert all(stop.scene.question is not None for stop in LESSON.stops)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_wrong_answer_has_its_own_words_and_the_right_one_is_explained(language):
    for stop in LESSON.stops:
        text, question = stop.texts[language], stop.scene.question
        assert text.after, stop.name
        if isinstance(question, ChooseQuestion):
            said = [choice_verdict(text, [k], None) for k in range(len(text.answers))]
            assert [right for _, right in said] == [one.right for one in text.answers]
            for (words, right), one in zip(said, text.answers, strict=True):
                assert right or words == one.hints[0].words
            assert (text.after, True) in said
        elif isinstance(question, NumberQuestion):
            facts = facts_of(stop.scene, config_of(stop), stop.scene.step)
            assert number_verdict(question, text, question.right(facts), facts) == (text.after, True)
            words, right = number_verdict(question, text, 1234.5, facts)
            assert not right
            assert words in [hint.words for hint in text.hints]
        else:
            assert text.hints[-1].when is None, "there is always something to say"
        assert len({hint.words for hint in text.hints}) == len(text.hints)


RATE, BETA = "optimizer.learning_rate", "racers[1].beta"
WRONG = [  # stop, settings, step (None: the last), and what is said
    ("rnn", {"rnn_state[1]": 0.3}, None, "forgets even faster"),
    ("rnn", {"rnn_state[1]": 0.9}, None, "always shrinks"),
    ("rnn", {"rnn_state[1]": 1.05}, None, "remembers longer"),
    ("rnn", {"rnn_state[1]": 1.5}, 5, "Go to the last step"),
    ("forget", {"forget_gate[2]": 0.5}, None, "the gate closes"),
    ("forget", {"forget_gate[2]": 2.0}, None, "More is left"),
    ("read", {"output_gate[2]": 5.0}, None, "opens even more"),
    ("read", {"output_gate[2]": -1.0}, None, "Nearly"),
    ("classes", {RATE: 0.0001}, None, "even slower"),
    ("classes", {RATE: 0.03}, 10, "to its end"),
    ("entropy", {"p.values": [0.25, 0.25, 0.25, 0.25]}, None, "More even"),
    ("entropy", {"p.values": [1.0, 0.0, 0.0, 0.0]}, None, "more certain than a coin"),
    ("kl", {"q.values": [0.5, 0.25, 0.125, 0.125]}, None, "nearer to P"),
    ("kl", {"p.values": [0.5, 0.5, 0.0, 0.0]}, None, "the other one"),
    ("one_hot", {"q": 0.3}, None, "doubts the truth"),
    ("forms", {"weights": [1.0, 1.0, 1.0, 1.0]}, None, "Which γ"),
    ("forms", {"gamma": 0.0}, None, "smoothed label"),
    ("same_value", {"p.values": [0.25, 0.25, 0.25, 0.25]}, None, "has grown"),
    ("softmax", {"temperature": 0.5}, None, "Go the other way"),
    ("softmax", {"shift": 3.0}, None, "larger number"),
    ("likelihood", {"guess": 0.6}, 100, "Further up"),
    ("likelihood", {"guess": 0.7}, 100, "Too far"),
    ("least_squares", {"learning_rate": 0.5}, None, "jumps over"),
    ("least_squares", {"learning_rate": 0.05}, None, "Nearer"),
    ("newton_fails", {"curve_start": 1.07}, None, "1.0886"),
    ("schedule", {RATE: 0.3}, None, "Keep 3"),
    ("momentum_bumps", {BETA: 0.7}, None, "first dent"),
    ("momentum_bumps", {BETA: 0.85}, None, "stuck again"),
    ("momentum_bumps", {BETA: 0.99}, None, "too heavy"),
    ("momentum_valley", {BETA: 0.05}, None, "nearly gradient descent"),
    ("momentum_valley", {BETA: 0.3}, None, "calmer"),
    ("momentum_valley", {BETA: 0.9}, None, "swings past"),
    ("averages", {"betas[0]": 0.95}, None, "even later"),
    ("averages", {"betas[0]": 0.5}, None, "noisy"),
    ("two_forms", {"racers[1].learning_rate": 0.2}, None, "ahead"),
    ("two_forms", {BETA: 0.5}, None, "Leave β"),
    ("rmsprop", {"racers[1].rho": 0.999}, None, "nearly like AdaGrad"),
    ("rmsprop", {"racers[1].learning_rate": 0.1}, None, "Leave the learning rate"),
    ("exploding", {"threshold": 10.0}, None, "Still thrown out"),
    ("dying_relu", {"initial_bias": -3.0}, None, "even more are dead"),
]


def test_what_is_said_helps_from_where_the_learner_is():
    for name, settings, step, words in WRONG:
        stop = STOPS[name]
        facts = facts_of(stop.scene, with_values(config_of(stop), settings), step)
        assert isinstance(stop.scene.question, ReachQuestion)
        assert not stop.scene.question.accepts(facts), name
        assert words in hint_for(stop.texts["en"].hints, facts), name


def test_the_numbers_that_the_texts_tell_are_those_of_the_runs():
    """Each read off a run: the fraction of a cell state, the losses and heights that a text names."""

    def at(name, step, scalar, **settings):
        stop = STOPS[name]
        return facts_of(stop.scene, with_values(config_of(stop), settings), step).column(scalar)[-1]

    told = [
        (at("rnn", 12, "rnn.hidden_state", **{"rnn_state[1]": 1.5}), 0.86),
        (at("rnn", 12, "rnn.hidden_state", **{"rnn_state[1]": 1.5, "inputs[0]": 0.5}), 0.86),
        (at("forget", 12, "lstm.cell_state"), 0.029),
        (at("write", 7, "lstm.cell_state"), 1.742),
        (at("kl", 0, "kl"), 0.874),
        (at("kl", 0, "reverse_kl"), 0.754),
        (at("why_not_kl", 40, "entropy"), 1.208),
        (at("wrong_formula", 400, "notes.loss"), 0.60),
        (at("wrong_formula", 400, "right.loss"), 0.45),
        (at("likelihood", 100, "heads"), 64),
        (at("momentum_valley", 40, "0.f"), 0.0785),
        (at("nesterov", 1, "1.y"), 0.24),
        (at("nesterov", 2, "0.y"), -0.82),
        (at("nesterov", 2, "1.y"), -0.125),
        (at("adagrad", 300, "1.rare"), 0.198),
        (at("adagrad", 300, "0.rare", **{"racers[0].learning_rate": 8.0}), 0.27),
        (at("adagrad", 300, "0.rare", **{"racers[0].learning_rate": 12.0}), 0.25),
        (at("rmsprop", 500, "0.f"), 1.59),
        (at("adam", 1, "0.y"), 1.0),
        (1.2 - at("adam", 1, "0.y", **{"racers[0].bias_correction": False}), 0.2 * 3.162),
        (at("exploding", 10, "none.norm"), 74),
        (at("exploding", 150, "norm.loss"), 0.09),
    ]
    for k, (found, said) in enumerate(told):
        assert abs(found - said) <= 0.02 * abs(said), k
