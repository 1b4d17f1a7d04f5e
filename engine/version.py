"""Which program this is: results are told apart by it."""

VERSION = "0.2.0"
