"""Translates click's usage errors into one Chinese line that tells the user what to do."""

import re
from collections.abc import Sequence

import click

from index.text.html import valid_unicode
from web.cli.console import TextCommand

_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")


def error_line(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context and error.message == context.get_help():
        return error.message  # a group without a command: its help is the answer
    message = " ".join(_message(error).split())
    usage = f" 用法见 {context.command_path} --help。" if context else ""
    return valid_unicode(f"错误：{message}{usage}")


def _message(error: click.ClickException) -> str:
    match error:
        case click.MissingParameter(param=click.Option() as option):
            return f"缺少选项 {option.opts[0]}。"
        case click.MissingParameter(param=click.Argument() as argument):
            return f"缺少 {argument.metavar or argument.human_readable_name}。"
        case click.NoSuchOption():
            offered = f"{_did_you_mean(error.possibilities)}{_as_text(error)}"
            return f"没有选项 {error.option_name}。{_misplaced(error) or offered}"
        case click.NoSuchCommand():
            return f"没有命令 {error.command_name}。{_did_you_mean(error.possibilities)}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} {_of_option(error.message)}"
        case click.BadParameter(param=click.Parameter() as given):
            return f"{_named(given)} 的值无效：{_of_value(given, error.message)}"
    return _of_words(error.message)


def _did_you_mean(possibilities: Sequence[str] | None) -> str:
    return f"您是不是要用 {'、'.join(possibilities)}？" if possibilities else ""


def _misplaced(error: click.NoSuchOption) -> str:
    """Where an option belongs that a command above this one has."""
    above = error.ctx.parent if error.ctx else None
    while above:
        if any(error.option_name in param.opts for param in above.command.params):
            return f"它要写在 {above.command_path} 之后、子命令之前。"
        above = above.parent
    return ""


def _as_text(error: click.UsageError) -> str:
    takes_texts = error.ctx is not None and isinstance(error.ctx.command, TextCommand)
    return "以减号开头的文字请写在 -- 之后。" if takes_texts else ""


def _named(given: click.Parameter) -> str:
    return given.opts[0] if isinstance(given, click.Option) else given.human_readable_name


def _of_option(message: str) -> str:
    return "不带值。" if "does not take" in message else "后面要写它的值。"


def _of_value(given: click.Parameter, message: str) -> str:
    """Translate click's messages; keep our own."""
    match given.type:
        case click.Choice(choices=choices) if "is not one of" in message:
            return f"要是 {'、'.join(map(str, choices))} 之一。"
        case click.IntRange(min=low, max=high) if "in the range" in message:
            return f"至少是 {low}。" if high is None else f"要在 {low} 与 {high} 之间。"
        case click.types.IntParamType() if "is not a valid" in message:
            return "要是整数。"
        case click.types.FloatParamType() if "is not a valid" in message:
            return "要是数字。"
        case click.Path() if "does not exist" in message:
            return f"没有文件 {_quoted(message)}，请检查路径。"
        case click.Path() if "is a directory" in message:
            return f"{_quoted(message)} 是目录，要的是文件。"
    return message


def _quoted(message: str) -> str:
    return message[message.find("'") + 1 : message.rfind("'")]


def _of_words(message: str) -> str:
    extra = _EXTRA.match(message)
    return f"多出了 {extra[1]}；有空格的请放进引号。" if extra else message
