"""Signing in and out: the pages for people, and what programs are told of sessions."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from helpdesk_core.errors import (
    Forbidden,
    HelpdeskError,
    Invalid,
    NotFound,
    ProviderUnavailable,
    SignInRefused,
)
from helpdesk_core.limits import LINKS_ASKED_FOR, SIGN_INS_BEGUN, SIGN_INS_REFUSED
from helpdesk_core.people import Role
from helpdesk_core.permissions import Act
from helpdesk_core.persons import NO_ADDRESS, NOT_LET_IN, THE_DESK
from helpdesk_core.use_cases.sign_in_links import NO_GOOD_LINK
from helpdesk_http.auth.bodies import (
    OwnedSessionBody,
    OwnedSessionsBody,
    OwnerBody,
    SessionBody,
    SessionsBody,
    SignedInBody,
    WhoBody,
)
from helpdesk_http.openapi.fields import address
from helpdesk_http.openapi.intake import past
from helpdesk_http.openapi.operations import HTML, Form, Operation, PageForm, Parameter, Says
from helpdesk_http.openapi.schemas import Schema

TAG: Final = "Sign-in"

_TEXT: Final[Schema] = {"type": "string"}
_SIGNED_IN_AT: Final = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)
_PERSON: Final = UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")
_NEXT: Final = Parameter(
    name="next",
    place="query",
    schema=_TEXT,
    description="A path of this desk, where the browser goes afterwards; nothing else is one.",
)
_SESSION_ID: Final = Parameter(
    name="sessionId",
    place="path",
    schema=_TEXT,
    description="The session's id, a UUID.",
    example="88888888-8888-4888-8888-888888888888",
)
_SESSION: Final = SessionBody(
    id=UUID("88888888-8888-4888-8888-888888888888"),
    issuer=THE_DESK,
    origin="203.0.113.7",
    device="Mozilla/5.0",
    created_at=_SIGNED_IN_AT,
    last_seen_at=_SIGNED_IN_AT,
    ends_at=datetime(2026, 5, 22, 17, 5, tzinfo=UTC),
    is_current=True,
)
_NOT_OURS: Final = Invalid("next must be a path of this desk", next="not a path of this desk")
_NO_SESSION: Final = NotFound("Session not found")
_NO_EMAIL: Final = Invalid("Email is required", email="missing")
_EMAIL: Final = Invalid("Email format is invalid", email="not one e-mail address")
_REFUSED: Final[tuple[HelpdeskError, ...]] = (
    SignInRefused(reason=""),
    SignInRefused(NO_ADDRESS, reason=""),
    SignInRefused(NOT_LET_IN, reason=""),
    past(SIGN_INS_REFUSED),
)


def _page(description: str) -> Says:
    return Says(description=description, media_type=HTML, schema=_TEXT)


def _away(description: str) -> Says:
    return Says(status=303, description=description, headers=("Location",))


_PAGES: Final = (
    Operation(
        method="GET",
        path="/auth/sign-in",
        name="showSignIn",
        tag=TAG,
        summary="The page where people sign in",
        description="Whoever is signed in sees where, ends other sessions, and signs out.",
        parameters=(_NEXT,),
        says=(_page("The ways to sign in, or who is signed in."),),
        refusals=(_NOT_OURS,),
        is_page=True,
    ),
    Operation(
        method="GET",
        path="/auth/sign-in/{provider}",
        name="departForProvider",
        tag=TAG,
        summary="To a provider",
        parameters=(
            Parameter(
                name="provider",
                place="path",
                schema=_TEXT,
                description="The provider's key.",
                example="google",
            ),
            _NEXT,
            Parameter(
                name="token",
                place="query",
                schema=_TEXT,
                description="The page's; without it the page is shown first.",
            ),
        ),
        says=(_away("To the provider, or to the page."),),
        refusals=(
            _NOT_OURS,
            NotFound("This desk knows no such sign-in service"),
            past(SIGN_INS_BEGUN),
            ProviderUnavailable(reason=""),
        ),
        is_page=True,
    ),
    Operation(
        method="GET",
        path="/auth/callback",
        name="returnFromProvider",
        tag=TAG,
        summary="Back from a provider",
        description="The address that a provider is told as the desk's redirect URI.",
        says=(_away("Signed in, and to where the person wanted to go."),),
        refusals=(*_REFUSED, ProviderUnavailable(reason="")),
        is_page=True,
    ),
    Operation(
        method="POST",
        path="/auth/links",
        name="askForLink",
        tag=TAG,
        summary="Ask for a link by mail",
        body=PageForm(
            description="The page's form.",
            fields={"email": address("Where to."), "next": _TEXT},
        ),
        says=(_page("The same, whoever has the address, and whether or not a link was mailed."),),
        refusals=(
            _NO_EMAIL,
            _EMAIL,
            _NOT_OURS,
            Forbidden("This desk mails no sign-in links"),
            past(LINKS_ASKED_FOR),
        ),
        is_page=True,
    ),
    Operation(
        method="GET",
        path="/auth/link",
        name="showLink",
        tag=TAG,
        summary="Where a link leads",
        description="Looking at it changes nothing; its button does.",
        parameters=(
            Parameter(
                name="key",
                place="query",
                schema=_TEXT,
                description="What the link was mailed with.",
            ),
        ),
        says=(_page("A button."),),
        is_page=True,
    ),
    Operation(
        method="POST",
        path="/auth/link",
        name="takeLink",
        tag=TAG,
        summary="Sign in with a link",
        body=PageForm(description="The page's form.", fields={"key": _TEXT}),
        says=(_away("Signed in, and to where the person wanted to go."),),
        refusals=(SignInRefused(NO_GOOD_LINK, reason=""), *_REFUSED),
        is_page=True,
    ),
    Operation(
        method="GET",
        path="/auth/sign-out",
        name="showSignOut",
        tag=TAG,
        summary="The page where people sign out",
        says=(_page("A button."),),
        is_page=True,
    ),
    Operation(
        method="POST",
        path="/auth/sessions",
        name="endSessionOfPage",
        tag=TAG,
        summary="End a session, by the page",
        body=PageForm(description="The page's form.", fields={"session": _TEXT}),
        says=(_away("Ended, and back to the page."),),
        refusals=(_NO_SESSION,),
        act=Act.MANAGE_OWN_SESSIONS,
        is_page=True,
    ),
)

_FOR_PROGRAMS: Final = (
    Operation(
        method="POST",
        path="/auth/sign-out",
        name="signOut",
        tag=TAG,
        summary="Sign out",
        description=(
            "The session is ended, here and on the desk. A page sends a form with its token, and "
            "its browser goes to the sign-in by a 303."
        ),
        body=Form(
            name="SignOutRequest",
            description="An empty object.",
            fields={},
            required=frozenset(),
            examples={"plain": {}},
        ),
        says=(
            Says(status=204, description="Nobody is signed in any more."),
            _away("The same, for a page."),
        ),
        refusals=(
            Forbidden("This page is too old. Please go back, load it again and try once more."),
        ),
        is_page=True,
    ),
    Operation(
        method="GET",
        path="/auth/session",
        name="readSession",
        tag=TAG,
        summary="Who is signed in",
        says=(
            Says(
                description="Who the desk takes the sender for.",
                kind=WhoBody,
                examples={
                    "customer": WhoBody(
                        signed_in=True,
                        user=SignedInBody(
                            id=_PERSON,
                            name="Sandy",
                            email="sandy@example.com",
                            role=Role.CUSTOMER,
                        ),
                        ends_at=_SESSION.ends_at,
                    ),
                    "nobody": WhoBody(signed_in=False, user=None, ends_at=None),
                },
            ),
        ),
    ),
    Operation(
        method="GET",
        path="/auth/sessions",
        name="listOwnSessions",
        tag=TAG,
        summary="In which browsers one is signed in",
        says=(
            Says(
                description="One's sessions, latest first.",
                kind=SessionsBody,
                examples={"one": SessionsBody(sessions=[_SESSION])},
            ),
        ),
        act=Act.MANAGE_OWN_SESSIONS,
    ),
    Operation(
        method="DELETE",
        path="/auth/sessions",
        name="endOtherSessions",
        tag=TAG,
        summary="Sign out everywhere else",
        says=(Says(status=204, description="Every other session is ended."),),
        act=Act.MANAGE_OWN_SESSIONS,
    ),
    Operation(
        method="DELETE",
        path="/auth/sessions/{sessionId}",
        name="endOwnSession",
        tag=TAG,
        summary="Sign out somewhere else",
        parameters=(_SESSION_ID,),
        says=(Says(status=204, description="The session is ended."),),
        refusals=(_NO_SESSION,),
        act=Act.MANAGE_OWN_SESSIONS,
    ),
    Operation(
        method="GET",
        path="/api/internal/sessions",
        name="listSessions",
        tag=TAG,
        summary="Who is signed in",
        parameters=(
            Parameter(
                name="email",
                place="query",
                schema=address("Of the people."),
                description="Only those of that address.",
            ),
        ),
        says=(
            Says(
                description="Sessions, latest first; at most two hundred of everybody's.",
                kind=OwnedSessionsBody,
                examples={
                    "one": OwnedSessionsBody(
                        sessions=[
                            OwnedSessionBody(
                                person=OwnerBody(
                                    id=_PERSON, name="Sandy", email="sandy@example.com"
                                ),
                                session=_SESSION,
                            )
                        ]
                    )
                },
            ),
        ),
        refusals=(_EMAIL,),
        act=Act.MANAGE_ACCOUNTS,
    ),
    Operation(
        method="DELETE",
        path="/api/internal/sessions",
        name="endSessions",
        tag=TAG,
        summary="Sign somebody out everywhere",
        parameters=(
            Parameter(
                name="email",
                place="query",
                schema=address("Of the people."),
                description="Whose sessions are ended.",
                required=True,
                example="sandy@example.com",
            ),
        ),
        says=(Says(status=204, description="Their sessions are ended."),),
        refusals=(_NO_EMAIL, _EMAIL, NotFound("Nobody of that address ever signed in")),
        act=Act.MANAGE_ACCOUNTS,
    ),
    Operation(
        method="DELETE",
        path="/api/internal/sessions/{sessionId}",
        name="endSession",
        tag=TAG,
        summary="Sign somebody out of one browser",
        parameters=(_SESSION_ID,),
        says=(Says(status=204, description="The session is ended."),),
        refusals=(_NO_SESSION,),
        act=Act.MANAGE_ACCOUNTS,
    ),
)

OPERATIONS: Final = (*_PAGES, *_FOR_PROGRAMS)
"""The pages first."""
