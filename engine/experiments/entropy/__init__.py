"""Experiments on entropy: what a distribution says, and what believing another one costs."""
