"""Where the bytes of attachments are kept: a folder, or a bucket of an S3-compatible service."""

from helpdesk_files.folder import FolderFiles
from helpdesk_files.opening import open_files

__all__ = ["FolderFiles", "open_files"]
