"""What every page sends along, what no template contains, and the production settings."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The list inside an archive package is a file of its own: no server sends it.
APART = ROOT / "src/bole/record/templates/record/package.html"
TEMPLATES = sorted({*(ROOT / "src" / "bole").glob("*/templates/**/*.html")} - {APART})
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.S)
# A script element without src runs only as data (type="application/json").
INLINE = {
    "inline script": re.compile(r"<script(?![^>]*\b(src=|type=\"application/json\"))[^>]*>", re.I),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "script address": re.compile(r"javascript:", re.I),
    "outside address": re.compile(r"(src|href|action)=[\"'](https?:)?//", re.I),
    "htmx script": re.compile(r"\bhx-on|hx-vals=[\"']js:", re.I),
}


@pytest.mark.django_db
def test_every_page_forbids_inline_script_and_frames(sign_in):
    for client, page in ((sign_in("section_officer"), "/"), (sign_in("auditor"), "/record/")):
        answer = client.get(page)
        policy = answer["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "default-src 'self'" in policy
        assert "object-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_no_template_has_inline_script_or_style(file):
    text = COMMENT.sub("", file.read_text(encoding="utf-8"))
    found = [name for name, pattern in INLINE.items() if pattern.search(text)]
    assert not found


def production(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("BOLE_")}
    environment |= {
        "BOLE_ENV": "production",
        "BOLE_HOME": str(tmp_path),
        "BOLE_HOSTS": "bole.example",
        "BOLE_SECRET_KEY": "Kx9" * 20 + "-qWz_71",
    } | changes
    environment = {k: v for k, v in environment.items() if v}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_production_settings_pass_the_deployment_check(tmp_path):
    done = production(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_production_does_not_start_without_a_key(tmp_path):
    done = production(tmp_path, BOLE_SECRET_KEY="")
    assert done.returncode != 0
    assert "BOLE_SECRET_KEY" in done.stderr
