"""The demo staff of a house: an account of each role, made once, all with the house's password."""

from __future__ import annotations

from typing import Final

from core.environment import StoreSettings, read_settings
from core.keys import open_ring
from core.privacy import Seal
from records.database import open_database
from records.staff import StaffAccounts
from sandbox.house.settings import DemoStaffSettings

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
    accounts = StaffAccounts(open_database(stores.records_url), seal)
    for email, name, role in STAFF:
        if accounts.with_email(email) is None:
            accounts.add(email, name, role, password)


if __name__ == "__main__":
    main()
