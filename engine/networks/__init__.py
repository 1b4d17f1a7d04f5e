"""Networks: many layers.

initializers          the first weights: variances for which a signal neither vanishes nor explodes
layers                forward and backward through one layer
layout                all parameters in one vector θ: names, shapes, views
normalization         batch and layer normalisation: mean 0 and variance 1
hidden_layer          one hidden layer, forward and backward: sum, normalisation, nonlinearity, residual link
network               layer after layer, and the chain rule backward through them
convolution           one small filter moved over a picture: feature maps
pooling               maps made smaller: one number of every window
edge_filters          fixed filters: Sobel and Prewitt
feature_maps          filters, pooling, and the fully connected layers that are given the flattened maps
deep_network          many equal layers: why gradients vanish and explode, and how to train them
network_landscape     the loss on a plane in the space of all weights, and what a plane cannot show
landscape_grid        … the loss on a grid in this plane, from coarse to fine
dead_units            units whose gradient is 0 for every example, and why they stay so
clipping              a huge gradient, bounded by norm or by value
"""
