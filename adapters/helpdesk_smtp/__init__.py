"""Notices by mail: what a letter says, and handing it to a mail server within a deadline."""

from helpdesk_smtp.letters import letter
from helpdesk_smtp.notifier import SmtpNotifier
from helpdesk_smtp.settings import SmtpSettings, Tls

__all__ = ["SmtpNotifier", "SmtpSettings", "Tls", "letter"]
