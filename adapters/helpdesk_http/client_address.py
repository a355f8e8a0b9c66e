"""Where a call comes from, as a key to count by: nobody can choose another's, or many of their own.

Only the peer's address and, behind proxies that the operator named, X-Forwarded-For are looked at.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

UNKNOWN: Final = "unknown"
"""The one key of all whose peer has no address, such as a Unix socket's."""

_HOST_BITS: Final = 64
_REMEMBERED: Final = 1024  # addresses; reading one anew costs some 3 us


def client_key(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The key of the client: an IPv4 address, or the /64 of an IPv6 one.

    `peer` is who is connected, `forwarded` the X-Forwarded-For text. From the peer on, each trusted
    hop is believed about the hop before it. The client is the first that is not trusted, or the
    last one known when what a hop reports is no address.
    """
    client = _address(peer.partition("%")[0])  # the zone of a link-local peer
    if client is not None and trusted and forwarded:
        client = _first_untrusted(client, forwarded, trusted)
    return _key(client)


def _first_untrusted(peer: Address, forwarded: str, trusted: Sequence[Network]) -> Address:
    hop = peer
    for reported in reversed(forwarded.split(",")):
        if not any(hop in network for network in trusted):
            return hop
        before = _address(reported.strip(" \t"))
        if before is None:
            return hop
        hop = before
    return hop


@lru_cache(maxsize=_REMEMBERED)
def _address(text: str) -> Address | None:
    if "%" in text:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=_REMEMBERED)
def _key(address: Address | None) -> str:
    if address is None:
        return UNKNOWN
    if isinstance(address, IPv4Address):
        return str(address)
    network = int(address) >> _HOST_BITS << _HOST_BITS
    return f"{IPv6Address(network)}/{_HOST_BITS}"
