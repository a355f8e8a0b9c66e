"""The desk's limits, counted in memory or in Redis with the `limits` library."""

from helpdesk_limits.limiter import StorageLimiter
from helpdesk_limits.opening import open_limiter

__all__ = ["StorageLimiter", "open_limiter"]
