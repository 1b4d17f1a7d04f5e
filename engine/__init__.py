"""The engine: everything Nabla knows and computes, without a window. NumPy and plain Python.

A book with nine chapters, best read in this order; a chapter uses only those before it. The `__init__` of a
chapter is its page of contents: a line for each file, in the order in which they are read. A file with
mathematics begins with a sentence, the equations and the references; value and derivative are side by side,
and every derivative is by hand. No chapter needs what comes after the chapters: how a run is made and kept.

Tools of all chapters:

    config          how a setting is declared: once, with range, unit and meaning; errors for the user
    version         which program this is
    pieces          long work in pieces, with pauses that do not change the result
    files           files on disk: read without waiting, written completely or not at all
    activations     the nonlinearities of neurons: sigmoid, tanh, ReLU and others; softmax
    gradient_check  is the derivative right? compare it with finite differences
    linear_systems  solving A z = b where A may be singular: rank, and the shortest solution

The chapters:

    information     entropy, cross-entropy, KL divergence: surprise, and the extra surprise of a wrong model
    losses          how wrong a prediction is, and how it should change
    surfaces        functions to minimise, with gradients and Hessians; the user's own formula
    optimizers      rules that minimise a function step by step
    convergence     what theorems guarantee, and what is measured
    data            the examples for training: digits, points, tables, sequences, texts
    linear          models with two parameters, so that the whole loss can be drawn
    networks        many layers: initialisation, backward pass, normalisation, dead units, clipping
    recurrent       sequences: recurrent cells, back-propagation through time, in a readable and a fast form

How a run is computed and recorded:

    setting_paths   settings by their paths, as a session writes them
    changes         settings that change while a run goes on
    checkpoints     what is kept of a run, so that it can go on from an earlier step
    experiment      an experiment is a frozen config and a generator of frames
    recording       the recorded frames of a run, in bounded memory
    memory_limit    how much memory a run and its pinned ones may take, and which setting still fits
    stop_rules      when a run ends before its last step: early stopping
    training        the loop of every training: the start, then a frame for each step, or for many steps
    runner          takes frames from an experiment and records them, up to a goal
    run_arrays      the numbers of a run at one step, as named arrays
    file_fields     the settings that name a file, and where the file is
    expressions     the user's own formula, under a short name

The syllabus:

    experiments     one file per experiment, and the catalogue
    session         everything a user has set, as a file

The way through it:

    lessons         stops with a scene, a text and a question that is checked against the run

Many runs of one experiment:

    sweeps          other settings, other seeds: made on all cores or on a cluster, kept in a file

A run to take home:

    scripts         the same run as one short program in NumPy or PyTorch

Importing this package imports nothing else: import what you need, such as `engine.optimizers`.
"""
