"""Who may write on a ticket, the reason when not, and what they may write."""

from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.chat import agent_message, customer_message, refusal, why_closed
from helpdesk_core.errors import Forbidden, HelpdeskError, Invalid, NotSignedIn
from helpdesk_core.people import Role, User
from helpdesk_core.testing.builders import NOW, a_customer, a_message, a_ticket, an_id
from helpdesk_core.testing.strategies import JsonValue, json_values
from helpdesk_core.tickets import Status
from helpdesk_core.visibility import visible

SUBMITTER: Final = a_customer(5)
VIEWERS: Final = {
    "nobody": None,
    "the submitter": SUBMITTER,
    "another customer": a_customer(6),
    "an agent": a_customer(7, role=Role.AGENT),
    "an admin": a_customer(8, role=Role.ADMIN),
}

NOT_INTAKE: Final = "Discussion is available only for intake tickets"
ANONYMOUS: Final = (
    "This ticket was submitted without sign-in. Customer replies are not available "
    "— the agent will follow up via email."
)
SIGNED_OUT: Final = "Sign in to reply to this ticket."
NOT_YOURS: Final = "This ticket can only be replied to by the original submitter."

REASONS: Final[dict[tuple[str, str], str | None]] = {
    **{("logged", viewer): NOT_INTAKE for viewer in VIEWERS},
    **{("logged by the submitter", viewer): NOT_INTAKE for viewer in VIEWERS},
    **{("anonymous", viewer): ANONYMOUS for viewer in VIEWERS},
    ("signed in", "nobody"): SIGNED_OUT,
    ("signed in", "the submitter"): None,
    ("signed in", "another customer"): NOT_YOURS,
    ("signed in", "an agent"): NOT_YOURS,
    ("signed in", "an admin"): NOT_YOURS,
}
"""The contract's reason for every kind of ticket and viewer; None where they may write."""

REFUSALS: Final[dict[str, tuple[type[HelpdeskError], str]]] = {
    NOT_INTAKE: (Invalid, NOT_INTAKE),
    ANONYMOUS: (Forbidden, ANONYMOUS),
    SIGNED_OUT: (NotSignedIn, SIGNED_OUT),
    NOT_YOURS: (Forbidden, "Only the original submitter can reply to this ticket."),
}

TICKETS: Final = {
    "logged": (None, None),
    "logged by the submitter": (None, SUBMITTER.id),
    **{f"anonymous, {status.value}": (status, None) for status in Status},
    **{f"signed in, {status.value}": (status, SUBMITTER.id) for status in Status},
}


@pytest.mark.parametrize(("kind", "viewer"), list(product(TICKETS, VIEWERS)))
def test_the_reason_is_the_contracts(kind: str, viewer: str) -> None:
    status, submitted_by = TICKETS[kind]
    closed = why_closed(a_ticket(status=status, submitted_by=submitted_by), VIEWERS[viewer])

    assert REASONS[kind.partition(",")[0], viewer] == (closed.value if closed else None)


@pytest.mark.parametrize(("kind", "viewer"), list(product(TICKETS, VIEWERS)))
def test_a_writer_is_refused_as_the_reader_is_told(kind: str, viewer: str) -> None:
    status, submitted_by = TICKETS[kind]
    closed = why_closed(a_ticket(status=status, submitted_by=submitted_by), VIEWERS[viewer])
    refused = refusal(closed) if closed else None

    assert (closed and REFUSALS[closed.value]) == (refused and (type(refused), refused.message))


ids = st.sampled_from([an_id(number) for number in range(3)])
users = st.builds(User, id=ids, name=st.just("Ana"), email=st.just("ana@example.com"))


@given(st.none() | st.sampled_from(Status), st.none() | ids, st.none() | users)
def test_the_chat_is_open_to_its_signed_in_submitter_and_to_nobody_else(
    status: Status | None, submitted_by: object, viewer: User | None
) -> None:
    ticket = a_ticket(status=status, submitted_by=submitted_by)
    theirs = status is not None and viewer is not None and viewer.id == submitted_by

    assert theirs == (why_closed(ticket, viewer) is None)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (None, "Message is required"),
        (7, "Message is required"),
        ([], "Message is required"),
        ("", "Message is required"),
        (" \n\u3000", "Message is required"),
        ("x" * 2001, "Message must be 2000 characters or fewer"),
        ("\U0001f600" * 2001, "Message must be 2000 characters or fewer"),
        ("a\0", "Message contains characters that cannot be stored"),
        ("\ud83d", "Message contains characters that cannot be stored"),
    ],
)
def test_a_body_is_refused_in_the_contracts_words(body: JsonValue, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        _ = customer_message(body, SUBMITTER, message_id=an_id(1), now=NOW)

    assert sentence == refused.value.message


@pytest.mark.parametrize("body", ["x" * 2000, "\U0001f600" * 2000, "two\nlines\tand a tab"])
def test_a_body_of_at_most_2000_characters_is_taken(body: str) -> None:
    assert body == customer_message(f" {body}\n", SUBMITTER, message_id=an_id(1), now=NOW).body


@given(json_values())
def test_whatever_is_sent_is_a_message_or_refused_as_invalid(body: JsonValue) -> None:
    try:
        said = customer_message(body, SUBMITTER, message_id=an_id(1), now=NOW).body
    except Invalid as refused:
        said = refused.message

    assert said


def test_a_customers_message_is_theirs_and_public() -> None:
    said = customer_message("Hello", SUBMITTER, message_id=an_id(1), now=NOW)

    assert ("CUSTOMER", SUBMITTER.id, SUBMITTER.name, SUBMITTER.email, False, NOW) == (
        said.author_type.value,
        said.author_id,
        said.author_name,
        said.author_email,
        said.is_internal,
        said.created_at,
    )


@pytest.mark.parametrize("is_internal", [True, False])
def test_an_agents_message_is_a_reply_or_a_note(*, is_internal: bool) -> None:
    said = agent_message("Hello", SUBMITTER, message_id=an_id(1), now=NOW, is_internal=is_internal)

    assert ("AGENT", is_internal) == (said.author_type.value, said.is_internal)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_notes_among_staff_are_for_staff(viewer: str) -> None:
    reply, note = a_message(1), a_message(2, is_internal=True)
    is_staff = viewer in {"an agent", "an admin"}

    assert ((reply, note) if is_staff else (reply,)) == visible([reply, note], VIEWERS[viewer])
