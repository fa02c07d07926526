"""The worker application's files: types, addresses of one version, the guard of headers,
words in both languages.
"""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from gridmap.api import worker_files, worker_words
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.model import Status
from gridmap.terms import MOVES, STATUSES
from gridmap.words import Words

SCRIPTS = sorted(
    path for path in worker_files.FOLDER.rglob("*.js") if path.name != "trusted.js"
)


class Client:
    """Asks the routes without a network."""

    def get(self, path: str, **headers: str) -> httpx.Response:
        # In a thread of its own: a browser test before this one may have left its loop
        # running in this thread.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._ask(path, headers)).result()

    async def _ask(self, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=worker_files.routes()))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://server"
        ) as client:
            return await client.get(path, headers=headers)


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


@pytest.fixture(scope="module")
def words() -> dict[str, tuple[str, str]]:
    """Every word of the application: key → Chinese, English, as the phone gets them."""
    spoken = values(worker_files.files()["terms.js"].decode())["WORDS"]
    assert set(spoken["zh"]) == set(spoken["en"]) == set(worker_words.WORDS)
    return {key: (spoken["zh"][key], spoken["en"][key]) for key in worker_words.WORDS}


def values(made: str) -> dict[str, Any]:
    """The constants of `terms.js`."""
    return {
        name: json.loads(value)
        for name, value in re.findall(r"^export const (\w+) = (.*);$", made, re.MULTILINE)
    }


def test_the_page_and_the_service_worker_are_asked_for_anew_each_time(client):
    for path, kind in (
        ("", "text/html"),
        ("sw.js", "text/javascript"),
        ("manifest.webmanifest", "application/manifest+json"),
    ):
        answer = client.get(f"/app/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["cache-control"] == "no-store"
        assert worker_files.version() in answer.text
        assert "__" not in answer.text


def test_the_folder_is_found_without_its_slash(client):
    answer = client.get("/app")
    assert (answer.status_code, answer.headers["location"]) == (308, "/app/")


def test_every_kept_file_is_there_under_its_version_for_good(client):
    kept = json.loads(
        re.search(r"const FILES = (\[.*\]);", client.get("/app/sw.js").text).group(1)
    )
    assert {"./", "manifest.webmanifest"} < set(kept)
    assert any(name.endswith("/lib/leaflet.js") for name in kept)
    for name in kept[2:]:
        answer = client.get(f"/app/{name}")
        assert answer.status_code == 200, name
        assert (
            answer.headers["content-type"] == worker_files.TYPES[PurePosixPath(name).suffix]
        )
        assert "immutable" in answer.headers["cache-control"]


def test_text_travels_compressed_to_who_takes_it(client):
    path = f"/app/{worker_files.version()}/lib/leaflet.js"
    small, plain = client.get(path), client.get(path, **{"accept-encoding": "identity"})
    assert small.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert small.content == plain.content == worker_files.files()["lib/leaflet.js"]
    assert int(small.headers["content-length"]) * 2 < int(plain.headers["content-length"])
    assert small.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_everything_the_page_loads_is_kept(client):
    kept = client.get("/app/sw.js").text
    for name in re.findall(r'(?:src|href)="([^"]+)"', client.get("/app/").text):
        assert f'"{name}"' in kept
    for icon in client.get("/app/manifest.webmanifest").json()["icons"]:
        assert f'"{icon["src"]}"' in kept
    names = set(worker_files.files())
    for path in SCRIPTS:
        here = path.relative_to(worker_files.FOLDER).parent
        for target in re.findall(
            r'^import .*?"(\.[^"]+)";',
            path.read_text(encoding="utf-8"),
            re.MULTILINE | re.DOTALL,
        ):
            place = (
                worker_files.FOLDER / here / target.replace("__VERSION__/", "")
            ).resolve()
            assert place.relative_to(worker_files.FOLDER).as_posix() in names, (
                f"{path.name}: {target}"
            )


def test_files_of_another_version_are_refused_not_mixed_in(client):
    assert client.get("/app/000000000000/app.js").status_code == 404
    assert (
        client.get(f"/app/{worker_files.version()}/views/../../server.py").status_code
        == 404
    )
    assert client.get(f"/app/{worker_files.version()}/index.html").status_code == 404
    assert client.get("/app/app.js").status_code == 404


def test_nothing_from_elsewhere_and_no_text_as_markup(client):
    for path in ("", "sw.js", f"{worker_files.version()}/app.js", "nothing"):
        policy = client.get(f"/app/{path}").headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
    assert client.get("/app/").headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_never_write_markup(path):
    text = path.read_text(encoding="utf-8")
    for sink in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "DOMParser",
        "srcdoc",
    ):
        assert sink not in text


def test_every_word_is_said_in_both_languages_and_fills_the_same_places(words):
    for key, (chinese, english) in words.items():
        assert chinese, key
        assert english, key
        assert sorted(re.findall(r"\{\w+\}", chinese)) == sorted(
            re.findall(r"\{\w+\}", english)
        ), key
        assert not re.search(r"[\u4e00-\u9fff]", english), key


def test_every_word_asked_for_is_there_and_none_stands_idle(words):
    texts = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    pages = "\n".join(
        (worker_files.FOLDER / name).read_text(encoding="utf-8")
        for name in worker_files.ENTRIES.values()
    )
    asked = set(re.findall(r'say\(\s*"(\w+)"', texts))
    asked |= set(re.findall(r"__(?:zh|en):(\w+?)__", pages))
    assert asked - set(words) == set()
    starts = tuple(re.findall(r"say\(`(\w+)\$\{", texts))
    named = set(re.findall(r'"(\w+)"', texts))
    idle = {key for key in words if key not in asked | named and not key.startswith(starts)}
    assert idle == set()


def test_no_script_and_no_page_says_anything_the_catalogues_do_not(client):
    own = [
        *SCRIPTS,
        *(worker_files.FOLDER / name for name in worker_files.ENTRIES.values()),
    ]
    for path in own:
        assert not re.search(r"[\u4e00-\u9fff]", path.read_text(encoding="utf-8")), (
            path.name
        )
    page = client.get("/app/").text
    assert "<title>网格上报 · Grid reporting</title>" in page
    assert client.get("/app/manifest.webmanifest").json()["short_name"] == "网格上报"


def test_terms_are_those_of_the_pages():
    made = values(worker_files.files()["terms.js"].decode())
    for lang in ("zh", "en"):
        say = Words(lang)
        assert made["TERMS"][lang]["statuses"] == {
            key: say(text) for key, text in STATUSES.items()
        }
        assert made["TERMS"][lang]["moves"] == {
            key: say(text) for key, text in MOVES.items()
        }
        assert set(made["TERMS"][lang]["statuses"]) == {
            status.name.lower() for status in Status
        }
        assert set(made["TERMS"][lang]["moves"]) >= {move.value for move in Act}
    assert made["STATUS_BY_NUMBER"][Status.ANSWERED] == "answered"
    assert made["NEEDS"] == {act: sorted(move.needs) for act, move in MATTER.table.items()}
    signs = (worker_files.FOLDER / "words.js").read_text(encoding="utf-8")
    for status in Status:
        assert re.search(rf'\b{status.name.lower()}: "', signs)
