"""Many browsers at once: a link signs in one of them, and one identity is one person."""

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import uuid4

import attrs

from helpdesk_core.errors import SignInRefused
from helpdesk_core.identities import Departure, KeptSignIn, VerifiedIdentity
from helpdesk_core.people import OPERATOR
from helpdesk_core.ports import Ports
from helpdesk_core.testing.account_builders import vouched_for
from helpdesk_core.testing.builders import a_directory
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.stores import OverADesk, Store, read
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.use_cases.accounts import deactivate_user
from helpdesk_core.use_cases.entering import SignedIn, Visit
from helpdesk_core.use_cases.sessions import current_session, sign_out
from helpdesk_core.use_cases.sign_in import begin_sign_in, finish_sign_in
from helpdesk_core.use_cases.sign_in_links import make_link, take_link

BROWSERS: Final = 16
AGENT: Final = a_directory().agents[ACTIVE_AGENT]


@attrs.frozen
class Vouches:
    """A provider that vouches for one person, whoever comes back."""

    identity: VerifiedIdentity
    key: str = "vouches"
    name: str = "Vouches"

    def begin(self) -> Departure:
        """A departure."""
        kept = KeptSignIn(provider=self.key, state="s", nonce="n", verifier="v")
        return Departure(url="https://vouches.example.com/", kept=kept)

    def finish(self, kept: object, returned: object) -> VerifiedIdentity:  # noqa: ARG002  # the port's
        """The person."""
        return self.identity


class SignInRaces(OverADesk):
    """Sign-ins. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_of_sixteen_browsers_with_one_link_one_is_signed_in(self, desk: Store) -> None:
        ports = ports_over(desk)
        secret = make_link(ports, "somebody@example.org", OPERATOR)

        outcomes = at_once([partial(take_link, ports, secret, None, Visit())] * BROWSERS)
        refused = [it for it in outcomes if isinstance(it, SignInRefused)]
        assert (BROWSERS - 1, 1) == (len(refused), len(_sessions(desk)))

    def test_sixteen_first_sign_ins_of_one_identity_are_one_person(self, desk: Store) -> None:
        signed_in = _signed_in_at_once(desk, vouched_for())

        [person] = read(desk, lambda uow: uow.people_at("person.8000@example.org"))
        assert [person.id] * BROWSERS == [it.user.id for it in signed_in]

    def test_sixteen_first_sign_ins_of_an_agent_are_the_agent(self, desk: Store) -> None:
        signed_in = _signed_in_at_once(desk, vouched_for(email=AGENT.email))

        assert [AGENT.as_user()] * BROWSERS == [it.user for it in signed_in]

    def test_of_two_identities_that_would_be_one_agent_one_is_let_in(self, desk: Store) -> None:
        one, other = (
            _ports_of(desk, vouched_for(subject=subject, email=AGENT.email))
            for subject in ("one", "other")
        )
        browsers = [(ports, begin_sign_in(ports, None).browser) for ports in (one, other) * 8]
        outcomes = at_once(
            [partial(finish_sign_in, ports, browser, {}, Visit()) for ports, browser in browsers]
        )
        let_in = {number % 2 for number, it in enumerate(outcomes) if isinstance(it, SignedIn)}
        assert 1 == len(let_in)

    def test_whoever_signs_in_while_they_are_deactivated_is_not_let_in(self, desk: Store) -> None:
        ports = ports_over(desk)
        secrets = [make_link(ports, AGENT.email, OPERATOR) for _ in range(BROWSERS - 1)]
        acts: list[Callable[[], object]] = [
            partial(take_link, ports, secret, None, Visit()) for secret in secrets
        ]

        acts.append(partial(deactivate_user, ports, AGENT.email, OPERATOR))
        outcomes = at_once(acts)
        signed_in = [it for it in outcomes if isinstance(it, SignedIn)]
        assert {None} >= {current_session(ports, it.secret) for it in signed_in}

    def test_a_session_that_is_looked_at_while_it_ends_has_ended(self, desk: Store) -> None:
        ports = ports_over(desk)
        secret = take_link(ports, make_link(ports, "a@example.org", OPERATOR), None, Visit()).secret
        later = ports_over(desk, now=lambda: ports.now() + ports.sessions.idle / 2)

        acts: list[Callable[[], object]] = [partial(current_session, later, secret)] * BROWSERS
        acts.append(partial(sign_out, ports, secret, OPERATOR))
        _ = at_once(acts)
        assert (None, []) == (current_session(ports, secret), _sessions(desk))


def _ports_of(desk: Store, identity: VerifiedIdentity) -> Ports:
    return ports_over(desk, providers={"vouches": Vouches(identity)}, new_id=uuid4)


def _signed_in_at_once(desk: Store, identity: VerifiedIdentity) -> list[SignedIn]:
    ports = _ports_of(desk, identity)
    browsers = [begin_sign_in(ports, None).browser for _ in range(BROWSERS)]
    outcomes = at_once(
        [partial(finish_sign_in, ports, browser, {}, Visit()) for browser in browsers]
    )
    return [it for it in outcomes if isinstance(it, SignedIn)]


def _sessions(desk: Store) -> list[object]:
    return list(read(desk, lambda uow: uow.sessions(limit=99)))
