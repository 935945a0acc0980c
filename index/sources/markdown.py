"""Reads Markdown files, with front matter or without.

A file without front matter gets its title from its first heading, else from its name.
"""

import re
from dataclasses import replace
from pathlib import PurePosixPath

from index.article import Article, Rejection
from index.sources.encoding import decode, is_binary, markup_of
from index.sources.fields import Record, article_from
from index.sources.front_matter import parted
from index.sources.named_fields import NamedFields
from index.sources.titles import first_heading
from index.sources.yaml_fields import FrontMatterError

_TOP_HEADING = re.compile(r"#[ \t]+\S.*(?:\n|\Z)|\S.*\n=+[ \t]*(?:\n|\Z)")
_DATED_NAME = re.compile(r"(?P<date>\d{4}-\d{1,2}-\d{1,2})-.")
_MDX_HEAD = re.compile(r"\A(?:\s*(?:import|export)\s[^\n]*(?:\n|\Z))+")
"""Lines of JavaScript at the beginning of MDX."""
_BEFORE_TEXT = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060 \t\n"
"""Marks and white space that editors leave at the beginning of a file."""


def read_markdown(data: bytes, place: str, name: str) -> Article | Rejection:
    """The article in a file. `place`: path for messages; `name`: path from the root, with `/`."""
    if is_binary(data):
        reason = "文件不是文本（含有 NUL 字节），请移走图片、压缩包等；若是 UTF-16，请转存为 UTF-8"
        return Rejection(place, reason)
    text = decode(data)
    content = text.lstrip(_BEFORE_TEXT)
    if not content:
        return Rejection(place, "文件是空的，请删除它或写上标题和正文")
    lines_before = text[: len(text) - len(content)].count("\n")
    try:
        fields, body = parted(content)
    except FrontMatterError as problem:
        line = problem.line and problem.line + lines_before
        return Rejection(place, problem.reason, line or lines_before + 1)
    body = _MDX_HEAD.sub("", body) if name.lower().endswith(".mdx") else body
    body = body.strip("\r\n")
    named, date = NamedFields(fields), _date_in_name(name)
    record = Record(place, name, named, body, markup_of(body), date_in_name=date)
    return article_from(record if fields else _titled(record))


def _titled(record: Record) -> Record:
    """With the first heading as title, else the name of the file."""
    heading = first_heading(record.body, record.body_format)
    if not heading:
        name = PurePosixPath(record.name).stem
        return replace(record, fields=NamedFields({"title": name}), named_after_file=True)
    top = _TOP_HEADING.match(record.body)
    body = record.body[top.end() :].strip("\r\n") if top else record.body
    return replace(record, fields=NamedFields({"title": heading}), body=body)


def _date_in_name(name: str) -> str:
    """Jekyll puts the date into the file name: `2022-03-05-title.md`."""
    dated = _DATED_NAME.match(PurePosixPath(name).name)
    return dated["date"] if dated else ""
