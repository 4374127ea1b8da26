"""`manage.py messages APP…` extracts the sentences of pages; `--check` finds untranslated ones.

Babel reads Python, Django's own `templatize` turns templates into what Babel reads, so that no
GNU gettext is needed.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "pgettext_lazy": ((1, "c"), 2),
    "ngettext_lazy": (1, 2),
}


def catalogue_path(app: Path) -> Path:
    """Where an app keeps its Chinese."""
    return app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def extract(app: Path) -> Catalog:
    """Every sentence of the app's Python files and templates."""
    catalog = Catalog(locale="zh_Hans", fuzzy=False)
    for file in sorted([*app.rglob("*.py"), *app.rglob("templates/**/*.html")]):
        if "migrations" in file.parts:
            continue
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".html":
            text = templatize(text, origin=str(file))
        for line, function, message, comments in extract_python(
            BytesIO(text.encode()), KEYWORDS.keys(), ["Translators"], {}
        ):
            add(catalog, function, message, file.relative_to(app), line, comments)
    return catalog


def add(catalog: Catalog, function: str, message, file: Path, line: int, comments) -> None:
    """Put one extracted call into the catalogue as its keyword says."""
    spec = KEYWORDS[function] or (1,)
    parts = message if isinstance(message, tuple) else (message,)
    context, ids = None, []
    for entry in spec:
        index, is_context = (entry[0], True) if isinstance(entry, tuple) else (entry, False)
        if len(parts) < index or not parts[index - 1]:
            return
        if is_context:
            context = parts[index - 1]
        else:
            ids.append(parts[index - 1])
    catalog.add(
        tuple(ids) if len(ids) > 1 else ids[0],
        locations=[(file.as_posix(), None)],
        context=context,
        user_comments=comments,
    )


class Command(BaseCommand):
    help = "Extract, check and compile the translations of the apps"

    def add_arguments(self, parser) -> None:
        parser.add_argument("apps", nargs="*")
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--compile", action="store_true")

    def handle(self, *args, **options) -> None:
        ours = [c for c in apps.get_app_configs() if c.name.startswith("bole.")]
        wanted = [c for c in ours if not options["apps"] or c.label in options["apps"]]
        missing: list[str] = []
        for config in wanted:
            app = Path(config.path)
            path = catalogue_path(app)
            known = read_po(path.open("rb")) if path.exists() else Catalog(locale="zh_Hans")
            if options["compile"]:
                if path.exists():
                    with path.with_suffix(".mo").open("wb") as file:
                        write_mo(file, known)
                continue
            found = extract(app)
            if options["check"]:
                for message in found:
                    there = known.get(message.id, message.context) if message.id else message
                    if message.id and (there is None or not all(strings(there))):
                        missing.append(f"{config.label}: {message.id}")
                continue
            known.update(found, no_fuzzy_matching=True)
            known.obsolete.clear()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, known, width=100, sort_output=True, include_lineno=False)
            empty = [m.id for m in known if m.id and not all(strings(m))]
            self.stdout.write(f"{config.label}: {len(known)} sentences, {len(empty)} empty")
        if missing:
            raise CommandError("Not translated:\n" + "\n".join(missing))


def strings(message) -> tuple[str, ...]:
    """The translation's forms."""
    return message.string if isinstance(message.string, tuple) else (message.string,)
