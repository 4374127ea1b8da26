"""The menu shows exactly the rooms that open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bole.accounts.models import Role
from bole.web.context import ROOMS


@pytest.mark.parametrize("role", Role.values)
def test_every_room_of_the_menu_opens_and_no_other(sign_in, role):
    client = sign_in(role)
    shown = {room.url for room in client.get(reverse("accounts:own")).context["rooms"]}
    for room in ROOMS:
        answer = client.get(reverse(room.url))
        # The own file of an account without a cadre says so; it opens all the same.
        assert (answer.status_code == 200) == (room.url in shown), (role, room.url)
