"""Plots: each knows how to draw and to be exported; none knows an experiment."""
