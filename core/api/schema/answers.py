"""What comes back: the envelope around every answer, and refusals."""

from http import HTTPStatus
from typing import Any

from core.api.envelope import success
from core.api.schema import components
from core.api.schema.components import NULL, PAGE_EXAMPLE, REFUSALS, Schema, reference

Document = dict[str, Any]


def describe_answers(result: Document, **_context: Any) -> Document:
    """A postprocessing hook of the generator."""
    parts = result["components"]
    tags = {tag["name"]: tag for tag in result.get("tags", ())}
    for operations in result["paths"].values():
        for operation in operations.values():
            _describe(operation, parts["schemas"])
            # A new resource needs no entry in the settings.
            tags |= {name: {"name": name} for name in operation["tags"] if name not in tags}
    for sent in result.get("webhooks", {}).values():
        for operation in sent.values():
            # Others answer these, as they like, and have no account here.
            del operation["x-flat"], operation["x-refusals"], operation["x-moves"]
            operation["security"] = []
    result["tags"] = list(tags.values())
    parts["schemas"] = dict(sorted((parts["schemas"] | components.shared_schemas()).items()))
    parts["responses"] = dict(components.refusals())
    _use_plain_null(parts["schemas"])
    return result


def _describe(operation: Schema, schemas: dict[str, Schema]) -> None:
    is_flat, refusals = operation.pop("x-flat"), operation.pop("x-refusals")
    answers = operation["responses"]
    for code, answer in answers.items():
        answer["description"] = HTTPStatus(int(code)).phrase
        if not is_flat:
            _put_in_envelope(answer, schemas)
    if any(each["name"] == "If-None-Match" for each in operation.get("parameters", ())):
        answers["304"] = {"description": "What the client has is still right"}
    if operation.pop("x-moves"):
        answers["308"] = components.MOVED
    for code in refusals:
        answers[code] = reference(REFUSALS[code][0], "responses")
    operation["responses"] = dict(sorted(answers.items()))
    # Said of every operation, so that none is open by oversight.
    operation.setdefault("security", [])


def _put_in_envelope(answer: Schema, schemas: dict[str, Schema]) -> None:
    nothing = {"schema": NULL, "examples": {"Answer": {"value": None}}}
    content = answer.setdefault("content", {"application/json": nothing})["application/json"]
    data = content["schema"]
    is_page = data.get("type") == "array"
    name = _envelope_name(data)
    meta = reference("PageMeta") if is_page else NULL
    schemas.setdefault(name, components.envelope(data, meta))
    content["schema"] = reference(name)
    for example in content.get("examples", {}).values():
        example["value"] = success(example["value"], "…", PAGE_EXAMPLE if is_page else None)


def _envelope_name(data: Schema) -> str:
    """`BlogEnvelope`, `BlogListEnvelope`, and `EmptyEnvelope` around nothing."""
    if data == NULL:
        return "EmptyEnvelope"
    if "items" in data:
        return f"{_name(data['items'])}ListEnvelope"
    return f"{_name(data)}Envelope"


def _name(schema: Schema) -> str:
    return schema["$ref"].rpartition("/")[2]


def _use_plain_null(schemas: dict[str, Schema]) -> None:
    """The generator's own component for it is an enumeration, which generated clients take for a
    kind of text."""
    if schemas.pop("NullEnum", None):
        for schema in schemas.values():
            for described in schema.get("properties", {}).values():
                if reference("NullEnum") in described.get("oneOf", ()):
                    described["oneOf"].remove(reference("NullEnum"))
                    described["oneOf"].append(NULL)
