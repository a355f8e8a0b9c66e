"""KPI: what each rule makes of a ticket, how a month adds up, and how the months roll up.

Everything is pure. A ticket's `Contribution` depends on the ticket, on what was pinned to it and on
its promises' standings, never on the present directory; a `Tally` is a sum of exact integers.
"""
