"""Tells articles that are not published yet: by their fields, or by the folder they lie in."""

from pathlib import PurePosixPath

from index.sources.named_fields import NamedFields, draft_folders, draft_states, scalar

_YES = frozenset(("true", "yes", "y", "on", "1", "是"))
_NO = frozenset(("false", "no", "n", "off", "0", "否"))


def draft_reason(fields: NamedFields) -> str:
    """Why an article is a draft, for its rejection; "" if it is none."""
    if any(_word(value) in _YES for value in fields.values("draft")):
        return "这是草稿（draft: true），发布时去掉这一项即可"
    if any(_word(value) in _NO for value in fields.values("published")):
        return "这是草稿（published: false），发布时去掉这一项即可"
    status = next((_word(value) for value in fields.values("status")), "")
    if status.replace("-", "").replace("_", "") in draft_states():
        return f"这是草稿（status: {status}），发布时去掉这一项即可"
    return ""


def draft_folder(name: str) -> str:
    """The folder of drafts on the way from the input to a file, or ""."""
    folders = PurePosixPath(name).parts[:-1]
    return next((folder for folder in folders if folder.lower() in draft_folders()), "")


def _word(value: object) -> str:
    return scalar(value).lower()
