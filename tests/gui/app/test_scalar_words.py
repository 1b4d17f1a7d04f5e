"""What the runs measure is said in words, in both languages."""

import re

import pytest

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from gui.app.scalar_words import scalar_words, what_words
from gui.look.language import install
from tests.engine.test_scalars import said

NOT_SWEPT = {
    "surprise",
    "pull",
    "config",
}  # of pages without steps; a word of the picture


@pytest.fixture
def chinese(qapp):
    install(qapp, "zh_CN")
    yield
    install(qapp, "en")


@pytest.mark.parametrize(
    ("experiment", "name", "words"),
    [
        ("losses.classifier", "held_out.loss", "loss · held-out"),
        ("losses.classifier", "gradient.norm", "‖g‖"),
        ("losses.likelihood", "theta1", "θ₁"),
        ("losses.neuron", "squared_error.by_z", "∂L/∂z · Squared error"),
        ("losses.softmax", "notes.accuracy", "accuracy · wrong"),
        ("entropy.fit", "reverse_kl.z0", "z₁ · Reverse KL"),
        ("entropy.gaussian_fit", "reverse.log_width", "ln σ · KL(Q‖P)"),
        ("optimizers.race", "1.f", "f · Momentum"),
        ("optimizers.newton", "damped_newton.error", "distance from the minimum · Damped Newton"),
        ("optimizers.convergence", "gradient_descent.gap", "f − f* · Gradient descent"),
        ("optimizers.averages", "0.average", "average · β = 0.5"),
        ("optimizers.batches", "1.loss", "loss · B = 1"),
        ("optimizers.conventions", "2.apart", "distance from the first form · Averaged, translated"),
        ("optimizers.landscape", "0.distance", "‖θ − θ₀‖ · SGD"),
        ("lstm.train", "first.held_out", "held-out loss · LSTM"),
        ("lstm.memory", "gru.accuracy", "accuracy · GRU"),
        ("gradients.deep_network", "b.first", "‖∂L/∂a‖ at the first layer · B"),
        ("gradients.dying_relu", "2.dead", "fraction of dead units · layer 2"),
        ("gradients.clipping", "norm.norm", "‖g‖ · Clipped by norm"),
        ("gradients.mistakes", "wrong.loss", "loss · wrong"),
        ("gradients.mistakes", "nobody.knows", "knows · nobody"),
    ],
)
def test_a_scalar_is_called_as_the_plots_call_it(qapp, experiment, name, words):
    assert scalar_words(EXPERIMENTS[experiment].config_type(), experiment, name) == words


def test_racers_of_a_kind_and_models_of_a_kind_are_numbered(qapp):
    race = EXPERIMENTS["optimizers.race"].config_type()
    twice = replaced(race, racers=(race.racers[0], race.racers[0]))
    assert scalar_words(twice, "optimizers.race", "1.f").endswith(" 2")
    train = replaced(EXPERIMENTS["lstm.train"].config_type(), beside="lstm")
    assert scalar_words(train, "lstm.train", "second.loss") == "loss · LSTM 2"


@pytest.mark.usefixtures("chinese")
def test_every_scalar_has_chinese_words_or_is_a_sign():
    for what in said() - NOT_SWEPT:
        words = what_words(what)
        latin = re.sub(r"KL|JS|logits?|ln", "", words)
        assert not re.search("[A-Za-z]{2}", latin), (what, words)
