"""E-mail addresses as they go on the wire."""

from helpdesk_core.text import read_address


def wire_address(address: str) -> str | None:
    """The address in ASCII where it has such a form, else as it is; None when it is none at all.

    An address that is not ASCII can only be given to a server that speaks SMTPUTF8 (RFC 6531). One
    that looks like an encoded word (RFC 2047) is none: mail programs would read another out of it.
    """
    one = read_address(address)
    if one is None or "=?" in one:
        return None
    local, _, domain = one.rpartition("@")
    return f"{local}@{_ascii_domain(domain) or domain}"


def _ascii_domain(domain: str) -> str | None:
    """The domain in ASCII (IDNA 2003), when that names the same domain under IDNA 2008 too."""
    try:
        encoded = domain.encode("idna")
        same = encoded.decode("idna") == domain.lower()
    except UnicodeError:
        return None
    return encoded.decode("ascii") if same else None
