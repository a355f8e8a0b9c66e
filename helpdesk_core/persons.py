"""Who somebody is who signs in: a person of the desk, and what becomes of an issuer's word.

A person is known by whom an issuer vouches for, (`issuer`, `subject`), and by nothing else: an
address may change hands, and two issuers may give one address to two people. Staff are the one
exception. The directory names them by address, so the first identity that is vouched for under an
agent's address becomes the agent's, and from then on no other issuer's word makes anybody that
agent.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.directory import Agent, Directory
from helpdesk_core.errors import SignInRefused
from helpdesk_core.identities import VerifiedIdentity
from helpdesk_core.people import User
from helpdesk_core.text import fold

THE_DESK: Final = "urn:helpdesk:mail"
"""The issuer of identities that the desk itself vouches for: who has a mailed link has the mailbox.

Its subjects are folded addresses.
"""

NO_ADDRESS: Final = "Your sign-in service does not vouch for an e-mail address of yours."
"""Said where there is no verified address."""
NOT_LET_IN: Final = "This account cannot sign in here. Please ask an administrator."
"""Said to a person who proved who they are, and is not let in all the same."""


@attrs.frozen(kw_only=True)
class Person:
    """Somebody who signed in at least once; an agent's person has the agent's id.

    `name` and `email` are as they were vouched for last.
    """

    id: UUID
    name: str
    email: str
    created_at: datetime
    signed_in_at: datetime


@attrs.frozen(kw_only=True)
class Identity:
    """Whom an issuer vouches for, and which person of the desk that is. A person has one at most.

    Agents who only ever came by a mailed link have none.
    """

    issuer: str
    subject: str
    person_id: UUID
    created_at: datetime

    def is_of(self, vouched: VerifiedIdentity) -> bool:
        """True when it is the one that is vouched for."""
        return (self.issuer, self.subject) == (vouched.issuer, vouched.subject)


def by_mail(email: str) -> VerifiedIdentity:
    """Whom the desk vouches for, when somebody has the link that was mailed to that address."""
    return VerifiedIdentity(issuer=THE_DESK, subject=fold(email), name="", email=email)


def verified_address(vouched: VerifiedIdentity) -> str:
    """The address that is vouched for. Raises SignInRefused where none is."""
    if vouched.email is None:
        raise SignInRefused(NO_ADDRESS, reason="no verified address")
    return vouched.email


def agent_meant(
    vouched: VerifiedIdentity,
    directory: Directory,
    *,
    held: Person | None,
    bound: Identity | None,
) -> Agent | None:
    """The agent who signs in; None for a customer.

    `held` is whose the identity was until now, `bound` the identity of the agent of that address.
    Raises SignInRefused without a verified address, for an agent who is not active, for an identity
    that was another agent's, and for one that is not the agent's own.
    """
    agent = directory.agent_at(verified_address(vouched))
    former = directory.agents.get(held.id) if held else None
    if former is not None and former is not agent:
        raise SignInRefused(NOT_LET_IN, reason="the address is not the one of the agent any more")
    if agent is not None and not agent.is_active:
        raise SignInRefused(NOT_LET_IN, reason="the agent is not active")
    if bound is not None and vouched.issuer != THE_DESK and not bound.is_of(vouched):
        raise SignInRefused(NOT_LET_IN, reason="the agent signs in with another identity")
    return agent


def user_now(person: Person, directory: Directory) -> User | None:
    """Whom the person is to the desk by its directory as it is; None when they may not be let in.

    An agent is whom the directory says, in its role, while active. Everybody else is a customer,
    unless their address is one of an agent who is not active.
    """
    agent = directory.agents.get(person.id)
    if agent is not None:
        return agent.as_user() if agent.is_active else None
    namesake = directory.agent_at(person.email)
    if namesake is not None and not namesake.is_active:
        return None
    return User(id=person.id, name=person.name, email=person.email)
