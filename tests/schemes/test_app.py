"""The schemes room: who reads, what a pack shows, comparing, uploading."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bole.accounts.models import Role
from bole.engine.errors import BoleError
from bole.schemes.actions import install, install_shipped
from bole.schemes.models import SchemeVersion

pytestmark = pytest.mark.django_db
PACK = """id: test-pack
name: 试用办法
place: 安澜县
parameters:
  years: {label: 年限, type: int, open: true}
rules:
  eligibility:
    - {id: T.1, text: 工龄够, require: years_of_work >= years, reference: 第3条, verified: false}
    - {id: T.2, text: 民主作风好, judged: 作风是否民主}
"""


def pack(text: str = PACK, name: str = "test-pack.yaml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def nine_steps(db):
    return install(actor=None, name_or_path="justice-bureau-nine-steps")


@pytest.mark.parametrize("role", Role.values)
def test_who_reads_schemes(sign_in, role):
    status = sign_in(role).get(reverse("schemes:list")).status_code
    readers = ("section_officer", "department_head", "auditor", "audit_administrator")
    assert status == (200 if role in readers else 403)


def test_a_pack_as_a_person_reads_it(sign_in, nine_steps):
    client = sign_in("section_officer")
    listed = client.get(reverse("schemes:list"), {"q": "九步", "procedure": "yes"})
    assert [row["cells"][2]["value"] for row in listed.context["table"].body] == [nine_steps.code]
    page = client.get(reverse("schemes:detail", args=[nine_steps.pk])).content.decode()
    assert "来源未定，使用时填写" in page or "open: asked for when used" in page
    for step in ("targets", "recommend"):
        assert f'href="#step-{step}"' in page and f'id="step-{step}"' in page
    assert "S3-2.1" in page and "style=" not in page


def test_two_packs_compared(sign_in, nine_steps):
    other = install(
        actor=None,
        name_or_path=settings.SCHEMES_DIRECTORY / "regulation-2019/regulation-2019.yaml",
    )
    client = sign_in("auditor")
    url = reverse("schemes:compare", args=[other.pk, nine_steps.pk])
    table = client.get(url, {"kind": "added", "part": "rule"}).context["table"]
    assert "NS.3" in {d.id for d in table.rows}
    same = reverse("schemes:compare", args=[other.pk, other.pk])
    assert client.get(same).context["table"].rows == []
    form = client.get(reverse("schemes:comparing", args=[other.pk]), {"other": nine_steps.pk})
    assert form.url == url


def test_upload_shows_every_error_by_line(sign_in):
    bad = PACK.replace("years_of_work >= years", "year_of_work >= 3").replace(
        "judged: 作风是否民主", "judge: 作风"
    )
    response = sign_in("department_head").post(
        reverse("schemes:upload"), {"file": pack(bad), "do": "install"}
    )
    where = [p.where for p in response.context["problems"]]
    assert where and all(w.startswith("test-pack.yaml:") for w in where)
    assert not SchemeVersion.objects.exists()
    only = PACK.replace("years_of_work >= years", "year_of_work >= 3")
    response = sign_in("department_head").post(reverse("schemes:upload"), {"file": pack(only)})
    assert "years_of_work" in response.content.decode()


def test_the_head_installs_and_nobody_else(sign_in):
    url = reverse("schemes:upload")
    assert sign_in("section_officer").post(url, {"file": pack()}).status_code == 403
    client = sign_in("department_head")
    checked = client.post(url, {"file": pack(), "do": "check"})
    assert checked.context["scheme"].id == "test-pack" and not SchemeVersion.objects.exists()
    client.post(url, {"file": pack(), "do": "install"})
    assert SchemeVersion.objects.get().code == "test-pack"
    client.post(url, {"file": pack(name="../../etc/x.txt")})
    assert SchemeVersion.objects.count() == 1


def test_json_schema(sign_in):
    response = sign_in("section_officer").get(reverse("schemes:schema"))
    assert response.json()["$schema"].startswith("https://json-schema.org/")


def test_shipped_packs_with_a_bad_rule_are_refused_by_line_and_column(settings, tmp_path):
    settings.SCHEMES_DIRECTORY = tmp_path
    folder = tmp_path / "somewhere"
    folder.mkdir()
    (folder / "good.yaml").write_text(PACK, encoding="utf-8")
    bad = PACK.replace("id: test-pack", "id: bad-pack").replace("years_of_work", "year_of_work")
    (folder / "bad.yaml").write_text(bad, encoding="utf-8")
    versions, problems = install_shipped()
    assert [v.code for v in versions] == ["test-pack"]
    (problem,) = problems["somewhere/bad.yaml"]
    assert problem.where == "bad.yaml:8:28" and "第1列" in problem.text.zh
    assert "years_of_work" in problem.text.zh
    with pytest.raises(BoleError, match="bad.yaml:8:28"):
        install(actor=None, name_or_path=folder / "bad.yaml")
    again, _ = install_shipped()
    assert again == versions and SchemeVersion.objects.count() == 1
