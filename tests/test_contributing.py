"""CONTRIBUTING.md names what there is, and README leads to every page."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def test_every_target_tool_and_folder_it_names_is_there():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"\bmake (\w+)", GUIDE)) - {"sure"}
    assert targets and all(f"\n{target}:" in makefile for target in targets)
    paths = set(re.findall(r"((?:tools|tests|docs|gridmap)/[\w/.]+\w)", GUIDE))
    assert paths and not [path for path in sorted(paths) if not (ROOT / path).exists()]


def test_readme_leads_to_every_page_of_the_docs():
    linked = set(re.findall(r"\]\(docs/([\w-]+\.md)\)", README))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - linked == set()
    assert "(CONTRIBUTING.md)" in README
