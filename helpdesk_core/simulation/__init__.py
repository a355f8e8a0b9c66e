"""A desk that never was: months of tickets from a seed, by the rules of the real one.

A `Plan` and a directory go in; tickets with their whole histories, made by the ticket's own moves,
and the monthly report come out. Nothing is stored and no clock is read.
"""
