"""Every action says who and when, and leaves a line in the trail."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def actions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every action a room offers: of a package, what its `__all__` names."""
    for path in [*ROOT.glob("app/*/actions.py"), *ROOT.glob("app/*/actions/*.py")]:
        if path.parent.name == "trail":
            continue
        offered = offers(path.parent / "__init__.py") if path.parent.name == "actions" else None
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            # The log, like the trail, is what actions write to.
            if (path.parent.name, node.name) == ("log", "append"):
                continue
            if offered is None or node.name in offered:
                yield f"{path.relative_to(ROOT)}:{node.name}", node


def offers(package: Path) -> set[str]:
    """The names in a package's `__all__`."""
    for node in ast.parse(package.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def calls(node: ast.AST) -> set[str]:
    """The names called anywhere inside."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            target = each.func
            found.add(
                target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
            )
    return found


def test_every_action_says_when() -> None:
    unsaid = [
        name
        for name, node in actions()
        if not {"at", "now"} & {each.arg for each in [*node.args.args, *node.args.kwonlyargs]}
    ]
    assert unsaid == []


def test_every_action_leaves_a_line_in_the_trail() -> None:
    # Reached through another action or a private helper of the same file counts.
    by_file: dict[str, dict[str, set[str]]] = {}
    for path in [*ROOT.glob("app/*/actions.py"), *ROOT.glob("app/*/actions/*.py")]:
        tree = ast.parse(path.read_text("utf-8"))
        by_file[str(path.relative_to(ROOT))] = {
            node.name: calls(node) for node in tree.body if isinstance(node, ast.FunctionDef)
        }
    writers = {"record"}
    while True:
        more = {
            name
            for functions in by_file.values()
            for name, called in functions.items()
            if called & writers
        }
        if more <= writers:
            break
        writers |= more
    silent = sorted(name for name, _node in actions() if name.rsplit(":", 1)[1] not in writers)
    assert (
        silent
        == [
            # Housekeeping that people do not do; each says why in its docstring.
        ]
    )
