"""One HTTP request to somebody else's server, whatever that server does.

A floor below whoever speaks HTTP: to what address, within what time, and what the answer means for
a notice. Nothing of it follows a redirect, reads the environment's proxies, keeps a connection or
decodes what it is sent. Whoever has just failed is left alone for a while.
"""

from helpdesk_outward.addresses import PRIVATE_TOO, PUBLIC_ONLY, Reach, Resolve, forbidden, resolved
from helpdesk_outward.answers import NO_ANSWER_YET, Answer, Silence, without
from helpdesk_outward.circuit import Circuit
from helpdesk_outward.judging import judged
from helpdesk_outward.posting import LONGEST_DEADLINE, USUAL_DEADLINE, Dial, Outward, Request
from helpdesk_outward.targets import USUAL_PORTS, Target

__all__ = [
    "LONGEST_DEADLINE",
    "NO_ANSWER_YET",
    "PRIVATE_TOO",
    "PUBLIC_ONLY",
    "USUAL_DEADLINE",
    "USUAL_PORTS",
    "Answer",
    "Circuit",
    "Dial",
    "Outward",
    "Reach",
    "Request",
    "Resolve",
    "Silence",
    "Target",
    "forbidden",
    "judged",
    "resolved",
    "without",
]
