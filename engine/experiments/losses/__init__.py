"""Losses: how wrong a prediction is, and what its gradient does in training.

curves_config          losses over a prediction or a logit: the settings
curves                 … their values and slopes, and where they saturate
softmax_config         softmax and cross-entropy: the settings, logits with a label, the data
softmax                … two classifiers, one with the right gradient and one with a wrong one
softmax_inspection     … one row of logits, forward and backward; the trained classifiers
cross_entropies        seven kinds of cross-entropy for one example: labels, output, loss, gradient
neuron                 one sigmoid neuron with a confident wrong start, by two losses
likelihood_config      maximum likelihood: the settings of a curve, a coin, an outlier
likelihood             … the runs: gradient descent beside the closed form, tosses, robust lines
likelihood_inspection  … one step of them in numbers, and the checks
likelihood_plane       … the likelihood as a surface over two directions
classifier_features    what the image classifier is given: pixels, or maps of filters
classifier_config      … the settings, its data and the network
classifier_maps        … the maps of one example, and the weights of a neuron as one picture per map
classifier_inspection  … one example, the plane, the gradient check
classifier             … its training, one mini-batch after the other
"""
