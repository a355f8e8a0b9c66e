"""What is said in each language by other means than templates: instants, and the core's words."""

from collections.abc import Mapping
from typing import Final

import attrs

from helpdesk_core.text import read_instant


@attrs.frozen(kw_only=True)
class Language:
    """One language. `instant` takes `{day} {month} {year} {hour} {minute}`.

    `words` are what people say for the words of the core.
    """

    months: tuple[str, ...]
    instant: str
    words: Mapping[str, str]

    def word(self, text: str) -> str:
        """What people say for a word of the core; any other text as it is."""
        return self.words.get(text, text)

    def written(self, instant: str) -> str:
        """The instant in UTC, to the minute, its month in letters; nothing when it is none."""
        read = read_instant(instant)
        if read is None:
            return ""
        return self.instant.format(
            day=read.day,
            month=self.months[read.month - 1],
            year=read.year,
            hour=f"{read.hour:02}",
            minute=f"{read.minute:02}",
        )


ENGLISH: Final = Language(
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    instant="{day} {month} {year}, {hour}:{minute} UTC",
    words={
        "case": "case",
        "ticket": "ticket",
        "OPEN": "open",
        "IN_PROGRESS": "in progress",
        "WAITING": "waiting",
        "RESOLVED": "resolved",
        "CLOSED": "closed",
        "REJECTED": "rejected",
        "CANCELLED": "cancelled",
        "LOW": "low",
        "MEDIUM": "medium",
        "HIGH": "high",
        "CRITICAL": "critical",
        "TECHNICAL": "technical",
        "BILLING": "billing",
        "GENERAL": "general",
        "FREE": "free",
        "BUSINESS": "business",
        "ENTERPRISE": "enterprise",
        "signed in": "signed in",
        "not verified": "not verified",
        "first response": "first response",
        "resolution": "resolution",
        "next response": "next response",
        "periodic update": "periodic update",
    },
)

INDONESIAN: Final = Language(
    months=(
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    instant="{day} {month} {year} pukul {hour}.{minute} UTC",
    words={
        "case": "kasus",
        "ticket": "tiket",
        "OPEN": "terbuka",
        "IN_PROGRESS": "sedang dikerjakan",
        "WAITING": "menunggu",
        "RESOLVED": "diselesaikan",
        "CLOSED": "ditutup",
        "REJECTED": "ditolak",
        "CANCELLED": "dibatalkan",
        "LOW": "rendah",
        "MEDIUM": "sedang",
        "HIGH": "tinggi",
        "CRITICAL": "kritis",
        "TECHNICAL": "teknis",
        "BILLING": "penagihan",
        "GENERAL": "umum",
        "FREE": "gratis",
        "BUSINESS": "bisnis",
        "ENTERPRISE": "perusahaan",
        "signed in": "sudah masuk",
        "not verified": "belum diverifikasi",
        "first response": "tanggapan pertama",
        "resolution": "penyelesaian",
        "next response": "tanggapan berikutnya",
        "periodic update": "kabar berkala",
    },
)

LANGUAGE_OF: Final[Mapping[str, Language]] = {"en": ENGLISH, "id": INDONESIAN}
"""By the name that a notice has for it."""
