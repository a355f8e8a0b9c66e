"""A desk inside a Django project: views that call use cases, and the API beside them.

A project has these pieces in `settings.py`, `views.py`, `urls.py`, `middleware.py` and `wsgi.py`.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from helpdesk_core import (
    Caller,
    HelpdeskError,
    Ports,
    RawIntake,
    User,
    post_message,
    read_status,
    submit_ticket,
)
from helpdesk_http import create_app
from helpdesk_http.errors import status_of

urlpatterns: list[Any] = []


def views(ports: Ports) -> list[Any]:
    """The URLs of `views.py`, over these ports."""

    def submit(request: HttpRequest) -> HttpResponse:
        raw = RawIntake(
            dept_id=request.POST.get("department"),
            kpi_type_id=request.POST.get("kind"),
            ticket_date=request.POST.get("date"),
            description=request.POST.get("description"),
            created_by_name=request.POST.get("name"),
            created_by_email=request.POST.get("email"),
        )
        ticket = submit_ticket(ports, raw, caller_of(request)).ticket
        return JsonResponse({"id": str(ticket.id)}, status=201)

    def show(request: HttpRequest, ticket_id: str) -> HttpResponse:
        status = read_status(ports, ticket_id, caller_of(request))
        said = [message.body for message in status.messages]
        return JsonResponse({"description": status.ticket.description, "messages": said})

    def reply(request: HttpRequest, ticket_id: str) -> HttpResponse:
        message = post_message(ports, ticket_id, request.POST.get("body"), caller_of(request))
        return JsonResponse({"id": str(message.id)}, status=201)

    return [
        path("support", submit),
        path("support/<str:ticket_id>", show),
        path("support/<str:ticket_id>/messages", reply),
    ]


def caller_of(request: HttpRequest) -> Caller:
    """Whoever is signed in to Django, under an id that their account always has."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return Caller(origin=request.META["REMOTE_ADDR"])
    user = User(
        id=uuid5(NAMESPACE_URL, f"https://desk.example.com/accounts/{person.pk}"),
        name=person.get_full_name() or person.get_username(),
        email=person.email,
    )
    return Caller(user=user, origin=request.META["REMOTE_ADDR"])


class Refusals:
    """Middleware: a refusal of the desk is an answer, not a failure of the program."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in."""
        return self._get_response(request)

    def process_exception(self, _: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; leave everything else to Django."""
        if isinstance(error, HelpdeskError):
            return JsonResponse({"error": error.message}, status=status_of(type(error)))
        return None


def create_application(ports: Ports, secret_key: str) -> WSGIApplication:
    """What `wsgi.py` has: the API goes to the desk, everything else to Django."""
    settings.configure(
        SECRET_KEY=secret_key,
        ALLOWED_HOSTS=["desk.example.com", "testserver"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[f"{__name__}.Refusals"],
        DATABASES={},
    )
    django.setup()
    urlpatterns[:] = views(ports)
    pages: WSGIApplication = get_wsgi_application()
    desk = create_app(ports)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        to_desk = environ["PATH_INFO"].startswith("/api/intake")
        return (desk if to_desk else pages)(environ, start_response)

    return application
