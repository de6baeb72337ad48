"""A visitor who looks closely: every page fetched through `look` must be a good page."""

import re
from collections import Counter
from xml.etree.ElementTree import Element

import html5lib
from fastapi.testclient import TestClient

NAMED = ("aria-label", "aria-labelledby", "title")


def look(client: TestClient, path: str, status: int = 200) -> str:
    """The page at this address, after looking closely at it."""
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
    inspect(answer.text, path)
    return answer.text


def inspect(text: str, where: str) -> None:
    """Strict HTML, one h1, unique ids, labelled fields, no inline script, style or handler."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    mistakes = [f"{position} {code}" for position, code, _ in parser.errors]
    assert not mistakes, f"{where}: {mistakes[:5]}"
    elements = list(tree.iter())
    assert len([each for each in elements if each.tag == "h1"]) == 1, f"{where}: one h1"
    ids = Counter(each.get("id") for each in elements if each.get("id"))
    assert [each for each, times in ids.items() if times > 1] == [], f"{where}: ids twice"
    assert tree.get("lang") in {"th", "en"}, f"{where}: lang"
    for each in elements:
        if not isinstance(each.tag, str):
            continue
        assert "style" not in each.attrib, f"{where}: style on {each.tag}"
        assert each.tag != "style", f"{where}: inline style"
        words = each.get("type") == "application/json"  # read by scripts, never run
        assert each.tag != "script" or words or each.get("src"), f"{where}: inline script"
        handlers = [name for name in each.attrib if name.startswith("on")]
        assert not handlers, f"{where}: {handlers} on {each.tag}"
        for name in ("aria-labelledby", "aria-describedby"):
            for target in each.get(name, "").split():
                assert target in ids, f"{where}: {name}={target} leads nowhere"
        if each.tag == "a" and re.fullmatch("#.+", each.get("href", "")):
            assert each.get("href", "")[1:] in ids, f"{where}: {each.get('href')}"
    labelled = {each.get("for") for each in elements if each.tag == "label"}
    inside = {id(field) for label in elements if label.tag == "label" for field in label.iter()}
    for field in elements:
        if field.tag not in {"input", "select", "textarea"} or field.get("type") == "hidden":
            continue
        if field.get("aria-hidden") == "true":
            continue
        named = field.get("id") in labelled or id(field) in inside
        assert named or any(field.get(name) for name in NAMED), f"{where}: {field.attrib}"


def links(text: str) -> set[str]:
    """The addresses on this site that a page leads to, without files and marks."""
    found = {each.replace("&amp;", "&") for each in re.findall(r'href="(/[^"#]*)"', text)}
    return {each for each in found if not each.startswith("/static/")}
