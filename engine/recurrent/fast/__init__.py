"""The cells once more, laid out for the machine: the same numbers, several times as fast.

workspace             what the three share: memory that is kept, and a sequence in pieces
rnn                   the RNN
gru                   the GRU
lstm                  the LSTM
table                 the table of the three
"""
