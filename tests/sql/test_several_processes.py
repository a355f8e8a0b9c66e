"""Several processes over one desk: each number and each key is given out once."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import IO, Final

from helpdesk_core.testing.builders import a_reply, an_id
from helpdesk_core.testing.stores import read
from helpdesk_sql import SqlStore, open_store, upgrade

KEYS: Final = 40

TAKES_NUMBERS: Final = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from helpdesk_sql import open_store

url, times = sys.argv[1:]
store = open_store(url, pool_size=4)

def take(_):
    with store.begin() as uow:
        number = uow.next_number("CW-2026")
    os.write(1, b"%d\\n" % number)

_ = input()
with ThreadPoolExecutor(16) as threads:
    _ = list(threads.map(take, range(int(times))))
"""
"""Takes that many numbers on sixteen threads, and says each."""

ANSWERS_REQUESTS: Final = """
import sys
from helpdesk_core.errors import DuplicateReply
from helpdesk_core.replies import KEPT
from helpdesk_core.testing.builders import NOW, a_change, a_reply, a_ticket
from helpdesk_sql import open_store

url, first, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
store = open_store(url, pool_size=1)

def answer(number, place):
    reply = a_reply(7000 + place, created_at=NOW + KEPT)
    with store.begin() as uow:
        uow.save(a_change(a_ticket(number)))
        uow.forget_replies(reply.created_at - KEPT)
        uow.save_reply(reply)
        uow.commit()

_ = input()
for place in range(times):
    try:
        answer(first + place, place)
    except DuplicateReply:
        continue
    print(first + place, flush=True)
"""
"""Answers that many keyed requests, with a ticket each, and says the numbers of those tickets."""


class Running:
    """A program of its own process that waits to be told to go."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin
        assert process.stdout
        self.process = process
        self.tell: IO[str] = process.stdin
        self.said: IO[str] = process.stdout

    def go(self) -> None:
        self.tell.write("\n")
        self.tell.flush()

    def numbers(self) -> Iterator[int]:
        """What it says, until it has come to its end."""
        return (int(line) for line in self.said if line.endswith("\n"))


@contextmanager
def running(program: str, *arguments: Sequence[object]) -> Iterator[list[Running]]:
    """A process for each of the lists of arguments."""
    with ExitStack() as stack:
        started = []
        for given in arguments:
            command = [sys.executable, "-c", program, *map(str, given)]
            process = stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            stack.callback(process.kill)
            started.append(Running(process))
        yield started


def all_said(processes: Sequence[Running]) -> list[list[int]]:
    """Let them go together, and hear each to its end."""
    for process in processes:
        process.go()
    with ThreadPoolExecutor(len(processes)) as threads:
        said = list(threads.map(lambda it: list(it.numbers()), processes))
    assert [0] * len(processes) == [process.process.wait(60) for process in processes]
    return said


def url_of(desk: SqlStore) -> str:
    return desk.engine.url.render_as_string(hide_password=False)


def test_processes_that_take_numbers_at_once_get_each_of_them_once(empty_url: str) -> None:
    upgrade(empty_url)
    with running(TAKES_NUMBERS, *[(empty_url, 48)] * 4) as processes:
        taken = [number for said in all_said(processes) for number in said]

    assert [*range(1, 193)] == sorted(taken)


def test_no_number_is_given_out_again_after_a_kill(empty_url: str) -> None:
    upgrade(empty_url)
    with running(TAKES_NUMBERS, (empty_url, 100_000), *[(empty_url, 50)] * 3) as processes:
        killed, *others = processes
        killed.go()
        first = list(islice(killed.numbers(), 50))
        with ThreadPoolExecutor(1) as threads:
            going_on = threads.submit(all_said, others)
            some = list(islice(killed.numbers(), 50))
            killed.process.kill()
            rest = list(killed.numbers())
            taken = [*first, *some, *rest, *(it for said in going_on.result() for it in said)]
    store = open_store(empty_url)
    last = read(store, lambda uow: uow.next_number("CW-2026"))
    store.close()

    assert len(taken) == len(set(taken))
    assert max(taken) < last


def test_of_two_processes_that_answer_the_same_keys_one_answers_each(desk: SqlStore) -> None:
    url = url_of(desk)
    with running(ANSWERS_REQUESTS, (url, 1000, KEYS), (url, 2000, KEYS)) as processes:
        kept = [number for said in all_said(processes) for number in said]

    assert [*range(KEYS)] == sorted(number % 1000 for number in kept)
    with desk.begin() as uow:
        stored = {number for number in range(1000, 2000 + KEYS) if uow.ticket(an_id(number))}
    assert {*kept} == stored


def test_of_two_processes_that_follow_old_answers_one_answers_each(desk: SqlStore) -> None:
    with desk.begin() as uow:
        for place in range(KEYS):
            uow.save_reply(a_reply(7000 + place))
        uow.commit()
    url = url_of(desk)
    with running(ANSWERS_REQUESTS, (url, 1000, KEYS), (url, 2000, KEYS)) as processes:
        kept = [number for said in all_said(processes) for number in said]

    assert [*range(KEYS)] == sorted(number % 1000 for number in kept)
