"""The kinds of the installed schemes; a version never changes, so each is read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bole.engine.matters import MatterKind, judged_sections, kinds_of
from bole.matters.models import Matter
from bole.schemes.models import SchemeVersion
from bole.schemes.queries import current

GENERAL = "全国"
_read: dict[str, dict[str, MatterKind]] = {}  # by the digest of the version


@dataclass(frozen=True)
class Offered:
    """A kind of an installed scheme."""

    code: str
    kind: MatterKind
    version: SchemeVersion

    @property
    def place(self) -> str:
        return self.version.place

    @property
    def general(self) -> bool:
        return self.place == GENERAL


def _kinds(digests: Iterable[str]) -> dict[str, dict[str, MatterKind]]:
    """The kinds of versions by digest; one query for those that were not read yet."""
    missing = {d for d in digests if d not in _read}
    if missing:
        names = judged_sections()
        rows = SchemeVersion.objects.filter(digest__in=missing)
        for digest, said, parameters, *sections in rows.values_list(
            "digest",
            "document__matters",
            "document__parameters",
            *(f"document__{name}" for name in names),
        ):
            values = {name: p["default"] for name, p in (parameters or {}).items()}
            items = {n: s or {} for n, s in zip(names, sections, strict=True)}
            _read[digest] = kinds_of(said or {}, values, items)
    return _read


def offered(area: str = "") -> list[Offered]:
    """Every kind of the newest versions: the general ones first, then by place."""
    digests = dict(current().values_list("pk", "digest"))
    kinds = _kinds(digests.values())
    wanted = [pk for pk, digest in digests.items() if kinds[digest]]
    found = [
        Offered(code, kind, version)
        for version in SchemeVersion.objects.filter(pk__in=wanted).defer("document")
        for code, kind in kinds[version.digest].items()
        if area in ("", kind.area)
    ]
    return sorted(found, key=lambda o: (not o.general, o.place, o.version.pk))


def find_kind(code: str, scheme: str = "") -> Offered | None:
    """The kind `code` of the newest version of a scheme, else the general one, else any."""
    return next((o for o in offered() if o.code == code and scheme in ("", o.version.code)), None)


def kind_of(matter: Matter) -> MatterKind:
    """The kind as it stood when the matter was opened."""
    digest = matter.scheme.digest
    return _kinds([digest])[digest][matter.kind]


def kinds_in_use() -> dict[tuple[int, str], MatterKind]:
    """Every kind that some matter has, by (scheme version, kind); two queries."""
    pairs = list(Matter.objects.order_by().values_list("scheme_id", "kind").distinct())
    digests = dict(
        SchemeVersion.objects.filter(pk__in={pk for pk, _code in pairs}).values_list("pk", "digest")
    )
    kinds = _kinds(digests.values())
    return {(pk, code): kinds[digests[pk]][code] for pk, code in pairs}
