"""Archive clock, completeness of a link, certificates, filing packages, windows of time."""

from __future__ import annotations

from typing import Any

from bole.engine.vetting.clocks import ArchiveClock, Window, answers_for, archive, still_valid
from bole.engine.vetting.papers import (
    CertificateRule,
    CertificateSignature,
    Completeness,
    FilingRule,
    SlotPaper,
    certificate,
    complete,
    file_package,
)
from tests.golden.chapter_5._read import calendar, day, rows, shown, yes
from tests.golden.harness import adapter
from tests.golden.packs import item


@adapter("433.1", "433.2")
def archive_clock(case: dict[str, Any]) -> Any:
    rule, data = item("vetting", ArchiveClock, *case["mechanisms"]), case["input"]
    return [
        shown(
            archive(
                rule,
                day(r["issued"]),
                day(r["last_paper_filed"]),
                day(r["report_written"]),
                calendar(data),
            ),
            batch=r["batch"],
        )
        for r in rows(data)
    ]


@adapter("007.5", "250.3", "308.2", "395.2")
def completeness(case: dict[str, Any]) -> Any:
    rule, data = item("vetting", Completeness, *case["mechanisms"]), case["input"]
    papers = rows(data["papers"])
    return [
        shown(
            complete(
                rule,
                r["person"],
                {k: yes(v) for k, v in r.items() if k != "person"},
                [
                    SlotPaper(p["paper"], p["recorder"], p["reviewer"], p["state"])
                    for p in papers
                    if p["person"] == r["person"]
                ],
            ),
            person=r["person"],
        )
        for r in rows(data)
    ]


@adapter("145.3", "291.5", "326.7", "348.3")
def certificates(case: dict[str, Any]) -> Any:
    rule = item("vetting", CertificateRule, *case["mechanisms"])

    def signature(row: dict[str, Any], side: str) -> CertificateSignature:
        return CertificateSignature(
            row[f"{side}_person"], row[f"{side}_role"], day(row[f"{side}_date"])
        )

    return [
        shown(
            certificate(
                rule,
                yes(r["concluding"]),
                day(r["text_date"]),
                signature(r, "a"),
                signature(r, "b"),
            ),
            certificate=r["certificate"],
        )
        for r in rows(case["input"])
    ]


@adapter("445.4")
def filing(case: dict[str, Any]) -> Any:
    rule, config = item("vetting", FilingRule, *case["mechanisms"]), case.get("config") or {}
    unit = {"calendar": "calendar_days", "working": "working_days"}.get(str(config.get("days")))
    out = []
    for r in rows(case["input"]):
        answer = file_package(
            rule,
            {k: yes(v) for k, v in r.items()},
            day(r["notice_from"]),
            day(r["notice_to"]),
            unit,  # type: ignore[arg-type]
            yes(config.get("first_day_counts")),
            calendar(case["input"]),
        )
        out.append(shown(answer, unit=r["unit"]))
    return out


@adapter("008.3", "S3-3.1", "042.4")
def windows(case: dict[str, Any]) -> Any:
    data = case["input"]
    event, validity, liability = (item("vetting", Window, m) for m in ("008.3", "S3-3.1", "042.4"))
    out: dict[str, Any] = {}
    if "a" in data:
        out["a"] = []
        for r in rows(data["a"]):
            answer = answers_for(
                event, day(r["promoted"]), day(r["sanctioned"]), yes(r["conduct_in_former_post"])
            )
            out["a"].append(
                shown(answer, nominee=r["nominee"], situation_5=answer.values["result"])
            )
    if "b" in data:
        out["b"] = []
        for r in rows(data["b"]):
            answer = still_valid(validity, day(r["dated"]), day(r["used_on"]))
            out["b"].append(shown(answer, form=r["form"], valid=answer.values["result"]))
    if "c" in data:
        out["c"] = []
        for r in rows(data["c"]):
            answer = still_valid(liability, day(r["dated"]), day(r["raised_on"]))
            out["c"].append(
                shown(answer, recommendation=r["recommendation"], within=answer.values["result"])
            )
    return out
