"""Files of tickets: bytes in, bytes out."""

from collections.abc import Iterable
from typing import Final

from helpdesk_core.attachments import LONGEST_FILE_NAME, USUAL_FILES, too_large
from helpdesk_core.errors import Forbidden, HelpdeskError, Invalid, InvalidTransition, NotFound
from helpdesk_core.limits import CUSTOMER_FILES, CUSTOMER_FILES_A_DAY, STAFF_FILES, UNKNOWN_CASES
from helpdesk_core.permissions import Act
from helpdesk_core.use_cases.attaching import NO_LONGER_KEPT
from helpdesk_core.use_cases.finding import NO_SUCH_CASE
from helpdesk_http.attachments import AttachedBody, UploadedBody
from helpdesk_http.openapi import staff, support, tickets
from helpdesk_http.openapi.fields import address, line
from helpdesk_http.openapi.intake import past
from helpdesk_http.openapi.operations import Operation, Parameter, Says, Upload
from helpdesk_http.openapi.samples import FILE

_ANY_BYTES: Final = "application/octet-stream"
_KINDS: Final = ", ".join(sorted(USUAL_FILES.media_types))

_NAME: Final = Parameter(
    name="name",
    place="query",
    schema=line(LONGEST_FILE_NAME, "A plain file name."),
    description=f"What the file is called; its ending tells its kind. Usually taken: {_KINDS}.",
    required=True,
    example=FILE.name,
)
_EMAIL: Final = Parameter(
    name="email",
    place="query",
    schema=address("The case's address."),
    description="Required where numbers are sequential, checked where sent.",
)
_FILE_ID: Final = Parameter(
    name="attachmentId",
    place="path",
    schema={"type": "string"},
    description="The file's id, a UUID.",
    example=str(FILE.id),
)
_BYTES: Final = Upload(
    description=(
        "The file itself, whatever type the request gives it: no form, and not compressed. Usually "
        f"at most {USUAL_FILES.largest_file} bytes, and {USUAL_FILES.most_files} files a ticket."
    ),
    media_types=(_ANY_BYTES,),
)
_ATTACHED: Final = AttachedBody(
    attachment=UploadedBody(
        id=FILE.id,
        name=FILE.name,
        media_type=FILE.media_type,
        size=FILE.size,
        uploaded_at=FILE.uploaded_at,
        looks_secret=FILE.looks_secret,
    )
)
_REFUSALS: Final[tuple[HelpdeskError, ...]] = (
    Invalid("File name is required", name="missing"),
    Invalid(f"Files of this kind are not taken; these are: {_KINDS}", name="kind"),
    Invalid("File is empty", file="empty"),
    Invalid("The body must be the file itself, not a form", file="in a form"),
    Invalid(f"A ticket takes {USUAL_FILES.most_files} files or fewer", file="too many"),
    Forbidden("This desk takes no files"),
    too_large(USUAL_FILES),
)


def _of_staff(
    what: str, tag: str, path: str, parameter: Parameter, unknown: HelpdeskError
) -> Iterable[Operation]:
    """Adding a file to a `what`, and fetching it."""
    yield Operation(
        method="POST",
        path=f"{path}/attachments",
        name=f"attachTo{what}",
        tag=tag,
        summary="Add a file",
        description=(
            "An update may then refer to it by its id. A text in which there seem to be cookies, "
            "tokens or keys, as there are in many a HAR file, is taken, and its `looksSecret` is "
            "true."
        ),
        parameters=(parameter, _NAME),
        body=_BYTES,
        says=(
            Says(
                description="The file is kept.",
                kind=AttachedBody,
                examples={"attached": _ATTACHED},
                headers=("ETag",),
            ),
        ),
        refusals=(*_REFUSALS, unknown, past(STAFF_FILES)),
        act=Act.ATTACH_FILES,
        keyed=True,
        conditional=True,
    )
    yield Operation(
        method="GET",
        path=f"{path}/attachments/{{attachmentId}}",
        name=f"fetchFileOf{what}",
        tag=tag,
        summary="Fetch a file",
        description="As it was sent, to be kept and never opened in the desk's own name.",
        parameters=(parameter, _FILE_ID),
        says=(
            Says(
                description="The bytes of the file, of the type that its name tells.",
                schema={},
                media_type="*/*",
                headers=("Content-Disposition",),
            ),
        ),
        refusals=(unknown, NotFound("Attachment not found"), NotFound(NO_LONGER_KEPT)),
        act=Act.READ_TICKETS,
    )


OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/api/support/case/{caseNumber}/attachments",
        name="attachToOwnCase",
        tag=support.TAG,
        summary="Add a file to a case",
        description="Where the desk lets its customers: usually it does not.",
        parameters=(staff.NUMBERED, _NAME, _EMAIL),
        body=_BYTES,
        says=(
            Says(
                description="The file is kept.",
                kind=AttachedBody,
                examples={"attached": _ATTACHED},
            ),
        ),
        refusals=(
            *_REFUSALS,
            Forbidden("Customers may not attach files here"),
            NotFound(NO_SUCH_CASE),
            InvalidTransition("A case that is CLOSED takes no files"),
            past(UNKNOWN_CASES),
            past(CUSTOMER_FILES),
            past(CUSTOMER_FILES_A_DAY),
        ),
        keyed=True,
    ),
    *_of_staff("Case", staff.TAG, staff.PATH, staff.NUMBERED, NotFound(NO_SUCH_CASE)),
    *_of_staff("Ticket", tickets.TAG, tickets.PATH, tickets.ID, tickets.UNKNOWN),
)
