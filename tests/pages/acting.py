"""People of the demonstration on the pages: signing in as one of them, and finding
something for them to do.
"""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from gridmap.city import City
from gridmap.model import UserRole


def user_of(city: City, role: UserRole, number: int = 0) -> int:
    """The number of a user the demonstration's sign-in offers."""
    table = city.people.demo_users()
    return int(table[table["role"] == role.value]["id"].iloc[number])


def sign_in(app: AppTest, user: int) -> AppTest:
    """`app` after choosing `user` in the side bar."""
    app.selectbox(key="side.sign_in").set_value(user).run()
    assert not app.exception, app.exception
    return app
