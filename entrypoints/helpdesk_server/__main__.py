"""The command `helpdesk`."""

from helpdesk_server.commands.all import helpdesk
from helpdesk_server.logs import log_nothing


def main() -> None:
    """Run the command line of this process and exit."""
    log_nothing()
    helpdesk(prog_name="helpdesk")


if __name__ == "__main__":
    main()
