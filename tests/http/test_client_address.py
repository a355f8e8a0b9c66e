"""Whose limit a request counts against, and who cannot change that."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_http.client_address import client_key

if TYPE_CHECKING:
    from tests.http.conftest import House

PROXY = "192.0.2.1"
SECOND = "192.0.2.2"
CLIENT = "198.51.100.9"
TRUSTED = (ip_network("192.0.2.0/24"), ip_network("2001:db8:1::/48"))
SPOOFS = (
    "X-Forwarded-For",
    "X-Real-IP",
    "Forwarded",
    "True-Client-IP",
    "CF-Connecting-IP",
    "X-Client-IP",
    "X-Forwarded-Host",
    "X-Cluster-Client-IP",
)


@pytest.mark.parametrize(
    ("peer", "forwarded", "key"),
    [
        (CLIENT, "", CLIENT),
        (CLIENT, "6.6.6.6", CLIENT),
        (CLIENT, PROXY, CLIENT),
        (PROXY, "", PROXY),
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"6.6.6.6, {CLIENT}", CLIENT),
        (PROXY, f"6.6.6.6,{CLIENT},{SECOND}", CLIENT),
        (PROXY, f"{CLIENT}, {SECOND}, {SECOND}", CLIENT),
        (PROXY, f"{SECOND}", SECOND),
        (PROXY, "<script>", PROXY),
        (PROXY, '""', PROXY),
        (PROXY, " ", PROXY),
        (PROXY, ",", PROXY),
        (PROXY, f"{CLIENT},", PROXY),
        (PROXY, f"{CLIENT}:1234", PROXY),
        (PROXY, f"{CLIENT}, unknown", PROXY),
        (PROXY, f"{CLIENT}, <script>, {SECOND}", SECOND),
        (PROXY, "[2001:db8:2::1]:80", PROXY),
        (PROXY, "fe80::1%eth0", PROXY),
        (PROXY, "\uff11.2.3.4", PROXY),
        (PROXY, "010.0.0.1", PROXY),
        (PROXY, "1", PROXY),
        (PROXY, "2001:db8:2:3:4:5:6:7", "2001:db8:2:3::/64"),
        ("2001:db8:1::5", "2001:db8:2::9", "2001:db8:2::/64"),
        ("2001:db8:9::5", CLIENT, "2001:db8:9::/64"),
        (f"::ffff:{CLIENT}", "6.6.6.6", CLIENT),
        (f"::ffff:{PROXY}", CLIENT, CLIENT),
        (PROXY, f"::ffff:{CLIENT}", CLIENT),
        ("fe80::1%eth0", "6.6.6.6", "fe80::/64"),
        ("", "", "unknown"),
        ("", CLIENT, "unknown"),
        ("unix:", CLIENT, "unknown"),
        ("@", CLIENT, "unknown"),
        (PROXY, ", ".join([CLIENT, *[SECOND] * 500]), CLIENT),
        (PROXY, ", ".join([*["6.6.6.6"] * 500, CLIENT]), CLIENT),
    ],
)
def test_the_client_is_the_right_most_hop_that_is_not_trusted(
    peer: str, forwarded: str, key: str
) -> None:
    assert key == client_key(peer, forwarded, TRUSTED)


@given(forwarded=st.text(), peer=st.ip_addresses())
def test_a_peer_that_is_no_proxy_cannot_choose_its_key(forwarded: str, peer: object) -> None:
    strangers = (ip_network("203.0.113.250/32"),)

    assert client_key(str(peer), "", strangers) == client_key(str(peer), forwarded, strangers)


@given(invented=st.text(), client=st.ip_addresses(v=4))
def test_behind_a_proxy_nothing_left_of_the_client_matters(invented: str, client: object) -> None:
    trusted = (ip_network("192.0.2.1/32"),)
    honest = client_key(PROXY, f"{client}", trusted)

    assert honest == client_key(PROXY, f"{invented}, {client}", trusted) or str(client) == PROXY


def test_a_sixth_ticket_is_refused_whatever_headers_it_comes_with(house: House) -> None:
    statuses = [
        house.post(
            "/api/intake",
            {},
            **{name.replace("-", "_"): f"6.6.{number}.6" for name in SPOOFS},
        ).status_code
        for number in range(121)
    ]

    assert [400] * 120 + [429] == statuses


def test_the_hundred_thousand_addresses_of_one_network_are_one_client(house: House) -> None:
    statuses = [house.submit(peer=f"2001:db8::{number:x}").status_code for number in range(1, 7)]

    assert [201] * 5 + [429] == statuses


def test_two_networks_are_two_clients(house: House) -> None:
    for _ in range(5):
        house.submit(peer="2001:db8::1")

    assert 201 == house.submit(peer="2001:db8:0:1::1").status_code


def test_behind_a_named_proxy_each_client_has_limits_of_its_own(
    house: House, good: dict[str, object]
) -> None:
    house.open(trusted_proxies=TRUSTED)
    statuses = [
        house.post("/api/intake", good, peer=PROXY, x_forwarded_for=f"198.51.100.{number}")
        for number in range(7)
    ]

    assert {201} == {answer.status_code for answer in statuses}


def test_peers_without_an_address_share_one_limit(house: House) -> None:
    statuses = [house.submit(peer=f"unix:{number}").status_code for number in range(6)]

    assert 429 == statuses[-1]


def test_a_proxy_that_nobody_named_is_told_of_once(house: House) -> None:
    for _ in range(3):
        house.get("/api/intake/status/x", x_forwarded_for=CLIENT)

    assert [True] == [event.startswith("X-Forwarded-For came") for event, _ in house.log.warnings]


def test_behind_a_named_proxy_there_is_nothing_to_tell(house: House) -> None:
    house.open(trusted_proxies=TRUSTED)
    house.get("/api/intake/status/x", x_forwarded_for=CLIENT)

    assert [] == house.log.warnings
