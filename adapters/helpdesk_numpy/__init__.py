"""Working time of many spans at once, over numpy arrays."""

from helpdesk_numpy.working_hours import working_times

__all__ = ["working_times"]
