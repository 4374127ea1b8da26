"""`bole run-case FOLDER`: one whole case from a folder of files to the archive package."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from bole.cli import OK, PROBLEMS, USAGE, django
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

HELP = Text(
    "按文件夹中的 case.yaml 和人员文件办理一个完整事项，直至归档包",
    "Drive one whole case from a folder (case.yaml and personnel files) to its archive package",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="归档包 / the archive package (.zip)")
    parser.add_argument("--until", help="办到这一步为止 / stop before this step")
    parser.add_argument("--json", action="store_true")


def problem(code: str, zh: str, en: str, where: str = "", **values: Any) -> BoleError:
    """One sentence about the folder."""
    return BoleError(Problem(code, Text(zh, en).fill(**values), where))


def run(args: argparse.Namespace) -> int:
    """0 finished and archived; 1 stopped, with the reasons; 2 the folder cannot be read."""
    file = args.folder / "case.yaml"
    if not file.is_file():
        text = Text(
            "{f} 不存在：请在文件夹中放入 case.yaml", "{f} does not exist: put a case.yaml there"
        )
        print(text.fill(f=file).say(args.lang), file=sys.stderr)
        return USAGE
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        text = Text("{f} 不是可读的 YAML：{e}", "{f} is not readable YAML: {e}")
        print(text.fill(f=file, e=error).say(args.lang), file=sys.stderr)
        return USAGE
    if not isinstance(data, dict):
        text = Text("{f} 应是一个映射（键: 值）", "{f} must be a mapping (key: value)")
        print(text.fill(f=file).say(args.lang), file=sys.stderr)
        return USAGE
    django()
    return _run(args, data)


def _run(args: argparse.Namespace, data: dict[str, Any]) -> int:
    from django.conf import settings
    from django.utils import timezone

    from bole.demo.county import by_role
    from bole.desk.walk import Stuck, Walk
    from bole.record.archive import archive_case
    from bole.schemes.actions import install
    from bole.selection import actions
    from bole.selection.models import Case

    today = timezone.localdate()
    started = data.get("started") or today
    if not isinstance(started, datetime.date) or started > today:
        raise problem(
            "CASE_STARTED",
            "started 应是不晚于今天的日期，如 2025-03-03",
            "started must be a date not after today, such as 2025-03-03",
            "case.yaml",
        )
    actors = _actors(data.get("actors") or {}, by_role())
    _import_files(args, actors["section_officer"][0])
    post = _post(data.get("post") or {})
    plan = _plan(data, actors)
    version = install(actor=None, name_or_path=data.get("scheme", "regulation-2019"))
    case = actions.open_case(
        actor=actors["section_officer"][0],
        posts=[post],
        scheme=version,
        facts=data.get("facts") or {},
        parameters=data.get("parameters") or {},
        on=started,
    )
    steps: list[dict[str, str]] = []

    def tell(day: datetime.date, name: Text) -> None:
        steps.append({"day": day.isoformat(), "step": name.say(args.lang)})
        print(f"{day.isoformat()}  {name.say(args.lang)}", file=sys.stderr, flush=True)

    walk = Walk(case, plan, actors, started, today, tell)
    stuck: list[str] = []
    try:
        look = walk.run(args.until)
    except Stuck as error:
        stuck = [p.say(args.lang) for p in error.problems]
        print(error.say(args.lang), file=sys.stderr)
        look = None
    case = Case.objects.get(pk=case.pk)
    package, digest = None, None
    if not stuck and args.until is None:
        package = args.output or settings.HOME / "archives" / f"{case.number}.zip"
        package.parent.mkdir(parents=True, exist_ok=True)
        digest = archive_case(
            actor=actors["department_head"][0],
            stream=case.stream,
            destination=package,
            title=case.title,
        )
    report = {
        "case": case.number,
        "title": case.title,
        "state": case.state,
        "here": list(look.status.here) if look else [],
        "steps": steps,
        "stuck": stuck,
        "package": str(package) if package else None,
        "sha256": digest,
    }
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        said = Text(
            "事项{n}：{s}，办结{k}步；归档包：{p}",
            "Case {n}: {s}, {k} steps finished; package: {p}",
        )
        print(
            said.fill(
                n=case.number, s=case.get_state_display(), k=len(steps), p=package or "—"
            ).say(args.lang)
        )
    return PROBLEMS if stuck else OK


def _actors(given: dict[str, Any], demo: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Users by role: named in the plan, else the accounts that hold the role."""
    from bole.accounts.models import Role, User

    found: dict[str, list[Any]] = {}
    for role in Role.values:
        names = given.get(role)
        names = [names] if isinstance(names, str) else names
        if names:
            users = list(User.objects.filter(username__in=names, is_active=True))
            missing = set(names) - {u.username for u in users}
            if missing:
                raise problem(
                    "ACTOR_UNKNOWN",
                    "没有账号：{n}",
                    "No account: {n}",
                    "actors",
                    n="、".join(sorted(missing)),
                )
        else:
            users = demo.get(role) or list(
                User.objects.filter(grants__role=role, is_active=True).distinct()
            )
        if users:
            found[role] = users
    for role in ("section_officer", "department_head", "inspector"):
        if role not in found:
            raise problem(
                "ACTOR_MISSING",
                "没有人担任“{r}”：请先开设账号并授予角色",
                "Nobody holds “{r}”: open an account and grant the role first",
                "actors",
                r=role,
            )
    return found


def _import_files(args: argparse.Namespace, actor: Any) -> None:
    """Personnel files of the folder are imported first; a broken one stops nothing but itself."""
    from bole.cli.import_ import SUFFIXES, _uploads
    from bole.people.imports import reading
    from bole.people.imports.write import write_import
    from bole.people.models import ImportBatch, ImportFile

    files = [f for f in sorted(args.folder.rglob("*")) if f.suffix.lower() in SUFFIXES]
    if not files:
        return
    batch = reading.start_import(actor=actor, name=args.folder.name, uploads=_uploads(files))
    while batch.state == ImportBatch.State.READING:
        reading.step(actor=actor, batch=batch, seconds=5)
        if not batch.files.filter(state=ImportFile.State.WAITING).exists():
            reading.accept_proposals(actor=actor, batch=batch)
    batch.items.filter(match="ask").update(chosen=False)
    if batch.items.filter(chosen=True).exists():
        count = write_import(actor=actor, batch=batch)
        text = Text("导入{n}人", "{n} persons imported")
        print(text.fill(n=count).say(args.lang), file=sys.stderr)


def _post(given: dict[str, Any]) -> Any:
    from bole.units.models import Post

    posts = Post.objects.filter(
        unit__name=str(given.get("unit", "")), title=str(given.get("title", ""))
    ).select_related("unit")
    post = posts.first()
    if post is None:
        raise problem(
            "POST_UNKNOWN",
            "没有职位“{u}{t}”：请核对 case.yaml 的 post",
            "There is no post “{u}{t}”: check `post` in case.yaml",
            "post",
            u=given.get("unit", ""),
            t=given.get("title", ""),
        )
    return post


def _person(entry: Any, where: str) -> tuple[Any, str]:
    """A cadre by name, with birth month or ID number where names are not enough."""
    from bole.people.models import Cadre

    entry = {"name": entry} if isinstance(entry, str) else dict(entry)
    rows = Cadre.objects.filter(name=entry.get("name", ""))
    if entry.get("id_number"):
        rows = Cadre.objects.filter(id_number=entry["id_number"])
    elif entry.get("birth"):
        year, month = str(entry["birth"])[:4], str(entry["birth"]).replace("-", "")[4:6]
        rows = rows.filter(birth__year=year, birth__month=month)
    found = list(rows[:2])
    if len(found) != 1:
        raise problem(
            "PERSON_UNKNOWN" if not found else "PERSON_AMBIGUOUS",
            "“{n}”没有对应的干部" if not found else "“{n}”有同名者，请写 id_number 或 birth",
            "No cadre “{n}”" if not found else "“{n}” has a namesake: give id_number or birth",
            where,
            n=entry.get("name", ""),
        )
    return found[0], entry.get("reason", "")


def _plan(data: dict[str, Any], actors: dict[str, list[Any]]) -> Any:
    from bole.desk.walk import Plan

    groups = {
        group: [_person(e, group) for e in entries]
        for group, entries in (data.get("groups") or {}).items()
    }
    groups.setdefault("inspection_group", [(u, "") for u in actors["inspector"]])
    if groups.get("proposed"):
        groups["proposed"] = [(c, r or "工作需要") for c, r in groups["proposed"]]
    options = {
        key: data[key]
        for key in (
            "facts",
            "parameters",
            "papers",
            "ballots",
            "answers",
            "judgements",
            "signers",
            "warnings",
            "waivers",
            "pace",
        )
        if key in data
    }
    return Plan(groups=groups, **options)
