"""The bases of the logarithm that one can choose, by the name that a config stores."""

import math

BASES = {"2": 2.0, "e": math.e, "10": 10.0}
BASE_TITLES = {"2": "2 (bits)", "e": "e (nats)", "10": "10 (dits)"}
