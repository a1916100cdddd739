"""Activities are found in the pages that say they are some."""

import pytest

from tests.unit.texts import assert_approved, markup, text
from tracegen.errors import PageError
from tracegen.views import activities

PAGE = "---\ntitle: {title}\nactivity: {name}\nminutes: {minutes}\ndoes: {does}\n---\n\n# X\n"


@pytest.fixture
def docs(tmp_path):
    for path, name, minutes in [
        ("recall.md", "Recall", 1), ("visual.md", "Visual", 10), ("why/index.md", "Why", 5),
        ("learn/when.md", "Learn", 20),
    ]:  # fmt: skip
        page = tmp_path / path
        page.parent.mkdir(exist_ok=True)
        page.write_text(PAGE.format(title=f"T {name}", name=name, minutes=minutes, does="Do: it."))
    (tmp_path / "other.md").write_text("---\ntitle: No activity\n---\n")
    (tmp_path / "bare.md").write_text("# activity: Visual\n")
    return tmp_path


def test_pages_that_say_so_are_listed_in_the_order_in_which_to_take_them(docs):
    found = [(one.name, one.minutes, one.href) for one in activities.build(docs)]

    assert found == [
        ("Learn", 20, "learn/when/"), ("Why", 5, "why/"), ("Visual", 10, "visual/"),
        ("Recall", 1, "recall/"),
    ]  # fmt: skip


def test_a_new_page_needs_no_list_edited(docs):
    (docs / "time.md").write_text(PAGE.format(title="T", name="Time", minutes=3, does="Count."))

    assert "Time" in [one.name for one in activities.build(docs)]


def test_the_page_on_which_the_list_stands_is_named_and_no_link(docs):
    drawn = markup("activities", docs, here="Why")

    assert "5 minutes, this page" in text(drawn)
    assert 'href="why/"' not in drawn
    assert 'href="visual/"' in drawn


def test_a_list_cannot_stand_on_a_page_that_is_not_there(docs):
    with pytest.raises(PageError, match="no page says that it is the activity 'Try'"):
        activities.build(docs, here="Try")


def test_the_project_has_the_core_page_among_its_activities(request):
    found = activities.build(request.config.rootpath / "docs")

    assert "visual/" in [one.href for one in found]
    assert all(one.does and one.minutes > 0 for one in found)


@pytest.mark.parametrize(
    ("was", "is_", "says"),
    [
        ("does: Do: it.\n", "", r"visual\.md: an activity needs does"),
        ("activity: Visual", "activity: Vsual", r"visual\.md: no activity 'Vsual'\. Known: Learn,"),
        ("minutes: 10", "minutes: ten", r"visual\.md: minutes is 'ten'"),
        ("minutes: 10", "minutes: 0", r"visual\.md: minutes is '0'"),
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


def test_one_minute_is_one_and_markup_in_a_page_is_text(docs):
    page = docs / "recall.md"
    page.write_text(page.read_text().replace("Do: it.", "<b>Do</b> it."))

    drawn = markup("activities", docs)

    assert "1 minute " in text(drawn) + " "
    assert "&lt;b&gt;Do&lt;/b&gt; it." in drawn


def test_the_markup_is_what_was_approved(docs):
    assert_approved("activities.html", markup("activities", docs))
