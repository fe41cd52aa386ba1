"""The base document serializer: validates what comes in, shows what is stored.

Documents are made and changed by services, never by a serializer. So of
django-rest-framework-mongoengine it derives fields, nested documents among them, and leaves out

- `save`, `create` and `update` with their `recursive_save`, which validates all of a document (an
  earlier one with a flaw elsewhere could not be changed), compares no version and knows no files,
- `UniqueValidator`, which asks before the write, so that two rivals both pass. The unique index
  decides, over a derived key: the library adds the validator where a shown field is unique itself,
- showing hydrated documents field by field, which costs four times a raw read. `represent` shows
  stored documents as they are; the declared fields are the allow-list of what leaves the database.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Set
from functools import cache
from typing import Any, ClassVar, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from mongoengine import fields as stored
from rest_framework import serializers
from rest_framework.serializers import FileField
from rest_framework_mongoengine.serializers import DocumentSerializer

from core.api import fields
from core.api.fields import WordsField
from core.database.documents import EmailAddress, HttpUrl, Raw, TextField

logger = logging.getLogger(__name__)

# What Django's form templates add to every form.
CSRF_TOKEN = "csrfmiddlewaretoken"


class Shown(NamedTuple):
    """One field of an answer: the stored key it comes from, and how it is written."""

    key: str
    write: Callable[[Any], Any]

    def written(self, value: Any) -> Any:
        """The value in an answer; null for one of a kind that nobody of us wrote: a list must
        not be lost over one odd document of the earlier service."""
        if value is None:
            return None
        try:
            return self.write(value)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            logger.warning("A stored %s cannot be shown: %r", self.key, error)
            return None


class InputMixin:
    """Reads a form: an empty value clears an optional field and is no value of another, and only
    what is a list may stand twice."""

    default_error_messages = {
        "invalid": _("Invalid data. Expected a dictionary, but got {datatype}."),
        "repeated": _("Give this field once."),
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return super().to_internal_value(self.read_form(data))

    def read_form(self, data: Any) -> Any:
        """The fields of a form, in JSON's terms; what is no form stays as it is."""
        if not isinstance(data, QueryDict):
            return data
        refusal = [self.error_messages["repeated"]]
        values = {name: given for name, given in data.lists() if name != CSRF_TOKEN}
        lists = {name for name in values if isinstance(self.fields.get(name), WordsField)}
        repeated = [name for name in values.keys() - lists if len(values[name]) > 1]
        if repeated:
            raise serializers.ValidationError(dict.fromkeys(repeated, refusal))
        single = {name: given[0] for name, given in values.items() if name not in lists}
        read = {name: value for name, value in single.items() if value not in ("", None)}
        read |= {name: None for name in single.keys() - read.keys() if self._is_clearable(name)}
        return read | {name: _words(values[name]) for name in lists}

    def _is_clearable(self, name: str) -> bool:
        """Whether an empty value says something: an empty file input is sent by every form."""
        field = self.fields.get(name)
        return field is not None and field.allow_null and not isinstance(field, FileField)


def _words(given: list[str]) -> list[str]:
    """The words of a list in a form, where they are comma-separated or repeated."""
    return [word for each in given for part in each.split(",") if (word := part.strip())]


class StrictInputMixin(InputMixin):
    """Also refuses unknown and read-only fields by name; one that comes back exactly as it was
    shown is passed over, as clients send what they read."""

    default_error_messages = {"unknown": _("This field is not known.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        data = self.read_form(data)
        if isinstance(data, Mapping):
            shown = self.as_shown()
            data = {k: v for k, v in data.items() if not self._comes_back(k, v, shown)}
        refused = self._refused(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(error.detail | refused) from error
        if refused:
            raise serializers.ValidationError(refused)
        return values

    def as_shown(self) -> Mapping[str, Any]:
        """What the client may have read of the thing that it changes."""
        return {}

    def _comes_back(self, name: str, value: Any, shown: Mapping[str, Any]) -> bool:
        field = self.fields.get(name)
        is_settable = field and not (field.read_only or isinstance(field, serializers.FileField))
        return not is_settable and name in shown and value in (shown[name], str(shown[name]))

    def _refused(self, data: Mapping[str, Any]) -> dict[str, list[Any]]:
        """What is wrong with the names of the fields."""
        errors = {}
        for name in data:
            field = self.fields.get(name)
            if field is None:
                message = self.error_messages["unknown"].format(allowed=", ".join(self.fields))
                errors[name] = [message]
            elif field.read_only:
                errors[name] = [_("This field cannot be set.")]
        return errors


class InputSerializer(InputMixin, serializers.Serializer):
    """Input that is not a document, of which unknown fields are ignored."""


class StrictSerializer(StrictInputMixin, serializers.Serializer):
    """Input that is not a document."""


class BaseDocumentSerializer(StrictInputMixin, DocumentSerializer):
    """Fields derived from a document's declarations, with the traps of the library mended."""

    # What new documents must have and those of the earlier service may lack.
    null_in_earlier: ClassVar[tuple[str, ...]] = ()
    # What is read of a document, whatever is shown of it: an earlier one without `created_at`
    # takes it from its id.
    always_read: ClassVar[Set[str]] = frozenset({"_id", "created_at"})

    serializer_choice_field = fields.OneOf
    serializer_field_mapping = DocumentSerializer.serializer_field_mapping | {
        TextField: fields.MultilineField,
        stored.StringField: fields.LineField,
        HttpUrl: fields.HttpUrlField,
        EmailAddress: fields.EmailAddressField,
        stored.DateTimeField: fields.MomentField,
        stored.BooleanField: fields.StrictBooleanField,
        stored.ObjectIdField: fields.IdField,
    }

    def build_standard_field(
        self, field_name: str, model_field: stored.BaseField
    ) -> tuple[type[serializers.Field], dict[str, Any]]:
        """The library gives optional fields no way to be null, and nullable strings blank."""
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        kwargs.pop("allow_blank", None)
        if kwargs.get("read_only"):
            return field_class, kwargs
        if not model_field.required and model_field.default is None:
            kwargs["allow_null"] = True
            if issubclass(field_class, serializers.CharField) and not model_field.min_length:
                kwargs["allow_blank"] = True
        return field_class, kwargs

    @classmethod
    @cache
    def shown(cls) -> dict[str, Shown]:
        """The fields of an answer by name, in order."""
        stored = cls.Meta.model.declared_fields()
        return {
            name: Shown(stored[field.source].db_field, field.to_representation)
            for name, field in cls().fields.items()
            if not field.write_only and field.source in stored
        }

    @classmethod
    @cache
    def names(cls) -> list[str]:
        """The names of the fields of an answer, in order."""
        return [name for name, field in cls().fields.items() if not field.write_only]

    @classmethod
    def projection(cls, names: Iterable[str] | None = None) -> dict[str, int]:
        """The stored keys that the named fields need, all by default."""
        shown = cls.shown()
        keys = {shown[name].key for name in (shown if names is None else names)}
        return dict.fromkeys(keys | cls.always_read, 1)

    @classmethod
    def represent(cls, raw: Raw, names: Iterable[str] | None = None) -> dict[str, Any]:
        """A stored document as the API shows it, or only the named fields of it."""
        shown = cls.shown()
        # A stored null is as good as nothing.
        raw = cls.Meta.model.complete({k: v for k, v in raw.items() if v is not None})
        return {
            name: shown[name].written(raw.get(shown[name].key))
            for name in (shown if names is None else names)
        }

    def to_representation(self, instance: Raw) -> dict[str, Any]:
        return self.represent(instance)

    def as_shown(self) -> Mapping[str, Any]:
        return {} if self.instance is None else self.represent(self.instance)
