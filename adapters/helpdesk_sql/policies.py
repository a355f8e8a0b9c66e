"""The policies that a process has seen stored: they never change, so they are read once."""

from typing import Final

from helpdesk_core.sla_policies import Policy

MOST: Final = 4096
"""Policies that are remembered; a desk has a few dozen."""


class SeenPolicies:
    """Policies by digest. Threads may share it: what is remembered are frozen values."""

    def __init__(self) -> None:
        self._seen: dict[str, Policy] = {}

    def get(self, digest: str) -> Policy | None:
        """The policy of that digest, if it was seen."""
        return self._seen.get(digest)

    def add(self, policy: Policy) -> None:
        """It is stored, durably. When there are too many, all others are forgotten."""
        if len(self._seen) >= MOST:
            self.forget()
        self._seen[policy.digest] = policy

    def forget(self) -> None:
        """Forget them all, where the database may have been emptied."""
        self._seen = {}
