"""A mail server that takes everything, or one that takes connections and never says a word."""

import argparse
import asyncio
import os
import socket
import time

from aiosmtpd.smtp import SMTP
from rounds import CLIENT_CORE


class Taking:
    """Takes every mail, and forgets it."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802  # aiosmtpd's name
        """Take it."""
        return "250 OK"


async def take(listening: socket.socket) -> None:
    """Take mails until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taking()), sock=listening)
    await server.serve_forever()


def main() -> None:
    """Print the port, then serve until killed."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--hangs", action="store_true")
    given = asked.parse_args()
    os.sched_setaffinity(0, {CLIENT_CORE})
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        print(listening.getsockname()[1], flush=True)
        if given.hangs:
            time.sleep(24 * 60 * 60)
        asyncio.run(take(listening))


if __name__ == "__main__":
    main()
