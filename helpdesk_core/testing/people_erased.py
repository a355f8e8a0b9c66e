"""Whoever is erased is nowhere any more, and everything that happened is still known."""

from typing import Any, Final
from uuid import UUID

import attrs
import pytest

from helpdesk_core.audit import AuditKind, AuditRecord, person_subject
from helpdesk_core.errors import NotFound
from helpdesk_core.messages import Message
from helpdesk_core.people import OPERATOR, Caller, Role, User
from helpdesk_core.ports import Ports
from helpdesk_core.replies import Answer, Reply, RequestKey
from helpdesk_core.testing.account_builders import a_person, a_session, an_identity
from helpdesk_core.testing.builders import a_raw_case, a_raw_intake, an_id, staff
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.testing.stores import OverADesk, Store
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.tickets import EventKind, Status, Ticket
from helpdesk_core.use_cases.cases import submit_case
from helpdesk_core.use_cases.chat import post_message
from helpdesk_core.use_cases.erasing import erase_person
from helpdesk_core.use_cases.exporting import export_person
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, move_ticket, update_ticket
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_core.use_cases.recording import record
from helpdesk_core.use_cases.sealing import seal_chains
from helpdesk_core.use_cases.tokens import create_token
from helpdesk_core.use_cases.verifying import Verification

EMAIL: Final = "budi.h@example.org"
TELLING: Final = ("budi", "hartono", "mimi", "203.0.113.77", "+628123")
"""What tells of the person in the scene, in small letters."""
BUDI: Final = User(id=an_id(8100), name="Budi Hartono", email=EMAIL)
AT_HOME: Final = Caller(origin="203.0.113.77")
CHATTED: Final = RequestKey(f"user {BUDI.id}", "chatted")
"""The key of the request with which Budi wrote on his ticket."""


@attrs.frozen
class Scene:
    """A desk on which somebody did everything that a customer can do, and others something."""

    ports: Ports
    tickets: tuple[UUID, ...]

    def kept(self) -> tuple[Any, ...]:
        """Everything that a unit of work can tell."""
        with self.ports.begin() as uow:
            return (
                uow.directory(),
                *(uow.ticket(it) for it in self.tickets),
                *(uow.messages(it) for it in self.tickets),
                *(uow.attachments(it) for it in self.tickets),
                *(uow.notices_of(it) for it in self.tickets),
                uow.chain_records(None, limit=1000),
                uow.tokens(),
                uow.people_at(EMAIL),
                uow.sessions(limit=99),
                uow.reply(CHATTED),
            )

    def happened(self) -> list[tuple[object, ...]]:
        """What happened to the tickets, but for the erasing."""
        with self.ports.begin() as uow:
            events = [event for it in self.tickets for event in uow.history(it)]
        return [
            (it.kind, it.at, it.status, it.actor_id)
            for it in events
            if it.kind is not EventKind.ERASED
        ]

    def counts(self) -> tuple[int, ...]:
        """How much there is of everything."""
        with self.ports.begin() as uow:
            return tuple(
                len(it)
                for ticket_id in self.tickets
                for it in (
                    uow.messages(ticket_id),
                    uow.attachments(ticket_id),
                    uow.notices_of(ticket_id),
                )
            )

    def ticket(self, number: int) -> Ticket:
        """One of the tickets: Budi's as a stranger, his case, his when signed in, Ana's."""
        with self.ports.begin() as uow:
            found = uow.ticket(self.tickets[number])
        assert found
        return found


def told(value: object) -> set[str]:
    """Which of the telling words are somewhere in it."""
    text = repr(value).lower()
    return {word for word in TELLING if word in text}


def play(store: Store) -> Scene:
    """Let Budi submit, write, sign in and be answered; and Ana submit."""
    ports = ports_over(store)
    with store.begin() as uow:
        directory = uow.directory()
        person = a_person(8100, id=BUDI.id, name=BUDI.name, email="Budi.H@example.org")
        uow.save_person(person)
        uow.save_identity(an_identity(8100, person_id=BUDI.id, subject="budi at the issuer"))
        uow.save_session(a_session(8500, person_id=BUDI.id, device="Budi's telephone"))
        record(ports, uow, Caller(user=BUDI), AuditKind.SIGNED_IN, person_subject(BUDI.id))
        uow.commit()
    words = {"description": "My cat Mimi ate the router", "user_id": str(ACTIVE_AGENT)}
    raw = a_raw_intake(directory, **words)
    as_budi = attrs.evolve(raw, created_by_name=BUDI.name, created_by_email="BUDI.H@example.org")
    case = a_raw_case(
        name=BUDI.name,
        email=EMAIL,
        subject="Mimi did it again",
        message="Mimi ate the router once more, and it still rings",
        phone="+628123456789",
        organization="Hartono & Sons",
    )
    tickets = (
        submit_ticket(ports, as_budi, AT_HOME).ticket.id,
        submit_case(ports, case, AT_HOME).id,
        submit_ticket(ports, raw, Caller(user=BUDI, origin=AT_HOME.origin)).ticket.id,
        submit_ticket(ports, a_raw_intake(directory, user_id=str(ACTIVE_AGENT))).ticket.id,
    )
    agent = staff(directory)
    chatted = post_message(ports, str(tickets[2]), "Mimi is sorry", Caller(user=BUDI))
    _keep_answer(ports, chatted)
    for ticket_id in (tickets[0], tickets[3]):
        said = RawUpdate(message="Dear Budi Hartono" if ticket_id == tickets[0] else "Dear Ana")
        _ = update_ticket(ports, Target(ticket_id=ticket_id), said, agent)
    _ = move_ticket(
        ports, Target(ticket_id=tickets[0]), Status.REJECTED, agent, reason="Mr Hartono is joking"
    )
    _ = create_token(ports, email=EMAIL, role=Role.AGENT, random=bytes(32))
    _ = seal_chains(ports)
    return Scene(ports, tickets)


def _keep_answer(ports: Ports, said: Message) -> None:
    """Keep what a door answers to a message: its words, under its own id and not the ticket's."""
    body = f'{{"id": "{said.id}", "authorName": "{said.author_name}", "body": "{said.body}"}}'
    answer = Answer(status=201, headers={}, body=body.encode())
    with ports.begin() as uow:
        uow.save_reply(
            Reply(request=CHATTED, fingerprint=bytes(32), answer=answer, created_at=ports.now())
        )
        uow.commit()


class PeopleErased(OverADesk):
    """Erasing people. Part of `UnitOfWorkContract`, which says what to provide."""

    @pytest.fixture
    def scene(self, desk: Store) -> Scene:
        """The scene, over the store."""
        return play(desk)

    def test_nothing_of_an_erased_person_is_left(self, scene: Scene) -> None:
        before = told(scene.kept())
        _ = erase_person(scene.ports, EMAIL, OPERATOR)

        assert (set(TELLING), set()) == (before, told(scene.kept()))

    def test_the_trail_is_sound_after_an_erasure(self, scene: Scene) -> None:
        _ = erase_person(scene.ports, EMAIL, OPERATOR)

        assert [] == list(Verification(scene.ports).findings())

    def test_what_happened_and_when_is_still_known(self, scene: Scene) -> None:
        before = (scene.happened(), scene.counts())
        _ = erase_person(scene.ports, EMAIL, OPERATOR)

        assert before == (scene.happened(), scene.counts())

    def test_nobody_else_loses_a_word(self, scene: Scene) -> None:
        before = scene.ticket(3)
        with scene.ports.begin() as uow:
            said = uow.messages(before.id)
        _ = erase_person(scene.ports, EMAIL, OPERATOR)

        with scene.ports.begin() as uow:
            assert (before, said) == (uow.ticket(before.id), uow.messages(before.id))

    def test_the_erasure_is_recorded_without_the_address(self, scene: Scene) -> None:
        _ = erase_person(scene.ports, EMAIL, OPERATOR)

        with scene.ports.begin() as uow:
            records = uow.chain_records(None, limit=1000)
        assert {"ticket", "person", "token"} == {
            it.subject.kind.value for it in records if _is_of_erasing(it)
        }

    def test_a_person_is_erased_once(self, scene: Scene) -> None:
        _ = erase_person(scene.ports, EMAIL, OPERATOR)
        before = scene.kept()

        with pytest.raises(NotFound):
            _ = erase_person(scene.ports, EMAIL, OPERATOR)
        assert before == scene.kept()

    def test_an_erased_agent_is_nobody_and_their_work_stays(self, scene: Scene) -> None:
        _ = erase_person(scene.ports, "one@example.com", OPERATOR)
        agent = scene.kept()[0].agents[ACTIVE_AGENT]

        text = repr(scene.kept())
        assert (False, False, False) == (
            agent.is_active,
            "one@example.com" in text,
            "Agent One" in text,
        )
        assert "Mimi" in scene.ticket(0).description
        assert [] == list(Verification(scene.ports).findings())

    def test_what_is_given_out_is_all_that_is_known(self, scene: Scene) -> None:
        given = export_person(scene.ports, EMAIL, OPERATOR)

        assert set(TELLING) == told(given)
        assert {str(it) for it in scene.tickets[:3]} == {it["id"] for it in given["tickets"]}

    def test_nobody_unknown_is_given_out_or_erased(self, scene: Scene) -> None:
        for act in (export_person, erase_person):
            with pytest.raises(NotFound):
                _ = act(scene.ports, "nobody@example.org", OPERATOR)


def _is_of_erasing(it: AuditRecord) -> bool:
    return it.kind in {EventKind.ERASED.value, AuditKind.PERSON_ERASED.value}
