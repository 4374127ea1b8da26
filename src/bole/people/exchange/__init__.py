"""Files that cadre offices exchange: appointment forms (.lrmx, .lrm) and rosters (.xlsx).

Pure functions on plain data; no Django, no database. Read with `read_path`, `read_zip` or
`read_bytes`, write with `write_lrmx`; `as_person` is the JSON of `bole read`. Whom on file a form
means, and what would change, is `people/imports`; rosters are written by `people/roster`.
"""

from .batch import FileReading, read_bytes, read_path, read_zip
from .dates import Age, PartialDate, age_on, parse_date
from .identity import IdNumber, read_id
from .lrm import read_lrm
from .lrmx import read_lrmx
from .lrmx_write import write_lrmx
from .output import as_person
from .posts import UnitNames, split_post
from .record import (
    Education,
    FamilyRow,
    PartyMembership,
    PersonFile,
    PostRow,
    Source,
    StudyRow,
    UnknownTag,
)
from .resume import compose_resume, read_resume
from .roster import Question, RosterReading, SheetReading, read_roster
from .roster_columns import ColumnMapping, header_key

__all__ = [
    "Age",
    "ColumnMapping",
    "Education",
    "FamilyRow",
    "FileReading",
    "IdNumber",
    "PartialDate",
    "PartyMembership",
    "PersonFile",
    "PostRow",
    "Question",
    "RosterReading",
    "SheetReading",
    "Source",
    "StudyRow",
    "UnitNames",
    "UnknownTag",
    "age_on",
    "as_person",
    "compose_resume",
    "header_key",
    "parse_date",
    "read_bytes",
    "read_id",
    "read_lrm",
    "read_lrmx",
    "read_path",
    "read_resume",
    "read_roster",
    "read_zip",
    "split_post",
    "write_lrmx",
]
