"""Identities by OpenID Connect: any issuer that publishes how it is spoken to.

Authlib speaks OAuth, joserfc checks signatures, and `helpdesk_outward` sends every request.
"""

from helpdesk_oidc.algorithms import ALGORITHMS
from helpdesk_oidc.provider import OpenIdProvider
from helpdesk_oidc.registration import GOOGLE, Registration

__all__ = ["ALGORITHMS", "GOOGLE", "OpenIdProvider", "Registration"]
