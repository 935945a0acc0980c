"""`yuansou analyze` and `yuansou settings`: show segmentation and settings."""

from typing import TYPE_CHECKING

import click

from web.cli.console import TextCommand, echo_json
from web.cli.options import JSON_OUTPUT, Text, settings_of

if TYPE_CHECKING:
    from index.settings import Origin


@click.command(cls=TextCommand)
@click.argument("text", type=Text())
@JSON_OUTPUT
@click.pass_context
def analyze(ctx: click.Context, text: str, as_json: bool) -> None:
    """显示一段文字怎样切分，以及为什么。"""
    import msgspec

    from index.analysis.segmenter import Segmenter
    from index.lexicon.loading import load_lexicon
    from search.explore.analysis import text_analysis
    from web.api.serialize import analysis_json

    settings_of(ctx)
    lexicon = load_lexicon()
    analysis = text_analysis(Segmenter(lexicon), lexicon, text)
    if as_json:
        echo_json(msgspec.to_builtins(analysis_json(analysis)), indent=2)
        return
    for token in analysis.tokens:
        notes = [token.why]
        if token.fine:
            notes.append(f"内含 {' '.join(token.fine)}")
        for concept in token.concepts:
            names = [concept.name, *concept.aliases]
            topic = f"（{concept.topic}）" if concept.topic else ""
            notes.append(f"概念 {' = '.join(names)}{topic}")
        click.echo(f"{token.token}\t{token.start}-{token.end}\t{'；'.join(notes)}")


@click.command()
@JSON_OUTPUT
@click.pass_context
def settings(ctx: click.Context, as_json: bool) -> None:
    """列出全部设置、当前值和它来自哪里。"""
    from index.settings import explain

    settings_of(ctx)
    rows = explain(ctx.obj)
    if as_json:
        data = {row.setting.name: {"value": _plain(row), "origin": row.origin} for row in rows}
        echo_json(data, indent=2)
        return
    for row in rows:
        value = _plain(row)
        shown = "" if value is None else value
        click.echo(f"{row.setting.name:<20} {shown!s:<24} {row.origin:<12} {row.setting.help}")


def _plain(row: "Origin") -> object:
    """The value for JSON. Of a secret, only whether it is set."""
    value = row.value
    if row.setting.secret and value:
        return "（已设置，不显示）"
    if isinstance(value, tuple):
        return ",".join(value)
    return value if isinstance(value, str | int | None) else str(value)
