"""Every operation of the API, room by room."""

from typing import Final

from helpdesk_http.openapi import (
    attachments,
    audit,
    auth,
    figures,
    intake,
    notifications,
    probes,
    promises,
    staff,
    support,
    tickets,
    work,
)

TAGS: Final = {
    intake.TAG: "Tickets of the intake desk, submitted and followed by anybody.",
    support.TAG: "Support cases, which their customers hold the numbers of.",
    auth.TAG: "Who is signed in, and where. Pages are for people, the rest for programs.",
    staff.TAG: "Support cases, as staff work on them.",
    tickets.TAG: "Every ticket, whichever door it came by: one queue shows everything.",
    notifications.TAG: "What the desk tells: how it fares, and what is sent again.",
    audit.TAG: "Who did what, when, and from where; for admins.",
    work.TAG: "What agents did besides tickets, with the figures that it is scored by.",
    figures.TAG: "Scores of the month: what they are, and the tickets that they are made of.",
    probes.TAG: "What machines ask of a running desk; unknown where nobody wired it.",
}
"""The rooms, with a sentence about each."""

OPERATIONS: Final = (
    *intake.OPERATIONS,
    *support.OPERATIONS,
    *auth.OPERATIONS,
    *staff.OPERATIONS,
    *tickets.OPERATIONS,
    *promises.OPERATIONS,
    *attachments.OPERATIONS,
    *notifications.OPERATIONS,
    *audit.OPERATIONS,
    *work.OPERATIONS,
    *figures.OPERATIONS,
    *probes.OPERATIONS,
)
"""All of them; a test compares them with what is routed."""
