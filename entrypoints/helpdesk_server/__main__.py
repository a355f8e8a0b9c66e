"""The command `helpdesk`."""

from helpdesk_server.commands.all import helpdesk


def main() -> None:
    """Run the command line of this process and exit."""
    helpdesk(prog_name="helpdesk")


if __name__ == "__main__":
    main()
