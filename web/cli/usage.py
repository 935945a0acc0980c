"""What went wrong at the terminal, in one line that says what to do next."""

import click

from index.clean import valid_unicode


def one_line(error: click.ClickException) -> str:
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
            return f"没有选项 {error.option_name}。"
        case click.BadParameter(param=click.Parameter() as given):
            return f"{given.opts[0]} 的值无效：{error.message}"
    return error.message
