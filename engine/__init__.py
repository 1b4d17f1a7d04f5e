"""The engine: everything Nabla knows and computes, without a window. NumPy and plain Python.

A book with nine chapters, in the order in which they are best read; each leans only on those before it. The
page of contents of a chapter, its `__init__`, has a line for each of its files. The mathematics of a file
opens with a sentence, the equation and the reference; value and derivative stand side by side, and every
derivative is written by hand.

Before the first chapter:

    config          how a setting is declared: once, with range, unit and meaning; what a user can put right
    pieces          what takes long stops for a moment now and then, and finds the same
    activations     why a neuron bends its sum; the sigmoid, and softmax
    gradient_check  is the derivative right? move one coordinate a little and see
    linear_systems  solving A z = b when A may not determine z: rank, and the shortest answer
    experiment      an experiment is a frozen config and a generator of frames
    training        the loop of everything that learns: the start, then a frame a step
    recording       what a run leaves behind, in bounded memory
    memory_limit    how much memory a run and its pinned ones may take, and which setting still fits
    runner          takes frames out of an experiment and records them, up to a goal
    files           files on disk: read without ever waiting, written whole or not at all
    file_fields     the settings that name a file, and where it lies
    session         what a user has set up, as a file
    expressions     the user's own formula, under the name that it has outside

The chapters:

    information     surprise and belief: what an event tells, and what a wrong belief costs
    losses          how wrong is a prediction, and which way to mend it
    surfaces        the functions one walks on, with their gradients and curvature; the user's own formula
    optimizers      how one walks downhill
    convergence     what theorems promise, and what is measured
    data            what is learned from: digits, points, tables, sequences, texts
    linear          models with two parameters, so that the whole loss can be drawn
    networks        many layers: initialisation, backward, normalisation, dead units, clipping
    recurrent       sequences: recurrent cells, through time, to read and to run

The syllabus:

    experiments     one file an experiment, and the catalogue

Importing this package imports nothing else: take what is needed, such as `engine.optimizers`.
"""
