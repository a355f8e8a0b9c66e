"""Every route, for everybody, over somebody's, another's and no object: only what the table says.

Each row of `TABLE` is one method of one route. A route without a row fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import attrs
import falcon.inspect
import pytest

from helpdesk_core.permissions import ALLOWED, Act
from helpdesk_http.auth.forms import FORM, token_of
from helpdesk_http.bearer import takes_tokens
from tests.http.a_peopled_desk import BROWSER, CANARY, Knock, PeopledDesk, Things
from tests.http.conftest import CASE, GOOD
from tests.http.staff_house import SANDY

if TYPE_CHECKING:
    from falcon.testing import Result

STAFF_ROOMS = "/api/internal/"
_PLACE = re.compile(r"\{(\w+)\}")


@attrs.frozen
class Cell:
    """One question: by whom, at which path, about whose."""

    knock: Knock
    path: str
    things: Things
    has_object: bool

    @property
    def is_absent(self) -> bool:
        return self.has_object and self.things.whose == "absent"

    @property
    def is_own(self) -> bool:
        """True when who asks is whose it is."""
        user = self.knock.user
        return user is not None and user.id == self.things.owner


Expected = Callable[[Cell], int]


@attrs.frozen(kw_only=True)
class Row:
    """A method of a route, what is sent, and the status that each cell expects.

    `{ticket}` and its like stand for the objects, in the path and in what is sent.
    """

    method: str
    path: str
    expected: Expected
    sent: object = None
    is_form: bool = False

    @property
    def has_object(self) -> bool:
        return _PLACE.search(f"{self.path} {self.sent}") is not None


def by_role(act: Act, *, ok: int = 200, absent: int = 404) -> Expected:
    """What the table of permissions says of an act."""

    def status(cell: Cell) -> int:
        role = cell.knock.role_at(cell.path)
        if role is None:
            return 401
        is_let_in = not cell.path.startswith(STAFF_ROOMS) or role in ALLOWED[Act.READ_TICKETS]
        if not is_let_in or role not in ALLOWED[act]:
            return 403
        return absent if cell.is_absent else ok

    return status


def anybody(*, ok: int = 200, absent: int = 404) -> Expected:
    """The same for everybody."""
    return lambda cell: absent if cell.is_absent else ok


def its_submitter(cell: Cell) -> int:
    """The chat's own order of checks."""
    if cell.knock.role_at(cell.path) is None:
        return 401
    if cell.is_absent:
        return 404
    return 201 if cell.is_own else 403


def own_session(*, ok: int = 204) -> Expected:
    """One's own; admins end anybody's."""

    def status(cell: Cell) -> int:
        role = cell.knock.role_at(cell.path)
        if role is None:
            return 401
        may = cell.is_own or role in ALLOWED[Act.MANAGE_ACCOUNTS]
        return ok if may and not cell.is_absent else 404

    return status


def get(path: str, expected: Expected) -> Row:
    return Row(method="GET", path=path, expected=expected)


def post(path: str, expected: Expected, sent: object) -> Row:
    return Row(method="POST", path=path, expected=expected, sent=sent)


def put(path: str, expected: Expected, sent: object) -> Row:
    return Row(method="PUT", path=path, expected=expected, sent=sent)


def delete(path: str, expected: Expected) -> Row:
    return Row(method="DELETE", path=path, expected=expected)


def form(path: str, expected: Expected, **sent: str) -> Row:
    """What a page of the desk sends."""
    return Row(method="POST", path=path, expected=expected, sent=sent, is_form=True)


KEY = {"caseNumber": "{case}", "email": "{email}"}
ASSIGNMENT = {"staffId": str(SANDY)}
FILE_CASE = "/api/internal/support/case/{case}"
FILE_TICKET = "/api/internal/tickets"
PAGE = anybody()
AWAY = anybody(ok=303, absent=303)
REFUSED = anybody(ok=403, absent=403)

TABLE = (
    post("/api/intake", anybody(ok=201), {**GOOD, "description": "New"}),
    get("/api/intake/options", PAGE),
    get("/api/intake/lookup?q={ticket}", anybody(absent=200)),
    get("/api/intake/status", anybody(ok=400)),
    get("/api/intake/status/{ticket}", PAGE),
    post("/api/intake/status/{ticket}/messages", its_submitter, {"body": "Hello"}),
    post("/api/support/case", PAGE, {**CASE, "message": "New"}),
    post("/api/support/case/status", PAGE, KEY),
    post("/api/support/case/escalate", PAGE, {**KEY, "reason": "Now"}),
    post("/api/support/case/cancel", PAGE, {**KEY, "reason": "Solved"}),
    post("/api/support/case/{case}/attachments?name=a.txt&email={email}", PAGE, b"new"),
    get("/auth/sign-in", PAGE),
    get("/auth/sign-in/memory", AWAY),
    get("/auth/callback", REFUSED),
    form("/auth/links", PAGE, email="somebody@example.com"),
    get("/auth/link?key=x", PAGE),
    form("/auth/link", REFUSED, key="x"),
    get("/auth/sign-out", PAGE),
    post("/auth/sign-out", anybody(ok=204), {}),
    get("/auth/session", PAGE),
    get("/auth/sessions", by_role(Act.MANAGE_OWN_SESSIONS)),
    delete("/auth/sessions", by_role(Act.MANAGE_OWN_SESSIONS, ok=204)),
    form("/auth/sessions", own_session(ok=303), session="{session}"),
    delete("/auth/sessions/{session}", own_session()),
    get("/auth/page.css", PAGE),
    get("/", AWAY),
    get("/api/internal/sessions", by_role(Act.MANAGE_ACCOUNTS)),
    get("/api/internal/sessions?email={email}", by_role(Act.MANAGE_ACCOUNTS, absent=200)),
    delete("/api/internal/sessions?email={email}", by_role(Act.MANAGE_ACCOUNTS, ok=204)),
    delete("/api/internal/sessions/{session}", by_role(Act.MANAGE_ACCOUNTS, ok=204)),
    get("/api/internal/support/cases", by_role(Act.READ_TICKETS)),
    get(FILE_CASE, by_role(Act.READ_TICKETS)),
    get(f"{FILE_CASE}/sla", by_role(Act.READ_TICKETS)),
    post(f"{FILE_CASE}/update", by_role(Act.ANSWER_TICKETS), {"message": "Hello"}),
    put(f"{FILE_CASE}/assign", by_role(Act.ASSIGN_TICKETS), ASSIGNMENT),
    post(f"{FILE_CASE}/attachments?name=a.txt", by_role(Act.ATTACH_FILES), b"new"),
    get(f"{FILE_CASE}/attachments/{{case_file}}", by_role(Act.READ_TICKETS)),
    get(FILE_TICKET, by_role(Act.READ_TICKETS)),
    get(f"{FILE_TICKET}/{{ticket}}", by_role(Act.READ_TICKETS)),
    get(f"{FILE_TICKET}/{{ticket}}/sla", by_role(Act.READ_TICKETS)),
    post(f"{FILE_TICKET}/{{ticket}}/reply", by_role(Act.ANSWER_TICKETS), {"message": "Hello"}),
    post(f"{FILE_TICKET}/{{ticket}}/note", by_role(Act.ANSWER_TICKETS), {"message": "Hello"}),
    put(f"{FILE_TICKET}/{{ticket}}/assign", by_role(Act.ASSIGN_TICKETS), ASSIGNMENT),
    post(f"{FILE_TICKET}/{{ticket}}/close", by_role(Act.MOVE_TICKETS), {}),
    post(f"{FILE_TICKET}/{{ticket}}/resolve", by_role(Act.MOVE_TICKETS), {}),
    post(f"{FILE_TICKET}/{{started}}/wait", by_role(Act.MOVE_TICKETS), {}),
    post(f"{FILE_TICKET}/{{waiting}}/resume", by_role(Act.MOVE_TICKETS), {}),
    post(f"{FILE_TICKET}/{{ticket}}/reject", by_role(Act.MOVE_TICKETS), {"reason": "Spam"}),
    post(f"{FILE_TICKET}/{{closed}}/reopen", by_role(Act.MOVE_TICKETS), {}),
    post(f"{FILE_TICKET}/{{ticket}}/cancel", by_role(Act.MOVE_TICKETS), {}),
    post(f"{FILE_TICKET}/{{ticket}}/attachments?name=a.txt", by_role(Act.ATTACH_FILES), b"new"),
    get(f"{FILE_TICKET}/{{ticket}}/attachments/{{file}}", by_role(Act.READ_TICKETS)),
    get("/api/internal/work/options", by_role(Act.LOG_WORK)),
    post("/api/internal/work", by_role(Act.LOG_WORK, ok=400), {}),
    put("/api/internal/work/{ticket}", by_role(Act.LOG_WORK, ok=409), {}),
    post("/api/internal/work/{ticket}/withdraw", by_role(Act.LOG_WORK, ok=409), {}),
    get("/api/internal/performance/dashboard", by_role(Act.READ_FIGURES)),
    get("/api/internal/performance/monthly", by_role(Act.READ_FIGURES)),
    get("/api/internal/performance/monthly.csv", by_role(Act.READ_FIGURES)),
    get("/api/internal/performance/tickets", by_role(Act.READ_FIGURES, ok=400)),
    get("/api/internal/notifications/status", by_role(Act.READ_NOTICES)),
    post("/api/internal/notifications/{notice}/retry", by_role(Act.RETRY_NOTICES), None),
    get("/health", PAGE),
    get("/ready", PAGE),
    get("/metrics", by_role(Act.READ_METRICS)),
    get("/api/internal/audit", by_role(Act.READ_AUDIT)),
    get("/openapi.json", PAGE),
    get("/docs", PAGE),
    get("/docs/page.css", PAGE),
    get("/docs/page.js", PAGE),
    get("/docs/swagger-ui.css", PAGE),
    get("/docs/swagger-ui-bundle.js", PAGE),
)


@pytest.fixture(scope="module")
def desk() -> PeopledDesk:
    return PeopledDesk()


def test_every_route_has_a_row(desk: PeopledDesk) -> None:
    routed = {
        (method.method, _shape(route.path))
        for route in falcon.inspect.inspect_routes(desk.app)
        for method in route.methods
        if method.method not in {"OPTIONS", "HEAD"} and method.function_name.startswith("on_")
    }

    assert routed == {(row.method, _shape(row.path)) for row in TABLE}


def _shape(path: str) -> str:
    """A path without its query, whatever stands in its places."""
    bare = path.partition("?")[0].replace("/auth/sign-in/memory", "/auth/sign-in/{}")
    return _PLACE.sub("{}", bare)


def test_every_cell_is_as_the_table_says(
    desk: PeopledDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, cells = [], 0
    for row, method in _asked():
        for cell in _cells(desk, row):
            cells += 1
            answer = _ask(desk, row, method, cell)
            expected = row.expected(cell)
            if answer.status_code != expected or _told(answer) or _keyless(answer, cell.path):
                wrong.append(
                    f"{method} {row.path} by {cell.knock.name}, {cell.things.whose}: "
                    f"{expected} expected, {answer.status_code} told: {answer.text[:200]}"
                )
    with capsys.disabled():
        print(  # noqa: T201  # how much was tried is part of what it says
            f"{len(TABLE)} routes, {len(desk.knocks)} kinds of caller, {cells} cells"
        )

    assert [] == wrong


def _asked() -> Iterator[tuple[Row, str]]:
    """Each row, and its `HEAD` where it has a `GET` that only reads."""
    for row in TABLE:
        yield row, row.method
        if row.method == "GET" and row.path not in {"/auth/sign-in/memory", "/auth/callback"}:
            yield row, "HEAD"


def _cells(desk: PeopledDesk, row: Row) -> Iterator[Cell]:
    for knock in desk.knocks:
        for things in desk.things if row.has_object else desk.things[:1]:
            yield Cell(knock, row.path.partition("?")[0], things, row.has_object)


def _ask(desk: PeopledDesk, row: Row, method: str, cell: Cell) -> Result:
    """Ask; what it did is undone before the next."""
    body, headers = _sent(row, cell)
    path = _filled(row.path, cell.things)
    answer = desk.ask(method, path, body=body, headers=headers)
    if method not in {"GET", "HEAD"}:
        desk.restore()
    return answer


def _sent(row: Row, cell: Cell) -> tuple[bytes | None, dict[str, str]]:
    headers = {**cell.knock.headers}
    if row.sent is None:
        return None, headers
    if isinstance(row.sent, bytes):
        return row.sent, {**headers, "Content-Type": "application/octet-stream"}
    document = json.loads(_filled(json.dumps(row.sent), cell.things))
    if not row.is_form:
        return json.dumps(document).encode(), {**headers, "Content-Type": "application/json"}
    cookies = (headers.get("Cookie"), f"__Host-helpdesk-browser={BROWSER}")
    headers["Cookie"] = "; ".join(filter(None, cookies))
    fields = {**document, "token": token_of(BROWSER)}
    return urlencode(fields).encode(), {**headers, "Content-Type": FORM}


def _filled(text: str, things: Things) -> str:
    """The text with the objects in their places."""
    return _PLACE.sub(lambda place: things.names[place[1]], text)


def _keyless(answer: Result, path: str) -> bool:
    """True unless a 401 says what opens the door, exactly where a token would."""
    opens = answer.headers.get("WWW-Authenticate")
    return opens != ("Bearer" if answer.status_code == 401 and takes_tokens(path) else None)


def _told(answer: Result) -> bool:
    """True when a refusal holds a word of what was refused."""
    return answer.status_code >= 400 and CANARY in answer.text
