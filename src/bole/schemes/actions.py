"""Installing schemes. A version never changes; a change of the pack is a new version."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.schemes import Scheme, files, load
from bole.record.actions import append
from bole.record.streams import OFFICE
from bole.schemes.models import SchemeVersion


@transaction.atomic
def install(*, actor: User | None, name_or_path: str | Path) -> SchemeVersion:
    """Install a pack, or find the version that equals it. Raises BoleError by line.

    `actor` None is the set-up of the program itself. The rules' expressions are checked, too.
    """
    if actor is not None:
        require(actor, "schemes.install")
    return _store(actor, load(name_or_path, settings.SCHEMES_DIRECTORY, expressions=True))


@transaction.atomic
def install_shipped(
    *, actor: User | None = None
) -> tuple[list[SchemeVersion], dict[str, list[Problem]]]:
    """Install every pack of the schemes directory; the versions, and what is wrong by file.

    Packs with faults are left out. What is installed already was checked then: only the rules of
    other packs are held against the fact catalogue, which takes seconds to load.
    """
    if actor is not None:
        require(actor, "schemes.install")
    where = Path(settings.SCHEMES_DIRECTORY)
    known = set(SchemeVersion.objects.values_list("digest", flat=True))
    versions: list[SchemeVersion] = []
    problems: dict[str, list[Problem]] = {}
    for path in files(where):
        try:
            scheme = load(path, where)
            if scheme.all_rules and scheme.digest not in known:
                scheme = load(path, where, expressions=True)
        except BoleError as error:
            problems[str(path.relative_to(where))] = list(error.problems)
        else:
            versions.append(_store(actor, scheme))
    return versions, problems


def checked(name: str, content: bytes) -> tuple[Scheme | None, list[Problem]]:
    """An uploaded pack file, or every problem by line; the rules are checked, too.

    What the pack extends is looked for in the schemes directory.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "pack.yaml")
        path.write_bytes(content)
        try:
            return load(path, settings.SCHEMES_DIRECTORY, expressions=True), []
        except BoleError as error:
            return None, list(error.problems)


@transaction.atomic
def install_file(*, actor: User, name: str, content: bytes) -> SchemeVersion:
    """Install an uploaded pack file. Raises BoleError with every problem by line."""
    require(actor, "schemes.install")
    scheme, problems = checked(name, content)
    if scheme is None:
        raise BoleError(problems)
    return _store(actor, scheme)


def _store(actor: User | None, scheme: Scheme) -> SchemeVersion:
    stands = SchemeVersion.objects.filter(digest=scheme.digest).first()
    if stands is not None:
        return stands
    version = SchemeVersion.objects.create(
        code=scheme.id,
        name_zh=scheme.name.zh,
        name_en=scheme.name.en,
        place=scheme.place,
        effective_from=scheme.effective_from,
        effective_to=scheme.effective_until,
        digest=scheme.digest,
        document=scheme.model_dump(mode="json", by_alias=True),
        has_procedure=scheme.procedure is not None,
        installed_by=actor,
    )
    append(
        actor=actor,
        action="scheme.install",
        stream=OFFICE,
        after={"scheme": scheme.id, "version": scheme.version, "digest": scheme.digest},
    )
    return version
