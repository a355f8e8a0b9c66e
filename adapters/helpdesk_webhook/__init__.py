"""Notices to other systems: signed as Standard Webhooks has it, to public addresses alone."""

from helpdesk_webhook.endpoints import Endpoint, Secret
from helpdesk_webhook.notifier import WebhookNotifier
from helpdesk_webhook.payloads import TYPES, payload, type_of
from helpdesk_webhook.signing import signatures

__all__ = [
    "TYPES",
    "Endpoint",
    "Secret",
    "WebhookNotifier",
    "payload",
    "signatures",
    "type_of",
]
