"""Scripts: a run as one short program that needs only NumPy, or PyTorch, and gives the same numbers.

spacing       blank lines and quotes as formatters have them
writer        how a script is written: sections, settings, functions of the engine, the table and the plot
rules         one step of an optimizer in NumPy, from the equations that the window shows
torch_rules   … and in PyTorch
rates         the learning rate of plain gradient descent, with its schedule
neuron        the script of *Sigmoid: cross-entropy or squared error*
changing      settings of a rule that change while a run goes on
fit           the script of *Fit Q to P*
likelihood    … of *Likelihood and least squares*
softmax       … of *Softmax + cross-entropy*
batches       … of *Mini-batches*
sparse        … of *Sparse features*
rounding      how many steps of a run have the same numbers with other rounding
chaos         how long a chaotic descent can be repeated with other rounding
clipping_parts  what both frameworks share in the script of *Exploding and clipping*
clipping_torch  … in PyTorch
clipping      … all of it, with NumPy's part
datasets      the examples of a run: digits, points, a table; held out and scaled
endings       how the run of a network ends
networks      fully connected layers: activations, first weights, forward and backward
feature_maps  … and filters before them
muon          Muon's step of all matrices
classifier_run    what the script of *Image classifier* needs of its settings
classifier_numpy  … in NumPy
classifier_torch  … in PyTorch
classifier    the script of *Image classifier*
tasks         the tasks of *Train on sequences*: batches, and what is held out
cells         RNN, GRU and LSTM, forward and backward through time
net_words     how the parts of recurrent networks are called in a script
train_parts   what both frameworks share in the script of *Train on sequences*
muon_lines    one step of Muon
train_torch   … the run in PyTorch
train         … and in NumPy
deep_run      what the script of *Deep network* needs of its settings
deep_training  … its training in NumPy, step by step
deep_numpy    … all of it in NumPy
vanishing     where float32 and float64 train a deep network differently
deep_torch    … in PyTorch
deep_network  the script of *Deep network*
dying_relu    the script of *Dying ReLU*
formulas      the user's own formula and its derivatives
surfaces      the surface of a run: its value, gradient and second derivatives
searches      Newton's method, L-BFGS and conjugate gradients, with their line search
race_methods  racers that search a line, or use the Hessian
race_rounding  how many steps of each racer have the same numbers with other rounding
race          the script of *Race*
newton        … of *Newton's method*
table         the scripts by experiment; what cannot be written, and why
"""
