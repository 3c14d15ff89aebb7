"""PostgreSQL's own programs: found on the PATH, and told of a database without an argument.

Arguments stand in the list of processes; a password goes by the environment.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from core.environment import inherited
from worker.keeping.manifest import BackupRefused

_BY_ENVIRONMENT: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "application_name": "PGAPPNAME",
}


def find_program(name: str) -> str:
    """The path of a program. Raises BackupRefused where it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise BackupRefused(f"{name} is needed: install the client programs of PostgreSQL")
    return found


def environment_of(url: str) -> Mapping[str, str]:
    """The environment in which a program of PostgreSQL speaks to the database at a URL.

    Raises BackupRefused for a part of the URL that it cannot be told.
    """
    parsed = sa.make_url(url)
    told = {
        "PGHOST": parsed.host,
        "PGPORT": str(parsed.port) if parsed.port else None,
        "PGUSER": parsed.username,
        "PGPASSWORD": parsed.password,
        "PGDATABASE": parsed.database,
    }
    for name, value in parsed.query.items():
        if name not in _BY_ENVIRONMENT:
            raise BackupRefused(f"{name} in the URL of the database cannot be told to pg_dump")
        told[_BY_ENVIRONMENT[name]] = value if isinstance(value, str) else ",".join(value)
    return inherited("PATH", "LANG", "HOME") | {key: value for key, value in told.items() if value}
