"""Hints: pages name what they will need, other answers and unknown versions of Streamlit
are left as they are.
"""

from pathlib import Path

import httpx
import pytest
import streamlit
from loop import in_a_loop
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from gridmap import webfiles
from gridmap.api.hints import MAP_SCRIPTS, WIDGETS, Hints

STATIC = Path(streamlit.__file__).parent / "static"


def ask(static: Path, path: str, base: str = "") -> httpx.Response:
    async def page(_request):
        return HTMLResponse("<p>page</p>")

    async def text(_request):
        return PlainTextResponse("text")

    routes = [
        Route("/", page),
        Route("/component/a/index.html", page),
        Route("/text", text),
    ]

    async def answered() -> httpx.Response:
        transport = httpx.ASGITransport(
            app=Hints(Starlette(routes=routes), static=static, base=base)
        )
        async with httpx.AsyncClient(
            transport=transport, base_url="http://server"
        ) as client:
            return await client.get(path)

    return in_a_loop(answered())


def named(answer: httpx.Response) -> list[str]:
    return [
        part.partition(">")[0].strip(" <")
        for part in answer.headers.get("link", "").split(",")
        if part
    ]


def test_a_page_names_the_files_of_its_widgets_and_all_of_them_exist():
    paths = named(ask(STATIC, "/"))
    assert {path.rsplit("/", 1)[-1].partition(".")[0] for path in paths} >= set(WIDGETS)
    assert all((STATIC / path.lstrip("/")).is_file() for path in paths)


def test_what_the_page_starts_with_anyway_is_not_named():
    start = (STATIC / "index.html").read_text(encoding="utf-8")
    assert not [
        path for path in named(ask(STATIC, "/")) if path.rsplit("/", 1)[-1] in start
    ]


def test_the_frame_of_a_map_names_its_scripts():
    paths = named(ask(STATIC, "/component/a/index.html"))
    assert paths == [webfiles.address(name) for name in MAP_SCRIPTS]


@pytest.mark.parametrize("base", ["/city", "/city/"])
def test_a_server_below_a_path_names_files_below_it(base):
    assert all(
        path.startswith("/city/static/js/") for path in named(ask(STATIC, "/", base))
    )


def test_other_answers_carry_no_hints():
    assert "link" not in ask(STATIC, "/text").headers
    assert "link" not in ask(STATIC, "/missing").headers


def test_a_streamlit_with_other_files_works_without_hints(tmp_path):
    answer = ask(tmp_path, "/")
    assert (answer.text, "link" in answer.headers) == ("<p>page</p>", False)
