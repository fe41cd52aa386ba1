"""To the trash, out of it, and away for good."""

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from content import services
from content.publishing.states import Sight
from core.api.envelope import answer
from core.api.views import Taken, named, takes

PERMANENTLY = Taken("`true`: remove for good, also what is in the trash.", {"type": "boolean"})


class TrashMixin:
    """What is in the trash is found for these actions only."""

    @extend_schema(summary="Move to the trash, or remove for good")
    @takes(permanently=PERMANENTLY)
    def destroy(self, request: Request, id: str) -> Response:
        permanently = self.read_flag("permanently")
        self.sight = Sight(request.user, with_trash=permanently)
        remove = services.remove if permanently else services.trash
        key = self.get_object()["_id"]
        remove(self.document, key, actor=request.user, check=self.check_again)
        return answer(None, self.say(gettext_lazy("%(noun)s deleted successfully")))

    @named("restore{}")
    @extend_schema(summary="Take out of the trash", request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, id: str) -> Response:
        self.sight = Sight(request.user, with_trash=True)
        key = self.get_object()["_id"]
        raw = services.restore(self.document, key, actor=request.user, check=self.check_again)
        return self.show(raw, gettext_lazy("%(noun)s restored successfully"))
