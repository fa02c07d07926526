"""Choosing a category in two steps, class and kind; or by typing a part of its name."""

from __future__ import annotations

import streamlit as st

from gridmap.ui.frame import Page

PATH = " › "


def show(page: Page, key: str) -> str:
    """The code of the kind chosen; empty while there is none. Without a class, all kinds
    can be searched.
    """
    say = page.say
    classes, kinds = tree(page)
    chosen = st.pills(
        say("Class"),
        list(classes),
        format_func=classes.__getitem__,
        key=f"{key}.class",
        label_visibility="collapsed",
        wrap=True,
    )
    offered = {
        code: path for code, (root, path) in kinds.items() if not chosen or root == chosen
    }
    found = st.selectbox(
        say("Kind"),
        list(offered),
        index=None,
        format_func=lambda code: PATH.join(offered[code][1 if chosen else 0 :]),
        key=f"{key}.kind.{chosen or ''}",
        placeholder=say("Choose a kind, or type a part of its name"),
        label_visibility="collapsed",
    )
    return found or ""


def tree(page: Page) -> tuple[dict[str, str], dict[str, tuple[str, tuple[str, ...]]]]:
    """Classes (code → name) and kinds, the leaves of the tree (code → code of its class,
    names from the class down).
    """
    table = page.city.categories(page.lang)
    paths = page.city.category_paths(page.lang)
    parents = dict(zip(table["code"], table["parent"], strict=True))
    inner = set(parents.values())

    def root(code: str) -> str:
        while parents.get(code):
            code = parents[code]
        return code

    classes = {code: paths[code][0] for code, parent in parents.items() if not parent}
    kinds = {code: (root(code), paths[code]) for code in parents if code not in inner}
    return classes, kinds
