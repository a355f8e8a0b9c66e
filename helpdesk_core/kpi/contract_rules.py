"""The rules of contract A, each a module of its own."""

from typing import Final

from helpdesk_core.kpi.accuracy import ACCURACY
from helpdesk_core.kpi.acr import ACR
from helpdesk_core.kpi.ic import IC
from helpdesk_core.kpi.project import PROJECT
from helpdesk_core.kpi.rr import RR
from helpdesk_core.kpi.rules import rules_of
from helpdesk_core.kpi.submit import SUBMIT
from helpdesk_core.kpi.uptime import UPTIME

CONTRACT_RULES: Final = rules_of(RR, SUBMIT, PROJECT, ACCURACY, ACR, IC, UPTIME)
"""What a desk has unless it says otherwise; `with_rule` makes a registry with one more."""
