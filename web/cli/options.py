"""Options and settings that several commands share."""

from collections.abc import Mapping
from typing import Any

import click

from index.settings import SETTINGS, Settings, load, unknown_variables
from index.text.html import valid_unicode


def as_setting(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """An option's value, as the table of settings reads it; what it refuses is wrong usage."""
    if value is None:
        return None
    try:
        return next(setting for setting in SETTINGS if setting.name == param.name).read(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}。") from error


class Text(click.ParamType[str]):
    """What was typed; bytes that are no text are replaced, for no answer could hold them."""

    name = "text"

    def convert(self, value: Any, param: object, ctx: object) -> str:
        return valid_unicode(value)


def settings_of(ctx: click.Context, extra: Mapping[str, Any] | None = None) -> Settings:
    """The settings in force for a command, with the options that were given to it; a slip in the
    name of a variable is told."""
    for name in unknown_variables():
        click.echo(f"注意：不认识环境变量 {name}，没有用它。", err=True)
    given = {name: value for name, value in (extra or {}).items() if value is not None}
    return load({**ctx.obj, **given})
