"""Days off from outside: national holidays from the package `holidays`, and iCalendar files."""

from helpdesk_holidays.ical import LARGEST, UnreadableIcal, days_off_of
from helpdesk_holidays.national import NationalDay, UnknownHolidays, national_days

__all__ = [
    "LARGEST",
    "NationalDay",
    "UnknownHolidays",
    "UnreadableIcal",
    "days_off_of",
    "national_days",
]
