"""Activities are found in the pages that say they are some."""

import pytest

from tests.unit.texts import assert_approved, markup, text
from tracegen.errors import PageError
from tracegen.minutes import WORDS_A_MINUTE
from tracegen.views import activities

PAGE = "---\ntitle: {title}\nactivity: {name}\ndoes: {does}\nable: do X\n---\n\n# X\n\n{words}"


@pytest.fixture
def docs(tmp_path):
    for path, name, minutes in [
        ("recall.md", "Recall", 1), ("visual.md", "Visual", 10), ("why/index.md", "Why", 5),
        ("learn/when.md", "Learn", 20),
    ]:  # fmt: skip
        page = tmp_path / path
        page.parent.mkdir(exist_ok=True)
        words = "word " * (minutes * WORDS_A_MINUTE - 2)  # Its heading is a word, too.
        page.write_text(PAGE.format(title=f"T {name}", name=name, words=words, does="Do: it."))
    (tmp_path / "other.md").write_text("---\ntitle: No activity\n---\n")
    (tmp_path / "bare.md").write_text("# activity: Visual\n")
    return tmp_path


def test_pages_that_say_so_are_listed_in_the_order_in_which_to_take_them(docs):
    found = [(one.name, one.minutes, one.href) for one in activities.build(docs).all]

    assert found == [
        ("Why", 5, "why/"), ("Visual", 10, "visual/"), ("Learn", 20, "learn/when/"),
        ("Recall", 1, "recall/"),
    ]  # fmt: skip


def test_a_new_page_needs_no_list_edited(docs):
    (docs / "time.md").write_text(PAGE.format(title="T", name="Time", words="", does="Count."))

    assert "Time" in [one.name for one in activities.build(docs).all]


def test_the_page_on_which_the_list_stands_is_named_and_no_link(docs):
    drawn = markup("activities", docs, here="Why", form="bar")

    assert '<strong aria-current="page">Why</strong>' in drawn
    assert "Why 5 min" in text(drawn)
    assert "Afterwards you can do X" in text(drawn)
    assert 'href="why/"' not in drawn
    assert 'href="visual/"' in drawn


def test_a_list_cannot_stand_on_a_page_that_is_not_there(docs):
    with pytest.raises(PageError, match="no page says that it is the activity 'Try'"):
        activities.build(docs, here="Try")


def test_the_project_has_the_core_page_among_its_activities(request):
    found = activities.build(request.config.rootpath / "docs").all

    assert [one.name for one in found] == list(activities.ADVISED)
    assert all(one.does and one.able and one.minutes > 0 for one in found)


def test_the_menu_lists_them_in_the_advised_order(request):
    root = request.config.rootpath
    menu = (root / "mkdocs.yml").read_text().partition("- Activities:")[2]
    pages = [line.strip(" -") for line in menu.splitlines()[1:10]]

    assert [f"{page.removesuffix('.md')}/" for page in pages] == [
        one.href for one in activities.build(root / "docs").all
    ]


def test_the_foot_leads_to_the_one_that_follows_and_the_last_one_back_to_the_start(docs):
    assert "Next: Visual" in text(markup("activities", docs, here="Why", form="foot"))
    last = markup("activities", docs, here="Recall", form="foot")
    assert "Next:" not in last
    assert 'href="./"' in last


def test_a_page_in_another_language_is_no_activity_of_its_own(docs):
    german = (docs / "visual.md").read_text().replace("title:", "language: de\ntitle:", 1)
    (docs / "de").mkdir()
    (docs / "de" / "visual.md").write_text(german)

    assert len(activities.build(docs).all) == 4


def test_a_form_that_is_none_is_an_error(docs):
    with pytest.raises(PageError, match=r"no form 'list'.*Known: cards, bar, foot"):
        activities.build(docs, form="list")


@pytest.mark.parametrize(
    ("was", "is_", "says"),
    [
        ("does: Do: it.\n", "", r"visual\.md: an activity needs does"),
        ("able: do X\n", "", r"visual\.md: an activity needs able"),
        ("activity: Visual", "activity: Vsual", r"visual\.md: no activity 'Vsual'\. Known: Why,"),
    ],
)
def test_half_of_it_is_an_error_that_names_the_page(docs, was, is_, says):
    page = docs / "visual.md"
    page.write_text(page.read_text().replace(was, is_))

    with pytest.raises(PageError, match=says):
        activities.build(docs)


@pytest.mark.parametrize(
    ("text_", "fields"),
    [
        ("", {}),
        ("# A page\n", {}),
        ("---\na: b\n", {}),  # Never closed, so it is no front matter.
        ("---\na: b: c\nd: 'e'\nf:\n  g: h\n---\ni: j\n", {"a": "b: c", "d": "e"}),
        ('---\n\na: ""\nb: "\n---\n', {"a": "", "b": '"'}),
    ],
)
def test_front_matter_is_the_plain_lines_between_the_rules(text_, fields):
    assert activities.front_matter(text_) == fields


def test_markup_in_a_page_is_text(docs):
    page = docs / "recall.md"
    page.write_text(page.read_text().replace("Do: it.", "<b>Do</b> it."))

    drawn = markup("activities", docs)

    assert "1 min " in text(drawn)
    assert "&lt;b&gt;Do&lt;/b&gt; it." in drawn


def test_the_markup_is_what_was_approved(docs):
    assert_approved("activities.html", markup("activities", docs))
    assert_approved("activities.bar.html", markup("activities", docs, here="Why", form="bar"))
