"""The JSON Schema of a pack, for editors that complete and check while one writes."""

from __future__ import annotations

from typing import Any

from bole.engine.matters.models import MatterKind
from bole.engine.schemes.models import Scheme


def to_json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a pack file as it is written, inheritance included."""
    schema = Scheme.model_json_schema(by_alias=True, mode="validation")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "bole scheme pack / 伯乐办法文件"
    properties = schema["properties"]
    for derived in ("lineage", "deviations"):
        properties.pop(derived, None)
    properties["removes"] = {
        "type": "array",
        "description": "不再适用的上级规则 / rules of the extended scheme that no longer apply",
        "items": {
            "type": "object",
            "properties": {"rule": {"type": "string"}, "loosens": {"type": "string"}},
            "required": ["rule", "loosens"],
            "additionalProperties": False,
        },
    }
    properties["matters"] = _matters(schema)
    # A pack that extends another writes only what differs.
    schema["required"] = ["id", "name", "place"]
    definitions = schema["$defs"]
    procedure = definitions["Procedure"]
    procedure["properties"]["changes"] = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "insert": {"$ref": "#/$defs/Step"},
                "insert_link": {"$ref": "#/$defs/Link"},
                "replace": {"type": "string"},
                "change": {"type": "string"},
                "remove": {"type": "string"},
                "with": {"type": "object"},
                "after": {"type": "string"},
                "before": {"type": "string"},
                "loosens": {"type": "string"},
                "tightens": {"type": "string"},
            },
            "additionalProperties": False,
        },
    }
    procedure["required"] = []
    for model, field in (
        ("Step", "who"),
        ("Step", "asks"),
        ("Step", "checks"),
        ("Paper", "signed_by"),
        ("Paper", "fields"),
    ):
        listed = definitions[model]["properties"][field]
        listed["items"] = {"anyOf": [{"type": "string"}, listed["items"]]}
    who = definitions["Step"]["properties"]["who"]
    definitions["Step"]["properties"]["who"] = {"anyOf": [who["items"], who]}
    same_as = definitions["Role"]["properties"]["same_as"]
    definitions["Role"]["properties"]["same_as"] = {"anyOf": [{"type": "string"}, same_as]}
    _widen(properties["rules"], {"type": "array", "items": {"$ref": "#/$defs/Rule"}})
    parameter = definitions["Parameter"]
    parameter["required"] = []
    _widen(properties["parameters"], {"type": ["integer", "number", "string", "boolean"]})
    return schema


def _matters(schema: dict[str, Any]) -> dict[str, Any]:
    """Kinds of matters; one that is like another writes only what differs."""
    kind = MatterKind.model_json_schema(
        by_alias=True, mode="validation", ref_template="#/$defs/Matter.{model}"
    )
    for name, definition in kind.pop("$defs").items():
        properties = definition.get("properties", {})
        definition["properties"] = {n: _or_parameter(p) for n, p in properties.items()}
        schema["$defs"][f"Matter.{name}"] = definition
    like = {
        "type": "object",
        "properties": {"like": {"type": "string", "pattern": "^[^/]+/[^/]+$"}},
        "required": ["like"],
    }
    return {"type": "object", "additionalProperties": {"anyOf": [like, kind]}}


def _or_parameter(value: dict[str, Any]) -> dict[str, Any]:
    """A number may also be a parameter of the scheme."""
    kinds = value.get("anyOf", [value])
    if not any(k.get("type") in ("integer", "number") for k in kinds):
        return value
    named = {"type": "object", "properties": {"param": {"type": "string"}}, "required": ["param"]}
    return {"anyOf": [*kinds, named]}


def _widen(mapping: dict[str, Any], also: dict[str, Any]) -> None:
    """Lets each value of a mapping also be of another shape."""
    for pattern, value in mapping["patternProperties"].items():
        mapping["patternProperties"][pattern] = {"anyOf": [also, value]}
