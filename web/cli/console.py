"""Handles queries that begin with a dash, and consoles that are not UTF-8."""

import codecs
import io
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import click

INTERRUPTED = 130
"""Exit status after SIGINT by the convention of shells: 128 plus the signal's number."""

_OPTION = re.compile(r"--[a-z0-9][\w-]*(=.*)?|-[a-z0-9]", re.ASCII | re.IGNORECASE | re.DOTALL)
"""An option or a mistyped one. Our options are words in ASCII letters, and -h."""


def show_what_it_can() -> None:
    """On a console that is not UTF-8 (GBK on Windows), print `?` for characters it lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def echo_json(answer: Any, indent: int | None = None) -> None:
    """Print JSON for programs. Characters that the console lacks become `\\uXXXX`."""
    escaped = codecs.lookup(sys.stdout.encoding).name != "utf-8"
    click.echo(json.dumps(answer, ensure_ascii=escaped, indent=indent))


class TextCommand(click.Command):
    """A command whose arguments are queries, which may begin with a dash: `-以太坊 比特币`.

    Arguments that look like options are read as options, and refused if none has that name.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        options, words = self._parted(ctx, args[:end])
        if any(len(word) > 1 and word.startswith("-") for word in words):
            args = [*options, "--", *words, *args[end + 1 :]]
        return super().parse_args(ctx, args)

    def _parted(self, ctx: click.Context, args: list[str]) -> tuple[list[str], list[str]]:
        """Split the arguments into options with their values, and texts."""
        valued = set(self._valued())
        options: list[str] = []
        words: list[str] = []
        left = iter(args)
        for arg in left:
            if _OPTION.fullmatch(arg):
                options.append(arg)
                if arg in valued:
                    value = next(left, None)
                    if value is None:
                        raise click.BadOptionUsage(arg, "needs a value", ctx)
                    options.append(value)
            else:
                words.append(arg)
        return options, words

    def _valued(self) -> Iterator[str]:
        for param in self.params:
            if isinstance(param, click.Option) and not param.is_flag:
                yield from param.opts
