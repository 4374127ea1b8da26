"""The forms that an officer can choose from: shipped in schemes, and made or changed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bole.ballots.models import FormVersion
from bole.engine.decision.section import resolved
from bole.engine.errors import BoleError, Problem
from bole.engine.schemes import files, load
from bole.engine.text import Text

OWN = "own"  # the key of a form made here is "own:<code>"


@dataclass(frozen=True)
class Found:
    """A form or package of forms. `form`: its data; `made_by`: empty when it is shipped."""

    key: str
    title: Text
    source: Text
    form: Mapping[str, Any]
    version: str = ""

    @property
    def package(self) -> bool:
        """Whether it is a package of forms."""
        return self.form.get("kind") == "package"

    @property
    def forms(self) -> list[str]:
        """The keys of the forms of a package."""
        scheme = self.key.partition(":")[0]
        return [f if ":" in f else f"{scheme}:{f}" for f in self.form.get("forms", ())]

    @property
    def own(self) -> bool:
        """Whether it was made here."""
        return self.key.startswith(f"{OWN}:")

    def matches(self, text: str) -> bool:
        """Whether every word of a search stands in its names."""
        said = " ".join((self.key, *self.title.as_dict().values(), *self.source.as_dict().values()))
        return all(word in said.lower() for word in text.lower().split())


def _text(value: Any, fallback: str) -> Text:
    if isinstance(value, Mapping):
        return Text(str(value.get("zh") or fallback), str(value.get("en") or fallback))
    return Text(str(value), str(value)) if value else Text(fallback, fallback)


@lru_cache(maxsize=4)
def _shipped(stamp: tuple[tuple[str, int], ...]) -> tuple[Found, ...]:
    out = []
    for name, _time in stamp:
        path = Path(name)
        if "instruments:" not in path.read_text(encoding="utf-8", errors="replace"):
            continue
        try:
            scheme = load(path)
        except BoleError:  # `bole scheme check` says what is wrong with it
            continue
        source = Text(f"{scheme.place} · {scheme.name.zh}", f"{scheme.place} · {scheme.name.en}")
        for key, data in scheme.instruments.items():
            if data.get("kind", "form") not in ("form", "package"):
                continue
            form = resolved(data, scheme.values())
            form["id"] = form.get("id") or key
            title = _text(form.get("title"), key)
            out.append(
                Found(f"{scheme.id}:{key}", title, source, form, str(form.get("version", "")))
            )
    return tuple(sorted(out, key=lambda f: (f.source.zh, f.key)))


def shipped() -> tuple[Found, ...]:
    """The forms and packages of all schemes that are shipped or installed beside them."""
    return _shipped(tuple((str(p), p.stat().st_mtime_ns) for p in files()))


def made_here() -> list[Found]:
    """The newest version of every form made here that is in use."""
    newest: dict[str, FormVersion] = {}
    for row in FormVersion.objects.order_by("code", "version").select_related("made_by"):
        newest[row.code] = row
    return [_own(r) for r in newest.values() if not r.retired]


def _own(row: FormVersion) -> Found:
    source = Text(f"本单位 · {row.made_by}", f"made here · {row.made_by}")
    title = _text(row.form.get("title"), row.title)
    return Found(f"{OWN}:{row.code}", title, source, row.form, str(row.version))


def search(text: str = "") -> list[Found]:
    """All forms, those made here first."""
    return [f for f in (*made_here(), *shipped()) if f.matches(text)]


def find(key: str) -> Found:
    """One form by its key. Raises `BoleError` (FORM_UNKNOWN)."""
    source, _colon, code = key.partition(":")
    if source == OWN:
        row = FormVersion.objects.filter(code=code).order_by("-version").first()
        if row is not None:
            return _own(row)
    else:
        found = next((f for f in shipped() if f.key == key), None)
        if found is not None:
            return found
    text = Text("没有“{k}”这张表", 'there is no form "{k}"').fill(k=key)
    raise BoleError(Problem("FORM_UNKNOWN", text))
