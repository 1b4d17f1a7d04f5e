"""The engine: everything Nabla knows and computes, without a window. NumPy and plain Python.

What each file teaches, in an order good for reading. The mathematics opens with a sentence, the equation
and the reference; value and derivative stand side by side, and every derivative is written by hand.

Met on many pages: a `Problem` is something the user can put right; `Annotated[…, number(…)]` says of a
setting what it means and how far it may go (both are in `config`); and three tools of every chapter:

    gradient_check        is the derivative right? move one coordinate a little and see
    pieces                what takes long stops for a moment now and then, and finds the same
    linear_systems        solving A z = b when A may not determine z: rank, and the shortest answer

Surprise and belief
    information           entropy, cross-entropy, KL: how surprising the world is, what a wrong belief costs
    bernoulli             the same for one yes-or-no question, and the slope of the cross-entropy
    distribution          probabilities that the user shapes: one moves, the others give way
    bases                 the base of the logarithm is the unit: bits, nats, dits
    coding                Huffman's code: information as bits that one can count
    activations           why a neuron bends its sum; the sigmoid, and softmax
    softmax_numerics      softmax as the book has it and as a computer needs it; where overflow begins
    divergence_gradients  in which direction five measures of a wrong belief pull the logits
    gaussian_mixture      a density with several peaks
    gaussian_kl           one bell for several peaks, by KL one way and by KL the other

Walking downhill
    surface               what a landscape f(x, y) has: its height, its slope ∇f and its curvature H
    surfaces              twelve of them, each with its derivatives by hand
    update_rule           what all optimizers share: x, gradient, state → x, state
    descent               follow the slope; what momentum is for; what Nesterov changes
    averages              what β keeps of the past; why the bias is corrected
    adaptive              a step length for each coordinate: AdaGrad, RMSProp, AdaDelta
    adam                  momentum and a step length for each coordinate; why the bias is corrected
    adam_relatives        Nadam, AMSGrad, Lion
    second_order          Newton: jump to the vertex of the local parabola, be it a minimum or not
    functions_1d          curves on which Newton's method shines, and on which it fails
    quadratic_model       the parabola a step believes in, its vertex and its level lines
    newton_cost           what one Newton step costs, measured
    line_search           how far to go along a direction
    line_search_methods   L-BFGS and conjugate gradients: curvature learnt from gradients alone
    convergence           what theorems promise, with their constants
    convergence_runs      … and the methods on functions that keep to the assumptions, or break one
    optimizers            the table of them all
    walk                  one of them, step after step over a surface, until it cannot go on
    stability             which learning rates converge on a quadratic, and how fast
    stationary_points     where a surface is level
    stationary_kinds      … and what is there: a minimum, a saddle or a maximum
    surface_choice        which surface, as a setting: one that is known, or a formula of one's own
    surface_minima        … and how low it goes
    many_runs             thousands of runs at once, by the very line that moves one

The user's own formula
    expressions           reading a formula in x and y without ever running it as code
    expression_tokens     … its words
    expression_names      … the names it may use, and what to say of others
    expression_parser     … its grammar
    expression_operations  … what its parts compute
    expression_nodes      … its graph
    expression_derivatives  … the chain rule that differentiates it exactly
    expression_exponentials  … the forms that neither overflow nor cancel
    expression_tape       … its value, on numbers and on whole grids
    expression_typesetting  … how it is written in mathematics
    expression_surface    … the landscape that it is

Learning from examples
    losses                how wrong is a prediction, and which way to mend it: p − y
    loss_curves           a loss over its prediction or its logit; where it is flat although wrong
    neuron                one neuron, sure of the wrong answer: why σ′ stops one loss and cancels in another
    likelihood            which parameters make what was seen most likely; the line, the coin
    polynomials           a line in more features, and which of them are learned fast
    robust_lines          how far one wrong point may pull, under three losses
    datasets              handwritten digits, and point sets that are easy or hard to separate
    plain                 how a name out of a file is shown: short, and nothing in it unseen
    piecewise             work that is done a little at a time, and what it came to
    user_files            how a file of the user's own is read, in whichever encoding
    table_format          what may be said about a table, and what is then known
    table_rows            … its lines, cut into cells
    table_guess           … what its beginning shows, where nobody says
    table_classes         … the classes that its label names
    csv_data              … its numbers, and the class of each line
    data_settings         which examples, as a setting
    training_data         … which of them train, which are held out, and in which units
    linear_models         two parameters, so that the whole loss can be drawn
    mini_batches          a gradient from a few examples: right on average, and off by chance
    sparse                features that are seldom there, and tell the most

Many layers
    initializers          with which weights to begin, so that a signal survives many layers
    fused_losses          a loss and its gradient from one exp, for training
    layers                the way forward and the way back through one layer
    network               layer after layer, the chain rule walking back
    normalization         sums brought back to mean 0 and variance 1, over a batch or over a layer
    training              the same rules on long vectors, in place, and without numbers that are nearly 0
    deep_network          many layers alike: why gradients vanish and explode, and the way past
    network_landscape     two directions out of thousands of weights, and what they leave out
    landscape_grid        … the loss over them, from coarse to fine
    dead_units            a unit that nothing makes answer, and why it stays so
    clipping              one huge gradient, bounded by norm or by value

Sequences
    recurrent_cells       one step of an RNN, a GRU, an LSTM, and the same step back, equation by equation
    recurrent             a whole sequence: back-propagation through time
    recurrent_sequence    … as fast as NumPy can: the same numbers, laid out for the machine
    recurrent_fast_rnn    … its form of the RNN
    recurrent_fast_gru    … of the GRU
    recurrent_fast_lstm   … of the LSTM
    recurrent_fast        … and the table of the three
    memory_span           how far back a loss reaches, and what the forget gate has to do with it
    sequences             tasks that need a memory: recall, echo, copy, adding, a wave
    texts                 a text as symbols, windows of it, the user's own file
    sequence_loss         how wrong along a sequence, where it is read
    recurrent_network     embedding, layers, readout; training, and sampling

The machinery
    config                how a setting is declared: once, with range, unit and meaning
    experiment            an experiment is a frozen config and a generator of frames
    recording             what a run leaves behind, in bounded memory
    memory_limit          how much memory a run and its pinned ones may take, and which setting still fits
    runner                pulls frames out of an experiment and records them, up to a goal
    files                 files on disk: read without ever waiting, written whole or not at all
    file_fields           the settings that name a file, and where it lies
    session               what a user has set up, as a file
    experiments           the syllabus: one file an experiment, and the catalogue

Importing this package imports nothing else: take what is needed, such as `engine.optimizers.table`.
"""
