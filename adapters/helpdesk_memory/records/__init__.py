"""The topics of the unit of work in memory."""
