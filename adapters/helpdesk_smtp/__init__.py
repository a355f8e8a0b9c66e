"""Notices by mail: a letter made a mail, and handing it to a mail server within a deadline."""

from helpdesk_smtp.mails import mail_of
from helpdesk_smtp.notifier import SmtpNotifier
from helpdesk_smtp.settings import SmtpSettings, Tls

__all__ = ["SmtpNotifier", "SmtpSettings", "Tls", "mail_of"]
