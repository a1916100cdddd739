"""Which words of a page's prose lead to the glossary, and which are left alone."""

import markdown
import pytest

from tracegen import terms
from tracegen.linking import TermLinks

FORMS = {
    "consumer": "consumer",
    "consumer group": "consumer-group",
    "lag": "lag",
    "reply": "reply",
    "command": "command",
    "own commands": "",
}


def rendered(text: str, href: str = "g/") -> str:
    links = TermLinks(FORMS)
    links.href = href
    more = ["md_in_html", "tables", "attr_list", "pymdownx.superfences"]
    return markdown.markdown(text, extensions=[links, *more])


def test_a_word_leads_to_its_entry_where_it_first_stands_and_only_there() -> None:
    html = rendered("The lag grows, and *lag* shows.\n\nLag again.")
    assert html == (
        '<p>The <a href="g/#lag">lag</a> grows, and <em>lag</em> shows.</p>\n<p>Lag again.</p>'
    )


def test_the_longest_word_that_fits_is_taken_over_a_line_s_end_too() -> None:
    html = rendered("A consumer\ngroup of two; each consumer reads.")
    assert '<a href="g/#consumer-group">consumer\ngroup</a> of two' in html
    assert 'each <a href="g/#consumer">consumer</a> reads' in html


@pytest.mark.parametrize(
    ("word", "anchor"),
    [("Lag", "lag"), ("REPLIES", "reply"), ("Consumer groups", "consumer-group")],
)
def test_case_and_plural_do_not_count(word: str, anchor: str) -> None:
    assert rendered(f"{word} again") == f'<p><a href="g/#{anchor}">{word}</a> again</p>'


@pytest.mark.parametrize(
    "text",
    [
        "# A lag",
        "A [lag](elsewhere.md) is linked",
        "The name `lag` is code",
        "    lag",
        "```\nlag\n```",
        "| lag |\n|---|\n| lag |",
        "flags, laggard and jet-lag are other words",
        '<div class="tg tg-claims"><p>The lag is drawn</p></div>',
        '<p class="tg" markdown="1">lag</p>',
        "Kafka's own commands are no messages",
    ],
)
def test_what_is_no_prose_or_another_word_is_left_alone(text: str) -> None:
    assert "#lag" not in rendered(text) and "#command" not in rendered(text)


def test_after_a_phrase_with_another_meaning_the_word_is_linked_still() -> None:
    assert 'A <a href="g/#command">command</a>' in rendered("Its own commands. A command to C.")


def test_words_around_links_and_marks_keep_their_places() -> None:
    html = rendered("See **the lag** of [it](x), a reply, a command, then **end** and lag.")
    plain = html.replace("<a", "\n<a")
    assert [line.partition(">")[0] for line in plain.splitlines()[1:]] == [
        '<a href="g/#lag"', '<a href="x"', '<a href="g/#reply"', '<a href="g/#command"',
    ]  # fmt: skip
    assert html.endswith(", then <strong>end</strong> and lag.</p>")


def test_a_page_gets_so_many_links_and_no_more() -> None:
    words = [f"w{chr(97 + n)}" for n in range(terms.MOST + 3)]
    links = TermLinks({word: word for word in words})
    links.href = "g/"
    html = markdown.markdown(" ".join(words), extensions=[links])
    assert html.count("<a ") == terms.MOST


def test_without_an_address_nothing_is_linked() -> None:
    assert rendered("lag", href="") == "<p>lag</p>"
