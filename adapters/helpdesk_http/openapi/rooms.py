"""Every operation of the API, room by room."""

from typing import Final

from helpdesk_http.openapi import intake, support

TAGS: Final = {
    intake.TAG: "Tickets of the intake desk, submitted and followed by anybody.",
    support.TAG: "Support cases, which their customers hold the numbers of.",
}
"""The rooms, with a sentence about each."""

OPERATIONS: Final = (*intake.OPERATIONS, *support.OPERATIONS)
"""All of them; a test compares them with what is routed."""
