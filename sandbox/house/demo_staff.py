"""The demo staff of a house: an account of each role, with one password, and kept replies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from core.environment import StoreSettings, read_settings
from core.keys import open_ring
from core.privacy import Seal
from records.database import open_database
from records.replies import Replies
from records.staff import StaffAccounts
from sandbox.house.settings import DemoStaffSettings

_REPLIES: Final = Path(__file__).with_name("demo_replies.yml")
# Address, name, role; nobody real.
STAFF: Final = (
    ("agent@twiza.example", "Amina Alaoui", "agent"),
    ("agent2@twiza.example", "Hicham Ouali", "agent"),
    ("reviewer@twiza.example", "ⵉⵟⵟⵓ ⴰⵢⵜ ⵃⵎⴰⴷ", "reviewer"),
    ("supervisor@twiza.example", "سعاد الإدريسي", "supervisor"),
    ("auditor@twiza.example", "Younes Tahiri", "auditor"),
    ("admin@twiza.example", "Leila Naciri", "admin"),
)


def main() -> None:
    """Make the accounts that are not there yet."""
    stores = read_settings(StoreSettings)
    password = read_settings(DemoStaffSettings).demo_staff_password.get_secret_value()
    seal = Seal(open_ring(stores.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    database = open_database(stores.records_url)
    keep_replies(Replies(database))
    accounts = StaffAccounts(database, seal)
    for email, name, role in STAFF:
        if accounts.with_email(email) is None:
            accounts.add(email, name, role, password)


def keep_replies(replies: Replies) -> None:
    """Keep the replies of a new house, where there are none yet."""
    if replies.all():
        return
    read = yaml.safe_load(_REPLIES.read_text(encoding="utf-8"))
    for language, texts in read.items():
        for name, text in texts.items():
            replies.save(language, name, text)


if __name__ == "__main__":
    main()
