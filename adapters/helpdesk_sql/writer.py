"""The one writer of a SQLite file: whoever comes while a commit is under way shares the next one.

A durable commit waits for the disk, and the disk takes as long for twenty transactions as for one.
So callers queue what they want written; one of them leads, writes for all that wait, each within a
savepoint of its own, and commits once. It then wakes those it wrote for, and one who came meanwhile
to lead the next. Were they all to wait for one lock, those who have their answer would stand in the
queue behind the next commit.
"""

import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from time import sleep
from typing import Any, Generic, TypeAlias, TypeVar, cast

import sqlalchemy as sa

from helpdesk_core.errors import Unavailable
from helpdesk_sql.failures import refusal_of
from helpdesk_sql.kept import Driver

Answer = TypeVar("Answer")
Work: TypeAlias = Callable[[sa.Connection, Driver], Answer]


class _Job(Generic[Answer]):
    """Work that waits to be committed, and then its answer or why there is none."""

    def __init__(self, work: Work[Answer]) -> None:
        self.work = work
        self._is_settled = False
        self._call = Lock()
        _ = self._call.acquire()
        self.error: BaseException | None = None
        self._answers: list[Answer] = []

    def do(self, connection: sa.Connection, driver: Driver) -> None:
        self._answers.append(self.work(connection, driver))

    def refuse(self, error: BaseException, cause: BaseException | None = None) -> None:
        self.error = error
        if cause is not None:
            self.error.__cause__ = cause

    def settle(self) -> None:
        """It is committed or refused; its caller may go."""
        self._is_settled = True
        self.call()

    def call(self) -> None:
        """Wake its caller: to go, or to lead."""
        self._call.release()

    def is_settled_by_others(self) -> bool:
        """Wait to be called; False when that is to lead."""
        _ = self._call.acquire()
        return self._is_settled

    def answer(self) -> Answer:
        if self.error is not None:
            raise self.error
        return self._answers[0]


class Writer:
    """Runs work in transactions on one connection, opened when it is first needed.

    A process that dies, or a `run` that raises Unavailable, leaves nothing half written.
    """

    def __init__(self, engine: sa.Engine, failures: tuple[type[Exception], ...]) -> None:
        self._engine = engine
        self._failures = failures
        self._writing = Lock()
        self._queue = Lock()
        self._waiting: deque[_Job[Any]] = deque()
        self._is_led = False
        self._opened: _Opened | None = None

    def run(self, work: Work[Answer]) -> Answer:
        """Do the work and commit it durably; then, its answer.

        What the work refuses is raised and undoes that work alone. Raises Unavailable, with nothing
        of it stored, when the database could not be written.
        """
        job = _Job(work)
        if self._is_first(job):
            self._lead()
        elif not job.is_settled_by_others():
            sleep(0)  # who was just answered may be asking again: let them come along
            self._lead()
        return job.answer()

    @property
    def waiting(self) -> int:
        """How many callers wait for the next commit."""
        return len(self._waiting)

    def close(self) -> None:
        """Close the connection, once the commit that is under way is done."""
        with self._writing:
            self._drop_connection()

    def _is_first(self, job: _Job[Any]) -> bool:
        """Queue the job; True when nobody is there who would write it."""
        with self._queue:
            self._waiting.append(job)
            is_first = not self._is_led
            self._is_led = True
            return is_first

    def _lead(self) -> None:
        """Write for all that wait, then leave it to the first of those who came meanwhile."""
        try:
            with self._writing:
                self._write_what_waits()
        finally:
            with self._queue:
                self._is_led = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].call()

    def _write_what_waits(self) -> None:
        jobs: list[_Job[Any]] = []
        try:
            opened = self._begun()
            jobs = self._taken()
            for job in jobs:
                self._do(job, opened)
            opened.driver.execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            # A refusal may have come of a neighbour that is not stored now: it does not stand.
            for job in jobs or self._taken():
                job.refuse(Unavailable(), error)
                job.settle()
            if not isinstance(error, (*self._failures, Unavailable)):
                raise
        else:
            for job in jobs:
                job.settle()

    def _do(self, job: _Job[Any], opened: "_Opened") -> None:
        """Do one job within a savepoint. Raises what concerns all of them: the database failed."""
        driver = opened.driver
        driver.execute("SAVEPOINT job")
        try:
            job.do(opened.connection, driver)
        except self._failures as error:
            refusal = refusal_of(error)
            if isinstance(refusal, Unavailable):
                raise
            job.refuse(refusal, error)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is this caller's alone
            job.refuse(error)
        if job.error is not None:
            driver.execute("ROLLBACK TO job")
        driver.execute("RELEASE job")

    def _taken(self) -> list[_Job[Any]]:
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def _begun(self) -> "_Opened":
        # Whoever comes while another process is waited for here is taken along.
        if self._opened is None:
            self._opened = _Opened(self._engine.connect())
        self._opened.driver.execute("BEGIN IMMEDIATE")
        return self._opened

    def _roll_back(self) -> None:
        if self._opened is None:
            return
        try:
            if self._opened.driver.in_transaction:
                self._opened.driver.execute("ROLLBACK")
        except self._failures:
            self._drop_connection()

    def _drop_connection(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            with suppress(*self._failures):
                opened.connection.close()


class _Opened:
    """The writer's connection, and the driver's own within it."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.driver = cast("sqlite3.Connection", connection.connection.driver_connection)
