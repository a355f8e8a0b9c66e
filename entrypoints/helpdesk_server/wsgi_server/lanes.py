"""Threads that serve, and a few beside them for what must never wait for the others."""

from collections.abc import Container
from typing import Final, cast

from waitress.task import Task, ThreadedTaskDispatcher

from helpdesk_server.wsgi_server.channel import Channel

PROMPT_THREADS: Final = 2
"""At most so many serve the prompt paths."""


class Lanes(ThreadedTaskDispatcher):
    """Hands each request to a thread; those for the `prompt` paths to threads of their own.

    While all others wait for something that hangs, a probe is answered.
    """

    def __init__(self, prompt: Container[str]) -> None:
        super().__init__()
        self._prompt = prompt
        self._beside = ThreadedTaskDispatcher()

    def add_task(self, task: Task) -> None:
        """Let the first request of a channel be served."""
        channel = cast("Channel", task)  # whatever the stubs say
        if channel.requests[0].path in self._prompt:
            self._beside.add_task(task)
        else:
            super().add_task(task)

    def set_thread_count(self, count: int) -> None:
        """Have so many threads serve, and a few beside them; 0 ends them all."""
        super().set_thread_count(count)
        self._beside.set_thread_count(min(count, PROMPT_THREADS))

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:  # noqa: FBT001, FBT002  # theirs
        """End the threads, those beside first: they are never long at work."""
        self._beside.shutdown(cancel_pending, timeout)
        return super().shutdown(cancel_pending, timeout)
