"""Looking at what the desk needs to tell people: words, mailboxes, a gateway, endpoints."""

from helpdesk_server.channels import letters_of, sms_settings_of, webhooks_of
from helpdesk_server.settings import Settings, WrongSettings


def look_at_templates(settings: Settings) -> str:
    """Whether every notice can be written. Raises WrongSettings with every fault."""
    faults = letters_of(settings).check()
    if faults:
        raise WrongSettings(faults)
    where = settings.templates
    return "every notice has its words" + (f", some of them from {where}" if where else "")


def look_at_mailboxes(settings: Settings) -> str:
    """Whom the desk tells that is nobody in particular; says what to set when there is none."""
    wanted = {
        "HELPDESK_STAFF_MAIL": settings.staff_mail,
        "HELPDESK_MANAGEMENT_MAIL": settings.management_mail,
    }
    missing = [name for name, address in wanted.items() if address is None]
    if not missing:
        return f"staff are {settings.staff_mail}, management is {settings.management_mail}"
    said = {
        "HELPDESK_STAFF_MAIL": "nobody is told of a case that nobody has",
        "HELPDESK_MANAGEMENT_MAIL": "no management is told of escalations",
    }
    return "; ".join(f"set {name}: without it {said[name]}" for name in missing)


def look_at_text_messages(settings: Settings) -> str:
    """Whether a gateway could be asked; nothing is sent. Raises WrongSettings."""
    sms = sms_settings_of(settings)
    if sms is None:
        return "none is sent: HELPDESK_SMS_URL is not set"
    safety = "" if sms.target.is_secure else "; everybody on the way can read them: use https://"
    return f"{sms.target.host} is asked with {sms.method}{safety}"


def look_at_webhooks(settings: Settings) -> str:
    """Whether the endpoints can be told; nothing is sent. Raises WrongSettings."""
    if not settings.webhook_urls:
        return "no system is told: HELPDESK_WEBHOOK_URLS is not set"
    _ = webhooks_of(settings)
    told = ", ".join(settings.webhook_urls)
    private = "; private addresses are allowed" if settings.webhook_allow_private else ""
    return f"{told}, signed with {len(settings.webhook_secret)} secrets{private}"
