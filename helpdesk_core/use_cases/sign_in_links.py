"""Signing in with a link that was mailed, or that the operator made."""

from datetime import datetime, timedelta
from typing import Final

import attrs

from helpdesk_core.addressees import may_be_mailed
from helpdesk_core.audit import AuditKind, door_subject
from helpdesk_core.errors import Forbidden, SignInRefused
from helpdesk_core.fields import required_address
from helpdesk_core.limits import LINKS_ASKED_FOR, LINKS_TO_AN_ADDRESS, LINKS_TO_AN_ADDRESS_A_DAY
from helpdesk_core.opaque import SECRET_BYTES, digest_of, opaque
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.persons import by_mail
from helpdesk_core.ports import LinkPost, Ports
from helpdesk_core.sign_ins import LinkMail, SignInLink, read_target
from helpdesk_core.text import fold
from helpdesk_core.use_cases.entering import SignedIn, Visit, enter, watched_door
from helpdesk_core.use_cases.limiting import count, passes
from helpdesk_core.use_cases.recording import record
from helpdesk_core.use_cases.retrying import until_first

NO_GOOD_LINK: Final = "This link is not good, or not in this browser. Please ask for a new one."
"""Said of every link that opens nothing, so that nobody learns which."""


@attrs.frozen(kw_only=True)
class AskedFor:
    """What is answered to whoever asks for a link, whether or not one was mailed.

    `browser` is the secret of the browser that asked: only with it the link is good.
    """

    browser: str = attrs.field(repr=False)
    expires_at: datetime


def ask_for_link(
    ports: Ports,
    email: object,
    *,
    target: str = "/",
    browser: str | None = None,
    caller: Caller = STRANGER,
) -> AskedFor:
    """Mail a link to an address, and answer alike whoever has it and whatever comes of it.

    `browser` is the secret of one that is known already, so that earlier links stay good in it.

    Nothing is mailed to an address that has had enough of them, nor to one that no mail of ours
    goes to; the work is the same. Raises Invalid for what is no address, Forbidden where nobody
    mails links, TooMany for whoever asks too often, Unavailable.
    """
    post = _post(ports)
    address = required_address(email, field="email", label="Email")
    count(ports.limiter, LINKS_ASKED_FOR, caller)
    secret = opaque(ports.random(SECRET_BYTES))
    asking = browser or opaque(ports.random(SECRET_BYTES))
    link = _link(ports, address, secret, target, ports.links.lifetime, browser=asking)
    is_mailed = _may_have_one(ports, address)
    _keep(ports, link, caller, is_mailed=is_mailed)
    if is_mailed:
        post.send(_mail(ports, link, secret))
    return AskedFor(browser=asking, expires_at=link.expires_at)


def make_link(
    ports: Ports,
    email: object,
    caller: Caller,
    *,
    target: str = "/",
    lifetime: timedelta | None = None,
) -> str:
    """The secret of a new link for an address, which is kept nowhere; any browser may take it.

    It is as good as the address's sign-in: nobody but who may do everything makes one. Raises
    NotSignedIn, Forbidden, Invalid for what is no address.
    """
    _ = allow(caller, Act.MANAGE_ACCOUNTS)
    address = required_address(email, field="email", label="Email")
    secret = opaque(ports.random(SECRET_BYTES))
    link = _link(ports, address, secret, target, lifetime or ports.links.lifetime)
    _keep(ports, link, caller, is_mailed=False)
    return secret


def take_link(ports: Ports, secret: str, browser: str | None, visit: Visit) -> SignedIn:
    """Sign in with the link of that secret, in the browser of the other. It is good once.

    A link that is refused to a browser stays good for the one that asked. Raises SignInRefused,
    TooMany.
    """
    with watched_door(ports, visit.caller):
        return until_first(lambda: _taken(ports, secret, browser, visit))


def _taken(ports: Ports, secret: str, browser: str | None, visit: Visit) -> SignedIn:
    with ports.begin() as uow:
        link = uow.sign_in_link(digest_of(secret))
        if link is None or not link.is_good(ports.now(), browser):
            raise SignInRefused(NO_GOOD_LINK, reason="the link is not good")
        uow.spend_sign_in_link(link.digest)
        return enter(ports, uow, by_mail(link.email), visit, link.target)


def _post(ports: Ports) -> LinkPost:
    if ports.link_post is None or not ports.links.may_be_asked_for:
        raise Forbidden("This desk mails no sign-in links")
    return ports.link_post


def _link(  # noqa: PLR0913  # a record's worth of fields
    ports: Ports,
    address: str,
    secret: str,
    target: str,
    lifetime: timedelta,
    *,
    browser: str | None = None,
) -> SignInLink:
    now = ports.now()
    return SignInLink(
        digest=digest_of(secret),
        binding=None if browser is None else digest_of(browser),
        email=address,
        target=read_target(target),
        created_at=now,
        expires_at=now + lifetime,
    )


def _keep(ports: Ports, link: SignInLink, caller: Caller, *, is_mailed: bool) -> None:
    with ports.begin() as uow:
        uow.save_sign_in_link(link)
        record(
            ports,
            uow,
            caller,
            AuditKind.LINK_MADE,
            door_subject(caller.origin),
            email=link.email,
            mailed="yes" if is_mailed else "no",
        )
        uow.commit()


def _may_have_one(ports: Ports, address: str) -> bool:
    """True when the address is mailed; every limit of it is counted either way."""
    limits = (LINKS_TO_AN_ADDRESS, LINKS_TO_AN_ADDRESS_A_DAY)
    fits = [passes(ports.limiter, limit, fold(address)) for limit in limits]
    return all(fits) and may_be_mailed(address, ports.addressees)


def _mail(ports: Ports, link: SignInLink, secret: str) -> LinkMail:
    return LinkMail(
        email=link.email,
        secret=secret,
        language=ports.addressees.language,
        asked_at=link.created_at,
        expires_at=link.expires_at,
    )
