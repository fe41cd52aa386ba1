"""The OpenAPI document as tests read it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from openapi_schema_validator import OAS31Validator

from conftest import new_client

Schema = dict[str, Any]


class Operation(NamedTuple):
    path: str
    method: str
    described: Schema

    @property
    def tag(self) -> str:
        [tag] = self.described["tags"]
        return tag

    @property
    def body(self) -> tuple[str, Schema] | None:
        """The media type of the request and what is said of it."""
        content = self.described.get("requestBody", {}).get("content", {})
        return next(iter(content.items()), None)

    def headers(self) -> set[str]:
        parameters = self.described.get("parameters", ())
        return {each["name"] for each in parameters if each["in"] == "header"}


class Document:
    def __init__(self, content: Schema) -> None:
        self.content = content
        self.schemas: dict[str, Schema] = content["components"]["schemas"]

    @cached_property
    def operations(self) -> list[Operation]:
        paths = self.content["paths"].items()
        return [Operation(p, m, each) for p, methods in paths for m, each in methods.items()]

    def operation(self, method: str, path: str) -> Operation:
        return Operation(path, method, self.content["paths"][path][method])

    def named(self, operation_id: str) -> Operation:
        [found] = [o for o in self.operations if o.described["operationId"] == operation_id]
        return found

    def resolve(self, described: Schema) -> Schema:
        """What a reference stands for."""
        if "$ref" not in described:
            return described
        found = self.content
        for step in described["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    def answers(self, operation: Operation) -> Iterator[tuple[str, Schema]]:
        for code, answer in operation.described["responses"].items():
            yield code, self.resolve(answer)

    def success(self, operation: Operation) -> Schema:
        """What a success is said to bring, with schema and examples."""
        [answer] = [answer for code, answer in self.answers(operation) if code.startswith("2")]
        return answer["content"]["application/json"]

    def is_json(self, operation: Operation) -> bool:
        """Whether a success brings JSON; feeds bring formats of their own."""
        return any(
            "application/json" in answer.get("content", {})
            for code, answer in self.answers(operation)
            if code.startswith("2")
        )

    def errors(self, value: Any, schema: Schema) -> list[str]:
        """Where a value does not fit a schema."""
        validator = OAS31Validator(schema | {"components": self.content["components"]})
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]

    def unfitting(self, method: str, path: str, response: Any) -> list[str]:
        """What of an answer does not fit its description."""
        answers = dict(self.answers(self.operation(method, path)))
        described = answers[str(response.status_code)]
        headers = described.get("headers", {}).items()
        assert all(name in response for name, header in headers if header.get("required"))
        schema = described["content"]["application/json"]["schema"]
        return self.errors(response.json(), schema)


def fetch() -> Document:
    return Document(new_client().get("/openapi.json").json())


def is_file(schema: Schema) -> bool:
    return schema.get("format") == "binary"
