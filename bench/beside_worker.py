"""A desk of one source tree, which does as `beside.py` says: an act and its numbers a line."""

import json
import sys
from time import perf_counter

from creates import ACTS, TICKETS, cost
from lists import opened


def main() -> None:
    """Open the desk at the address that was given; then answer each line with two figures."""
    with opened(sys.argv[1], TICKETS) as desk:
        print(json.dumps(list(ACTS)), flush=True)
        for line in sys.stdin:
            act, start, amount = json.loads(line)
            began = perf_counter()
            cpu = cost(desk, ACTS[act], range(start, start + amount))
            wall = 1e6 * (perf_counter() - began) / amount
            print(json.dumps([cpu, wall]), flush=True)


if __name__ == "__main__":
    main()
