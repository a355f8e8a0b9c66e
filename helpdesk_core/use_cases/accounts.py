"""Taking people's way in: who leaves the desk, and accounts that begin anew."""

import attrs

from helpdesk_core.audit import AuditKind, person_subject
from helpdesk_core.directory import Agent, Directory
from helpdesk_core.errors import NotFound
from helpdesk_core.people import Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.recording import record, save_directory
from helpdesk_core.use_cases.retrying import until_fresh


def deactivate_user(ports: Ports, email: str, caller: Caller) -> bool:
    """Let an agent do nothing from now on: every session and every token is dead at once.

    False when the agent was not active before. Raises NotSignedIn, Forbidden, NotFound for no agent
    of that address.
    """
    _ = allow(caller, Act.MANAGE_ACCOUNTS)
    return until_fresh(lambda: _deactivated(ports, email, caller))


def forget_account(ports: Ports, email: str, caller: Caller) -> int:
    """Forget by whom people of an address are known, and their sessions; how many there were.

    Whoever signs in under that address next is a new customer, or binds the agent's account anew.
    Raises NotSignedIn, Forbidden, NotFound where nobody of that address ever signed in.
    """
    _ = allow(caller, Act.MANAGE_ACCOUNTS)
    return until_fresh(lambda: _forgotten(ports, email, caller))


def _forgotten(ports: Ports, email: str, caller: Caller) -> int:
    with ports.begin() as uow:
        people = uow.people_at(email)
        if not people:
            raise NotFound("Nobody of that address ever signed in")
        for each in people:
            uow.forget_person(each.id)
            record(ports, uow, caller, AuditKind.ACCOUNT_FORGOTTEN, person_subject(each.id))
        uow.forget_links_to(email)
        uow.commit()
    return len(people)


def _deactivated(ports: Ports, email: str, caller: Caller) -> bool:
    with ports.begin() as uow:
        directory = uow.directory()
        agent = directory.agent_at(email)
        if agent is None:
            raise NotFound("No agent has that address")
        if agent.is_active:
            save_directory(ports, uow, directory, _without(directory, agent), caller)
        for each in {agent.id, *(person.id for person in uow.people_at(email))}:
            uow.end_sessions_of(each)
        uow.commit()
    return agent.is_active


def _without(directory: Directory, agent: Agent) -> Directory:
    """The directory with that agent inactive."""
    agents = {**directory.agents, agent.id: attrs.evolve(agent, is_active=False)}
    return attrs.evolve(directory, agents=agents)
