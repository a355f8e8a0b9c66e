"""Doing once what is asked for more than once.

A caller who gives a request a key may send it again, for as long as `replies.KEPT`: the first
answer was kept in the very transaction of what was done, and is said again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Condition
from typing import Final, TypeAlias

import attrs

from helpdesk_core.errors import HelpdeskError, KeyInUse, KeyReused
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.replies import KEPT, Answer, Reply, RequestKey
from helpdesk_core.tickets import Change

PATIENCE: Final = timedelta(seconds=10)
"""How long a request waits for another one of its key."""

Act: TypeAlias = Callable[[Ports], Answer]
"""Does what is asked with the ports that it is given, and answers."""
Write: TypeAlias = Callable[[Change], Answer]
"""The answer to a change that is about to be stored, as far as it is known then."""


@attrs.frozen(kw_only=True)
class KeyedRequest:
    """A request with a key. `fingerprint` is the SHA-256 of what is asked."""

    key: RequestKey
    fingerprint: bytes


class OnceOnly:
    """Answers keyed requests over one desk; one object serves all threads.

    Two of one key never act at the same time in this process. From several processes both may
    begin, and only one of them is stored.
    """

    def __init__(self, ports: Ports, *, patience: timedelta = PATIENCE) -> None:
        self._ports = ports
        self._turns = _Turns(patience)

    def __call__(self, request: KeyedRequest, act: Act, write: Write | None) -> Answer:
        """What was answered to the first request of the key; there and then if this is the first.

        `write` None says that `act` changes nothing. What is refused is not kept, and may be sent
        again. Raises KeyReused when the key came with another request, KeyInUse when that of its
        key takes too long, and whatever `act` raises.
        """
        with self._turns.of(request.key):
            kept = self._kept(request)
            return kept or self._first(request, act, write)

    def _first(self, request: KeyedRequest, act: Act, write: Write | None) -> Answer:
        remembering = _Remembering(request, write, self._ports)
        try:
            answer = act(remembering.ports())
            return self._settled(request, answer, remembering)
        except HelpdeskError:
            kept = self._kept(request)  # another process was faster
            if kept is None:
                raise
            return kept

    def _kept(self, request: KeyedRequest) -> Answer | None:
        with self._ports.begin() as uow:
            reply = uow.reply(request.key)
        if reply is None or reply.created_at + KEPT <= self._ports.now():
            return None
        if reply.fingerprint != request.fingerprint:
            raise KeyReused
        return reply.answer

    def _settled(
        self, request: KeyedRequest, answer: Answer, remembering: "_Remembering"
    ) -> Answer:
        """See to it that what is kept is what is answered.

        Something may be known only after the change; or nothing was stored in the end.
        """
        if remembering.is_sure_of(answer):
            return answer
        kept = self._kept(request)
        if kept is not None and (kept == answer or kept != remembering.said):
            return kept  # what was said here, or in another process, which was faster
        with self._ports.begin() as uow:
            uow.forget_replies(self._ports.now() - KEPT)
            save = uow.save_reply if kept is None else uow.replace_reply
            save(_reply(request, answer, self._ports))
            uow.commit()
        return answer


class _Remembering:
    """Keeps the answer to a change in the change's own transaction.

    `said` is the answer that went along last. It is certainly stored when nothing was begun after
    it: a transaction that is refused is followed by another one, or by the refusal of the request.
    """

    def __init__(self, request: KeyedRequest, write: Write | None, ports: Ports) -> None:
        self._request = request
        self._write = write
        self._ports = ports
        self._is_latest = False
        self.said: Answer | None = None

    def ports(self) -> Ports:
        """The desk's ports, telling this of everything that is begun and changed."""
        return attrs.evolve(self._ports, begin=self._begin, along_with=self._along)

    def is_sure_of(self, answer: Answer) -> bool:
        """True when that answer is certainly the one that is kept."""
        return self._is_latest and answer == self.said

    def _begin(self) -> UnitOfWork:
        self._is_latest = False
        return self._ports.begin()

    def _along(self, uow: UnitOfWork, change: Change) -> None:
        if self._write is None:
            raise ValueError("a request that changes nothing stores a change")
        self.said = self._write(change)
        self._is_latest = True
        uow.forget_replies(self._ports.now() - KEPT)
        uow.save_reply(_reply(self._request, self.said, self._ports))


class _Turns:
    """Lets one at a time have each key."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience.total_seconds()
        self._changed = Condition()
        self._taken: set[RequestKey] = set()

    @contextmanager
    def of(self, key: RequestKey) -> Iterator[None]:
        """Have the key within the block. Raises KeyInUse when somebody holds it for too long."""
        with self._changed:
            if not self._changed.wait_for(lambda: key not in self._taken, self._patience):
                raise KeyInUse
            self._taken.add(key)
        try:
            yield
        finally:
            with self._changed:
                self._taken.remove(key)
                self._changed.notify_all()


def _reply(request: KeyedRequest, answer: Answer, ports: Ports) -> Reply:
    return Reply(
        request=request.key,
        fingerprint=request.fingerprint,
        answer=answer,
        created_at=ports.now(),
    )
