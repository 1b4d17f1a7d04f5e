"""Gradients of deep networks: they vanish, they explode, and some units get none.

deep_network_config      a deep network: the settings and the data
deep_network_snapshot    … the networks after a step
deep_network_chain       … the gradient of one example, factor by factor
deep_network_inspection  … the gradient layer by layer; all details together
deep_network             … and its training
dying_relu_config        units that die: the settings and the data
dying_relu_inspection    … counts of dead units, the gradient of one unit
dying_relu               … and the training
clipping_scenes          losses with exploding gradients
clipping                 … gradient descent on them, with and without clipping
mistakes_recipe          famous mistakes: a training as a recipe of a few lines
mistakes_base            … a line that is right, and the same line written wrongly
mistakes_gradients       … in the derivative of the loss
mistakes_numbers         … in floating point, and where a loss takes logits
mistakes_optimizers      … in the bias correction of Adam, and in the first weights
mistakes_data            … in the order, the labels and the scaling of the data
mistakes_sequences       … in the gates and the states of recurrent networks
mistakes_table           … the table of all of them
mistakes_config          … the settings, and the curves of a quiz
mistakes_training        … right and wrong, step by step
mistakes_check           … the gradient of each beside numeric differences
mistakes                 … the runs
"""
