"""What a command is given for an account, held to the rules of a registration."""

from django.core.management.base import CommandError

from accounts.api.serializers import RegisterSerializer
from core.database.documents import Raw


def validated(fields: Raw) -> Raw:
    """These fields, as a registration would accept them; raises CommandError."""
    serializer = RegisterSerializer(data=fields, partial=True)
    if not serializer.is_valid():
        problems = [f"{name}: {' '.join(map(str, e))}" for name, e in serializer.errors.items()]
        raise CommandError(" ".join(problems))
    return serializer.validated_data
