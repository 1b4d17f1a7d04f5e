"""Networks: many layers.

initializers          with which weights to begin, so that a signal survives many layers
layers                forward and backward through one layer
network               layer after layer, and the chain rule backward through them
normalization         sums brought back to mean 0 and variance 1, over a batch or over a layer
deep_network          many layers alike: why gradients vanish and explode, and what helps
network_landscape     two directions out of thousands of weights, and what they leave out
landscape_grid        … the loss over them, from coarse to fine
dead_units            a unit that nothing makes answer, and why it stays so
clipping              one huge gradient, bounded by norm or by value
"""
