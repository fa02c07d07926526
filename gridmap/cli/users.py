"""`gridmap users …`: who there is, device keys, absences, hand-over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from gridmap.calendar import from_epoch, to_epoch
from gridmap.cli.console import Json, emit, guarded, out, table
from gridmap.cli.opened import actor_of, opened_city
from gridmap.model import UserRole

if TYPE_CHECKING:
    pass

app = typer.Typer(
    help="See users, give and revoke device keys, note absences, hand work over.",
    no_args_is_help=True,
)

Who = Annotated[str, typer.Argument(help="Sign-in name or number of the user.")]
Area = Annotated[
    int, typer.Option(help="Code of a place: only it and all in it; 0: the whole city.")
]
By = Annotated[
    str,
    typer.Option(
        help=(
            "Sign-in name of who orders it: must be allowed to, and is named. Empty: the "
            "platform itself."
        )
    ),
]
Reason = Annotated[str, typer.Option(help="Why; it stands in the record.")]
SHOWN = 50
DAYS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


@app.command("list")
@guarded
def users(
    *,
    area: Area = 0,
    role: Annotated[UserRole | None, typer.Option(help="Only users of this role.")] = None,
    inactive: Annotated[
        bool, typer.Option("--inactive", help="Those who are no longer active as well.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List users: number, sign-in name, name, role, office, place."""
    with opened_city() as city:
        listed = city.people.users(area or city.code)
    is_wanted = (listed["active"] | inactive) & ((listed["role"] == role) | (role is None))
    listed = listed[is_wanted]
    if as_json:
        emit({"users": listed.to_dict("records")})
        return
    columns = ["id", "login", "name", "role", "office_name", "area", "area_name"]
    table(
        "Users",
        ["number", "sign-in", "name", "role", "office", "code", "place"],
        listed[columns].head(SHOWN).values.tolist(),
    )
    if len(listed) > SHOWN:
        out.print(
            f"… and {len(listed) - SHOWN:,} more; --json lists all, --area and --role fewer."
        )


@app.command("key")
@guarded
def key(
    user: Who,
    *,
    label: Annotated[str, typer.Option(help="What the key is for, such as the device.")],
    area: Annotated[
        list[int] | None,
        typer.Option(
            help="Code of a place it may report in; repeat it. None: the user's own."
        ),
    ] = None,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Make a device key for USER and print it, this once: only its digest is kept."""
    with opened_city() as city:
        owner = city.people.find_user(user)
        made = city.keys.make(actor_of(city, by), owner.id, label=label, areas=area or ())
    if as_json:
        emit(
            {
                "user": owner.id,
                "login": owner.login,
                "label": label,
                "areas": area or [],
                "key": made,
            }
        )
        return
    out.print(made, markup=False, highlight=False)


@app.command("keys")
@guarded
def keys(user: Who, *, as_json: Json = False) -> None:
    """List the device keys of USER: number, label, places, when made, last used and revoked."""
    with opened_city() as city:
        owner = city.people.find_user(user)
        keys_of_user = city.keys.listed(owner.id)
    if as_json:
        emit(
            {
                "user": owner.id,
                "login": owner.login,
                "keys": keys_of_user.to_dict("records"),
            }
        )
        return
    rows = [
        [
            key_row["id"],
            key_row["label"],
            ", ".join(map(str, key_row["areas"])) or "the user's own",
            *(_moment(key_row[name]) for name in ("made_at", "used_at", "revoked_at")),
        ]
        for key_row in keys_of_user.to_dict("records")
    ]
    table(
        f"Keys of {owner.login}",
        ["number", "label", "places", "made", "last used", "revoked"],
        rows,
    )


@app.command("revoke")
@guarded
def revoke(
    number: Annotated[
        int, typer.Argument(help="Number of the key, as `gridmap users keys` lists it.")
    ],
    *,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Let a device key stop working, in running servers within a second."""
    with opened_city() as city:
        city.keys.revoke(actor_of(city, by), number)
    if as_json:
        emit({"key": number, "revoked": True})
        return
    out.print(f"Key {number} is revoked.")


@app.command("absence")
@guarded
def absence(
    user: Who,
    *,
    reason: Reason = "",
    starts: Annotated[
        datetime | None,
        typer.Option(
            "--from", help="First day or moment away; now if not given.", formats=DAYS
        ),
    ] = None,
    ends: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            help="Last day away, or the moment of return; until further notice if not given.",
            formats=DAYS,
        ),
    ] = None,
    stand_in: Annotated[
        str, typer.Option(help="Sign-in name or number of who acts for USER.")
    ] = "",
    end: Annotated[
        bool, typer.Option("--end", help="End the absences USER has now or ahead instead.")
    ] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Note that USER is away, with a stand-in who acts in their place; or with --end that
    they are back.
    """
    with opened_city() as city:
        actor, absent = actor_of(city, by), city.people.find_user(user)
        if end:
            known = city.absences.listed(city.code)
            numbers = known.loc[known["user"] == absent.id, "id"].tolist()
            for number in numbers:
                city.absences.end(actor, number)
            result: dict[str, object] = {"user": absent.id, "ended": numbers}
            sentence = f"{len(numbers)} absence(s) of {absent.login} ended."
        else:
            other = city.people.find_user(stand_in) if stand_in else None
            number = city.absences.add(
                actor,
                absent.id,
                starts=to_epoch(starts) if starts else city.now_s,
                ends=_end(ends),
                stand_in=other.id if other else 0,
                reason=reason,
            )
            deputy = other.id if other else 0
            result = {"user": absent.id, "absence": number, "stand_in": deputy}
            stands_in = f"; {other.login} stands in" if other else ""
            sentence = f"Absence {number} of {absent.login} is noted{stands_in}."
    if as_json:
        emit(result)
        return
    out.print(sentence, markup=False)


@app.command("absences")
@guarded
def absences(*, area: Area = 0, as_json: Json = False) -> None:
    """List present and coming absences and who stands in."""
    with opened_city() as city:
        listed = city.absences.listed(area or city.code)
    if as_json:
        emit({"absences": listed.to_dict("records")})
        return
    rows = [
        [
            row["id"],
            row["name"],
            row["role"],
            _moment(row["starts"]),
            _moment(row["ends"]),
            row["stand_in_name"],
            row["reason"],
        ]
        for row in listed.to_dict("records")
    ]
    table(
        "Absences", ["number", "name", "role", "from", "until", "stand-in", "reason"], rows
    )


@app.command("hand-over")
@guarded
def hand_over(
    source: Annotated[
        str, typer.Argument(help="Sign-in name or number of who gives the work away.")
    ],
    target: Annotated[
        str, typer.Argument(help="Sign-in name or number of who takes it over.")
    ],
    *,
    reason: Reason,
    by: By = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would move.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Pass all of SOURCE's open matters, device keys and grids to TARGET in one step: all
    of it, or nothing.
    """
    with opened_city() as city:
        giver, taker = city.people.find_user(source), city.people.find_user(target)
        if dry_run:
            moved = city.handovers.would_move(giver.id)
        else:
            moved = city.handovers.hand_over(
                actor_of(city, by), source=giver.id, target=taker.id, reason=reason
            )
    if as_json:
        emit(
            {
                "matters": moved.matters,
                "keys": moved.keys,
                "grids": moved.grids,
                "done": not dry_run,
            }
        )
        return
    verb = "would pass" if dry_run else "passed"
    out.print(
        f"{moved.matters:,} open matters, {moved.keys} device keys and {moved.grids} grids "
        f"{verb} from {giver.login} "
        f"to {taker.login}.",
        markup=False,
    )


def _end(ends: datetime | None) -> int:
    """The instant an absence ends: after its last day, or at the moment given."""
    if ends is None:
        return 0
    whole_day = (ends.hour, ends.minute) == (0, 0)
    return to_epoch(ends + timedelta(days=1) if whole_day else ends)


def _moment(seconds: int) -> str:
    return f"{from_epoch(seconds):%Y-%m-%d %H:%M}" if seconds else "—"
