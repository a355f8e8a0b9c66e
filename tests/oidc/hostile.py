"""A provider on loopback that says whatever a test wants it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs

from joserfc import jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

CLIENT_ID = "desk"
CLIENT_SECRET = "s e:c%r+t"

Said: TypeAlias = tuple[int, bytes]
Page: TypeAlias = Said | Callable[[], Said]
"""A status and a body."""

RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
STRANGERS = RSAKey.generate_key(2048, {"kid": "rsa"})
"""A key of somebody else's, by the name of one of the provider's."""


def written(value: object) -> Said:
    return 200, json.dumps(value).encode()


NOW: Final = float(int(time.time()))
"""When every test takes place: tokens are written down before it is known when they run."""


def now() -> datetime:
    return datetime.fromtimestamp(NOW, UTC)


class Hostile:
    """Serves `pages` by path; what is not among them as an honest provider would.

    `claims` and `header` are laid over those of an honest ID token, where a value of `...` takes
    one away. `requests` are those that came: method, path, headers and form.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.document: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.signer: Key = RSA
        self.keys: list[Key] = [RSA, EC, ED]
        self.nonce = ""
        self.clock: Callable[[], float] = time.time
        self.requests: list[tuple[str, str, Mapping[str, str], dict[str, list[str]]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02])
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for _, each, _, _ in self.requests if each == path)

    def answer(self, path: str) -> Said:
        page = self.pages.get(path) or self._honest(path)
        return page() if callable(page) else page

    def id_token(self) -> str:
        header = laid_over({"alg": "RS256", "kid": self.signer.kid, "typ": "JWT"}, self.header)
        return signed(header, json.dumps(self.all_claims()), self.signer)

    def all_claims(self) -> dict[str, Any]:
        now = int(self.clock())
        honest = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "name": "Ann Example",
            "email": "ann@example.org",
            "email_verified": True,
        }
        return laid_over(honest, self.claims)

    def _honest(self, path: str) -> Said:
        if path == "/.well-known/openid-configuration":
            return written(laid_over(self._described(), self.document))
        if path == "/jwks":
            return written({"keys": [key.as_dict(private=False) for key in self.keys]})
        if path == "/token":
            return written({"id_token": self.id_token(), "access_token": "a-token"})
        return 404, b"nothing here"

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth?tenant=a",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code", "id_token"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256", "Ed25519"],
        }


def laid_over(honest: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: it for name, it in {**honest, **changes}.items() if it is not ...}


def signed(header: dict[str, Any], payload: str | bytes, key: Key) -> str:
    """A token, whatever its header says; what the library would refuse to write too."""
    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    registry.max_header_length = 10**6
    return jws.serialize_compact(header, payload, key, registry=registry)


def _handler(hostile: Hostile) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._serve(parse_qs(body.decode(), keep_blank_values=True))

        def _serve(self, form: dict[str, list[str]]) -> None:
            hostile.requests.append((self.command, self.path, dict(self.headers), form))
            status, body = hostile.answer(self.path)
            with suppress(ConnectionError):  # the desk may have gone
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
