"""Which modules are reached."""

import pytest

from app.shell.rules import preloaded, reached

SOURCES = {
    "js/app.js": 'import { a } from "./a.js";\nimport {\n  b,\n} from "./deep/b.js";\n',
    "js/a.js": 'import { b } from "./deep/b.js";\n'
    'const e = await import("./editor.js");\n// import { c } from "./gone.js";\n',
    "js/deep/b.js": 'const w = new Worker(new URL("../worker/w.js", import.meta.url));\n',
    "js/worker/w.js": 'import { help } from "../help.js";\n',
    "js/help.js": "export const help = 1;\n",
    "js/editor.js": 'import { help } from "./help.js";\n',
    "js/alone.js": "",
}


def test_a_script_reaches_its_imports_its_workers_what_comes_late_and_theirs() -> None:
    assert reached("js/app.js", SOURCES) == [
        "js/app.js",
        "js/a.js",
        "js/deep/b.js",
        "js/editor.js",
        "js/worker/w.js",
        "js/help.js",
    ]


def test_a_page_is_not_asked_to_load_what_only_a_worker_or_a_tap_needs() -> None:
    assert preloaded("js/app.js", SOURCES) == ["js/app.js", "js/a.js", "js/deep/b.js"]


def test_a_module_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(KeyError):
        reached("js/x.js", {"js/x.js": 'import "./missing.js";\n'})
