"""A desk inside a Flask program: pages of its own beside the whole intake API."""

from datetime import date

from flask import Flask, Response, jsonify, redirect, render_template_string, request, session
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response as BaseResponse

from helpdesk_core import Caller, HelpdeskError, Ports, RawIntake, User, read_status, submit_ticket
from helpdesk_http import create_app
from helpdesk_http.errors import status_of

PAGE = """<!doctype html>
<title>Ticket</title>
<h1>{{ status.ticket.description }}</h1>
<p>{{ status.ticket.status.value }}, for {{ status.place.department }}</p>
{% for message in status.messages %}<p>{{ message.author_name }}: {{ message.body }}</p>{% endfor %}
"""


def create_flask_app(ports: Ports, users: dict[str, User], secret_key: str) -> Flask:
    """The program. `users` are those whom its sign-in knows, by the id in the session."""
    app = Flask(__name__)
    app.secret_key = secret_key

    def caller() -> Caller:
        return Caller(user=users.get(session.get("user", "")), origin=request.remote_addr)

    @app.post("/support")
    def submit() -> BaseResponse:
        raw = RawIntake(
            dept_id=request.form.get("department"),
            kpi_type_id=request.form.get("kind"),
            ticket_date=date.today().isoformat(),  # noqa: DTZ011  # where the server stands
            description=request.form.get("description"),
            created_by_name=request.form.get("name"),
            created_by_email=request.form.get("email"),
        )
        submitted = submit_ticket(ports, raw, caller())
        return redirect(f"/support/{submitted.ticket.id}", code=303)

    @app.get("/support/<ticket_id>")
    def show(ticket_id: str) -> str:
        return render_template_string(PAGE, status=read_status(ports, ticket_id, caller()))

    @app.errorhandler(HelpdeskError)
    def refused(refusal: HelpdeskError) -> tuple[Response, int]:
        return jsonify(error=refusal.message), status_of(type(refusal))

    # The whole API, under /desk/api/intake.
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/desk": create_app(ports)})  # type: ignore[method-assign]
    return app
