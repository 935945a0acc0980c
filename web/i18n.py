"""Translates pages and messages with one gettext catalogue for each language.

The strings in templates and code are Chinese and are the keys. `translations/<language>.po` holds
the translation to another language; the setting `language` selects it. polib reads the .po files,
so none needs compiling, and the standard library looks strings up. Flask-Babel is not used any
more: `gettext` was all that was used of it.
"""

import re
from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Any

import polib
from flask import Flask, current_app
from jinja2.ext import Extension
from markupsafe import Markup

from index.errors import SettingsError
from index.messages import Message
from index.settings import Settings

SOURCE_LANGUAGE = "zh_CN"
_EXTENSION = "yuansou.translations"
_WITHOUT_VALUES = re.compile(r"""\{\{ _\((?P<quote>["'])(?P<text>[^"'\\\n]*)(?P=quote)\) \}\}""")
_DELIMITER = re.compile(r"\{[{%#]|[#%}]\}")


def init_app(app: Flask, settings: Settings) -> None:
    language = settings.language
    translations = _translations(language)
    app.extensions[_EXTENSION] = translations
    app.jinja_env.globals["_"] = _in_templates(translations)
    app.jinja_env.add_extension(_TextsWithoutValues)
    app.jinja_env.globals["language"] = language.replace("_", "-")
    app.jinja_env.filters["translated"] = translated


class _TextsWithoutValues(Extension):
    """Puts the translation of a text without values into the template when it is compiled. A page
    has hundreds, and each would be a call and an escape."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        translate: Any = self.environment.globals["_"]

        def translated(call: re.Match[str]) -> str:
            text = str(translate(call["text"]))
            return call.group() if _DELIMITER.search(text) else text

        return _WITHOUT_VALUES.sub(translated, source)


def _in_templates(translations: NullTranslations) -> Callable[..., Markup]:
    """`_` of templates, which escapes the values. Jinja's own extension does the same, but looks
    itself up in the context and formats the text at each of the hundreds of calls of a page."""

    @cache
    def translation(text: str) -> Markup:
        return Markup(translations.gettext(text))  # noqa: S704 - a constant of a template

    @cache
    def alone(text: str) -> Markup:
        return translation(text) % {}

    def template_gettext(text: str, /, **values: object) -> Markup:
        return translation(text) % values if values else alone(text)

    return template_gettext


def gettext(text: str, /, **values: object) -> str:
    """The translation of a string, with `%(name)s` replaced by the value `name`. Chinese outside
    an application context."""
    if current_app:
        translations: NullTranslations = current_app.extensions[_EXTENSION]
        text = translations.gettext(text)
    return text % values if values else text


def translated(text: str) -> str:
    """A message from `search` or `index`, translated; other texts unchanged."""
    if not isinstance(text, Message):
        return text
    values = {
        name: translated(value) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return gettext(text.template, **values)


def _translations(language: str) -> NullTranslations:
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    folder = files("web") / "translations"
    names = sorted(f.name[:-3] for f in folder.iterdir() if f.name.endswith(".po"))
    if language not in names:
        hint = f"language 可用 {'、'.join([SOURCE_LANGUAGE, *names])}。"
        raise SettingsError(f"没有 {language} 的译文。", hint=hint)
    catalogue = polib.pofile(str(folder / f"{language}.po"))
    return GNUTranslations(BytesIO(catalogue.to_binary()))
