"""The words of notices, in English and Indonesian, from templates that a folder may replace."""

from helpdesk_letters.letters import LONGEST_TEXT_MESSAGE, Letters
from helpdesk_letters.sign_in import link_to

__all__ = ["LONGEST_TEXT_MESSAGE", "Letters", "link_to"]
