"""Famous mistakes with the data: their order, their labels, and test examples that reach the training.

The gradient is right in all of these. What is wrong is which examples it is computed from, or what the number
that is reported means: the loss on held-out examples estimates the loss on new ones only if nothing in the
training depends on them.

References: LeCun, Bottou, Orr & Müller, "Efficient BackProp" (1998), 4.2, on shuffling; Hastie, Tibshirani &
Friedman, "The Elements of Statistical Learning" (2009), 7.10.2, on the choice of features; scikit-learn's
user guide, "Common pitfalls and recommended practices", on data leakage.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.activations import Array
from engine.data.datasets import Features, blobs, mean_and_spread
from engine.experiments.gradients.mistakes_base import Line, Mistake
from engine.experiments.gradients.mistakes_recipe import (
    STEPS,
    ClassifierRecipe,
    Rows,
    digit_recipe,
    epochs,
    one_hot,
)
from engine.networks.network import Network
from engine.optimizers.descent import GradientDescent


def in_random_order(rng: np.random.Generator, labels: Rows) -> Rows:
    """A new order in each epoch."""
    return rng.permutation(len(labels))


def in_order_of_class(rng: np.random.Generator, labels: Rows) -> Rows:
    """First all zeros, then all ones, and so on, as files are often sorted."""
    return np.argsort(labels, kind="stable")


class InOrderOfClass(Mistake, frozen=True, tag="in_order_of_class"):
    """The examples are not shuffled."""

    title = "Data in order of class"
    meaning = "The examples are seen class by class, as the file has them, and are not shuffled."
    look = "saw"
    looks = "A saw: with each class the network learns to say only that one, and forgets the others."
    found = "Print the labels of one batch: here they are all the same. The period of the saw is one epoch."
    passes = "the gradient of a batch is right; the batch says nothing of the other classes."
    source = "LeCun, Bottou, Orr & Müller, Efficient BackProp (1998), 4.2"
    result = "order"
    right = Line(r"\mathrm{order} = \mathrm{random}", "rng.permutation(len(labels))", in_random_order)
    wrong = Line(
        r"\mathrm{order} = \mathrm{by\ class}", 'np.argsort(labels, kind="stable")', in_order_of_class
    )

    def recipe(self, seed: int, line: Callable[[np.random.Generator, Rows], Rows]) -> ClassifierRecipe:
        """Digits: with 32 of each, every batch has one class only."""
        recipe, rng = digit_recipe(seed, 0.3), np.random.default_rng((seed, 1))
        labels = recipe.targets.argmax(axis=1)
        return replace(recipe, batches=epochs(lambda: line(rng, labels)))


def with_the_inputs(labels: Rows, order: Rows) -> Rows:
    """The labels in the new order of the inputs."""
    return labels[order]


def left_behind(labels: Rows, order: Rows) -> Rows:
    """The labels as they were."""
    return labels


class LabelsLeftBehind(Mistake, frozen=True, tag="labels_left_behind"):
    """The inputs are shuffled, and the labels are not."""

    title = "Shuffled without the labels"
    meaning = "The inputs are put into a random order, and the labels are left in the old one."
    look = "noise"
    looks = "The loss falls far too slowly, in small steps: the labels are noise, and can only be memorised."
    found = (
        "Look at a few examples with their labels, just before they go into the network. And compare "
        "with a run on labels that are shuffled on purpose: it looks the same."
    )
    passes = "the gradient is right, for labels that belong to other examples."
    source = "Karpathy, A Recipe for Training Neural Networks (2019); Zhang et al., arXiv:1611.03530"
    result = "y"
    right = Line(r"x' = x[\pi], \quad y' = y[\pi]", "labels[order]", with_the_inputs)
    wrong = Line(r"x' = x[\pi], \quad y' = y", "labels", left_behind)

    def recipe(self, seed: int, line: Callable[[Rows, Rows], Rows]) -> ClassifierRecipe:
        """Digits."""
        recipe = digit_recipe(seed, 0.3)
        order = np.random.default_rng((seed, 2)).permutation(len(recipe.inputs))
        labels = line(recipe.targets.argmax(axis=1), order)
        return replace(recipe, inputs=recipe.inputs[order], targets=one_hot(labels))


FEW, NEW = 64, 200  # examples to learn from, and held out
STRAY = 300.0  # a value that was entered wrongly in a held-out example


def by_training_examples(x: Features, training: Rows) -> tuple[Features, Features]:
    """Mean and standard deviation of the training examples."""
    return mean_and_spread(x[training])


def by_all_examples(x: Features, training: Rows) -> tuple[Features, Features]:
    """Mean and standard deviation of all examples, the held-out ones too."""
    return mean_and_spread(x)


class ScalingWithTestData(Mistake, frozen=True, tag="test_in_scaling"):
    """The held-out examples take part in the scaling."""

    title = "Test data in the scaling"
    meaning = "The inputs are standardised with the mean and the spread of all examples, the held-out too."
    look = "slow"
    looks = (
        "Often nothing at all. Here one held-out value was mistyped: it shrinks a column of the training "
        "data, and the training loss falls more slowly."
    )
    found = (
        "Change a held-out example and train again: the training loss must be the same to the last "
        "bit, and is not."
    )
    passes = "the gradient is right; the inputs know of the held-out examples."
    source = "scikit-learn user guide, Common pitfalls, Data leakage during pre-processing"
    guess = math.log(4.0)
    result = "mean, spread"
    right = Line(
        r"x' = \frac{x - \mu_{\mathrm{training}}}{\sigma_{\mathrm{training}}}",
        "mean_and_spread(x[training])",
        by_training_examples,
    )
    wrong = Line(
        r"x' = \frac{x - \mu_{\mathrm{all}}}{\sigma_{\mathrm{all}}}", "mean_and_spread(x)", by_all_examples
    )

    def recipe(
        self, seed: int, line: Callable[[Features, Rows], tuple[Features, Features]]
    ) -> ClassifierRecipe:
        """Four clouds of points; one held-out point has a wrong x."""
        rng = np.random.default_rng(seed)
        found = blobs(FEW + NEW, 0.35, rng)
        x, training, held_out = found.features, np.arange(FEW), np.arange(FEW, FEW + NEW)
        x[-1, 0] = STRAY
        mean, spread = line(x, training)
        inputs = ((x - mean) / spread).astype(np.float32)
        return _table(inputs, one_hot(found.labels, 4), training, held_out[:-1], rng, 0.5, hidden=8)


COLUMNS, CHOSEN = 2000, 12  # columns of noise, and how many of them the network is given


def related(x: Features, labels: Rows) -> Rows:
    """The columns that are most correlated with the labels, in absolute value."""
    y = labels - labels.mean()
    covariance = np.abs((x - x.mean(axis=0)).T @ y) / x.std(axis=0)
    return np.argsort(covariance)[-CHOSEN:]


def chosen_on_training(x: Features, labels: Rows, training: Rows) -> Rows:
    """Chosen by what the training examples say."""
    return related(x[training], labels[training])


def chosen_on_all(x: Features, labels: Rows, training: Rows) -> Rows:
    """Chosen by what all examples say, also those on which the choice is tested."""
    return related(x, labels)


class FeaturesChosenOnAll(Mistake, frozen=True, tag="features_chosen_on_all"):
    """The columns are chosen with the held-out labels."""

    title = "Selection on test data"
    meaning = "The columns that the network is given were chosen by their correlation with all labels."
    look = "better"
    looks = "The held-out loss is too good: the labels are coin tosses, and no model can do better than ln 2."
    found = (
        "Do all of it again, with the choice, on shuffled labels: what is better than a guess comes from "
        "the leak. Split first, and choose after it."
    )
    passes = "the gradient is right; the held-out examples have been used already."
    source = "Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), 7.10.2"
    result = "columns"
    right = Line(
        r"\mathrm{columns} = f(x_{\mathrm{training}},\, y_{\mathrm{training}})",
        "related(x[training], labels[training])",
        chosen_on_training,
    )
    wrong = Line(r"\mathrm{columns} = f(x,\, y)", "related(x, labels)", chosen_on_all)
    guess, curve, symptom = math.log(2.0), "held_out", "right"

    def recipe(self, seed: int, line: Callable[[Features, Rows, Rows], Rows]) -> ClassifierRecipe:
        """Two thousand columns of noise, and tossed labels."""
        rng = np.random.default_rng(seed)
        x, labels = rng.normal(size=(2 * FEW, COLUMNS)), rng.permutation(np.arange(2 * FEW) % 2)
        training, held_out = np.arange(FEW), np.arange(FEW, 2 * FEW)
        inputs = x[:, line(x, labels, training)].astype(np.float32)
        return _table(inputs, one_hot(labels, 2), training, held_out, rng, 0.1)


def _table(
    inputs: Array,
    targets: Array,
    training: Rows,
    held_out: Rows,
    rng: np.random.Generator,
    learning_rate: float,
    hidden: int = 0,
) -> ClassifierRecipe:
    """A small network on a table, with all training examples in each batch."""
    sizes = (inputs.shape[1], *((hidden,) if hidden else ()), targets.shape[1])
    network = Network(sizes, "tanh")
    return ClassifierRecipe(
        start=network.start(rng, "xavier_normal"),
        rule=GradientDescent(learning_rate=learning_rate),
        network=network,
        inputs=inputs,
        targets=targets,
        training=training,
        held_out=held_out,
        batches=np.broadcast_to(training, (STEPS, len(training))),
    )
