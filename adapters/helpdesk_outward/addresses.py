"""Which addresses may be connected to: the ones that are checked are the ones that are dialled."""

import socket
from collections.abc import Callable, Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, TypeAlias

import attrs

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

Resolve: TypeAlias = Callable[[str, int], Iterable[str]]
"""The addresses of a host, in the order in which to try them. May raise OSError."""


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in texts)


NEVER: Final = _networks(
    "0.0.0.0/8",  # this host, whatever it is
    "168.63.129.16/32",  # a public number, but the inside of one provider's machines
    "169.254.0.0/16",  # link-local, and there the machines' own secrets
    "192.88.99.0/24",  # relays to 6to4
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, and broadcast
)
"""Where no receiver stands, not within a house of one's own either."""

PRIVATE: Final = _networks(
    "10.0.0.0/8",
    "100.64.0.0/10",  # shared by a provider's customers
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "::1/128",
    "fc00::/7",
)
"""Addresses that mean another machine for each who dials them (IANA's registries)."""

NEVER_OF_SIX: Final = _networks(
    "2001::/23",  # Teredo and other protocols' own
    "2001:db8::/32",
    "2002::/16",  # 6to4: an address of version 4 in disguise
    "3fff::/20",
    "fd00:ec2::/32",  # the machines' own secrets, at one provider
)
GLOBAL_SIX: Final = IPv6Network("2000::/3")
"""All that was ever given out; what is beyond is multicast, link-local or nobody's."""
NAT64: Final = IPv6Network("64:ff9b::/96")
COMPATIBLE: Final = IPv6Network("::/96")
LOOPBACK_SIX: Final = IPv6Address("::1")


@attrs.frozen
class Reach:
    """How far a request may go: to anybody, or within one's own networks too."""

    is_private_too: bool


PUBLIC_ONLY: Final = Reach(is_private_too=False)
PRIVATE_TOO: Final = Reach(is_private_too=True)


def forbidden(text: str, reach: Reach) -> bool:
    """True when nothing may be sent to that address; an address of version 4 is found in one of 6.

    True for what is no address. Written out here and not asked of `ipaddress`, whose opinion of
    several of these networks differs from one release of Python to the next.
    """
    try:
        address = _bare(ip_address(text))
    except ValueError:
        return True
    if _is_in(address, PRIVATE):
        return not reach.is_private_too or _is_in(address, NEVER_OF_SIX)
    if isinstance(address, IPv6Address):
        return address not in GLOBAL_SIX or _is_in(address, NEVER_OF_SIX)
    return _is_in(address, NEVER)


def resolved(host: str, port: int, resolve: Resolve, reach: Reach) -> tuple[str, ...]:
    """The addresses of the host, when every one may be connected to.

    Raises PermissionError when there is one that may not: a host with a public and a private
    address is a host that wants to be mistaken. Raises OSError when there is none.
    """
    addresses = tuple(dict.fromkeys(resolve(host, port)))
    if not addresses:
        raise OSError("the host has no address")
    if any(forbidden(address, reach) for address in addresses):
        raise PermissionError("the host has an address that nothing is sent to")
    return addresses


def by_the_system(host: str, port: int) -> Iterable[str]:
    """The addresses that this machine's resolver knows."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _bare(address: Address) -> Address:
    """The address of version 4 within, where there is one and somebody would send it there."""
    if isinstance(address, IPv4Address) or address == LOOPBACK_SIX:
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    is_wrapped = address in NAT64 or address in COMPATIBLE
    return IPv4Address(address.packed[-4:]) if is_wrapped else address


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
