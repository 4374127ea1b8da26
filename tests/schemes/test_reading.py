"""The picture of a procedure: names fit their boxes, in both languages."""

from __future__ import annotations

import itertools

import pytest

from bole.engine.schemes import load_all
from bole.schemes import reading

PROCEDURES = [s for s in load_all()[0] if s.procedure is not None]


@pytest.mark.parametrize(
    ("name", "room", "lines"),
    [
        ("民主推荐", 120, ("民主推荐",)),
        (
            "呈报党委（党组）批准并通知本人及所在单位",
            120,
            ("呈报党委（党组）批", "准并通知本人及所在", "单位"),
        ),
        ("Democratic recommendation", 120, ("Democratic", "recommendation")),
        ("Pneumonoultramicroscopic", 80, ("Pneumonoul", "tramicrosc", "opic")),
        ("", 80, ("",)),
    ],
)
def test_names_are_broken_where_words_end(name, room, lines):
    found = reading.fitted(name, room, reading.STEP_SIZE)
    assert all(reading.width_of(line, reading.STEP_SIZE) <= room for line in found)
    assert "".join(found).replace(" ", "") == name.replace(" ", "")
    assert found == lines


@pytest.mark.parametrize("scheme", PROCEDURES, ids=lambda s: s.id)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_link_is_cut_and_boxes_do_not_touch(scheme, language):
    drawn = reading.picture(scheme.procedure, language)
    for lane in drawn.lanes:
        assert " ".join(text for text, _y in lane.lines).count("…") == lane.name.count("…"), lane
    for one, other in itertools.combinations(drawn.boxes, 2):
        assert abs(one.x - other.x) >= drawn.box_width or abs(one.y - other.y) >= drawn.box_height
    last = {box.id: box.lines[-1] for box in drawn.boxes}
    assert all(y < box.y + drawn.box_height for box in drawn.boxes for _t, y in [last[box.id]])
