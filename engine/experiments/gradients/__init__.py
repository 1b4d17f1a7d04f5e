"""Gradients of deep networks: they vanish, they explode, and some units get none.

deep_network_config      a deep network: the settings and the data
deep_network_inspection  … the gradient layer by layer, the chain of one example
deep_network             … and its training
dying_relu_config        units that die: the settings and the data
dying_relu_inspection    … counts of dead units, the gradient of one unit
dying_relu               … and the training
clipping_scenes          losses with exploding gradients
clipping                 … gradient descent on them, with and without clipping
"""
