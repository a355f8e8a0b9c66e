"""The desk's own addresses, and those that no mail of ours ever goes to."""

from typing import Final

import attrs

from helpdesk_core.text import fold

LANGUAGES: Final = ("en", "id")
"""In which notices are written; the first serves whoever has chosen none."""

NEVER_MAILED: Final = frozenset(
    {
        "abuse",
        "auto-reply",
        "autoreply",
        "bounce",
        "bounces",
        "do-not-reply",
        "donotreply",
        "hostmaster",
        "listserv",
        "mail-daemon",
        "mailer-daemon",
        "majordomo",
        "no-reply",
        "noreply",
        "postmaster",
    }
)
"""Names before the @ behind which machines sit that answer machines."""

LISTS_BEGIN: Final = "owner-"
LISTS_END: Final = ("-bounces", "-confirm", "-owner", "-request", "-subscribe", "-unsubscribe")
"""How the names of a mailing list's own addresses begin and end."""


@attrs.frozen(kw_only=True)
class Addressees:
    """The desk's own addresses, and the language of those who have chosen none.

    `systems` are the names of webhook endpoints; their addresses and secrets are the adapter's.
    `own` are addresses whose mail comes back to the desk.
    """

    staff_mail: str | None = None
    management_mail: str | None = None
    systems: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    language: str = LANGUAGES[0]


def may_be_mailed(address: str, addressees: Addressees) -> bool:
    """False for machines that answer machines, for lists' own addresses, and for ourselves.

    What follows a `+` in the name before the @ makes no difference.
    """
    bare = _bare(address)
    name = bare.partition("@")[0]
    ours = {addressees.staff_mail, addressees.management_mail, *addressees.own} - {None}
    is_of_a_list = name.startswith(LISTS_BEGIN) or name.endswith(LISTS_END)
    is_ours = bare in {_bare(own) for own in ours if own}
    return not (name in NEVER_MAILED or is_of_a_list or is_ours)


def _bare(address: str) -> str:
    """The address without regard to case, and without what was added to its name."""
    name, at, domain = fold(address).rpartition("@")
    return name.partition("+")[0] + at + domain
