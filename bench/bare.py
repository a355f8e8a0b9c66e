"""What everything is compared with: Falcon on waitress, parsing and answering, nothing else."""

import argparse
import logging
import os

import falcon
from waitress.server import BaseWSGIServer, create_server


class Hello:
    """Answers a fixed word."""

    def on_get(self, _: falcon.Request, resp: falcon.Response) -> None:
        """GET."""
        resp.media = {"hello": "world"}


class Echo:
    """Parses a JSON object and answers with two of its fields."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """POST."""
        body = req.get_media()
        resp.status = falcon.HTTP_201
        resp.media = {"id": body["deptId"], "status": "NEW", "assignmentEmail": None}


def create_app() -> falcon.App[falcon.Request, falcon.Response]:
    """The two routes."""
    app = falcon.App()
    app.add_route("/hello", Hello())
    app.add_route("/echo", Echo())
    return app


def main() -> None:
    """Serve until killed; print the port first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--core", type=int, default=0)
    chosen = parser.parse_args()
    os.sched_setaffinity(0, {chosen.core})
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line for each queued request
    server = create_server(create_app(), host="127.0.0.1", port=0, threads=chosen.threads)
    assert isinstance(server, BaseWSGIServer)
    print(server.getsockname()[1], flush=True)
    server.run()


if __name__ == "__main__":
    main()
