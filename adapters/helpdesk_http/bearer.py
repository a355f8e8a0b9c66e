"""The staff's door: `Authorization: Bearer hd_…`, and nobody else past it.

Tokens are understood where staff work, and nowhere else: contract A knows sessions only, and a
customer of contract B is known by the case's number, whatever else the request carries.
"""

import re
from http import HTTPStatus
from typing import Final

import falcon

from helpdesk_core.errors import NotSignedIn
from helpdesk_core.people import User
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports
from helpdesk_core.tokens import PREFIX
from helpdesk_core.use_cases.tokens import user_of_token
from helpdesk_http.callers import Callers, Identify
from helpdesk_http.exchange import DeskRequest

ROOMS: Final = "/api/internal/"
"""Everything at or below it is the staff's."""
FIGURES: Final = "/metrics"
"""Where a program with a token reads what was counted."""
CHALLENGE: Final = "Bearer"
"""What a 401 asks for, in WWW-Authenticate (RFC 6750, 3)."""
LONGEST_SECRET: Final = 256
"""Characters after the prefix; ours have 43."""

_BEARER = re.compile(rf"(?i:bearer) ({PREFIX}[0-9A-Za-z_-]{{1,{LONGEST_SECRET}}})")


def is_staff_room(path: str) -> bool:
    """True for the staff's paths, whether or not there is anything."""
    return f"{path}/".startswith(ROOMS)


def takes_tokens(path: str) -> bool:
    """True for the paths where a bearer token is looked at."""
    return is_staff_room(path) or path == FIGURES


def secret_in(authorization: str) -> str:
    """The token in an `Authorization` header.

    The scheme in any case, one space, the token. Raises NotSignedIn for anything else: another
    scheme, two headers that were made one, none of our tokens.
    """
    found = _BEARER.fullmatch(authorization)
    if found is None:
        raise NotSignedIn("Staff authentication is required")
    return found[1]


class BearerTokens:
    """Tells whose request it is by its token; who sends none is identified `otherwise`.

    A header that is no good token is refused, and not passed over for a session.
    """

    def __init__(self, ports: Ports, otherwise: Identify) -> None:
        self._ports = ports
        self._otherwise = otherwise

    def __call__(self, req: falcon.Request) -> User | None:
        """The person. Raises NotSignedIn for a token that opens nothing, Unavailable."""
        sent = req.env.get("HTTP_AUTHORIZATION") if takes_tokens(req.path) else None
        if sent is None:
            return self._otherwise(req)
        return user_of_token(self._ports, secret_in(sent))


class StaffDoor:
    """Lets nobody but staff into their rooms, before anything else there is looked at.

    A stranger learns neither what there is nor whether what was sent can be read.
    """

    def __init__(self, callers: Callers) -> None:
        self._callers = callers

    def process_request(self, req: DeskRequest, _resp: falcon.Response) -> None:
        """Raise NotSignedIn for a stranger and Forbidden for who is no staff."""
        if is_staff_room(req.path):
            _ = allow(self._callers(req), Act.READ_TICKETS)

    def process_response(
        self,
        req: DeskRequest,
        resp: falcon.Response,
        _resource: object,
        _succeeded: bool,  # noqa: FBT001  # falcon's shape
    ) -> None:
        """Say what opens the door to whoever stands before it."""
        if resp.status_code == HTTPStatus.UNAUTHORIZED and takes_tokens(req.path):
            resp.set_header("WWW-Authenticate", CHALLENGE)
