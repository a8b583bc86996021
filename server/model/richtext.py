"""Rich text: the HTML that may be stored and shown, and its words.

Everything that goes into a richtext column passes `sanitised`, at every door of the server; what comes out of
the database passes it again before a page shows it, because others than the server may write there.
"""

from html import unescape

import nh3

# Structure and emphasis. No images, classes or styles: they would load from elsewhere or restyle the page.
TAGS = (
    "a abbr b blockquote br caption cite code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p"
    " pre q s samp small span strong sub sup table tbody td tfoot th thead tr u ul var"
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
# Where a line ends for the eye, whatever the tags say.
BREAKS = (
    "<br",
    "</p>",
    "</li>",
    "</div>",
    "</tr>",
    "</h",
    "</td>",
    "</th>",
    "</dd>",
    "</dt>",
    "</blockquote",
)
CLEANER = nh3.Cleaner(
    tags=set(TAGS.split()),
    attributes=ATTRIBUTES,
    url_schemes=SCHEMES,
    link_rel="noopener noreferrer nofollow",
)
TEXT_ONLY = nh3.Cleaner(tags=set())


def sanitised(html: str) -> str:
    """The same text with nothing in it that a browser would run or load; sanitised text stays as it is."""
    return CLEANER.clean(html)


def plain_text(html: str) -> str:
    """The words of rich text, in one line."""
    html = sanitised(html)
    for end in BREAKS:
        html = html.replace(end, f" {end}")
    return " ".join(unescape(TEXT_ONLY.clean(html)).split())
