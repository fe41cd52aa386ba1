"""The roles of stored users, and what each may."""

from itertools import pairwise

import pytest

from accounts.documents import User
from accounts.roles import ABILITIES, Ability, Role, role_of, stored_among, stored_as

STORED = [
    ({}, Role.AUTHOR),
    ({"is_admin": True}, Role.ADMIN),
    ({"is_admin": False}, Role.AUTHOR),
    ({"is_admin": None, "role": None}, Role.AUTHOR),
    ({"role": "contributor"}, Role.CONTRIBUTOR),
    ({"role": "editor", "is_admin": False}, Role.EDITOR),
    # What the earlier service wrote since has the last word.
    ({"role": "editor", "is_admin": True}, Role.ADMIN),
    ({"role": "admin", "is_admin": False}, Role.AUTHOR),
    ({"role": "admin"}, Role.AUTHOR),
    # Of its own fields of that name nothing follows.
    ({"role": "owner"}, Role.AUTHOR),
    ({"role": 7}, Role.AUTHOR),
    ({"is_admin": "yes"}, Role.AUTHOR),
]


@pytest.mark.parametrize(("raw", "role"), STORED)
def test_a_stored_user_has_one_role(raw, role):
    assert role_of(raw) is role


@pytest.mark.parametrize("role", Role)
def test_the_database_finds_whom_the_rule_names(role):
    User.collection().insert_many([dict(raw) for raw, _ in STORED])
    found = User.collection().count_documents(stored_among([role]))
    assert found == sum(expected is role for _, expected in STORED)
    rest = User.collection().count_documents(stored_among([r for r in Role if r is not role]))
    assert rest == len(STORED) - found


@pytest.mark.parametrize("role", Role)
def test_what_is_stored_reads_back(role):
    assert role_of(stored_as(role)) is role


def test_each_role_may_what_the_one_before_may_and_more():
    ladder = [ABILITIES[role] for role in Role]
    assert all(lower < higher for lower, higher in pairwise(ladder))
    assert ladder[-1] == set(Ability)
