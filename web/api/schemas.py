"""Generates the JSON Schema of every answer from its type, for `/openapi.json` and `/api`.

Every key listed is always present. Tests compare the schemas with real answers, both ways.
"""

from typing import Any

import msgspec

from web.answers import (
    Analysis,
    ArticleAnswer,
    ErrorJson,
    Health,
    SearchAnswer,
    Sick,
    SimilarAnswer,
    Suggestions,
)
from web.i18n import gettext as _

Schema = dict[str, Any]
ANSWERS = (
    SearchAnswer,
    ArticleAnswer,
    SimilarAnswer,
    Suggestions,
    Analysis,
    Health,
    Sick,
    ErrorJson,
)
_REFERENCE = "#/components/schemas/"


def ref(name: str) -> Schema:
    return {"$ref": f"{_REFERENCE}{name}"}


def schemas() -> dict[str, Schema]:
    """Name → schema, with descriptions in the language of the pages."""
    _refs, components = msgspec.json.schema_components(ANSWERS, ref_template=_REFERENCE + "{name}")
    found = {}
    for name, schema in components.items():
        # Title and description are the name and the docstring of a Python class.
        keys = {key: value for key, value in schema.items() if key not in ("title", "description")}
        found[_public(name)] = _translated(keys)
    return found


def _public(name: str) -> str:
    """The published name of a schema, or a reference to it: without the ending `Json`."""
    return name.removesuffix("Json")


def _translated(schema: Any) -> Any:
    """A schema with translated descriptions and published names."""
    if isinstance(schema, list | tuple):
        return [_translated(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _translated(value) for key, value in schema.items()}
    for key, edit in (("description", _), ("$ref", _public)):
        if isinstance(found.get(key), str):
            found[key] = edit(found[key])
    return found
