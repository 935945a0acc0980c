"""Fields that say whether a program translated the article."""

import pytest

from index.sources.named_fields import NamedFields
from index.sources.translation import is_machine_translated


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        pytest.param("machine_translated", True, True, id="yes"),
        pytest.param("machineTranslated", "yes", True, id="another spelling"),
        pytest.param("机器翻译", "是", True, id="in Chinese"),
        pytest.param("machine_translation", "DeepL", True, id="a program"),
        pytest.param("machine_translated", False, False, id="no"),
        pytest.param("machine_translated", "", False, id="empty"),
        pytest.param("machine_translated", None, False, id="null"),
        pytest.param("translated_by", "Google Translate", True, id="by a program"),
        pytest.param("translator", "GPT-4o", True, id="with a version"),
        pytest.param("translator", "DeepL + 张三", True, id="by both"),
        pytest.param("译者", ["谷歌翻译"], True, id="a list"),
        pytest.param("translators", [{"name": "ChatGPT"}], True, id="objects"),
        pytest.param("translator", "张三", False, id="by a person"),
        pytest.param("translated_by", "Claude Monet", False, id="a person of a like name"),
        pytest.param("translator", 4, False, id="a number"),
    ],
)
def test_machine_translated(name: str, value: object, holds: bool) -> None:
    assert is_machine_translated(NamedFields({"title": "题", name: value})) == holds
