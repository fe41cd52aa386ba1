"""Making items."""

from typing import Any

from django.utils.translation import gettext_lazy
from pymongo.client_session import ClientSession
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from content import services
from core.api.idempotency import Keep, answer_once
from core.database.documents import Raw


class CreationMixin:
    """An item whose request is repeated with its `Idempotency-Key` is made once."""

    takes_idempotency_key = True
    created_message: Any = gettext_lazy("%(noun)s created successfully")

    def create(self, request: Request) -> Response:
        return answer_once(request, self.document.collection_name(), self.make)

    def make(self, keep: Keep | None) -> Response:
        return self.show_new(self.perform_create(self.get_valid_serializer(), keep))

    def perform_create(self, serializer: BaseSerializer, keep: Keep | None) -> Raw:
        def keep_answer(raw: Raw, transaction: ClientSession | None) -> None:
            keep(self.show_new(raw), transaction)

        return services.create(
            self.document,
            serializer.validated_data,
            author=self.request.user,
            beside=keep and keep_answer,
        )

    def show_new(self, raw: Raw) -> Response:
        response = self.show(raw, self.created_message, status=201)
        response["Location"] = f"{self.request.path}/{raw['_id']}"
        return response
