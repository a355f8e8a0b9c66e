"""What people say on the sample desk, read from its file."""

import tomllib
from importlib.resources import files

from helpdesk_server.sample.scene import Customer, Words


def words_to_say() -> Words:
    """All of it."""
    text = files("helpdesk_server.sample").joinpath("words.toml").read_text("utf-8")
    words = tomllib.loads(text)
    return Words(
        customers=tuple(
            Customer(name=it["name"], email=it["email"], is_signed_in=it["signedIn"])
            for it in words["customers"]
        ),
        clients=tuple(Customer(**it) for it in words["clients"]),
        descriptions=words["descriptions"],
        questions={
            issue: [(it["subject"], it["message"]) for it in asked]
            for issue, asked in words["questions"].items()
        },
        messages=words["messages"],
    )
