"""Dossier routes, the consultation matrix, petition results."""

from __future__ import annotations

from typing import Any

from bole.engine.vetting.routing import (
    ConsultMatrix,
    PetitionRules,
    Routes,
    bodies,
    petition,
    route,
)
from tests.golden.chapter_5._read import rows, shown, yes
from tests.golden.harness import adapter
from tests.golden.packs import item


@adapter("181.3", "218.2")
def dossier_routes(case: dict[str, Any]) -> Any:
    rule, config = item("vetting", Routes, *case["mechanisms"]), case.get("config") or {}
    out = []
    for r in rows(case["input"]):
        on_file = {
            k.removesuffix("_on_file").replace("_", " "): v
            for k, v in r.items()
            if k.endswith("_on_file") and v
        }
        answer = route(rule, r["findings"], on_file, config.get("order"))
        out.append(shown(answer, person=r["person"]))
    return out


@adapter("326.8")
def consultation(case: dict[str, Any]) -> Any:
    rule = item("vetting", ConsultMatrix, *case["mechanisms"])
    return [
        shown(
            bodies(rule, r["person"], {k: yes(v) for k, v in r.items()}, r["requested"] or []),
            person=r["person"],
        )
        for r in rows(case["input"])
    ]


@adapter("235.6", "236.8", "144.7")
def petitions(case: dict[str, Any]) -> Any:
    packs = [item("vetting", PetitionRules, m) for m in ("235.6", "236.8")]
    gap = item("vetting", PetitionRules, "144.7")
    out: dict[str, Any] = {"columns": ["case", "pack_X", "pack_Y"], "rows": []}
    for r in rows(case["input"]):
        facts = {k: yes(v) for k, v in r.items()}
        answers = [petition(pack, [gap], r["case"], facts) for pack in packs]
        out["rows"].append([r["case"], *(a.values["result"] for a in answers)])
        said = next((a.text.en for a in answers if a.said), "")
        out[f"tell_user_{r['case']}"] = said
    return out
