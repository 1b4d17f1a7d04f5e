"""Experiments on deep networks: vanishing and exploding gradients, dead units, clipping."""
