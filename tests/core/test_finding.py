"""Telling whether an address is a ticket's."""

from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk_core.testing.builders import a_ticket
from helpdesk_core.use_cases.finding import has_address


@given(email=st.text(st.characters()))  # lone surrogates too
@example(email="\ud800@example.com")
def test_any_text_is_a_tickets_address_or_is_not(email: str) -> None:
    is_anas = email.strip().casefold() == "ana@example.com"

    assert is_anas == has_address(a_ticket(), email)


def test_case_and_blanks_around_an_address_never_matter() -> None:
    assert has_address(a_ticket(), " ANA@Example.com\n")
