"""The words of notices, in English and Indonesian, from templates that a folder may replace."""

from helpdesk_letters.letters import LONGEST_TEXT_MESSAGE, Letters

__all__ = ["LONGEST_TEXT_MESSAGE", "Letters"]
