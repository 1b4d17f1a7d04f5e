"""Experiments on entropy, cross-entropy and KL divergence."""
