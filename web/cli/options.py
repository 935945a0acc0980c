"""Options and settings that several commands share."""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import click

from index.settings import SETTINGS, Settings, load, unknown_variables
from index.text.html import valid_unicode

JSON_OUTPUT = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")


def as_setting(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Parse an option like the setting of that name. Invalid values are usage errors."""
    if value is None:
        return None
    try:
        return next(setting for setting in SETTINGS if setting.name == param.name).read(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}。") from error


class Text(click.ParamType[str]):
    """Text from the terminal. Invalid bytes are replaced, as no output could encode them."""

    name = "text"

    def convert(self, value: Any, param: object, ctx: object) -> str:
        text: str = value
        if valid_unicode(text) != text:
            # Where the locale is C, Python keeps bytes that are not ASCII as halves of surrogates.
            with suppress(UnicodeError):
                text = os.fsencode(text).decode("utf-8")
        return valid_unicode(text)


def settings_of(ctx: click.Context, extra: Mapping[str, Any] | None = None) -> Settings:
    """The settings for a command, including its options. Warns of unknown `YUANSOU_…` environment
    variables, which are probably misspelled."""
    for name in unknown_variables():
        click.echo(f"注意：不认识环境变量 {name}，没有用它。", err=True)
    given = {name: value for name, value in (extra or {}).items() if value is not None}
    return load({**ctx.obj, **given})
