"""What storing something costs in this source tree, beside another one's, in one run.

`git worktree add /elsewhere 31aebe8 && python bench/beside.py /elsewhere`. Each tree's desk is a
process of its own, which lies idle while the other's is measured; rounds are interleaved, and
ratios taken round by round. CPU is the desk's, and on PostgreSQL the server's besides; both are
microseconds a commit of a lone client. HELPDESK_BENCH_POSTGRES_URL as in `lists.py`.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import attrs
from lists import POSTGRES, postgres_urls, sqlite_urls

OURS: Final = Path(__file__).parent.parent


@attrs.frozen
class Worker:
    """A tree's desk at work."""

    process: subprocess.Popen[str]
    acts: tuple[str, ...]

    def cost(self, act: str, start: int, amount: int) -> tuple[float, float]:
        """Microseconds of CPU and by the clock on the wall, for one commit."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([act, start, amount]) + "\n")
        self.process.stdin.flush()
        cpu, wall = json.loads(self.process.stdout.readline())
        return cpu, wall


@contextmanager
def at_work(tree: Path, url: str) -> Iterator[Worker]:
    """The desk of a tree, in an empty database; killed at the end."""
    folders = (tree, tree / "adapters", tree / "entrypoints", tree / "bench")
    command = [sys.executable, "-P", str(OURS / "bench" / "beside_worker.py"), url]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    with subprocess.Popen(
        command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield Worker(process, tuple(json.loads(process.stdout.readline())))
        finally:
            process.kill()


def rows(ours: Worker, base: Worker, rounds: int, amount: int) -> Iterator[str]:
    """A table of the acts that both trees know."""
    yield "| act | CPU us | base | ratio | wall us | base | ratio |"
    yield "|---|---|---|---|---|---|---|"
    for act in (it for it in ours.acts if it in base.acts):
        found = []
        for number in range(rounds + 1):
            there, here = (it.cost(act, number * amount, amount) for it in (base, ours))
            if number:  # the first round prepares statements
                found.append((here[0], there[0], here[1], there[1]))
        cpu, base_cpu, wall, base_wall = (median(column) for column in zip(*found, strict=True))
        cpu_ratio = median(it[0] / it[1] for it in found)
        wall_ratio = median(it[2] / it[3] for it in found)
        yield (
            f"| {act} | {cpu:.0f} | {base_cpu:.0f} | {cpu_ratio:.2f} "
            f"| {wall:.0f} | {base_wall:.0f} | {wall_ratio:.2f} |"
        )


def main() -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument("--amount", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    kinds = {"SQLite": sqlite_urls}
    if POSTGRES in os.environ:
        kinds["PostgreSQL"] = postgres_urls
    for name, urls in kinds.items():
        with ExitStack() as stack:
            ours_at, base_at = stack.enter_context(urls())
            ours = stack.enter_context(at_work(OURS, ours_at))
            base = stack.enter_context(at_work(chosen.base.resolve(), base_at))
            print(f"\n{name}\n", flush=True)
            for line in rows(ours, base, chosen.rounds, chosen.amount):
                print(line, flush=True)


if __name__ == "__main__":
    main()
