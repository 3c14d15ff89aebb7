"""Opening the records database, and the one way in: short transactions that end well or not at all.

SQLite and PostgreSQL keep the same promises. A transaction that writes on SQLite takes the write
lock at its start (BEGIN IMMEDIATE), because a lock asked for half-way is refused without waiting.
Only this module knows which of the two is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import DeclarativeBase, Session, configure_mappers

from core.environment import read_settings
from core.errors import SettingsFaulty, StoreUnavailable
from records.settings import SqlSettings

_READING: Final = "twiza_reading"
_ALONE: Final = "twiza_alone"
# Connections that stay open between two busy moments.
_KEPT_CONNECTIONS: Final = 5


class Database:
    """An open database. Every method raises StoreUnavailable where SQL fails."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._reading = engine.execution_options(**{_READING: True})
        # PostgreSQL is told so; SQLite takes a statement for a transaction where none was begun.
        mode = {} if engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        self._alone = engine.execution_options(**{_ALONE: True}, **mode)

    @contextmanager
    def session(self, within: Session | None = None) -> Iterator[Session]:
        """A transaction that may write: committed at the end, rolled back on any exception.

        With `within`, the work joins that transaction and is committed by its owner.
        """
        if within is not None:
            yield within
            return
        with _told_as_unavailable(), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def writing(self, within: Session | None = None) -> Iterator[sa.Connection]:
        """The same as `session`, for statements alone: it costs half of a session."""
        if within is not None:
            yield within.connection()
            return
        with _told_as_unavailable(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads and holds up no writer; nothing done in it is kept."""
        with _told_as_unavailable(), Session(self._reading) as session:
            yield session

    def scrub(self) -> None:
        """Let what was deleted leave the files too: on SQLite its log of writes is emptied.

        Deleted rows themselves are overwritten as they are deleted (`secure_delete`).
        """
        if self.engine.dialect.name == "sqlite":
            with _told_as_unavailable(), self._reading.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def first(self, statement: sa.Executable, values: Mapping[str, object]) -> Any | None:
        """The first row of a statement of columns, with its values, or None.

        For what is read at every turn: it costs a third of a row of a mapped class, and no words
        about a transaction, of which it is the only statement.
        """
        with _told_as_unavailable(), self._alone.connect() as connection:
            return connection.execute(statement, values).first()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def open_database(
    url: str, wait_seconds: int = 2, statement_seconds: float | None = None
) -> Database:
    """The database at a SQLAlchemy URL, not yet connected. Raises SettingsFaulty on a bad URL.

    Nobody waits longer than `wait_seconds` for a connection, or for the write lock of SQLite; the
    default stays below the five seconds that a USSD gateway waits for an answer. A statement may
    run for `statement_seconds` on PostgreSQL, 0 for as long as it does, or as the settings say.
    """
    try:
        parsed = sa.make_url(url)
        on_sqlite = parsed.get_backend_name() == "sqlite"
        if on_sqlite and parsed.database in (None, "", ":memory:"):
            raise ArgumentError("in memory")
        sql = read_settings(SqlSettings)
        kept = min(sql.sql_connections, _KEPT_CONNECTIONS)
        engine = sa.create_engine(
            parsed,
            connect_args={"timeout": wait_seconds} if on_sqlite else _manners(sql, wait_seconds),
            hide_parameters=True,
            pool_size=kept,
            max_overflow=sql.sql_connections - kept,
            pool_timeout=wait_seconds,
            pool_pre_ping=not on_sqlite,
        )
    except ArgumentError:
        # The cause is left out: it may quote the URL, which may hold a password.
        faults = ["TWIZA_RECORDS_URL: the URL of an SQLite file or of PostgreSQL is needed"]
        raise SettingsFaulty(faults) from None
    # Now rather than with the first query: what is made before a process is forked is held once.
    configure_mappers()
    if on_sqlite:
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        most = sql.sql_statement_seconds if statement_seconds is None else statement_seconds
        limits = _limits(wait_seconds, most, sql.sql_silence_seconds)
        sa.event.listen(engine, "connect", partial(_prepare_postgresql, limits))
    return Database(engine)


def _manners(sql: SqlSettings, wait_seconds: int) -> dict[str, Any]:
    """What the driver does about a server that went away without a word."""
    seconds = max(1, round(sql.sql_silence_seconds))
    asks = max(1, seconds // 4)
    return {
        "connect_timeout": max(2, wait_seconds),
        "tcp_user_timeout": seconds * 1000,
        "keepalives_idle": asks,
        "keepalives_interval": asks,
        "keepalives_count": 3,
    }


def insert_if_absent(
    work: Session | sa.Connection, table: type[DeclarativeBase], **values: Any
) -> None:
    """Insert a row unless one with its key exists, whichever process is first."""
    insert = sqlite.insert if _on_sqlite(work) else postgresql.insert
    work.execute(insert(table).values(**values).on_conflict_do_nothing())


def queue_up(work: Session | sa.Connection, name: str) -> None:
    """Let one transaction at a time past this point for each name, until it ends.

    On SQLite there is only ever one that writes.
    """
    if not _on_sqlite(work):
        work.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))


def _on_sqlite(work: Session | sa.Connection) -> bool:
    bind = work.get_bind() if isinstance(work, Session) else work
    return bind.dialect.name == "sqlite"


def _limits(wait_seconds: float, statement_seconds: float, silence_seconds: float) -> str:
    """What is set on each connection: a lock is waited for as long as SQLite's would be.

    A client that went away without a word, on a host that is cut off, holds its locks no longer
    than it would wait for the server.
    """
    lock, statement = round(wait_seconds * 1000), round(statement_seconds * 1000)
    seconds = max(1, round(silence_seconds))
    asks = max(1, seconds // 4)
    limits = {
        "lock_timeout": max(1, lock),
        "statement_timeout": statement,
        "tcp_user_timeout": seconds * 1000,
        "tcp_keepalives_idle": asks,
        "tcp_keepalives_interval": asks,
        "tcp_keepalives_count": 3,
    }
    return "; ".join(f"SET {name} = {value}" for name, value in limits.items())


def _prepare_postgresql(limits: str, connection: Any, _: object) -> None:
    connection.execute(limits)
    connection.commit()


def _prepare_sqlite(connection: Any, _: object) -> None:
    # Transactions are begun by _begin_sqlite, not by the driver at the first write.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten: an erasure leaves no words in free pages.
    connection.execute("PRAGMA secure_delete = ON")
    # WAL stays with the file; setting it again would need the file for oneself.
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_ALONE, False):
        reading = options.get(_READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _told_as_unavailable() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolExhausted) as failure:
        raise StoreUnavailable("the records database does not answer") from failure
