"""Experiments on losses: what training makes small."""
