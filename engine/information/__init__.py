"""Surprise and belief: what an event tells, and what a wrong belief costs.

information           entropy, cross-entropy, KL divergence: surprise, and what a wrong belief costs
bases                 the base of the logarithm is the unit: bits, nats, dits
bernoulli             the same for one yes-or-no question, and the derivative of the cross-entropy
shaped_distribution   probabilities that the user shapes: one moves, the others give way
coding                Huffman's code: information as bits that one can count
softmax_numerics      softmax as the book has it and as a computer needs it; where overflow begins
divergence_gradients  in which direction five measures of a wrong belief pull the logits
gaussian_mixture      a density with several peaks
gaussian_kl           one Gaussian for several peaks, by forward KL and by reverse KL
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
