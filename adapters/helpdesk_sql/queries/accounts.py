"""Statements on people, their sessions and the ways in."""

from typing import Any, Final, TypeAlias

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.queries.selecting import by
from helpdesk_sql.tables import identities, persons, sessions, sign_in_links, sign_ins

FORGOTTEN_AT_ONCE: Final = 1000
"""Rows of each table that are forgotten at most at a time."""

Rows: TypeAlias = sa.Select[*tuple[Any, ...]]

_PERSON: Final = [column for column in persons.c if column.key != "email_key"]
_LINK: Final = [column for column in sign_in_links.c if column.key != "email_key"]
_OF_PERSON: Final = [
    persons.c[name].label(f"person_{name}")
    for name in ("name", "email", "created_at", "signed_in_at")
]


@attrs.frozen(kw_only=True)
class AccountQueries:
    """Statements on accounts; parameters are named after columns, else in the comment."""

    person: Kept
    person_of: Kept
    people_at: Kept
    identity_of: Kept
    session: Kept
    session_of_id: Kept
    sessions: Kept  # most
    sessions_of: Kept  # most
    sign_in: Kept
    link: Kept
    save_person: Kept
    insert_identity: Kept
    forget_identity: Kept
    forget_identity_of: Kept
    insert_session: Kept
    touch_session: Kept  # held_id, at
    end_session: Kept  # id
    end_sessions_of: Kept
    end_others_of: Kept  # but
    forget_person: Kept
    insert_sign_in: Kept
    spend_sign_in: Kept
    insert_link: Kept
    spend_link: Kept
    forget_links_to: Kept
    forget_sign_ins: Kept  # before
    forget_links: Kept  # before
    forget_sessions: Kept  # before


def account_queries(dialect: sa.Dialect) -> AccountQueries:
    """Compile them."""
    made: dict[str, Rows | sa.UpdateBase] = {
        **_selections(),
        **_deletions(),
        "save_person": _save_person(dialect),
        "insert_identity": sa.insert(identities),
        "insert_session": sa.insert(sessions),
        "touch_session": _touch_session(),
        "insert_sign_in": sa.insert(sign_ins),
        "insert_link": sa.insert(sign_in_links),
    }
    return AccountQueries(**{name: keep(statement, dialect) for name, statement in made.items()})


def _selections() -> dict[str, Rows | sa.UpdateBase]:
    whose = sa.select(*sessions.c, *_OF_PERSON).join(persons)
    latest = whose.order_by(sessions.c.created_at.desc(), sessions.c.id.desc()).limit(
        sa.bindparam("most", type_=sa.BigInteger)
    )
    return {
        "person": by(persons.c.id, *_PERSON),
        "person_of": sa.select(*_PERSON)
        .join(identities)
        .where(
            identities.c.issuer == sa.bindparam("issuer"),
            identities.c.subject == sa.bindparam("subject"),
        ),
        "people_at": by(persons.c.email_key, *_PERSON).order_by(persons.c.created_at, persons.c.id),
        "identity_of": by(identities.c.person_id, *identities.c),
        "session": whose.where(sessions.c.digest == sa.bindparam("digest")),
        "session_of_id": whose.where(sessions.c.id == sa.bindparam("id")),
        "sessions": latest,
        "sessions_of": latest.where(sessions.c.person_id == sa.bindparam("person_id")),
        "sign_in": by(sign_ins.c.digest, *sign_ins.c),
        "link": by(sign_in_links.c.digest, *_LINK),
    }


def _deletions() -> dict[str, Rows | sa.UpdateBase]:
    of_person = _delete_by(sessions.c.person_id)
    return {
        "forget_identity": _delete_by(identities.c.issuer).where(
            identities.c.subject == sa.bindparam("subject")
        ),
        "forget_identity_of": _delete_by(identities.c.person_id),
        "end_session": _delete_by(sessions.c.id),
        "end_sessions_of": of_person,
        "end_others_of": of_person.where(
            sessions.c.id != sa.bindparam("but", type_=sessions.c.id.type)
        ),
        "forget_person": _delete_by(persons.c.id),
        "spend_sign_in": _delete_by(sign_ins.c.digest),
        "spend_link": _delete_by(sign_in_links.c.digest),
        "forget_links_to": _delete_by(sign_in_links.c.email_key),
        "forget_sign_ins": _forget(sign_ins.c.digest, sign_ins.c.expires_at),
        "forget_links": _forget(sign_in_links.c.digest, sign_in_links.c.expires_at),
        "forget_sessions": _forget(sessions.c.id, sessions.c.created_at),
    }


def _delete_by(key: sa.Column[Any]) -> sa.Delete:
    return sa.delete(key.table).where(key == sa.bindparam(key.key))


def _forget(key: sa.Column[Any], instant: sa.Column[Any]) -> sa.Delete:
    """Deletes the oldest rows from before an instant, as many as it may.

    Those that another transaction is at are left to it, so that none waits for the other.
    """
    oldest = (
        sa.select(key)
        .where(instant < sa.bindparam("before", type_=instant.type))
        .order_by(instant)
        .limit(sa.literal_column(str(FORGOTTEN_AT_ONCE)))
        .with_for_update(skip_locked=True)
        .cte("oldest")
    )
    return sa.delete(key.table).where(key.in_(sa.select(oldest.c[key.key])))


def _save_person(dialect: sa.Dialect) -> sqlite.Insert | postgresql.Insert:
    upsert = sqlite.insert(persons) if dialect.name == "sqlite" else postgresql.insert(persons)
    changed = {it.key: upsert.excluded[it.key] for it in persons.c if it.key != "id"}
    return upsert.on_conflict_do_update(index_elements=[persons.c.id], set_=changed)


def _touch_session() -> sa.Update:
    at = sa.bindparam("at", type_=sessions.c.last_seen_at.type)
    return (
        sa.update(sessions)
        .where(sessions.c.id == sa.bindparam("held_id"), sessions.c.last_seen_at < at)
        .values(last_seen_at=at)
    )
