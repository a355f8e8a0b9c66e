"""What may go to a terminal."""


def printable(line: str) -> str:
    """The line without what could command a terminal or turn its text around."""
    if line.isprintable():
        return line
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
