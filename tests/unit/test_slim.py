"""What is taken out of pages at build time, and what must not be."""

import pytest

from tracegen import slim

SOURCES = {
    "a/one.js": '/** @type {import("./types.js").T} */\nimport { x } from "./two.js";\n'
    'import * as y from "../b/three.js";\nexport * from "./four.js";\n',
    "a/two.js": 'import "./one.js";\nconst later = () => import("./five.js");',
    "b/three.js": '// import { no } from "./never.js";\nconst text = "from ./never.js";',
    "a/four.js": 'import {\n  p,\n  q,\n} from "./two.js";',
}


def test_what_a_script_imports_before_it_runs_is_found_and_nothing_else() -> None:
    found = slim.imported("a/one.js", SOURCES)
    assert found == ["a/one.js", "a/two.js", "b/three.js", "a/four.js"]


def test_minified_scripts_are_read_as_well() -> None:
    sources = {
        "one.js": 'import*as a from"./two.js";import{b}from"./three.js";a(b);export{b}',
        "two.js": "",
        "three.js": "",
    }
    assert slim.imported("one.js", sources) == ["one.js", "two.js", "three.js"]


def test_an_import_that_leads_nowhere_fails_the_build() -> None:
    with pytest.raises(KeyError, match=r"a/gone\.js"):
        slim.imported("a/one.js", {"a/one.js": 'import "./gone.js";'})


def test_a_table_of_prose_is_wrapped_and_one_of_a_view_is_not() -> None:
    html = slim.on_page_content('<table>\n<tr></tr></table><table class="tg"></table>')
    assert html.count("md-typeset__scrollwrap") == 1
    assert html.endswith('</div></div><table class="tg"></table>')
