"""Names before a colon: the field that each means, or what to write instead."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

UNMET = "unmet"
"""Stands for a condition that does not exist here: its value is left out."""
SITE = "site"
"""A name for two fields: an address where the value has a dot, else a source."""


@cache
def query_fields() -> dict[str, str]:
    """Normalised name → the field that it means."""
    fields = _table()["fields"]
    return {name: field for field, names in fields.items() for name in names}


@cache
def written_instead() -> dict[str, str]:
    """Normalised name of something that is written otherwise → how."""
    return dict(_table()["instead"])


@cache
def unmet_conditions() -> frozenset[str]:
    """Normalised names of conditions that do not exist here."""
    return frozenset(_table()["none"]["names"])


def field_of_site(value: str) -> str:
    return "url" if "." in value else "source"


@cache
def _table() -> dict[str, Any]:
    text = files("search").joinpath("data/query_fields.toml").read_text("utf-8")
    return tomllib.loads(text)
