"""The field tables of GeoReport v2 (wiki.open311.org/GeoReport_v2), written down by hand,
and replies held against them.

A field is a kind and whether it must have a value. Kinds: text, list (of texts, with
commas), flag, number, whole, moment (ISO 8601 with zone), address (URL), or a tuple of the
words allowed.
"""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring

DISCOVERY = {
    "changeset": ("moment", True),
    "contact": ("text", True),
    "key_service": ("text", True),
    "endpoints": ("nested", True),
}
ENDPOINT = {
    "specification": ("address", True),
    "url": ("address", True),
    "changeset": ("moment", True),
    "type": (("production", "test"), True),
    "formats": ("nested", True),
}
SERVICE = {
    "service_code": ("text", True),
    "service_name": ("text", True),
    "description": ("text", False),
    "metadata": ("flag", True),
    "type": (("realtime", "batch", "blackbox"), True),
    "keywords": ("text", False),
    "group": ("text", False),
}
DEFINITION = {"service_code": ("text", True), "attributes": ("nested", True)}
ATTRIBUTE = {
    "variable": ("flag", True),
    "code": ("text", True),
    "datatype": (
        ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"),
        True,
    ),
    "required": ("flag", True),
    "datatype_description": ("text", False),
    "order": ("whole", True),
    "description": ("text", True),
}
VALUE = {"key": ("text", True), "name": ("text", True)}
CREATED = {
    "service_request_id": ("text", True),
    "service_notice": ("text", False),
    "account_id": ("text", False),
}
TOKEN = {"service_request_id": ("text", True), "token": ("text", True)}
REQUEST = {
    "service_request_id": ("text", True),
    "status": (("open", "closed"), True),
    "status_notes": ("text", False),
    "service_name": ("text", True),
    "service_code": ("text", True),
    "description": ("text", False),
    "agency_responsible": ("text", False),
    "service_notice": ("text", False),
    "requested_datetime": ("moment", True),
    "updated_datetime": ("moment", True),
    "expected_datetime": ("moment", False),
    "address": ("text", False),
    "address_id": ("text", False),
    "zipcode": ("text", False),
    "lat": ("number", True),
    "long": ("number", True),
    "media_url": ("address", False),
}
ERROR = {"code": ("whole", True), "description": ("text", True)}

XML_HEAD = b'<?xml version="1.0" encoding="utf-8"?>'
IN_JSON = {"flag": bool, "number": float, "whole": int}


def check(record, table, *, of_json, lists=()):
    """Hold one record against its table; no field is missing, none is unknown, `lists` aside."""
    assert list(record) == [*table, *(name for name in lists if name in record)]
    for name, (kind, needed) in table.items():
        value = record[name]
        if value is None or value == "":
            assert value is None, f"{name}: absent is null in JSON, an empty element in XML"
            assert not needed, f"{name} is needed"
        elif kind != "nested":
            _check_value(name, kind, value, of_json=of_json)


def _check_value(name, kind, value, *, of_json):
    if of_json:
        wanted = IN_JSON.get(kind, str) if isinstance(kind, str) else str
        assert isinstance(value, wanted), f"{name}: {value!r}"
        assert wanted is bool or not isinstance(value, bool), name
        value = (
            {True: "true", False: "false"}.get(value, value)
            if isinstance(value, bool)
            else str(value)
        )
    if isinstance(kind, tuple):
        assert value in kind, f"{name}: {value}"
    elif kind == "flag":
        assert value in {"true", "false"}, f"{name}: {value}"
    elif kind in {"number", "whole"}:
        assert re.fullmatch(r"-?\d+(\.\d+)?" if kind == "number" else r"\d+", value), (
            f"{name}: {value}"
        )
    elif kind == "moment":
        assert datetime.fromisoformat(value).utcoffset() is not None, f"{name}: {value}"
    elif kind == "address":
        assert urlsplit(value).scheme in {"http", "https"}, f"{name}: {value}"


def xml_of(answer, root, item):
    """The children of the root, each as a record: text, None for an empty element, or the
    element of a nested one.
    """
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(XML_HEAD)
    tree = fromstring(answer.content)
    assert tree.tag == root
    assert {child.tag for child in tree} <= {item}
    return [record_of(child) for child in tree]


def record_of(element):
    """Tag → text of the children."""
    assert len({child.tag for child in element}) == len(element), "each field once"
    return {child.tag: (child if len(child) else child.text) for child in element}
