"""Experiments on recurrent networks: cells, memory, training on sequences."""
