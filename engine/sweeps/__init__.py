"""Sweeps: many runs of one experiment, with other settings and other seeds, on all cores or on a cluster.

axis        which settings can vary, and over which values
measure     one number of a run: a scalar at the end, at its best, …
plan        the runs of a sweep: every combination of values, under every seed
one_run     one run, from its config to its numbers: the same on every machine
probe       what the runs measure, and about how long they take
program     which program makes the runs: its version, its files, NumPy
store       the numbers of all runs in a file, written as they come
processes   the processes on this machine that make runs
cluster     … or the workers of a Dask cluster
execute     the runs that are missing, by processes or by a cluster
evidence    the best settings, and whether they differ clearly from others
"""
