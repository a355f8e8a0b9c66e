"""What it costs to store something, with the queue's indexes and without: two equal desks.

`python bench/creates.py`. CPU a commit, in process, and on PostgreSQL the server's besides; where
that is, `lists.py` says.
"""

import argparse
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from statistics import median
from typing import Final

from desk_data import submission, submitter, ticket_id
from lists import POSTGRES, STAFF, Desk, opened, postgres_urls, sqlite_urls

from helpdesk_core.cases import RawCase
from helpdesk_core.intake import RawIntake
from helpdesk_core.people import STRANGER
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.use_cases.cases import submit_case
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, update_ticket
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_sql.tables import tickets

TICKETS: Final = 20_000


def submit(desk: Desk, number: int, *, assigned: bool) -> None:
    """A submission by the intake door."""
    sent = submission(number)
    raw = RawIntake(
        dept_id=sent["deptId"],
        kpi_type_id=sent["kpiTypeId"],
        user_id=sent["userId"] if assigned else None,
        ticket_date=sent["ticketDate"],
        description=sent["description"],
        created_by_name=sent["createdByName"],
        created_by_email=sent["createdByEmail"],
    )
    _ = submit_ticket(desk.ports, raw, STRANGER)


def open_case(desk: Desk, number: int) -> None:
    """A case by the support door."""
    name, address = submitter(number)
    raw = RawCase(
        name=name,
        email=address,
        subject="The printer on the second floor hums",
        message="The printer on the second floor hums. " * 5,
        urgency=list(Urgency)[number % len(Urgency)].value,
        customer_type=list(CustomerType)[number % len(CustomerType)].value,
    )
    _ = submit_case(desk.ports, raw, STRANGER)


def reply(desk: Desk, number: int) -> None:
    """An agent's word on a ticket that is there."""
    target = Target(ticket_id=str(ticket_id(number * 7919 % TICKETS)))
    _ = update_ticket(desk.ports, target, RawUpdate(message="Is it still humming?"), STAFF)


ACTS: Final[Mapping[str, Callable[[Desk, int], None]]] = {
    "submit a ticket, assigned": partial(submit, assigned=True),
    "submit a ticket, nobody's": partial(submit, assigned=False),
    "open a case": open_case,
    "reply": reply,
}


def cost(desk: Desk, act: Callable[[Desk, int], None], numbers: range) -> float:
    """Microseconds of CPU for one commit of a lone client."""
    began = desk.cpu()
    for number in numbers:
        act(desk, number)
    return 1e6 * (desk.cpu() - began) / len(numbers)


def drop_queue_indexes(desk: Desk) -> None:
    """Take away what lists are read from."""
    with desk.engine.connect() as connection:
        for index in tickets.indexes:
            if {"hall", "bay", "lane"} & set(index.columns.keys()):
                index.drop(connection)


def main() -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--amount", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=4)
    chosen = parser.parse_args()
    kinds = {"SQLite": sqlite_urls}
    if POSTGRES in os.environ:
        kinds["PostgreSQL"] = postgres_urls
    for name, urls in kinds.items():
        print(f"\n{name}\n\n| act | CPU us with | without | ratio |\n|---|---|---|---|")
        with ExitStack() as stack:
            places = stack.enter_context(urls())
            full, bare = (stack.enter_context(opened(url, TICKETS)) for url in places)
            drop_queue_indexes(bare)
            for title, act in ACTS.items():
                rounds = [
                    (cost(full, act, numbers), cost(bare, act, numbers))
                    for round_ in range(chosen.rounds)
                    for numbers in [range(round_ * chosen.amount, (round_ + 1) * chosen.amount)]
                ]
                with_, without = (median(column) for column in zip(*rounds, strict=True))
                ratio = median(ours / base for ours, base in rounds)
                print(f"| {title} | {with_:.0f} | {without:.0f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
