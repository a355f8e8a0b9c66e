"""Doing once what is asked for more than once.

A caller who gives a request a key may send it again, for as long as `replies.KEPT`: the first
answer was kept in the very transaction of what was done, and is said again.
"""

from collections.abc import Callable
from threading import Lock
from typing import Final, TypeAlias

import attrs

from helpdesk_core.errors import HelpdeskError, KeyReused
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.replies import KEPT, Answer, Reply, RequestKey
from helpdesk_core.tickets import Change

LOCKS: Final = 256

Act: TypeAlias = Callable[[Ports], Answer]
"""Does what is asked with the ports that it is given, and answers."""
Write: TypeAlias = Callable[[Change], Answer]
"""The answer to a change that is about to be stored."""


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

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._locks = tuple(Lock() for _ in range(LOCKS))

    def __call__(self, request: KeyedRequest, act: Act, write: Write) -> Answer:
        """What was answered to the first request of the key; there and then if this is the first.

        What is refused is not kept, and may be sent again. Raises KeyReused when the key came with
        another request, and whatever `act` raises.
        """
        with self._locks[hash(request.key) % LOCKS]:
            kept = self._kept(request)
            return kept or self._first(request, act, write)

    def _first(self, request: KeyedRequest, act: Act, write: Write) -> Answer:
        remembering = _Remembering(request, write, self._ports)
        try:
            answer = act(attrs.evolve(self._ports, along_with=remembering))
            return self._settled(request, answer, remembering.kept)
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

    def _settled(self, request: KeyedRequest, answer: Answer, kept: Answer | None) -> Answer:
        """See to it that what is kept is what is answered: something may be known only later."""
        if answer != kept:
            with self._ports.begin() as uow:
                save = uow.save_reply if kept is None else uow.replace_reply
                save(_reply(request, answer, self._ports))
                uow.commit()
        return answer


class _Remembering:
    """Keeps the answer to a change in the change's own transaction."""

    def __init__(self, request: KeyedRequest, write: Write, ports: Ports) -> None:
        self._request = request
        self._write = write
        self._ports = ports
        self.kept: Answer | None = None

    def __call__(self, uow: UnitOfWork, change: Change) -> None:
        self.kept = self._write(change)
        uow.forget_replies(self._ports.now() - KEPT)
        uow.save_reply(_reply(self._request, self.kept, self._ports))


def _reply(request: KeyedRequest, answer: Answer, ports: Ports) -> Reply:
    return Reply(
        request=request.key,
        fingerprint=request.fingerprint,
        answer=answer,
        created_at=ports.now(),
    )
