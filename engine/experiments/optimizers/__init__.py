"""Experiments on optimizers."""
