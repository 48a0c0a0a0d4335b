# SPDX-License-Identifier: MIT
"""What must be true of every page that --format html prints, told from its
bytes alone: well formed, whole in itself, harmless, and fit for those who do
not look at it."""
import base64
import hashlib
import html.parser
import re

VOID = {"meta", "br", "wbr"}
DRAWN = {"path", "circle", "line", "rect"}
KNOWN = VOID | DRAWN | {
    "html", "head", "title", "style", "body", "a", "header", "nav", "main",
    "section", "article", "footer", "h1", "h2", "h3", "h4", "p", "ul", "ol",
    "li", "dl", "div", "dt", "dd", "span", "bdi", "strong", "small", "code",
    "pre", "details", "summary", "figure", "figcaption", "table", "thead",
    "tbody", "tr", "th", "td", "svg", "g", "text", "tspan"}
ATTRIBUTES = {
    "html": {"lang", "dir"}, "meta": {"charset", "name", "content", "http-equiv"},
    "a": {"href"}, "th": {"scope"}, "pre": {"tabindex"},
    "svg": {"viewbox", "role"}, "g": {"transform"}, "path": {"d"},
    "circle": {"r"}, "line": {"x1", "x2", "y1", "y2"},
    "rect": {"x", "y", "width", "height"}, "text": {"x", "y", "dx", "transform"},
    "tspan": {"x", "y"}, "div": {"tabindex", "role"}}
EVERYWHERE = {"id", "class", "aria-label", "aria-labelledby", "aria-hidden"}
POLICY = re.compile(r"default-src 'none'; style-src 'sha256-([A-Za-z0-9+/=]{44})'; "
                    r"base-uri 'none'; form-action 'none'")
# C0 without the line feed, DEL, C1, and what turns text around.
RISKY = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e"
                   "\u2066-\u2069\ufffe\uffff]")


class Page(html.parser.HTMLParser):
    def __init__(self, data):
        super().__init__(convert_charrefs=True)
        self.wrong, self.open, self.text = [], [], []
        self.ids, self.links, self.named = set(), [], []
        self.headings, self.landmarks = [], []
        self.policy = self.style = None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            self.wrong.append(str(error))
            return
        found = RISKY.search(text)
        self.must(not found, f"holds {found and found[0]!r}")
        self.must(text.startswith("<!DOCTYPE html>\n<html "), "begins otherwise")
        self.must(text.endswith("</body>\n</html>\n"), "has no end")
        self.feed(text)
        self.close()
        self.whole()

    def must(self, condition, text):
        if not condition:
            self.wrong.append(text)

    # --- as it is read --------------------------------------------------------

    def handle_starttag(self, tag, attrs):
        self.must(tag in KNOWN, f"<{tag}> is none of ours")
        names = [name for name, _ in attrs]
        self.must(len(set(names)) == len(names), f"<{tag}> says {names}")
        for name in set(names) - EVERYWHERE - ATTRIBUTES.get(tag, set()):
            self.wrong.append(f"<{tag}> has {name}=")
        attrs = dict(attrs)
        if "id" in attrs:
            self.must(attrs["id"] not in self.ids, f"id {attrs['id']} comes twice")
            self.ids.add(attrs["id"])
        if "aria-labelledby" in attrs:
            self.named += attrs["aria-labelledby"].split()
        self.look(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def look(self, tag, attrs):
        if tag == "a":
            self.links.append(attrs.get("href", ""))
        elif tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy":
            self.must(self.style is None, "the policy comes after the style")
            self.policy = POLICY.fullmatch(attrs["content"])
        elif tag == "th":
            self.must(attrs.get("scope") in ("row", "col"), "a th without scope")
        elif tag == "svg":
            self.must(attrs.get("aria-hidden") == "true" or
                      (attrs.get("role") == "img" and "aria-labelledby" in attrs),
                      "a drawing without a name")
        elif tag == "div" and attrs.get("tabindex"):
            self.must(attrs.get("role") == "region" and attrs.get("aria-label"),
                      "what scrolls has no name")
        elif tag in ("header", "nav", "main", "footer"):
            self.landmarks.append(tag)
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        elif tag == "summary":
            self.must(self.open[-1:] == ["details"], "a summary of nothing")

    def handle_startendtag(self, tag, attrs):
        self.must(tag in DRAWN, f"<{tag}/> does not end there in HTML")
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        self.must(self.open and self.open[-1] == tag,
                  f"</{tag}> ends {self.open[-1:]} at {self.getpos()}")
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        if self.open[-1:] == ["style"]:
            self.style = (self.style or "") + data
        else:
            self.text.append(data)

    def handle_comment(self, data):
        self.wrong.append(f"a comment: {data[:60]!r}")

    # --- as a whole -------------------------------------------------------------

    def whole(self):
        self.must(not self.open, f"never ended: {self.open}")
        self.must(self.landmarks == ["header", "nav", "main", "footer"],
                  f"landmarks are {self.landmarks}")
        self.must(self.headings[:1] == [1] and self.headings.count(1) == 1,
                  "not one first heading")
        for before, after in zip(self.headings, self.headings[1:]):
            self.must(after <= before + 1, f"from h{before} to h{after}")
        for link in self.links:
            self.must(link.startswith("#") and link[1:] in self.ids,
                      f"{link!r} leads nowhere")
        for name in self.named:
            self.must(name in self.ids, f"nothing is called {name!r}")
        hashed = base64.b64encode(
            hashlib.sha256((self.style or "").encode()).digest()).decode()
        self.must(self.policy and self.policy[1] == hashed,
                  "the policy does not fit the style")
        self.must("url(" not in (self.style or "") and "@import" not in
                  (self.style or ""), "the style loads something")

    def says(self, text):
        return text in "".join(self.text)
