"""Backup of everything (database and papers) into one file, and restoring it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from bole import __version__
from bole.engine.chain import file_digest
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.record import queries, streams
from bole.record.actions import append
from bole.record.streams import OFFICE
from bole.record.verification import Findings, verify_database

FORMAT = "bole-backup/1"
ABOUT, MEDIA = "backup.json", "media/"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


@dataclass(frozen=True)
class Backup:
    """What a backup file says about itself."""

    path: Path
    made_at: str
    software: str
    database: str
    entries: int
    head: str
    files: dict[str, str]
    migrations: list[list[str]]


@dataclass(frozen=True)
class Restored:
    """The outcome: what was put back, what the verifier says, and where the old state lies."""

    backup: Backup
    findings: Findings
    aside: Path


def back_up(path: Path) -> Backup:
    """Write database and papers to one zip file, while the system goes on working.

    The file holds personal data of everyone: it is readable for its owner only.
    Records: record.backup. Raises BoleError if the file exists or cannot be written, or while a
    room objects (a secret vote is open: its rows still lie as they came).
    """
    if problems := streams.against_a_copy():
        raise BoleError(problems)
    if path.exists():
        raise _refuse(
            "FILE_EXISTS", "文件已存在，不会覆盖", "The file exists: not overwritten", path
        )
    database = connection.vendor
    files: dict[str, str] = {}
    part = path.with_name(path.name + ".part")
    try:
        part.touch(mode=0o600)
        with transaction.atomic():
            append(actor=None, action="record.backup", stream=OFFICE, after={"file": path.name})
        head = queries.head()
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".bole-backup-") as folder:
            dump = Path(folder) / DATABASES[database]
            _dump(dump)
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
                for source, name in [(dump, dump.name), *_media()]:
                    out.write(source, name)
                    files[name] = file_digest(source)
                about = {
                    "format": FORMAT,
                    "made_at": timezone.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "software": f"bole {__version__}",
                    "database": database,
                    "entries": head.count,
                    "head": head.hash,
                    "files": files,
                    "migrations": _applied(),
                }
                out.writestr(ABOUT, json.dumps(about, ensure_ascii=False, indent=1))
        part.rename(path)
    except OSError as error:
        raise _refuse(
            "FILE_UNWRITABLE", f"无法写入：{error}", f"Cannot be written: {error}", path
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return read(path)


def read(path: Path, *, check_files: bool = False) -> Backup:
    """What a backup holds; with `check_files` every file in it is compared with its digest.

    Raises BoleError (BACKUP_UNREADABLE, BACKUP_DAMAGED).
    """
    try:
        with zipfile.ZipFile(path) as zipped:
            about = json.loads(zipped.read(ABOUT))
            if about.pop("format") != FORMAT or about["database"] not in DATABASES:
                raise ValueError(FORMAT)
            backup = Backup(path=path, **about)
            names = {n for n in zipped.namelist() if not n.endswith("/")} - {ABOUT}
            if any(".." in PurePosixPath(n).parts or n.startswith("/") for n in names):
                raise ValueError("path")
            if check_files:
                damaged = sorted(names ^ set(backup.files))
                for name, digest in backup.files.items():
                    if name in names and _digest_in(zipped, name) != digest:
                        damaged.append(name)
                if damaged:
                    listed = "、".join(damaged[:5])
                    raise _refuse(
                        "BACKUP_DAMAGED",
                        f"备份文件已损坏或被改动：{listed}",
                        f"The backup is damaged or was changed: {listed}",
                        path,
                    )
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise _refuse(
            "BACKUP_UNREADABLE",
            "这不是伯乐的备份文件，或无法读取",
            "This is not a backup of bole, or it cannot be read",
            path,
        ) from error
    return backup


def restore(path: Path) -> Restored:
    """Put a backup in the place of everything; the former state is kept aside first.

    Works while the server runs, but nobody should be working. An older backup is migrated to
    this version. The record is verified at the end. Records: record.restore.
    Raises BoleError (also BACKUP_OTHER, BACKUP_NEWER) before anything is touched.
    """
    backup = read(path, check_files=True)
    _check_fits(backup)
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    aside = Path(settings.HOME) / f"before-restore-{stamp}"
    media = Path(settings.MEDIA_ROOT)
    fresh = media.with_name(f"{media.name}.restoring")
    former = _state()
    with zipfile.ZipFile(path) as zipped, tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        shutil.rmtree(fresh, ignore_errors=True)
        for name in backup.files:
            target = Path(folder) / name
            if name.startswith(MEDIA):
                target = fresh / name.removeprefix(MEDIA)
            target.parent.mkdir(parents=True, exist_ok=True)
            with zipped.open(name) as source, target.open("wb") as out:
                shutil.copyfileobj(source, out)
            if name.startswith(MEDIA + "papers/"):
                target.chmod(0o440)
        fresh.mkdir(exist_ok=True)
        aside.mkdir(mode=0o700)
        _dump(aside / DATABASES[backup.database])
        _load(Path(folder) / DATABASES[backup.database])
    if media.exists():
        shutil.move(media, aside / "media")  # the folders may lie on different disks
    fresh.rename(media)
    connection.close()
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    with transaction.atomic():
        append(
            actor=None,
            action="record.restore",
            stream=OFFICE,
            before=former,
            after={"made_at": backup.made_at, "entries": backup.entries, "head": backup.head},
        )
    return Restored(backup, verify_database(), aside)


def _state() -> dict[str, Any]:
    """Length and head of the record as it stands; of an empty database, nothing."""
    try:
        head = queries.head()
    except Error:
        connection.close()
        return {"entries": 0, "head": ""}
    return {"entries": head.count, "head": head.hash}


def _check_fits(backup: Backup) -> None:
    if backup.database != connection.vendor:
        raise _refuse(
            "BACKUP_OTHER",
            f"备份来自 {backup.database}，当前数据库是 {connection.vendor}，不能互相恢复",
            f"The backup comes from {backup.database}, the database here is {connection.vendor}",
            backup.path,
        )
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = set(loader.disk_migrations)
    newer = [f"{app}.{name}" for app, name in backup.migrations if (app, name) not in known]
    if newer:
        raise _refuse(
            "BACKUP_NEWER",
            f"备份由更新的版本（{backup.software}）生成，请先升级本系统：{newer[0]}",
            f"A newer version made the backup ({backup.software}); upgrade first: {newer[0]}",
            backup.path,
        )


def _media() -> Iterator[tuple[Path, str]]:
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.name.startswith(".new-"):
            yield file, MEDIA + file.relative_to(root).as_posix()


def _applied() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def _digest_in(zipped: zipfile.ZipFile, name: str) -> str:
    with zipped.open(name) as opened:
        return file_digest(opened)  # type: ignore[arg-type]


def _dump(target: Path) -> None:
    """The whole database as it is at one moment."""
    if connection.vendor == "sqlite":
        with (
            contextlib.closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    _program("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def _load(dump: Path) -> None:
    """Replace the database's content in one transaction."""
    connection.close()
    if connection.vendor == "sqlite":
        with (
            contextlib.closing(sqlite3.connect(dump)) as source,
            contextlib.closing(
                sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=60)
            ) as target,
        ):
            try:
                source.backup(target)
            except sqlite3.Error as error:
                raise _refuse(
                    "DATABASE_BUSY",
                    f"数据库正在使用，未恢复：请先停止服务（{error}）",
                    f"The database is in use, nothing was restored: stop the service ({error})",
                ) from error
            target.execute("PRAGMA journal_mode=WAL")
        return
    script = dump.with_suffix(".sql")
    _program("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump), to=None)
    anew = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _program("psql", *options, f"--command={anew}", f"--file={script}", "--output=/dev/null")


def _program(name: str, *arguments: str, to: str | None = "database") -> None:
    """Run a PostgreSQL client program; the password goes through the environment."""
    found = shutil.which(name) or next(
        (str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)),
        None,
    )
    if found is None:
        raise _refuse(
            "NO_POSTGRESQL_CLIENT",
            f"未找到 {name}，请安装 PostgreSQL 客户端（postgresql-client）",
            f"{name} was not found: install the PostgreSQL client (postgresql-client)",
        )
    given = connection.settings_dict
    environment = dict(os.environ)
    if to:
        for key, variable in [
            ("HOST", "PGHOST"),
            ("PORT", "PGPORT"),
            ("USER", "PGUSER"),
            ("PASSWORD", "PGPASSWORD"),
            ("NAME", "PGDATABASE"),
        ]:
            if given.get(key):
                environment[variable] = str(given[key])
        if mode := given.get("OPTIONS", {}).get("sslmode"):
            environment["PGSSLMODE"] = mode
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise _refuse("POSTGRESQL_FAILED", f"{name} 失败：{last}", f"{name} failed: {last}")


def _refuse(code: str, zh: str, en: str, path: Path | None = None) -> BoleError:
    return BoleError(Problem(code, Text(zh, en), str(path or "")))
