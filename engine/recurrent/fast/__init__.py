"""The cells a second time, written for speed: the same numbers, several times faster.

workspace             what the three share: arrays that are used again, and a sequence in pieces
rnn                   the RNN
gru                   the GRU
lstm                  the LSTM
table                 the table of the three
"""
