"""The page's language: one catalogue of every string, one file a translation.

The strings in templates and code are Chinese and are the keys. A translation to another language
is `translations/<language>.po`; the setting `language` chooses it. Catalogues are read as they
are, so that none needs compiling.
"""

from importlib.resources import files
from io import BytesIO
from typing import Any

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain

from index.errors import SettingsError
from index.messages import Message
from index.settings import Settings

SOURCE = "zh_CN"


class _Catalogue(Domain):
    """Flask-Babel's domain over one translation that is already in memory."""

    def __init__(self, translations: NullTranslations) -> None:
        super().__init__()
        self._translations = translations

    def get_translations(self) -> NullTranslations:
        return self._translations


def init_app(app: Flask, settings: Settings) -> None:
    language = settings.language
    babel = Babel(app, default_locale=language, default_timezone="Asia/Shanghai")
    babel.domain_instance = _Catalogue(_translations(language))
    app.jinja_env.globals["language"] = language.replace("_", "-")
    app.jinja_env.filters["translated"] = translated


def gettext(text: str, /, **values: object) -> str:
    """A string of the page in its language; `%(name)s` in it stands for a value."""
    return str(flask_babel.gettext(text, **values))


def translated(text: str) -> str:
    """What was said below this layer, in the page's language; other texts as they are."""
    if not isinstance(text, Message):
        return text
    values = {
        name: translated(value) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return gettext(text.template, **values)


def _translations(language: str) -> NullTranslations:
    if language == SOURCE:
        return NullTranslations()
    folder = files("web") / "translations"
    file = folder / f"{language}.po"
    if not file.is_file():
        known = [SOURCE, *sorted(f.name[:-3] for f in folder.iterdir() if f.name.endswith(".po"))]
        raise SettingsError(f"没有 {language} 的译文。", hint=f"language 可用 {'、'.join(known)}。")
    compiled = BytesIO()
    with file.open("rb") as stream:
        catalogue: Any = read_po(stream, locale=language)
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
