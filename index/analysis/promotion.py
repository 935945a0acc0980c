"""Tells what touts write from articles: offers beside a contact, or one offer upon another.

Reports on touts name the same services. They are told apart by the words of reporters, police and
courts, and by giving no contact of their own. All words are data (data/kinds.toml); how often the
rules are right: docs/how/kinds.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from index.word_lists import alternation, data_table

MAX_TOUTING_CHARS = 2_500
"""A longer text is an article; what it promotes is a part of it."""
NEAR_CHARS = 80
"""Between a contact and an offer."""
MAX_REPORTING = 2
"""More different words of reporters make a text with a contact a report."""
MAX_REPORTING_ELSEWHERE = 5
"""The same where a tout's word is beside the contact, and no reporter's: news is copied around
advertisements."""
SHORT_CHARS = 500
"""Up to this length offers upon offers are touting without a contact."""
MIN_SIGNS = 3
"""Different signs of touting that a short text without a contact needs."""
MIN_REPEATED = 4
"""Times that a text without hashtags names a service that it only repeats."""
CHARS_PER_SERVICE = 110
"""A text that names a tout's service once in so many characters only repeats it."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """The patterns of the file. `service`: credit turned into cash. `tagged`: the same as a hashtag
    or between the marks of a list of key words."""

    messenger: re.Pattern[str]
    mobile: re.Pattern[str]
    call: re.Pattern[str]
    service: re.Pattern[str]
    tagged: re.Pattern[str]
    touting: re.Pattern[str]
    any_offer: re.Pattern[str]
    offer: re.Pattern[str]
    weak_offer: re.Pattern[str]
    reporting: re.Pattern[str]
    news: re.Pattern[str]


def is_promotional(title: str, text: str) -> bool:
    """Whether an article, both parts normalised, was written to sell a tout's service."""
    rules, whole = _rules(), f"{title}\n{text}"
    if len(text) > MAX_TOUTING_CHARS or not rules.any_offer.search(whole):
        return False
    reporting = len(set(rules.reporting.findall(whole)))
    if reporting <= MAX_REPORTING_ELSEWHERE and _offers_beside_contact(whole, rules, reporting):
        return True
    plain = reporting == 0 and not rules.news.search(whole)
    return _repeats_service(text or title, rules, plain=plain) or (
        plain and len(text) <= SHORT_CHARS and _signs(whole, text, rules) >= MIN_SIGNS
    )


def _offers_beside_contact(text: str, rules: _Rules, reporting: int) -> bool:
    """A mobile phone needs more beside it: customers and the press are given one too."""
    for pattern, needed in ((rules.messenger, 2), (rules.mobile, 3)):
        for contact in pattern.finditer(text):
            before = text[max(0, contact.start() - NEAR_CHARS) : contact.start()]
            if reporting and before.rfind("“") > before.rfind("”"):
                continue  # an advertisement that is quoted
            near = f"{before}\n{text[contact.end() : contact.end() + NEAR_CHARS]}"
            if reporting > MAX_REPORTING and not _only_touts(near, rules):
                continue
            offers = set(rules.offer.findall(near)) | set(rules.service.findall(near))
            weak = set(rules.weak_offer.findall(near)) if offers or not reporting else ()
            if 2 * len(offers) + len(weak) >= needed:
                return True
    return False


def _only_touts(near: str, rules: _Rules) -> bool:
    return bool(rules.touting.search(near)) and not rules.reporting.search(near)


def _repeats_service(text: str, rules: _Rules, *, plain: bool) -> bool:
    services, tagged = _count(rules.service, text), _count(rules.tagged, text)
    if tagged >= 2:
        return True
    if services * CHARS_PER_SERVICE < len(text):
        return False
    return services >= 2 if tagged else plain and services >= MIN_REPEATED


def _signs(whole: str, text: str, rules: _Rules) -> int:
    asks = bool(rules.call.search(whole) or rules.messenger.search(whole))
    return len(set(rules.touting.findall(whole))) + min(2, _count(rules.service, text)) + asks


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


@cache
def _rules() -> _Rules:
    words = data_table("kinds")["promotion"]
    credit, cashing = "|".join(words["credits"]), "|".join(words["cashing"])
    service = rf"(?:{credit})[^\w\n]{{0,2}}(?:怎么|如何|也?可以)?(?:{cashing})"
    return _Rules(
        messenger=re.compile(words["messenger"]),
        mobile=re.compile(words["mobile"]),
        call=re.compile(words["call"]),
        service=re.compile(service),
        tagged=re.compile(rf"[#·~-](?:蚂蚁|京东|苏宁)?{service}\w{{0,4}}[#·~-]"),
        touting=_any_of(words["tout_words"]),
        any_offer=_any_of((*words["tout_words"], *words["offers"], *words["weak_offers"])),
        offer=_any_of((*words["tout_words"], *words["offers"])),
        weak_offer=_any_of(words["weak_offers"]),
        reporting=_any_of(words["reporting"]),
        news=_any_of(words["news"]),
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(alternation(words))
