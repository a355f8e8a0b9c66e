"""The contract of a store."""

from helpdesk_core.testing.cases_kept import CasesKept
from helpdesk_core.testing.commits import Commits
from helpdesk_core.testing.directory_changes import DirectoryChanges
from helpdesk_core.testing.figures_kept import FiguresKept
from helpdesk_core.testing.files_kept import FilesKept
from helpdesk_core.testing.found import Found
from helpdesk_core.testing.numbers_taken import NumbersTaken
from helpdesk_core.testing.people_erased import PeopleErased
from helpdesk_core.testing.people_kept import PeopleKept
from helpdesk_core.testing.promises_kept import PromisesKept
from helpdesk_core.testing.queued import Queued
from helpdesk_core.testing.races_stood import RacesStood
from helpdesk_core.testing.records_kept import RecordsKept
from helpdesk_core.testing.replies_kept import RepliesKept
from helpdesk_core.testing.sessions_kept import SessionsKept
from helpdesk_core.testing.sign_in_races import SignInRaces
from helpdesk_core.testing.tokens_kept import TokensKept
from helpdesk_core.testing.trail_kept import TrailKept
from helpdesk_core.testing.ways_in_kept import WaysInKept


class UnitOfWorkContract(
    RecordsKept,
    CasesKept,
    FiguresKept,
    FilesKept,
    TokensKept,
    PeopleKept,
    SessionsKept,
    WaysInKept,
    TrailKept,
    PeopleErased,
    RepliesKept,
    PromisesKept,
    NumbersTaken,
    Found,
    Queued,
    Commits,
    DirectoryChanges,
    RacesStood,
    SignInRaces,
):
    """What `ports.UnitOfWork` promises, as tests.

    Subclass it under a name that pytest collects, and give the subclass one fixture:

    `store`: an empty store for each test, with `begin()` that answers with a fresh unit of work
    and may be called from any thread, by sixty-four of them at once.
    """
