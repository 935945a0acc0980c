"""`/opensearch.xml`: lets browsers add the site as a search engine, with suggestions.

https://github.com/dewitt/opensearch, 1.1 draft 6. Names are cut to the lengths it allows.
"""

from flask import Blueprint, Response, render_template, url_for

from web.feeds.links import ATOM, RSS
from web.http.site import site
from web.http.xml_text import one_line
from web.i18n import gettext as _

bp = Blueprint("opensearch", __name__)

MEDIA_TYPE = "application/opensearchdescription+xml"
MAX_SHORT_NAME, MAX_LONG_NAME = 16, 48
TERMS = "{searchTerms}"


@bp.get("/opensearch.xml")
def description() -> Response:
    name = one_line(site().name)
    page = render_template(
        "opensearch.xml",
        name=name[:MAX_SHORT_NAME],
        long_name=name[:MAX_LONG_NAME],
        description=_("%(site)s：元宇宙、区块链与金融科技中文资讯搜索", site=name),
        icon=site().absolute(url_for("static", filename="icon.svg")),
        own=(MEDIA_TYPE, site().absolute(url_for("opensearch.description"))),
        search=_template("pages.search"),
        # Browsers do not request the OpenSearch format by `Accept`, so the address names it.
        suggestions=_template("api.suggestions") + "&format=opensearch",
        feeds=[(RSS, _template("feeds.rss")), (ATOM, _template("feeds.atom"))],
    )
    return Response(page, content_type=f"{MEDIA_TYPE}; charset=utf-8")


def _template(endpoint: str) -> str:
    return f"{site().absolute(url_for(endpoint))}?q={TERMS}"
