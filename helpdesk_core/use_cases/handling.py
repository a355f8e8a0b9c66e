"""Staff at work on a ticket."""

from uuid import UUID

from helpdesk_core.chat import agent_message
from helpdesk_core.directory import Agent, Directory
from helpdesk_core.errors import Forbidden, Invalid, NotSignedIn
from helpdesk_core.fields import required_text
from helpdesk_core.messages import Message
from helpdesk_core.people import Caller, User
from helpdesk_core.ports import Ports
from helpdesk_core.tickets import Status, Ticket, assign, move, say
from helpdesk_core.use_cases.changing import stored
from helpdesk_core.use_cases.finding import found_ticket
from helpdesk_core.use_cases.retrying import decided_again_when_stale
