"""The first program that a reader of README sees does what it says there."""

import contextlib
import io
import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
EMBED = re.compile(r"<!-- embed:begin -->\s*```python\n(.*?)```\s*<!-- embed:end -->", re.DOTALL)


def test_the_readmes_desk_in_memory_takes_5_minutes_and_120() -> None:
    (program,) = EMBED.findall(README.read_text(encoding="utf-8"))
    printed = io.StringIO()
    with contextlib.chdir(README.parent), contextlib.redirect_stdout(printed):
        exec(compile(program, str(README), "exec"), {"__name__": "__main__"})  # noqa: S102

    assert "5 120\n" == printed.getvalue()
