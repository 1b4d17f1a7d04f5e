"""Experiments on recurrent networks: what a cell remembers."""
