"""Files of tickets: what is taken, from whom, under which names, and how it is given out."""

import io
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, BinaryIO
from unittest.mock import ANY
from urllib.parse import quote
from uuid import UUID

import attrs
import pytest
from falcon.testing import Result, create_environ
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from helpdesk_core.attachments import USUAL_FILES, AttachmentRules
from helpdesk_core.case_numbers import Numbering
from helpdesk_core.errors import Unavailable
from helpdesk_core.ports import FileStore
from helpdesk_core.testing.races import at_once
from helpdesk_core.tickets import Change
from helpdesk_http import error_body
from helpdesk_http.dispositions import attachment_header
from helpdesk_http.uploads import is_upload, longest_body
from tests.http.conftest import CASE, SupportHouse, uuid_of

PDF = b"%PDF-1.7 not much of one"
SMALL = AttachmentRules(largest_file=1000, largest_ticket=2500, most_files=4)
PLAIN_NAMES = {
    "a plain name": "report.pdf",
    "spaces": "Q3 report (final).pdf",
    "quotes and semicolons": 'a"b;c.pdf',
    "apostrophes and percents": "100%25 'sure'.pdf",
    "composed": "Pr\u00fcfung.pdf",
    "decomposed": "Pru\u0308fung.pdf",
    "emoji": "\U0001f4a5.pdf",
    "a device": "CON.pdf",
    "a name of dots": "...pdf",
    "the longest": "n" * 196 + ".pdf",
}
BAD_NAMES = {
    "none": None,
    "empty": "",
    "blank": "  ",
    "a dot": ".",
    "two dots": "..",
    "a path": "../../x.pdf",
    "a path of Windows": "..\\..\\x.pdf",
    "absolute": "/etc/passwd.pdf",
    "a drive": "C:\\x.pdf",
    "NUL": "x\0.pdf",
    "a hidden beginning": "\u200b.htaccess.pdf",
    "a line end": "a\r\nSet-Cookie: x=1.pdf",
    "reversed": "\u202efdp.exe.pdf",
    "a lone line separator": "a\u2028b.pdf",
    "too long": "n" * 197 + ".pdf",
}
BAD_KINDS = (
    "x.svg",
    "x.SVG",
    "x.html",
    "x.htm",
    "x.xhtml",
    "x.xml",
    "x.mht",
    "x.js",
    "x.exe",
    "x.png.html",
    ".htaccess",
    "x",
    "x.",
    "x.pdf ; charset=x",
    "x.pd\u0192",
)


@attrs.frozen
class Desk:
    """A desk with one case, of number `case`, and one ticket of the intake door, of id `ticket`."""

    house: SupportHouse
    case: str
    ticket: str

    def upload(
        self,
        name: str | None = "report.pdf",
        body: bytes = PDF,
        *,
        to: str = "",
        person: str = "agent",
        **headers: str,
    ) -> Result:
        """Add a file to the case, or to the room `to` is the path of."""
        query = "" if name is None else f"?name={quote(name, safe='')}"
        path = f"{to or self.case_room}/attachments{query}"
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.house.ask("POST", path, body=body, headers={"X-Person": person, **given})

    def download(
        self, attachment_id: str, *, of: str = "", method: str = "GET", **headers: str
    ) -> Result:
        path = f"{of or self.case_room}/attachments/{attachment_id}"
        return self.house.ask(method, path, headers={"X-Person": "agent", **headers})

    @property
    def case_room(self) -> str:
        return f"/api/internal/support/case/{self.case}"

    @property
    def ticket_room(self) -> str:
        return f"/api/internal/tickets/{self.ticket}"

    @property
    def customer_room(self) -> str:
        return f"/api/support/case/{self.case}"

    @property
    def held(self) -> list[bytes]:
        """The files of the case as they are kept."""
        with self.house.desk.ports.begin() as uow:
            attachments = uow.attachments(self.house.held(self.case).id)
        opened = [self.house.desk.files.open(each.id) for each in attachments]
        return [each.read() for each in opened if each]

    def rule(self, rules: AttachmentRules) -> None:
        self.house.rebuild(attachments=rules)


@pytest.fixture
def desk() -> Desk:
    house = SupportHouse(Numbering.RANDOM)
    return Desk(house, case=house.opened(), ticket=house.submitted())


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    """The same desk, where customers may attach."""
    cases = attrs.evolve(desk.house.desk.ports.cases, customers_may_attach=True)
    desk.house.rebuild(cases=cases)
    return desk


def attached(result: Result) -> str:
    assert result.status_code == 200, result.text
    attachment_id: str = result.json["attachment"]["id"]
    return attachment_id


# Taking in


def test_a_file_of_a_case_is_told_as_it_is_kept(desk: Desk) -> None:
    result = desk.upload("Q3 report.PDF", Content_Type="image/svg+xml; x")

    assert (200, '"2"', "no-store") == (
        result.status_code,
        result.headers["ETag"],
        result.headers["Cache-Control"],
    )
    assert {
        "success": True,
        "message": "File attached successfully",
        "attachment": {
            "id": ANY,
            "name": "Q3 report.PDF",
            "mediaType": "application/pdf",
            "size": len(PDF),
            "uploadedAt": "2025-01-27T10:00:00Z",
            "looksSecret": False,
        },
    } == result.json
    assert [PDF] == desk.held


HAR = b'{"log":{"entries":[{"request":{"cookies":[{"name":"sid","value":"1"}]}}]}}'


@pytest.mark.parametrize("room", ["case_room", "ticket_room"])
def test_a_file_with_cookies_is_taken_and_staff_are_warned(desk: Desk, room: str) -> None:
    path: str = getattr(desk, room)
    told = desk.upload("shop.har", HAR, to=path)
    file = desk.house.ask("GET", path, headers={"X-Person": "agent"})

    assert (200, True, [True]) == (
        told.status_code,
        told.json["attachment"]["looksSecret"],
        [each["looksSecret"] for each in file.json["attachments"]],
    )


def test_a_customer_is_warned_of_their_own_file(open_desk: Desk) -> None:
    told = open_desk.upload("shop.har", HAR, to=open_desk.customer_room, person="")

    assert (200, True) == (told.status_code, told.json["attachment"]["looksSecret"])


def test_a_warning_comes_again_with_the_answer_that_was_kept(desk: Desk) -> None:
    answers = [desk.upload("shop.har", HAR, Idempotency_Key="k-1") for _ in range(2)]

    assert [True, True] == [each.json["attachment"]["looksSecret"] for each in answers]


def test_a_ticket_of_the_intake_door_takes_files_too(desk: Desk) -> None:
    attachment_id = attached(desk.upload(to=desk.ticket_room))

    assert PDF == desk.download(attachment_id, of=desk.ticket_room).content


@pytest.mark.parametrize("name", PLAIN_NAMES.values(), ids=PLAIN_NAMES)
def test_any_plain_name_is_kept_as_text_and_comes_back(desk: Desk, name: str) -> None:
    attachment_id = attached(desk.upload(name))
    kind, options = parse_options_header(
        desk.download(attachment_id).headers["Content-Disposition"]
    )

    assert ("attachment", name.replace("\\", "_")) == (kind, options["filename"])


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_name_that_misleads_is_refused_and_nothing_is_kept(desk: Desk, name: str | None) -> None:
    result = desk.upload(name)

    assert (400, "VALIDATION_ERROR", ["name"]) == (
        result.status_code,
        result.json["code"],
        [*result.json["details"]],
    )
    assert [] == desk.held


def test_a_name_given_twice_is_none(desk: Desk) -> None:
    path = f"{desk.case_room}/attachments?name=a.pdf&name=b.pdf"
    result = desk.house.ask("POST", path, body=PDF, headers={"X-Person": "agent"})

    assert (400, ["name"]) == (result.status_code, [*result.json["details"]])


@pytest.mark.parametrize("name", BAD_KINDS)
def test_a_kind_that_a_browser_could_run_is_refused(desk: Desk, name: str) -> None:
    assert (400, {"name": "kind"}) == (
        (result := desk.upload(name, b"<svg onload=alert(1)>")).status_code,
        result.json["details"],
    )


@pytest.mark.parametrize("name", [f"x.{ending}" for ending in USUAL_FILES.media_types])
def test_what_is_kept_is_served_as_its_name_says_whatever_it_is(desk: Desk, name: str) -> None:
    """A page in a picture's clothes, too: it is a download in a sandbox, never a page."""
    attachment_id = attached(desk.upload(name, b"<script>alert(1)</script>"))
    result = desk.download(attachment_id)

    assert USUAL_FILES.media_types[name.removeprefix("x.")] == result.headers["Content-Type"]
    assert result.headers["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize("media_type", ["application/json", "text/html", "", "x", "image/png; a=b"])
def test_the_type_of_the_request_means_nothing(desk: Desk, media_type: str) -> None:
    assert 200 == desk.upload("a.txt", Content_Type=media_type).status_code


@pytest.mark.parametrize(
    ("headers", "details"),
    [
        ({"Content_Type": "multipart/form-data; boundary=x"}, {"file": "in a form"}),
        ({"Content_Type": "Multipart/Mixed"}, {"file": "in a form"}),
        ({"Content_Encoding": "gzip"}, {"file": "encoded"}),
    ],
)
def test_what_is_not_the_bare_file_is_refused(
    desk: Desk, headers: dict[str, Any], details: dict[str, str]
) -> None:
    result = desk.upload(**headers)

    assert (400, details, []) == (result.status_code, result.json["details"], desk.held)


@pytest.mark.parametrize("key", [{}, {"Idempotency_Key": "k"}], ids=["no key", "key"])
@pytest.mark.parametrize(("size", "status"), [(0, 400), (1, 200), (1000, 200), (1001, 413)])
def test_a_file_may_be_as_long_as_the_rules_say(
    desk: Desk, size: int, status: int, key: dict[str, str]
) -> None:
    desk.rule(SMALL)
    result = desk.upload(body=b"a" * size, **key)

    assert (status, [size] * (status == 200)) == (
        result.status_code,
        [len(each) for each in desk.held],
    )


def test_a_file_that_is_too_long_is_said_to_be(desk: Desk) -> None:
    desk.rule(SMALL)

    assert {
        "success": False,
        "error": "A file must be 1000 bytes or fewer, and all files of a ticket 2500",
        "code": "TOO_LARGE",
        "details": {},
    } == desk.upload(body=b"a" * 1001).json


@pytest.mark.parametrize(("size", "status"), [(500, 200), (501, 413)])
def test_all_files_of_a_ticket_together_may_be_as_long_as_the_rules_say(
    desk: Desk, size: int, status: int
) -> None:
    desk.rule(SMALL)
    for _ in range(2):
        _ = attached(desk.upload(body=b"a" * 1000))

    assert status == desk.upload(body=b"a" * size).status_code


def test_a_ticket_takes_so_many_files_and_no_more(desk: Desk) -> None:
    desk.rule(SMALL)
    statuses = [desk.upload(body=b"a").status_code for _ in range(6)]

    assert [200, 200, 200, 200, 400, 400] == statuses
    assert 200 == desk.upload(to=desk.ticket_room).status_code


def test_forty_at_once_never_pass_the_last_free_place(desk: Desk) -> None:
    desk.rule(SMALL)
    for _ in range(3):
        _ = attached(desk.upload(body=b"a"))
    results = at_once([partial(desk.upload, body=b"b")] * 40)

    assert [200] + [400] * 39 == sorted(each.status_code for each in results)  # type: ignore[union-attr]
    assert 4 == len(desk.held)


def test_forty_at_once_never_pass_the_last_free_bytes(desk: Desk) -> None:
    desk.rule(attrs.evolve(SMALL, most_files=100))
    for _ in range(2):
        _ = attached(desk.upload(body=b"a" * 1000))
    results = at_once([partial(desk.upload, body=b"b" * 300)] * 40)

    assert [200] + [413] * 39 == sorted(each.status_code for each in results)  # type: ignore[union-attr]
    assert 2300 == sum(map(len, desk.held))


class Endless(io.RawIOBase):
    """A body without end that counts what was read of it."""

    def __init__(self) -> None:
        self.read_so_far = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.read_so_far += size
        return b"a" * size


@pytest.mark.parametrize("key", [{}, {"HTTP_IDEMPOTENCY_KEY": "k"}], ids=["no key", "key"])
@pytest.mark.parametrize(
    ("environ", "most"), [({"CONTENT_LENGTH": "104857600"}, 0), ({"CONTENT_LENGTH": None}, 128_000)]
)
def test_of_a_body_that_is_too_long_no_more_is_read_than_told_it(
    desk: Desk, environ: dict[str, str | None], most: int, key: dict[str, str]
) -> None:
    """Under a server that hands the body over as it comes; by its length, or where it passes."""
    desk.rule(SMALL)
    body = Endless()
    whole = {
        **create_environ(
            path=f"{desk.case_room}/attachments",
            query_string="name=a.pdf",
            method="POST",
            headers={"X-Person": "agent"},
        ),
        **environ,
        **key,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
    }
    known = {name: value for name, value in whole.items() if value is not None}
    started: list[str] = []
    _ = b"".join(desk.house.app(known, lambda status, *_: started.append(status)))  # type: ignore[arg-type]

    assert ["413"] == [status[:3] for status in started]
    assert body.read_so_far <= most


def test_a_body_that_was_cut_off_is_no_file(desk: Desk) -> None:
    path = f"{desk.case_room}/attachments"
    status, said = desk.house.hand_over(
        "POST", path, PDF, QUERY_STRING="name=a.pdf", CONTENT_LENGTH="1000", HTTP_X_PERSON="agent"
    )

    assert (True, True, []) == (status.startswith("400"), b"did not come whole" in said, desk.held)


def test_nothing_is_attached_where_no_files_are_kept(desk: Desk) -> None:
    desk.house.rebuild(files=None)

    assert 403 == desk.upload().status_code


class FullStore:
    """A store of files without room."""

    def put(self, *_: object) -> None:
        raise Unavailable

    def open(self, *_: object) -> None:
        raise Unavailable


def test_a_store_that_does_not_answer_is_told_as_busy(desk: Desk) -> None:
    attachment_id = attached(desk.upload())
    desk.house.rebuild(files=FullStore())

    for result in (desk.upload(), desk.download(attachment_id)):
        assert (503, "UNAVAILABLE", "5") == (
            result.status_code,
            result.json["code"],
            result.headers["Retry-After"],
        )


# Safe retries and safe edits


def test_an_upload_that_comes_again_is_answered_alike_and_adds_no_second_file(desk: Desk) -> None:
    first, second = (desk.upload(Idempotency_Key="k") for _ in range(2))

    assert (200, first.content, first.headers["ETag"], [PDF]) == (
        second.status_code,
        second.content,
        second.headers["ETag"],
        desk.held,
    )
    assert 1 == len([*desk.house.desk.files.kept_before(datetime.max.replace(tzinfo=UTC))])


@pytest.mark.parametrize(
    "other",
    [{"name": "other.pdf"}, {"body": PDF + b"."}, {"body": PDF[::-1]}],
    ids=["name", "length", "bytes"],
)
def test_a_key_stands_for_the_name_and_for_every_byte(desk: Desk, other: dict[str, Any]) -> None:
    _ = attached(desk.upload(Idempotency_Key="k"))
    result = desk.upload(Idempotency_Key="k", **other)

    assert (422, "IDEMPOTENCY_KEY_REUSED", [PDF]) == (
        result.status_code,
        result.json["code"],
        desk.held,
    )


def test_a_long_file_with_a_key_is_kept_whole(desk: Desk) -> None:
    body = bytes(range(256)) * 4096
    _ = attached(desk.upload(body=body, Idempotency_Key="k"))

    assert [body] == desk.held


def test_an_upload_is_made_on_the_version_that_was_seen_or_not_at_all(desk: Desk) -> None:
    results = [desk.upload(If_Match='"1"'), desk.upload(If_Match='"1"'), desk.upload(If_Match="*")]

    assert [(200, '"2"'), (412, None), (200, '"3"')] == [
        (each.status_code, each.headers.get("ETag")) for each in results
    ]


# Giving out


def test_a_file_is_given_out_as_a_download_that_nothing_can_run_in(desk: Desk) -> None:
    attachment_id = attached(desk.upload('the "plan".pdf'))
    result = desk.download(attachment_id)
    wanted = {
        "content-type": "application/pdf",
        "content-length": str(len(PDF)),
        "content-disposition": 'attachment; filename="the _plan_.pdf"; '
        "filename*=UTF-8''the%20%22plan%22.pdf",
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "accept-ranges": "none",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
    }

    assert (200, PDF) == (result.status_code, result.content)
    assert wanted == {name: result.headers[name] for name in wanted}


def test_head_tells_the_same_and_opens_nothing_for_long(desk: Desk) -> None:
    attachment_id = attached(desk.upload())
    seen, told = desk.download(attachment_id), desk.download(attachment_id, method="HEAD")
    varying = {"x-request-id"}

    assert (200, b"") == (told.status_code, told.content)
    assert {key: it for key, it in seen.headers.items() if key not in varying} == {
        key: it for key, it in told.headers.items() if key not in varying
    }


@pytest.mark.parametrize(
    "asked", ["bytes=0-", "bytes=1-2", "bytes=-5", "bytes=99999999999999999999-", "x" * 5000]
)
def test_a_file_is_always_sent_whole(desk: Desk, asked: str) -> None:
    result = desk.download(attached(desk.upload()), Range=asked)

    assert (200, PDF) == (result.status_code, result.content)


class Watched:
    """A store of files that remembers what it opened."""

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self.opened: list[BinaryIO] = []

    def open(self, file_id: UUID) -> BinaryIO | None:
        opened = self._files.open(file_id)
        if opened:
            self.opened.append(opened)
        return opened


def test_the_content_is_closed_when_it_was_sent_and_when_nobody_takes_it(desk: Desk) -> None:
    attachment_id = attached(desk.upload())
    files = Watched(desk.house.desk.files)
    desk.house.rebuild(files=files)
    _ = desk.download(attachment_id)
    _ = desk.download(attachment_id, method="HEAD")
    path = f"{desk.case_room}/attachments/{attachment_id}"
    environ = create_environ(path=path, headers={"X-Person": "agent"})
    answer = desk.house.app(environ, lambda *_: None)  # type: ignore[arg-type]
    answer.close()  # type: ignore[attr-defined]

    assert [True] * 3 == [each.closed for each in files.opened]


def test_a_server_is_handed_the_file_itself(desk: Desk) -> None:
    """It sends a file off its threads; anything that is drawn from holds one."""
    path = f"{desk.case_room}/attachments/{attached(desk.upload())}"
    wrapped: list[object] = []

    def wrap(file: io.BytesIO, _size: int) -> list[bytes]:
        wrapped.append(file)
        return [file.read()]

    environ = {
        **create_environ(path=path, headers={"X-Person": "agent"}),
        "wsgi.file_wrapper": wrap,
    }
    answer = desk.house.app(environ, lambda *_: None)  # type: ignore[arg-type]

    assert (PDF, [True]) == (b"".join(answer), [isinstance(each, io.BytesIO) for each in wrapped])


@pytest.mark.parametrize(
    "attachment_id",
    [str(uuid_of("f")), "1", "", "..%2F..%2Fetc%2Fpasswd", "%00", "{}", "f" * 32],
)
def test_an_unknown_file_is_not_found(desk: Desk, attachment_id: str) -> None:
    _ = attached(desk.upload())

    assert 404 == desk.download(attachment_id).status_code


def test_a_file_is_found_in_its_own_ticket_only(desk: Desk) -> None:
    of_case, of_ticket = (
        attached(desk.upload(to=room)) for room in (desk.case_room, desk.ticket_room)
    )
    other = f"/api/internal/support/case/{desk.house.opened()}"
    foreign = [
        desk.download(of_case, of=desk.ticket_room),
        desk.download(of_ticket, of=desk.case_room),
        desk.download(of_case, of=other),
        desk.download(of_case, of="/api/internal/support/case/CW-2025-0000000000"),
    ]

    assert [404] * 4 == [each.status_code for each in foreign]


def test_a_file_that_is_no_longer_kept_is_told_of_and_not_sent(desk: Desk) -> None:
    attachment_id = attached(desk.upload("a.txt", b"12345"))
    ticket = desk.house.held(desk.case)
    now = desk.house.desk.clock()
    ended = attrs.evolve(ticket, version=ticket.version + 1, closed_at=now)
    with desk.house.desk.ports.begin() as uow:
        uow.save(Change(ticket=ended, events=()))
        uow.let_files_go(now + timedelta(seconds=1), at=now + timedelta(days=30))
        uow.commit()
    answers = [desk.download(attachment_id, method=method) for method in ("GET", "HEAD")]
    file = desk.house.ask("GET", desk.case_room, headers={"X-Person": "agent"})

    assert [404, 404] == [answer.status_code for answer in answers]
    assert ("NOT_FOUND", "This file is no longer kept") == (
        answers[0].json["code"],
        answers[0].json["error"],
    )
    assert [("a.txt", 5, "2025-02-26T10:00:00Z")] == [
        (each["name"], each["size"], each["removedAt"]) for each in file.json["attachments"]
    ]


def test_a_file_whose_bytes_are_gone_is_not_found(desk: Desk) -> None:
    attachment_id = attached(desk.upload())
    desk.house.desk.files.remove(UUID(attachment_id))

    assert 404 == desk.download(attachment_id).status_code


# Who may


@pytest.mark.parametrize(
    ("person", "status"), [("agent", 200), ("customer", 403), ("stranger", 403), ("", 401)]
)
@pytest.mark.parametrize("room", ["case_room", "ticket_room"])
def test_staff_alone_may_add_and_fetch_files(
    desk: Desk, room: str, person: str, status: int
) -> None:
    attachment_id = attached(desk.upload(to=getattr(desk, room)))
    path = f"{getattr(desk, room)}/attachments/{attachment_id}"
    asked = [
        desk.upload(to=getattr(desk, room), person=person),
        *(desk.house.ask(each, path, headers={"X-Person": person}) for each in ("GET", "HEAD")),
    ]

    assert [status] * 3 == [each.status_code for each in asked]
    assert (status == 200) == (PDF in asked[1].content)


def test_there_is_no_download_for_customers(open_desk: Desk) -> None:
    attachment_id = attached(open_desk.upload(to=open_desk.customer_room, person=""))
    path = f"{open_desk.customer_room}/attachments/{attachment_id}"

    assert [404, 405] == [
        open_desk.house.get(each).status_code
        for each in (path, f"{open_desk.customer_room}/attachments")
    ]


def test_customers_may_not_attach_unless_it_is_allowed(desk: Desk) -> None:
    result = desk.upload(to=desk.customer_room, person="")

    assert (403, "FORBIDDEN", []) == (result.status_code, result.json["code"], desk.held)


def test_the_holder_of_the_number_adds_a_file_and_learns_no_version(open_desk: Desk) -> None:
    result = open_desk.upload(to=open_desk.customer_room, person="")

    assert (200, "report.pdf", [PDF]) == (
        result.status_code,
        result.json["attachment"]["name"],
        open_desk.held,
    )
    assert "ETag" not in result.headers


def test_a_customers_upload_that_comes_again_adds_no_second_file(open_desk: Desk) -> None:
    upload = partial(open_desk.upload, to=open_desk.customer_room, person="", Idempotency_Key="k")
    first, second = upload(), upload()

    assert (200, first.content, [PDF]) == (second.status_code, second.content, open_desk.held)


def customer_upload(desk: Desk, number: str, email: str | None, peer: str = "") -> Result:
    query = "name=a.pdf" + (f"&email={quote(email)}" if email else "")
    path = f"/api/support/case/{number}/attachments?{query}"
    return desk.house.ask("POST", path, body=PDF, peer=peer or "198.51.100.9")


def test_a_wrong_address_answers_like_an_unknown_number(open_desk: Desk) -> None:
    right = customer_upload(open_desk, open_desk.case, str(CASE["email"]))
    wrong = customer_upload(open_desk, open_desk.case, "eve@example.com")
    unknown = customer_upload(open_desk, "CW-2025-0000000000", None)

    assert (200, 404, 404, wrong.content) == (
        right.status_code,
        wrong.status_code,
        unknown.status_code,
        unknown.content,
    )


def test_guessing_numbers_is_throttled_and_then_nobody_is_let_in(open_desk: Desk) -> None:
    statuses = [
        customer_upload(open_desk, "CW-2025-0000000000", None).status_code for _ in range(21)
    ]

    assert [404] * 20 + [429] == statuses
    assert 429 == customer_upload(open_desk, open_desk.case, None).status_code
    assert 200 == customer_upload(open_desk, open_desk.case, None, "192.0.2.77").status_code


def test_a_finished_case_takes_no_file_of_its_customer(open_desk: Desk) -> None:
    _ = open_desk.house.knock("cancel", open_desk.case)
    result = open_desk.upload(to=open_desk.customer_room, person="")

    assert (409, "INVALID_TRANSITION") == (result.status_code, result.json["code"])


# Headers and limits, as functions


@given(st.text())
def test_any_text_at_all_makes_a_header_that_every_server_can_send(name: str) -> None:
    header = attachment_header(name)

    assert header.isascii()
    assert header.isprintable()
    assert header.startswith('attachment; filename="')
    assert 2 == header.count('"')
    assert "\\" not in header


@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="/\\"), min_size=1))
def test_a_name_of_visible_characters_is_read_back_whole(name: str) -> None:
    _, options = parse_options_header(attachment_header(name))

    assert name == options["filename"]


@pytest.mark.parametrize(
    ("method", "path", "longest"),
    [
        ("POST", "/api/internal/support/case/CW-2025-001/attachments", 1000),
        ("POST", f"/api/internal/tickets/{uuid_of('1')}/attachments", 1000),
        ("POST", "/api/support/case/CW-2025-001/attachments", 1000),
        ("GET", "/api/support/case/CW-2025-001/attachments", 1024 * 1024),
        ("PUT", "/api/support/case/CW-2025-001/attachments", 1024 * 1024),
        ("POST", "/api/support/case/CW-2025-001/attachments/", 1024 * 1024),
        ("POST", "/api/support/case//attachments", 1024 * 1024),
        ("POST", "/api/support/case/a/b/attachments", 1024 * 1024),
        ("POST", "/api/support/case", 1024 * 1024),
        ("POST", "/api/intake", 1024 * 1024),
    ],
)
def test_long_bodies_are_for_uploads_alone(method: str, path: str, longest: int) -> None:
    assert longest == longest_body(SMALL)(method, path)


def test_where_long_bodies_are_taken_there_is_an_upload(desk: Desk) -> None:
    """The list of URLs and the server's list of long bodies are one."""
    for room in (desk.case_room, desk.ticket_room, desk.customer_room):
        assert is_upload(f"{room}/attachments")
        result = desk.house.ask("OPTIONS", f"{room}/attachments", headers={"X-Person": "agent"})
        assert "POST" in result.headers["Allow"]


# Naming files in an update (contract B's `attachments`)


@pytest.mark.parametrize(
    "named",
    [
        "https://example.com/x.png",
        ["https://169.254.169.254/latest/meta-data"],
        ["file:///etc/passwd"],
        ["data:image/png;base64,iVBORw0KGgo="],
        [{"url": "https://example.com/x.png"}],
        [{"name": "x.png", "content": "aGVsbG8="}],
        [None],
        [1],
        {"id": str(uuid_of("1"))},
        [str(uuid_of("f"))],
        ["A" * 100_000],
    ],
)
def test_an_update_names_files_of_its_ticket_by_their_ids_and_nothing_else(
    desk: Desk, named: object
) -> None:
    _ = attached(desk.upload())
    document = {"message": "See the file", "attachments": named}
    result = desk.house.post(f"{desk.case_room}/update", document, person="agent")

    assert (400, "VALIDATION_ERROR", ["attachments"]) == (
        result.status_code,
        result.json["code"],
        [*result.json["details"]],
    )


def test_an_update_names_a_file_that_was_uploaded_before(desk: Desk) -> None:
    document = {"message": "See the file", "attachments": [attached(desk.upload())]}

    assert 200 == desk.house.post(f"{desk.case_room}/update", document, person="agent").status_code


def test_an_update_names_no_file_of_another_ticket(desk: Desk) -> None:
    foreign = attached(desk.upload(to=desk.ticket_room))
    document = {"message": "See the file", "attachments": [foreign]}

    assert 400 == desk.house.post(f"{desk.case_room}/update", document, person="agent").status_code


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/api/support/case/CW-2025-001/attachments",
            b'{"success":false,"error":"The file is too large","code":"TOO_LARGE","details":{}}',
        ),
        (
            "/api/support/case",
            (
                b'{"success":false,"error":"Request body must be 1 MiB or less",'
                b'"code":"TOO_LARGE","details":{}}'
            ),
        ),
        ("/api/intake", b'{"error":"Request body must be 1 MiB or less"}'),
    ],
)
def test_a_server_refuses_what_is_too_large_in_the_words_of_the_room(
    path: str, said: bytes
) -> None:
    assert said == error_body(413, "Request Entity Too Large", path)
