"""What the other browser tests rely on: a page's complaints are heard, each kind of them."""

import pytest

HTML = {"Content-Type": "text/html"}
QUIET = "<!doctype html><title>Quiet</title><img src='data:,' alt=''><p>Nothing happens.</p>"
LOUD = {
    "console: ": "<script>console.error('no')</script>",
    "exception: ": "<script>throw Error('no')</script>",
    "Content Security Policy": (
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">"
        "<script>document.title = 'ran'</script>"
    ),
    "request to another origin: http://elsewhere.test/": (
        "<link rel=stylesheet href='http://elsewhere.test/font.css'>"
    ),
}


@pytest.mark.parametrize("kind", LOUD)
def test_each_kind_of_complaint_is_heard(page, complaints, kind):
    page.route("http://elsewhere.test/**", lambda route: route.fulfill(body=""))
    page.route("http://here.test/", lambda route: route.fulfill(body=LOUD[kind], headers=HTML))
    page.goto("http://here.test/")
    assert [complaint for complaint in complaints if kind in complaint]
    assert page.title() != "ran"
    complaints.clear()


def test_a_quiet_page_has_no_complaints(page, complaints):
    page.route("http://here.test/", lambda route: route.fulfill(body=QUIET, headers=HTML))
    page.goto("http://here.test/")
    assert complaints == []
