"""The house rules that no linter holds: sizes, and what may never stand in the tree."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "pixverse_desktop"
FORBIDDEN_NAMES = {"utils", "misc", "helpers", "common"}
REGISTRY_ADDRESS = re.compile(
    r"--(extra-)?index-url|https?://[\w.]*(pypi|pythonhosted|npmjs)\.", re.IGNORECASE
)


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its number of lines, not counting its docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            doc_lines = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
            lines = (node.end_lineno or 0) - node.lineno + 1 - doc_lines
            yield f"{path.relative_to(ROOT)}:{node.name}", lines


def tracked_text_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        return [path for path in ROOT.rglob("*.py") if ".venv" not in path.parts]
    return [ROOT / name for name in listed.stdout.splitlines()]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_function_is_longer_than_40_lines_but_the_few_that_only_put_parts_together() -> None:
    long = {name for path in modules() for name, lines in functions(path) if lines > 40}

    assert long <= {"pixverse_desktop/app/composition.py:open_engine"}


def test_functions_are_short_as_a_rule() -> None:
    lengths = [lines for path in modules() for _, lines in functions(path)]

    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[8] <= 20


def test_every_module_says_why_it_exists() -> None:
    silent = [path for path in modules() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]

    assert not silent


def test_no_drawer_is_called_by_a_name_that_fits_anything() -> None:
    assert not {path.stem for path in modules()} & FORBIDDEN_NAMES


def test_no_address_of_a_package_registry_stands_in_the_tree() -> None:
    named = []
    for path in tracked_text_files():
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        if path.name != "test_architecture.py" and REGISTRY_ADDRESS.search(text):
            named.append(path)

    assert not named
