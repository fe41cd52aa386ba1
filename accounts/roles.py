"""The four roles and what each may do: the one table that permissions, pages and tests read."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    CONTRIBUTOR = "contributor"
    AUTHOR = "author"
    EDITOR = "editor"
    ADMIN = "admin"


class Ability(StrEnum):
    """What a role may allow. Items without an owner are nobody's own."""

    CREATE = "create"
    CHANGE_OWN_DRAFTS = "change_own_drafts"
    CHANGE_OWN = "change_own"
    PUBLISH_OWN = "publish_own"
    # Also to publish them, and to see them in every state.
    CHANGE_ALL = "change_all"
    # Accounts, webhooks, activity.
    ADMINISTER = "administer"


LABELS: Mapping[Role, Any] = {
    Role.CONTRIBUTOR: _("Contributor"),
    Role.AUTHOR: _("Author"),
    Role.EDITOR: _("Editor"),
    Role.ADMIN: _("Admin"),
}

_DRAFTS = {Ability.CREATE, Ability.CHANGE_OWN_DRAFTS}
_OWN = _DRAFTS | {Ability.CHANGE_OWN, Ability.PUBLISH_OWN}
_ALL = _OWN | {Ability.CHANGE_ALL}
ABILITIES: Mapping[Role, frozenset[Ability]] = {
    Role.CONTRIBUTOR: frozenset(_DRAFTS),
    Role.AUTHOR: frozenset(_OWN),
    Role.EDITOR: frozenset(_ALL),
    Role.ADMIN: frozenset(_ALL | {Ability.ADMINISTER}),
}

# The earlier service knows authors, its only writers, and admins.
EARLIER = Role.AUTHOR
# What `role` alone decides; being an admin is decided by `is_admin`, which that service writes too.
STORED = (Role.CONTRIBUTOR, Role.EDITOR)


def role_of(raw: Mapping[str, Any]) -> Role:
    """The role of a stored user."""
    if raw.get("is_admin") is True:
        return Role.ADMIN
    stored = raw.get("role")
    return Role(stored) if stored in STORED else EARLIER


def stored_as(role: Role) -> dict[str, Any]:
    """A role as it is stored: with what the earlier service reads."""
    return {"role": role.value, "is_admin": role is Role.ADMIN}


def stored_among(roles: list[Role]) -> dict[str, Any]:
    """The database's clause for users of these roles, which says what `role_of` says."""
    no_admin = {"is_admin": {"$ne": True}}
    clauses: list[dict[str, Any]] = []
    if Role.ADMIN in roles:
        clauses.append({"is_admin": True})
    if named := [role.value for role in STORED if role in roles]:
        clauses.append(no_admin | {"role": {"$in": named}})
    if EARLIER in roles:
        clauses.append(no_admin | {"role": {"$nin": [role.value for role in STORED]}})
    return clauses[0] if len(clauses) == 1 else {"$or": clauses}
