"""The catalogues of the pages' words: `update` collects them from the code, `compile` makes
the .mo, `check` judges.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "gridmap" / "locale"
LANGUAGES = ("zh", "en")
KEYWORDS = {"say": None, "self": None, "mark": None, "plural": (1, 2)}
SOURCES = ("gridmap", "pages", "app.py")
HEADER = """# The words of the pages. The msgids are collected from the code by tools/catalogues.py.
msgid ""
msgstr ""
"Language: {lang}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
CHINESE = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[A-Za-z]{3}")
FIELD = re.compile(r"\{(\w+)")


def path_of(lang: str) -> Path:
    """The .po file of `lang`."""
    return LOCALE / lang / "LC_MESSAGES" / "gridmap.po"


def collect() -> Catalog:
    """Every text the code asks for, with the places that ask."""
    found = Catalog(project="gridmap", charset="utf-8")
    for source in SOURCES:
        path = ROOT / source
        folder = path if path.is_dir() else path.parent
        pattern = "**.py" if path.is_dir() else path.name
        if not path.exists():
            continue
        for name, _line, text, comments, context in extract_from_dir(
            folder,
            [(pattern, "python")],
            {pattern: {}},
            KEYWORDS,
            directory_filter=None if path.is_dir() else _none,
        ):
            where = (folder / name).relative_to(ROOT).as_posix()
            found.add(text, None, [(where, 0)], auto_comments=comments, context=context)
    return found


def _none(_folder: str) -> bool:
    return False


def read(lang: str) -> Catalog:
    """The catalogue of `lang` as it stands."""
    with path_of(lang).open("rb") as file:
        return pofile.read_po(file, locale=lang)


def update() -> None:
    """Bring both catalogues up to the code; English says what the code says, Chinese waits
    for a translation.
    """
    template = collect()
    for lang in LANGUAGES:
        catalogue = (
            read(lang)
            if path_of(lang).exists()
            else Catalog(locale=lang, project="gridmap", charset="utf-8")
        )
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        if lang == "en":
            for message in catalogue:
                if message.id and not _said(message):
                    message.string = message.id
        path_of(lang).parent.mkdir(parents=True, exist_ok=True)
        with path_of(lang).open("wb") as file:
            file.write(HEADER.format(lang=lang, plurals=catalogue.plural_forms).encode())
            pofile.write_po(
                file,
                catalogue,
                sort_output=True,
                omit_header=True,
                include_lineno=False,
                width=0,
            )


def compile_all() -> None:
    """Write the .mo beside each .po."""
    for lang in LANGUAGES:
        with path_of(lang).with_suffix(".mo").open("wb") as file:
            mofile.write_mo(file, read(lang))


def faults() -> list[str]:
    """Everything wrong with the catalogues, one sentence each."""
    asked = {_key(message): message for message in collect() if message.id}
    return [
        *_uncounted(asked),
        *(fault for lang in LANGUAGES for fault in _faults_of(lang, asked)),
    ]


def _uncounted(asked: dict[str, Message]) -> Iterator[str]:
    """Texts with a number that were collected without their plural, as where an argument
    beside them has a string in it.
    """
    for source in SOURCES:
        path = ROOT / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and call.func.attr == "plural"
                ):
                    one = call.args[0]
                    found = asked.get(one.value) if isinstance(one, ast.Constant) else None
                    if found is not None and isinstance(found.id, str):
                        yield (
                            f"{file.name}: collected without its plural: {found.id!r}; "
                            "name its number before"
                        )


def _faults_of(lang: str, asked: dict[str, Message]) -> list[str]:
    held = {_key(message): message for message in read(lang) if message.id}
    found = [f"{lang}: missing: {key!r}" for key in asked if key not in held]
    found += [f"{lang}: no longer used: {key!r}" for key in held if key not in asked]
    for key, message in held.items():
        texts = _texts(message.string)
        if not _said(message):
            found.append(f"{lang}: empty: {key!r}")
        elif message.fuzzy:
            found.append(f"{lang}: only guessed: {key!r}")
        elif any(set(FIELD.findall(text)) - _fields(message) for text in texts):
            found.append(f"{lang}: other fields than the code fills: {key!r}")
        elif lang == "en" and any(CHINESE.search(text) for text in texts):
            found.append(f"{lang}: Chinese in English: {key!r}")
        elif (
            lang == "zh"
            and not any(CHINESE.search(text) for text in texts)
            and WORD.search(_bare(key))
        ):
            found.append(f"{lang}: not translated: {key!r}")
    return found


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(text) for text in value or ()]  # type: ignore[call-overload]


def _said(message: Message) -> bool:
    return all(_texts(message.string)) and bool(message.string)


def _bare(text: str) -> str:
    return re.sub(r"\{[^}]*\}", "", text)


def _fields(message: Message) -> set[str]:
    return {field for text in _texts(message.id) for field in FIELD.findall(text)}


def main(command: str) -> int:
    """Do `command`; 1 when the check finds something."""
    if command == "update":
        update()
    elif command == "compile":
        compile_all()
    elif command == "check":
        found = faults()
        print("\n".join(found) or "Catalogues are complete.")
        return 1 if found else 0
    else:
        print("usage: tools/catalogues.py update | compile | check")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
