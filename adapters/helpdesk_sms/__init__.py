"""Notices to telephones, through whichever gateway takes HTTP."""

from helpdesk_sms.notifier import SmsNotifier
from helpdesk_sms.settings import Media, SmsSettings
from helpdesk_sms.templates import FormTemplate, JsonTemplate, Message

__all__ = ["FormTemplate", "JsonTemplate", "Media", "Message", "SmsNotifier", "SmsSettings"]
