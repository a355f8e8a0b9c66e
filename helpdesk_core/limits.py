"""How often a caller may do what, as data."""

from datetime import timedelta
from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class Limit:
    """At most `amount` in any `period`. `sentence` takes `{seconds}`, the time still to wait.

    `opens_when_down`: when the store of the counters fails, let the act pass (a ticket is never
    lost to a limiter) or refuse it (nobody reads at leisure while the guard is away).
    """

    name: str
    amount: int
    period: timedelta
    sentence: str
    opens_when_down: bool


SUBMISSIONS: Final = Limit(
    name="submissions",
    amount=5,
    period=timedelta(hours=1),
    sentence="Too many submissions. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Accepted tickets; a typo costs nothing."""

REFUSED_SUBMISSIONS: Final = Limit(
    name="refused-submissions",
    amount=120,
    period=timedelta(hours=1),
    sentence="Too many submissions. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Submissions that were refused for what they said."""

LOOKUPS: Final = Limit(
    name="lookups",
    amount=20,
    period=timedelta(hours=1),
    sentence="Too many lookups. Try again in {seconds} seconds.",
    opens_when_down=False,
)

MESSAGES: Final = Limit(
    name="messages",
    amount=20,
    period=timedelta(hours=1),
    sentence="Too many messages. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Counted for each ticket apart."""

CASES: Final = Limit(
    name="cases",
    amount=5,
    period=timedelta(hours=1),
    sentence="Too many cases. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Accepted cases; a typo costs nothing."""

REFUSED_CASES: Final = Limit(
    name="refused-cases",
    amount=120,
    period=timedelta(hours=1),
    sentence="Too many cases. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Cases that were refused for what they said."""

CONFIRMATIONS: Final = Limit(
    name="confirmations",
    amount=3,
    period=timedelta(hours=1),
    sentence="Too many confirmations. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Mails to an address that nobody verified, for what was opened in its name; each address apart."""

CONFIRMATIONS_A_DAY: Final = Limit(
    name="confirmations-a-day",
    amount=10,
    period=timedelta(days=1),
    sentence="Too many confirmations. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""The same for a day, and mails of what anybody may do to a case besides."""

SMS_A_TICKET: Final = Limit(
    name="sms-a-ticket",
    amount=1,
    period=timedelta(minutes=15),
    sentence="Too many text messages. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""Text messages of one ticket to one number."""

SMS_A_NUMBER: Final = Limit(
    name="sms-a-number",
    amount=10,
    period=timedelta(hours=1),
    sentence="Too many text messages. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""Text messages to one number."""

SMS_A_DAY: Final = Limit(
    name="sms-a-day",
    amount=200,
    period=timedelta(days=1),
    sentence="Too many text messages. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""Text messages of the whole desk."""

SMS_DIGESTS: Final = Limit(
    name="sms-digests",
    amount=1,
    period=timedelta(hours=1),
    sentence="Too many text messages. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""Text messages to one number that say there is more than was sent."""

UNKNOWN_CASES: Final = Limit(
    name="unknown-cases",
    amount=20,
    period=timedelta(hours=1),
    sentence="Too many unknown case numbers. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""Numbers that are no case's, or not with that address. Past it no number is looked up."""

ESCALATIONS: Final = Limit(
    name="escalations",
    amount=10,
    period=timedelta(hours=1),
    sentence="Too many escalations. Try again in {seconds} seconds.",
    opens_when_down=False,
)

CANCELLATIONS: Final = Limit(
    name="cancellations",
    amount=10,
    period=timedelta(hours=1),
    sentence="Too many cancellations. Try again in {seconds} seconds.",
    opens_when_down=False,
)

CUSTOMER_FILES: Final = Limit(
    name="customer-files",
    amount=20,
    period=timedelta(hours=1),
    sentence="Too many files. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Files that customers add to their cases."""

CUSTOMER_FILES_A_DAY: Final = Limit(
    name="customer-files-a-day",
    amount=60,
    period=timedelta(days=1),
    sentence="Too many files for one day. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""The same files, so that nobody fills the disk hour by hour."""

STAFF_FILES: Final = Limit(
    name="staff-files",
    amount=300,
    period=timedelta(hours=1),
    sentence="Too many files. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Files that one of the staff adds, counted for each person apart, from wherever they come."""

REFUSALS_NOTED: Final = Limit(
    name="refusals-noted",
    amount=60,
    period=timedelta(hours=1),
    sentence="Refused too often. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""Refusals of one person that are written into the audit trail."""

KEPT_READS: Final = Limit(
    name="kept-reads",
    amount=60,
    period=timedelta(hours=1),
    sentence="Too many requests with an Idempotency-Key. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""Requests that change nothing and yet have their answers kept. Without a key none is counted."""

SIGN_INS_BEGUN: Final = Limit(
    name="sign-ins-begun",
    amount=120,
    period=timedelta(hours=1),
    sentence="Too many sign-ins. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Browsers that are sent to a provider; each is kept in mind until it is back."""

SIGN_INS_REFUSED: Final = Limit(
    name="sign-ins-refused",
    amount=30,
    period=timedelta(hours=1),
    sentence="Too many sign-ins that did not succeed. Try again in {seconds} seconds.",
    opens_when_down=True,
)
"""Sign-ins that came to nothing. Past it none is looked at, and none is written down."""

LINKS_ASKED_FOR: Final = Limit(
    name="links-asked-for",
    amount=20,
    period=timedelta(hours=1),
    sentence="Too many sign-in links. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""Links that one place asks for, whatever the addresses."""

LINKS_TO_AN_ADDRESS: Final = Limit(
    name="links-to-an-address",
    amount=3,
    period=timedelta(hours=1),
    sentence="Too many sign-in links. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""Links that are mailed to one address, whoever asks. Nobody is told that it is reached."""

LINKS_TO_AN_ADDRESS_A_DAY: Final = Limit(
    name="links-to-an-address-a-day",
    amount=10,
    period=timedelta(days=1),
    sentence="Too many sign-in links. Try again in {seconds} seconds.",
    opens_when_down=False,
)
"""The same for a day."""
