"""What a page shows, as text."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def words(app: AppTest) -> str:
    """Every word the page shows, but what people wrote."""
    found = [
        element.value
        for kind in ("markdown", "text", "caption", "subheader")
        for element in app.get(kind)
    ]
    found += [element.body for element in app.get("html") if "<style>" not in element.body]
    found += [button.label for button in app.button]
    found += [
        label
        for kind in (app.selectbox, app.multiselect, app.text_input)
        for label in (one.label for one in kind)
    ]
    found += [option for select in app.selectbox for option in select.options]
    found += [name for table in app.dataframe for name in table.value.columns]
    return "\n".join(map(str, found))
