"""Nothing is sent inside: not by a URL, not by a name, not by a name that changes its mind."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_outward import PRIVATE_TOO, PUBLIC_ONLY, Target, forbidden, resolved
from helpdesk_outward.addresses import by_the_system

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk_core.notices import Notice
    from tests.webhook.conftest import NotifierFor, Serve

FAILED = DeliveryResult.FAILED
INSIDE = [
    "0.0.0.0",  # noqa: S104  # nobody listens there
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::169.254.169.254",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a9fe:a9fe",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:a9fe:a9fe::",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
]
OUTSIDE = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111"]
OUTSIDE += ["::ffff:1.1.1.1", "64:ff9b::101:101"]
NOWHERE = ["0.0.0.0", "169.254.169.254", "168.63.129.16", "fd00:ec2::254", "fe80::1", "ff02::1"]  # noqa: S104
NOWHERE += ["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "224.0.0.1", "255.255.255.255"]

NUMBERS = ["2130706433", "0x7f.1", "017700000001", "0x7f000001", "127.1", "0", "127.0.0.01"]
"""Ways of writing 127.0.0.1 and its like that resolvers understand."""

HOSTS = [*NUMBERS, "localhost", "crm.localhost", "printer", "db.internal", "nas.local"]
HOSTS += [
    "crm.example.com.",
    "-crm.example.com",
    "crm..example.com",
    "127.0.0.1.",
    "crm%2eexample.com",
]
URLS = [
    "http://crm.example.com/",
    "ftp://crm.example.com/",
    "file:///etc/passwd",
    "gopher://crm.example.com/",
    "//crm.example.com/",
    "crm.example.com",
    "https://",
    "https:///path",
    "https://ok@crm.example.com/",
    "https://ok:pw@crm.example.com/",
    "https://@crm.example.com/",
    "https://crm.example.com\\@10.0.0.1/",
    "https://crm.example.com/\tx",
    "https://crm.example.com/\r\nX: y",
    "https://crm.example.com/ x",
    " https://crm.example.com/",
    "https://crm.example.com/#x",
    "https://crm.example.com:0/",
    "https://crm.example.com:65536/",
    "https://crm.example.com:x/",
    "https://[::1/",
    "https://crm.exämple.com/",
    "https://crm.example.com/" + "x" * 2048,
]
URLS += [f"https://crm.example.com:{port}/" for port in (22, 25, 80, 5432, 6379, 8080, 9200)]
URLS += [f"https://{host}/" for host in HOSTS]
URLS += [f"https://[{host}]/" if ":" in host else f"https://{host}/" for host in INSIDE]


@pytest.mark.parametrize("url", URLS)
def test_a_forbidden_url_is_refused_at_set_up_without_repeating_it(
    url: str, notifier_for: NotifierFor
) -> None:
    with pytest.raises(ValueError, match="endpoint 'crm': ") as refused:
        notifier_for(url, allow_private=False)

    assert url not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://crm.example.com", "crm.example.com", 443, "/"),
        ("HTTPS://CRM.example.com:8443/a%20b?c=d&e", "crm.example.com", 8443, "/a%20b?c=d&e"),
        ("https://1.1.1.1/x", "1.1.1.1", 443, "/x"),
        ("https://[2606:4700::1111]/", "2606:4700::1111", 443, "/"),
        ("https://xn--exmple-cua.com/", "xn--exmple-cua.com", 443, "/"),
    ],
)
def test_a_plain_url_is_taken_as_it_is(url: str, host: str, port: int, path: str) -> None:
    target = Target.from_url(url, PUBLIC_ONLY)

    assert (True, host, port, path) == (target.is_secure, target.host, target.port, target.path)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8080/", "http://[::1]:9/", "https://nas.local/", "http://crm:5432/"],
)
def test_what_is_ones_own_is_taken_where_private_is_allowed(url: str) -> None:
    assert Target.from_url(url, PRIVATE_TOO).host


@pytest.mark.parametrize("host", [*NUMBERS, "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]"])
def test_some_hosts_are_refused_even_where_private_is_allowed(host: str) -> None:
    with pytest.raises(ValueError, match="nothing is sent to"):
        Target.from_url(f"http://{host}/", PRIVATE_TOO)


def test_the_desk_tells_itself_nothing(notifier_for: NotifierFor) -> None:
    with pytest.raises(ValueError, match="the desk itself"):
        notifier_for("https://Desk.example.com/", own_hosts=frozenset({"desk.Example.com"}))


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_connected_to(address: str) -> None:
    assert forbidden(address, PUBLIC_ONLY)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is_connected_to(address: str) -> None:
    assert not forbidden(address, PUBLIC_ONLY)


@pytest.mark.parametrize("address", NOWHERE)
def test_some_addresses_are_never_connected_to(address: str) -> None:
    assert forbidden(address, PRIVATE_TOO)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "fd12::1", "100.64.0.1"])
def test_where_private_is_allowed_ones_own_addresses_are(address: str) -> None:
    assert not forbidden(address, PRIVATE_TOO)


@given(st.ip_addresses())
def test_what_is_forbidden_to_the_public_is_what_the_library_calls_not_global(
    address: object,
) -> None:
    """In the one direction that matters: whatever it calls private is forbidden here."""
    is_private = getattr(address, "is_private") or getattr(address, "is_multicast")  # noqa: B009

    assert forbidden(str(address), PUBLIC_ONLY) or not is_private


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_judged_by_what_is_behind_it(address: object) -> None:
    plain = forbidden(str(address), PUBLIC_ONLY)
    disguised = [
        forbidden(f"{prefix}{address}", PUBLIC_ONLY) for prefix in ("::ffff:", "64:ff9b::")
    ]

    assert [plain, plain] == disguised


@pytest.mark.parametrize("host", [*NUMBERS, "127.0.0.1", "::1", "localhost"])
def test_what_this_machine_resolves_to_itself_is_refused_at_connect(host: str) -> None:
    try:
        by_the_system(host, 443)
    except socket.gaierror:
        pytest.fail("this machine's resolver is expected to understand it")

    with pytest.raises(PermissionError):
        resolved(host, 443, by_the_system, PUBLIC_ONLY)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["1.1.1.1", "127.0.0.1"],
        ["127.0.0.1", "1.1.1.1"],
        ["1.1.1.1", "::1"],
        ["1.1.1.1", "fd00::1"],
        ["2606:4700::1111", "::ffff:10.0.0.1"],
        ["not an address"],
    ],
)
def test_one_address_inside_forbids_the_host(
    addresses: list[str], notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    dialled: list[str] = []

    def dial(address: str, _: int, __: float) -> socket.socket:
        dialled.append(address)
        raise ConnectionRefusedError

    notifier = notifier_for(
        "https://crm.example.com/", allow_private=False, resolve=lambda *_: addresses, dial=dial
    )
    reason = "looking up the host: the host has an address that nothing is sent to"

    assert Delivery(result=FAILED, reason=reason) == notifier.deliver(told())
    assert [] == dialled


def test_a_name_that_moves_inside_after_it_was_checked_is_never_reached(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    """Rebinding: public when asked first, 127.0.0.1 ever after. It is asked once for each try."""
    server, asked, dialled = serve(), [], []

    def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    def dial(address: str, _: int, __: float) -> socket.socket:
        dialled.append(address)
        raise ConnectionRefusedError

    notifier = notifier_for(
        f"https://crm.example.com:{server.port}/",
        allow_private=False,
        ports=frozenset({server.port}),
        resolve=resolve,
        dial=dial,
    )
    results = [notifier.deliver(told()).result for _ in range(3)]

    assert ([FAILED] * 3, ["93.184.216.34"], 3) == (results, dialled, len(asked))
    assert 0 == server.connections


@pytest.mark.parametrize("answers", [[], [OSError("SERVFAIL")]])
def test_a_name_that_is_not_known_has_failed(
    answers: list[OSError], notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    def resolve(_: str, __: int) -> list[str]:
        for answer in answers:
            raise answer
        return []

    notifier = notifier_for("https://crm.example.com/", allow_private=False, resolve=resolve)

    assert FAILED is notifier.deliver(told()).result


def test_nothing_reaches_a_listener_on_this_machine_by_any_of_its_names(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    """Though a name led there: the guard at connect stands alone."""
    server = serve()
    for host in [*NUMBERS, "localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1"]:
        notifier = notifier_for(
            f"https://crm.example.com:{server.port}/",
            allow_private=False,
            ports=frozenset({server.port}),
            resolve=lambda _, port, host=host: by_the_system(host, port),
        )
        assert FAILED is notifier.deliver(told()).result

    assert 0 == server.connections


def test_the_next_address_is_tried_when_one_does_not_take_it(
    serve: Serve, notifier_for: NotifierFor, told: Callable[..., Notice]
) -> None:
    server = serve()
    dialled: list[str] = []

    def dial(address: str, port: int, within: float) -> socket.socket:
        dialled.append(address)
        if len(dialled) == 1:
            raise ConnectionRefusedError
        return socket.create_connection(("127.0.0.1", port), within)

    notifier = notifier_for(server.port, resolve=lambda *_: ["::1", "127.0.0.1"], dial=dial)

    assert Delivery(result=DeliveryResult.SENT) == notifier.deliver(told())
    assert ["::1", "127.0.0.1"] == dialled


def test_the_proxies_of_the_environment_are_passed_over(
    serve: Serve,
    notifier_for: NotifierFor,
    told: Callable[..., Notice],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy, server = serve(), serve()
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{proxy.port}")
    notifier_for(server.port).deliver(told())

    assert (0, 1) == (proxy.connections, server.connections)
