"""Recurrent networks: one cell, a network in training, and how long each cell remembers.

cell                  one unit of each cell reads the same short sequence
train_tasks           training on sequences: the tasks that need a memory
train_texts           … the texts: which character comes next?
train_config          … the settings
train_inspection      … a sequence step by step, generated text, a continued wave
train                 … and the training
memory_config         memory span: the settings
memory                … how far back in time the gradient of each cell reaches
"""
