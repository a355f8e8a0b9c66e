"""The topics of the unit of work over a SQL database."""
