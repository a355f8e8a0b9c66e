"""A connection that is lost while the database stores: nobody knows, and the key finds out."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from enum import Enum
from functools import partial
from hashlib import sha256
from threading import Thread
from typing import Final

import psycopg
import pytest

from helpdesk_core.errors import Unavailable
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.queue import Wanted
from helpdesk_core.replies import Answer, RequestKey
from helpdesk_core.testing.builders import a_change, a_raw_case
from helpdesk_core.testing.stores import put, read
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.cases import submit_case
from helpdesk_core.use_cases.once import KeyedRequest, OnceOnly
from helpdesk_sql import SqlStore, open_store

REQUEST: Final = KeyedRequest(
    key=RequestKey("origin 192.0.2.1", "once"), fingerprint=sha256(b"a case").digest()
)


class Cut(Enum):
    """When a line is cut."""

    BEFORE_THE_WORD = "before the word comes to the database"
    BEFORE_THE_ANSWER = "before the answer comes back"


class Line:
    """A line to a database that is cut at a word, and stays so until it is mended."""

    def __init__(self, host: str, database_port: int) -> None:
        self._host = host
        self._database_port = database_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._word: bytes | None = None
        self._when = Cut.BEFORE_THE_WORD
        self.is_cut = False
        Thread(target=self._connect_callers).start()

    def cut_at(self, word: bytes, when: Cut) -> None:
        """Let it be cut when the word goes over it."""
        self._word, self._when = word, when

    def mend(self) -> None:
        """Let everything pass from now on."""
        self._word, self.is_cut = None, False

    def close(self) -> None:
        """Close it for good."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._hang_up()

    def _connect_callers(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                if self.is_cut:
                    caller.close()
                else:
                    self._connect(caller)

    def _connect(self, caller: socket.socket) -> None:
        database = connected(self._host, self._database_port)
        self._ends += [caller, database]
        Thread(target=self._carry, args=(caller, database, self._said)).start()
        Thread(target=self._carry, args=(database, caller, self._answered)).start()

    def _carry(
        self, source: socket.socket, target: socket.socket, passes: Callable[[bytes], bool]
    ) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                if not passes(data):
                    break
                target.sendall(data)
        self._hang_up(source, target)

    def _said(self, data: bytes) -> bool:
        heard = self._word is not None and self._word in data
        if heard:
            self.is_cut = True
        return not heard or self._when is Cut.BEFORE_THE_ANSWER

    def _answered(self, _: bytes) -> bool:
        return not self.is_cut

    def _hang_up(self, *ends: socket.socket) -> None:
        for end in ends or self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def connected(host: str, port: int) -> socket.socket:
    """A connection to a server, at an address or at a socket in a folder."""
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    end = socket.socket(socket.AF_UNIX)
    end.connect(f"{host}/.s.PGSQL.{port}")
    return end


@pytest.fixture
def line(postgres_desk: SqlStore) -> Iterator[Line]:
    url = postgres_desk.engine.url.render_as_string(hide_password=False)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        opened = Line(connection.info.host, connection.info.port)
    with closing(opened):
        yield opened


@pytest.fixture
def far_desk(postgres_desk: SqlStore, line: Line) -> Iterator[SqlStore]:
    """The desk at the other end of the line, by way of a single connection."""
    url = postgres_desk.engine.url.difference_update_query(["host", "port"])
    far = url.set(host="127.0.0.1", port=line.port).update_query_dict(
        {"sslmode": "disable", "gssencmode": "disable"}
    )
    with closing(open_store(far.render_as_string(hide_password=False), pool_size=1)) as desk:
        _ = read(desk, lambda uow: uow.directory())  # in a transaction that has a COMMIT too
        yield desk


def a_case_opened(ports: Ports) -> Answer:
    """Open the case, once whatever comes."""

    def act(ports: Ports) -> Answer:
        return answer_to(submit_case(ports, a_raw_case()))

    return OnceOnly(ports)(REQUEST, act, lambda change: answer_to(change.ticket))


def answer_to(ticket: Ticket) -> Answer:
    assert ticket.case
    return Answer(status=200, headers={}, body=ticket.case.number.encode())


def numbers_of(desk: SqlStore) -> list[bytes]:
    """The numbers of all its cases."""
    with desk.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT case_number FROM tickets")
        return [number.encode() for (number,) in found]


@pytest.mark.parametrize("when", Cut)
def test_a_line_that_is_cut_at_the_commit_is_unavailable(
    far_desk: SqlStore, line: Line, when: Cut
) -> None:
    line.cut_at(b"COMMIT", when)

    with pytest.raises(Unavailable):
        a_case_opened(ports_over(far_desk))
    assert line.is_cut


@pytest.mark.parametrize(("when", "stored"), [(Cut.BEFORE_THE_WORD, 0), (Cut.BEFORE_THE_ANSWER, 1)])
def test_what_was_stored_depends_on_how_far_the_word_came(
    postgres_desk: SqlStore, far_desk: SqlStore, line: Line, when: Cut, stored: int
) -> None:
    """Else the tests around this one would not be about both."""
    line.cut_at(b"COMMIT", when)
    with pytest.raises(Unavailable):
        a_case_opened(ports_over(far_desk))

    assert stored == len(numbers_of(postgres_desk))


@pytest.mark.parametrize("when", Cut)
def test_the_same_key_answers_afterwards_with_the_one_case(
    postgres_desk: SqlStore, far_desk: SqlStore, line: Line, when: Cut
) -> None:
    ports = ports_over(far_desk)
    line.cut_at(b"COMMIT", when)
    with pytest.raises(Unavailable):
        a_case_opened(ports)
    line.mend()
    answers = [a_case_opened(ports), a_case_opened(ports)]

    assert [answer.body for answer in answers] == numbers_of(postgres_desk) * 2


@pytest.mark.parametrize("when", Cut)
def test_another_process_answers_the_key_alike(
    postgres_desk: SqlStore, far_desk: SqlStore, line: Line, when: Cut
) -> None:
    line.cut_at(b"COMMIT", when)
    with pytest.raises(Unavailable):
        a_case_opened(ports_over(far_desk))
    answer = a_case_opened(ports_over(postgres_desk))

    assert [answer.body] == numbers_of(postgres_desk)


def test_a_line_that_is_mended_at_once_is_not_noticed_where_it_was_stored(
    postgres_desk: SqlStore, far_desk: SqlStore, line: Line
) -> None:
    """What was kept under the key is looked up before anything is refused."""
    line.cut_at(b"COMMIT", Cut.BEFORE_THE_ANSWER)
    ports = ports_over(far_desk, begin=partial(begun_on_a_mended_line, far_desk, line))
    answer = a_case_opened(ports)

    assert [answer.body] == numbers_of(postgres_desk)


def begun_on_a_mended_line(desk: SqlStore, line: Line) -> UnitOfWork:
    if line.is_cut:
        line.mend()
    return desk.begin()


@pytest.mark.parametrize(("when", "stored"), [(Cut.BEFORE_THE_WORD, 0), (Cut.BEFORE_THE_ANSWER, 1)])
def test_a_change_that_is_one_statement_is_stored_whole_or_not_at_all(
    postgres_desk: SqlStore, far_desk: SqlStore, line: Line, when: Cut, stored: int
) -> None:
    line.cut_at(b"INSERT INTO tickets", when)
    with pytest.raises(Unavailable):
        put(far_desk, a_change())

    everything = read(postgres_desk, lambda uow: uow.count_tickets(Wanted(), at_most=9))
    assert stored == everything


@pytest.mark.parametrize("when", Cut)
def test_a_number_that_may_have_been_taken_is_not_given_out_again(
    far_desk: SqlStore, postgres_desk: SqlStore, line: Line, when: Cut
) -> None:
    line.cut_at(b"INSERT INTO number_series", when)
    with pytest.raises(Unavailable):
        read(far_desk, lambda uow: uow.next_number("CW-2026"))

    taken = [read(postgres_desk, lambda uow: uow.next_number("CW-2026")) for _ in range(2)]
    first = 2 if when is Cut.BEFORE_THE_ANSWER else 1
    assert [first, first + 1] == taken
