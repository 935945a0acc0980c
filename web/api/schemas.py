"""The JSON Schema of every answer, for `/openapi.json` and its page, from the types of the answers.

Every key listed is always there. Tests hold real answers against these, in both directions.
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
    """Name → schema, the descriptions in the language of the page."""
    _refs, components = msgspec.json.schema_components(ANSWERS, ref_template=_REFERENCE + "{name}")
    found = {}
    for name, schema in components.items():
        # Title and description are the name and the docstring of a Python class.
        keys = {key: value for key, value in schema.items() if key not in ("title", "description")}
        found[_public(name)] = _translated(keys)
    return found


def _public(name: str) -> str:
    """A reference or name of a schema, without what tells a type of ours from another room's."""
    return name.removesuffix("Json")


def _translated(schema: Any) -> Any:
    """A schema with its descriptions in the language of the page, and references as published."""
    if isinstance(schema, list | tuple):
        return [_translated(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _translated(value) for key, value in schema.items()}
    for key, edit in (("description", _), ("$ref", _public)):
        if isinstance(found.get(key), str):
            found[key] = edit(found[key])
    return found
