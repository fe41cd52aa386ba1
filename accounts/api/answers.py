"""Accounts as they are answered."""

from rest_framework.response import Response

from accounts.api.serializers import UserSerializer
from core.api.conditional import item_tag
from core.api.envelope import answer
from core.database.documents import Raw


def answer_user(raw: Raw, message: str, *, status: int = 200) -> Response:
    """One account, with its entity tag."""
    shown = UserSerializer.represent(raw)
    return answer(shown, message, status=status, headers={"ETag": item_tag(raw, shown)})
