"""Entropy: how surprising, and how much more surprising under a wrong model.

two_distributions     the true P and the model Q: entropy, cross-entropy, KL divergence, code lengths
two_distributions_message  … a long message from P, by Huffman's codes and by arithmetic coding
binary                one yes-or-no question: entropy, and the cross-entropy of a wrong probability
softmax               from logits to probabilities, and where the naive formula overflows
fit_config            five losses for one Q: the settings
fit                   … and the runs: the logits of Q are trained with each of them
three_classes_config  all predictions over three classes as a triangle: the settings
three_classes         … and the runs: from one start, a descent by each of five losses
three_classes_map     the landscape of a loss over the triangle, and where it is flat although Q is wrong
gaussian_fit_config   one Gaussian for several peaks: the settings
gaussian_fit          … and the runs: forward and reverse KL from one start
"""
