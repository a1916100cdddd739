"""What is taken out of pages at build time, what is joined, and what must not be."""

import base64
import hashlib
import re
import subprocess

import pytest

from tests.check import command
from tracegen import joined, slim

SOURCES = {
    "a/one.js": """import{x as y,z}from"./two.js";import*as four from"./four.js";
export{Three}from"./three.js";export const sum=y+z+four.p;const before="export";
export async function later(){return(await import("./five.js")).five;}""",
    "a/two.js": "export const x=1;export const z=2;globalThis.runs=(globalThis.runs??0)+1;",
    "a/three.js": "export class Three{#three=3;get(){return this.#three;}}",
    "a/four.js": 'import{x}from"./two.js";\nexport function q(){}export const p=x*100;',
    "a/five.js": 'import{x}from"./two.js";import{Three}from"./three.js";'
    "export const five=new Three().get()+x+globalThis.runs;export const its=Three;",
}


def test_what_a_script_imports_before_it_runs_is_found_and_nothing_else() -> None:
    order = joined.reached("a/one.js", SOURCES)
    assert set(order) == SOURCES.keys() - {"a/five.js"}
    assert order[-1] == "a/one.js"
    assert order.index("a/two.js") < order.index("a/four.js")


def test_joined_modules_do_what_they_did_and_run_once(tmp_path) -> None:
    for kind, made in (("plain", {}), ("joined", joined.join("a/one.js", SOURCES))):
        folder = tmp_path / kind / "a"
        folder.mkdir(parents=True)
        for path, source in (SOURCES | made).items():
            (tmp_path / kind / path).write_text(slim.shorter(source))
        (folder.parent / "package.json").write_text('{"type": "module"}')
        (folder.parent / "run.js").write_text(
            """const one = await import("./a/one.js"), five = await import("./a/five.js");
            const { Three } = await import("./a/three.js");
            const same = five.its === Three;
            console.log(one.sum, await one.later(), same, new Three().get(), globalThis.runs);"""
        )
        ran = subprocess.run(
            [command("node"), str(folder.parent / "run.js")], capture_output=True, text=True
        )
        assert ran.stdout.split() == ["103", "5", "true", "3", "1"], (kind, ran.stderr)


def test_an_import_that_leads_nowhere_fails_the_build() -> None:
    with pytest.raises(joined.JoinError, match=r"a/one\.js imports a/gone\.js"):
        joined.join("a/one.js", {"a/one.js": 'import{x}from"./gone.js";'})


def test_modules_that_import_each_other_fail_the_build() -> None:
    sources = {"one.js": 'import{a}from"./two.js";', "two.js": 'import{b}from"./one.js";'}
    with pytest.raises(joined.JoinError, match="each other"):
        joined.join("one.js", sources)


def test_modules_of_two_folders_are_not_joined() -> None:
    sources = {"a/one.js": 'import{a}from"../b/two.js";', "b/two.js": "export const a=1;"}
    with pytest.raises(joined.JoinError, match="other folders: a, b"):
        joined.join("a/one.js", sources)


@pytest.mark.parametrize(
    "line", ["export default 1;", "export let a=1;", 'import"./x.js";', "export*from'./x.js';"]
)
def test_what_cannot_be_joined_is_refused(line: str) -> None:
    with pytest.raises(joined.JoinError, match="cannot join"):
        joined.join("one.js", {"one.js": f"const a=1;{line}"})


def test_a_table_of_prose_is_wrapped_and_one_of_a_view_is_not() -> None:
    html = slim.on_page_content('<table>\n<tr></tr></table><table class="tg"></table>')
    assert html.count("md-typeset__scrollwrap") == 1
    assert html.endswith('</div></div><table class="tg"></table>')


def test_a_template_literal_within_another_is_refused_before_it_loses_its_spaces() -> None:
    with pytest.raises(joined.JoinError, match=r"docs/a/b\.js:2: a template literal stands within"):
        slim.bare("a/b.js", "const a = 1;\nconst b = `x ${a ? `y ${a} z` : a}`;\n")

    assert slim.bare("a/b.js", "const b = `x ${a} y`; // So.\n") == "const b=`x ${a} y`;"


def test_of_the_theme_s_palette_only_what_a_page_is_in_is_left() -> None:
    kept = (
        "@media screen{[data-md-color-scheme=slate]{--a:1}"
        "[data-md-color-scheme=slate][data-md-color-primary=indigo]{--a:2}}"
        "[data-md-color-accent=indigo]{--b:3}"
    )
    others = (
        "[data-md-color-accent=deep-orange]{--b:4}"
        "[data-md-color-scheme=slate][data-md-color-primary=red],.a{--a:5}"
    )
    assert slim.one_hue(kept.replace("{[", "{" + others + "[", 1) + others) == kept


def test_the_cage_allows_its_own_script_by_hash_and_nothing_else() -> None:
    page = slim.caged("let cost$ = 1;")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    hash_ = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert script == "let cost$ = 1;"
    assert policy.split("; ") == [
        "default-src 'none'",
        f"script-src 'sha256-{hash_}' blob: 'wasm-unsafe-eval'",
        "worker-src blob:",
    ]
    assert page.index("http-equiv") < page.index("<script>")
