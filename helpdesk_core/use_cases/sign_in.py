"""Signing in with a provider: going there, and coming back."""

from collections.abc import Mapping

import attrs

from helpdesk_core.errors import NotFound, SignInRefused
from helpdesk_core.identities import VerifiedIdentity
from helpdesk_core.limits import SIGN_INS_BEGUN
from helpdesk_core.opaque import SECRET_BYTES, digest_of, opaque
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.ports import IdentityProvider, Ports
from helpdesk_core.sign_ins import UNDER_WAY, SignInUnderWay, read_target
from helpdesk_core.use_cases.entering import SignedIn, Visit, enter, watched_door
from helpdesk_core.use_cases.limiting import count
from helpdesk_core.use_cases.retrying import until_first


@attrs.frozen(kw_only=True)
class WaysIn:
    """How somebody may sign in at this desk: with whom, by name; and whether by a mailed link."""

    providers: tuple[IdentityProvider, ...]
    by_link: bool


@attrs.frozen(kw_only=True)
class SetOut:
    """Where to send the browser, and the secret that it brings back. Good for `UNDER_WAY`."""

    url: str = attrs.field(repr=False)
    browser: str = attrs.field(repr=False)


def ways_in(ports: Ports) -> WaysIn:
    """How somebody may sign in at this desk."""
    by_link = ports.link_post is not None and ports.links.may_be_asked_for
    return WaysIn(providers=tuple(ports.providers.values()), by_link=by_link)


def begin_sign_in(
    ports: Ports, provider: object, *, target: str = "/", caller: Caller = STRANGER
) -> SetOut:
    """Send a browser to the provider of that key; None names the only one there is.

    `target` is where it goes afterwards. Raises NotFound for no such provider, TooMany,
    ProviderUnavailable.
    """
    chosen = _provider(ports, provider)
    count(ports.limiter, SIGN_INS_BEGUN, caller)
    departure = chosen.begin()
    browser = opaque(ports.random(SECRET_BYTES))
    under_way = SignInUnderWay(
        digest=digest_of(browser),
        kept=departure.kept,
        target=read_target(target),
        expires_at=ports.now() + UNDER_WAY,
    )
    with ports.begin() as uow:
        uow.save_sign_in(under_way)
        uow.commit()
    return SetOut(url=departure.url, browser=browser)


def finish_sign_in(
    ports: Ports, browser: str | None, returned: Mapping[str, str], visit: Visit
) -> SignedIn:
    """Sign in a browser that is back from a provider, by the secret it left with.

    `returned` is what it brought; see `identities.read_return`. It comes back once: whatever comes
    of it, the next one begins anew. Raises SignInRefused, TooMany, ProviderUnavailable.
    """
    with watched_door(ports, visit.caller):
        under_way = _spent(ports, browser)
        vouched = _provider(ports, under_way.kept.provider).finish(under_way.kept, returned)
        return until_first(lambda: _entered(ports, vouched, visit, under_way.target))


def _provider(ports: Ports, key: object) -> IdentityProvider:
    if key is None and len(ports.providers) == 1:
        return next(iter(ports.providers.values()))
    found = ports.providers.get(key) if isinstance(key, str) else None
    if found is None:
        raise NotFound("This desk knows no such sign-in service")
    return found


def _spent(ports: Ports, browser: str | None) -> SignInUnderWay:
    with ports.begin() as uow:
        under_way = uow.sign_in_under_way(digest_of(browser)) if browser else None
        if under_way is None or not under_way.is_good(ports.now()):
            raise SignInRefused(reason="no sign-in of this browser is under way")
        uow.spend_sign_in(under_way.digest)
        uow.commit()
    return under_way


def _entered(ports: Ports, vouched: VerifiedIdentity, visit: Visit, target: str) -> SignedIn:
    with ports.begin() as uow:
        return enter(ports, uow, vouched, visit, target)
