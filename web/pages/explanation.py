"""«为什么是这条»: explains a hit in plain sentences."""

from search.response import Evidence, Hit, Why
from web.i18n import gettext as _
from web.markup.formatting import long_day, relative_time


def why_lines(hit: Hit, now: int) -> list[str]:
    """Sentences on what matched where, which words are missing, and the effect of age and story.

    `now`: epoch seconds. Plain text, not yet escaped. Empty without a query.
    """
    why = hit.why
    lines = [_("标题与查询完全一致。")] if why.title_is_query else []
    lines += [_evidence(each) for each in why.evidence]
    lines += [_("文中没有“%(word)s”。", word=word) for word in hit.missing]
    if not lines:
        return []
    return [*lines, *_age(hit, why, now), *_story(hit)]


def _evidence(each: Evidence) -> str:
    place, word, spelled = _place(each), each.word, each.spelled
    match each.kind:
        case "typed":
            return _("“%(spelled)s”在%(place)s中出现。", spelled=spelled, place=place)
        case "alias":
            return _(
                "“%(spelled)s”是“%(word)s”的另一种说法，在%(place)s中出现。",
                spelled=spelled,
                word=word,
                place=place,
            )
        case "part":
            return _(
                "“%(word)s”中的“%(spelled)s”在%(place)s中出现。",
                spelled=spelled,
                word=word,
                place=place,
            )
        case "prefix":
            return _(
                "“%(spelled)s”以“%(word)s”开头，在%(place)s中出现。",
                spelled=spelled,
                word=word,
                place=place,
            )
        case "near":
            return _(
                "“%(word)s”：%(place)s里有“%(spelled)s”。", word=word, place=place, spelled=spelled
            )
        case "wildcard":
            return _(
                "“%(spelled)s”符合“%(word)s”，在%(place)s中出现。",
                spelled=spelled,
                word=word,
                place=place,
            )
        case "quoted":
            return _("引号里的“%(spelled)s”在%(place)s中一字不差。", spelled=spelled, place=place)


def _place(each: Evidence) -> str:
    if len(each.places) > 1:
        return _("标题和正文")
    return _("标题") if each.places == ("title",) else _("正文")


def _age(hit: Hit, why: Why, now: int) -> list[str]:
    percent = round((why.freshness or 0) * 100)
    if hit.published is None or not percent:
        return []
    when = relative_time(hit.published, now)
    if hit.date_origin != "given":
        when = _("%(day)s（推算）", day=long_day(hit.published))
    return [_("发布时间：%(when)s，新鲜度加分 %(percent)s%%。", when=when, percent=percent)]


def _story(hit: Hit) -> list[str]:
    if hit.story.size == 1:
        return []
    return [_("同题报道有 %(number)s 篇，排位取其中最相关的一篇。", number=hit.story.size)]
