"""Optimizers: how a gradient becomes a step.

race_config              several optimizers on one surface: the settings
race_walk                … how far a racer gets, in steps or in gradient evaluations
race_inspection          … one step of one of them: its state, and the step in parts
race_ledger              … what each of them has spent
race                     … and the runs
race_rates               … each racer at every learning rate, and its best one
race_starts              … all of them from many starts: distributions, performance profiles
convergence_trial        convergence rates: what a test of a theorem is
convergence_theorems     … each theorem with its problem, its methods, and an assumption to break
convergence_schedules    … the one about the learning rate: constant, or falling as 1/t
convergence              … measured, beside the bound
newton_config            Newton's method: the settings of a curve, a surface, many unknowns
newton                   … the runs, and the measured cost of a step
newton_inspection        … one step: its quadratic model and the vertex
averages                 running averages of a noisy series
conventions_families     one method in two forms: which forms there are, and the rule of each
conventions_config       … the settings
conventions_translation  … what makes the second form the first
conventions_names        … what the forms are called in three frameworks
conventions              … the three paths, and one step of one of them
batches_config           mini-batches: the settings and the data
batches_walk             … one run
batches                  … the runs, the cloud of gradients
batches_ball             … the noise ball: predicted, and measured
sparse                   rare features that matter most
maps_config              maps of thousands of runs: the settings, the axes
maps                     … the map, from coarse to fine; the run of one pixel
maps_summary             … a complete map in a few numbers
landscape_config         the loss of a network on a plane: the settings, the network and its data
landscape_timeline       … train, compute the map, show the paths: the frame of each
landscape_training       … the training of several optimizers
landscape                … the plane, the map, the paths on it
landscape_inspection     … one frame in numbers, and the gradient on the map
"""
