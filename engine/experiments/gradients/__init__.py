"""Experiments on deep networks: how a gradient survives many layers, or does not."""
