"""Information: how surprising an event is, and how much more surprising under a wrong probability.

information           entropy, cross-entropy, KL divergence, JS divergence, perplexity
bases                 the base of the logarithm is the unit: bits, nats, dits
bernoulli             the same for one yes-or-no question, and the derivative of the cross-entropy
shaped_distribution   probabilities that the user sets; the others change so that the sum stays 1
coding                Huffman's code: information as bits that one can count
arithmetic_coding     one number for a whole message: less than two bits more than its surprise
softmax_numerics      softmax by the naive and by the stable formula; where overflow begins
divergence_gradients  the gradients of five divergences with respect to the logits
triangle              all distributions over three classes as the points of a triangle
streamlines           how descent on the logits moves a prediction over three classes
gaussian_mixture      a density with several peaks
gaussian_kl           one Gaussian fitted to several peaks, by forward KL and by reverse KL
"""

from engine.information.information import (
    UNITS,
    cross_entropy,
    cross_entropy_terms,
    distribution,
    entropy,
    js_divergence,
    kl_divergence,
    kl_terms,
    perplexity,
    surprise,
)

__all__ = [
    "UNITS",
    "cross_entropy",
    "cross_entropy_terms",
    "distribution",
    "entropy",
    "js_divergence",
    "kl_divergence",
    "kl_terms",
    "perplexity",
    "surprise",
]
