"""What the worker application says: its words by key, the city's terms, and the script that
carries both to the phone in every language of the catalogues.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from gridmap import terms
from gridmap.cases.matters.kind import MATTER
from gridmap.model import Status
from gridmap.words import LANGUAGES, Words, mark

WORDS = {
    "app": mark("Grid reporting"),
    "about": mark("Reports, check-ins, tasks and receipts of grid workers."),
    "no_script": mark("This application needs JavaScript."),
    "language": mark("Language"),
    # Navigation and frame.
    "map": mark("Map"),
    "tasks": mark("Tasks"),
    "report": mark("Report"),
    "receipts": mark("Receipts"),
    "me": mark("Me"),
    "back": mark("Go back"),
    "close": mark("Close"),
    "online": mark("Online"),
    "offline": mark("Offline"),
    "waiting_n": mark("{n} waiting"),
    "stopped_n": mark("{n} need you"),
    "as_of": mark("Data as of {time}"),
    "never_read": mark("Nothing read yet. It comes by itself once there is a line."),
    "update": mark("Update"),
    "refresh": mark("Refresh"),
    "loading": mark("Reading…"),
    "trouble": mark("Something went wrong: {what}"),
    "no_storage": mark(
        "This browser cannot keep data (a private window?). Open the page in an ordinary one."
    ),
    "no_secure": mark(
        "This address is not secure (HTTPS): no position, and no start without a line."
    ),
    "key_refused": mark(
        "The device key is no longer valid. What waits is kept here and sent once you sign in "
        "again."
    ),
    "sign_in_again": mark("Sign in again"),
    # Signing in.
    "sign_in": mark("Sign in"),
    "sign_in_why": mark(
        "Sign in with a device key. An administrator makes one on the page Administration; a "
        "phone's camera can also open this page from the key's QR code."
    ),
    "device_key": mark("Device key"),
    "key_wrong": mark("The key is wrong or has been revoked."),
    "key_missing": mark("Fill in the key."),
    "no_line": mark("The server cannot be reached. Try again later."),
    "demo_title": mark("Demonstration city"),
    "demo_why": mark("Choose whom to be. All data are made up."),
    "change_key": mark("You are signed in as {name}. Change to the key in the link?"),
    "sign_out": mark("Sign out"),
    "sign_out_waiting": mark(
        "{n} things have not been sent. They stay on this phone and go out when the same person "
        "signs in again."
    ),
    "sign_out_really": mark("Sign out all the same"),
    # Map.
    "my_grid": mark("My grids"),
    "overdue": mark("Overdue"),
    "neighbours": mark("Neighbouring grids"),
    "map_hint": mark("Tap a place to report there"),
    "where_am_i": mark("Locate"),
    "check_in": mark("Check in"),
    "check_in_here": mark("Check in at {grid}"),
    "check_in_tap": mark("No position: tap where you are"),
    "check_in_outside": mark("You are not inside one of your grids."),
    "beside": mark("{distance} outside its border"),
    "checked_in": mark("Checked in at {grid}"),
    "checked_in_waiting": mark("Check-in kept, sent once there is a line: {grid}"),
    "last_check_in": mark("Last check-in {time}"),
    "cancel": mark("Cancel"),
    "no_map": mark("No map yet. It comes by itself once there is a line."),
    "position_looking": mark("Looking for the position…"),
    "position_found": mark("Position, within {m} m"),
    "position_tapped": mark("Place chosen on the map"),
    "position_denied": mark("Position not allowed: tap the place on the map"),
    "position_missing": mark("No position: tap the place on the map"),
    "position_insecure": mark(
        "No position at this address (HTTPS needed): tap the place on the map"
    ),
    "outside_mine": mark("outside your grids"),
    # Report.
    "what": mark("What is it"),
    "where": mark("Where"),
    "search_category": mark("Search categories"),
    "recent": mark("Recent"),
    "common": mark("Common"),
    "all_categories": mark("All categories"),
    "no_category": mark("No such category. Try another word."),
    "change": mark("Change"),
    "photo": mark("Take a photo"),
    "photo_more": mark("One more photo"),
    "photo_n": mark("Photo {n}"),
    "photo_remove": mark("Remove photo {n}"),
    "photo_unreadable": mark(
        "This file is not a photo that can be read (JPEG, PNG, WebP)."
    ),
    "photo_many": mark("At most {n} photos."),
    "text": mark("Text (optional)"),
    "text_long": mark("At most 2,000 characters; there are {n}."),
    "send": mark("Send report"),
    "send_more": mark("Still needed: {what}"),
    "need_category": mark("category"),
    "need_position": mark("place"),
    "report_kept": mark("Kept, being sent"),
    "report_kept_offline": mark("Kept on this phone, sent once there is a line"),
    "report_sent": mark("Reported, receipt {code}"),
    "draft_clear": mark("Start over"),
    # Tasks.
    "your_move": mark("Your move"),
    "others_move": mark("With others"),
    "no_tasks": mark("No tasks. New ones appear here."),
    "number": mark("Number"),
    "due": mark("Due"),
    "step_due": mark("This step is due"),
    "whole_due": mark("Whole matter is due"),
    "no_limit": mark("No limit"),
    "left": mark("{time} left"),
    "late": mark("{time} late"),
    "distance": mark("{distance} away"),
    "moves": mark("What you can do"),
    "no_moves": mark("Nothing for you to do now."),
    "desk_moves": mark("More can be done on the desk's page: {moves}"),
    "rating_n": mark("{n} of 5"),
    "apt_yes": mark("Apt: we take it"),
    "apt_no": mark("Not apt: back"),
    "incomplete": mark("Fill in what is asked above first."),
    "confirm_move": mark("Confirm: {move}"),
    "move_kept": mark("“{move}” kept, being sent"),
    "move_kept_offline": mark("“{move}” kept, sent once there is a line"),
    "move_sent": mark("“{move}” done"),
    "move_waits": mark("“{move}” waits to be sent"),
    "show_task": mark("Look at the matter"),
    "task_gone": mark("This matter is no longer among your tasks."),
    # Rounds: tasks from above, grid by grid.
    "rounds": mark("Tasks from above"),
    "round_visit": mark("Visit"),
    "round_hazard_check": mark("Hazard check"),
    "round_law": mark("Law popularisation"),
    "round_waits": mark("Filled in, waits to be sent"),
    "round_gone": mark("This task has been done or taken back."),
    "yes": mark("Yes"),
    "no": mark("No"),
    "round_found": mark("Found a hazard: report it too"),
    "round_found_what": mark("What kind of hazard"),
    "round_done": mark("Hand in"),
    "round_kept": mark("Kept, being sent"),
    "round_kept_offline": mark("Kept on this phone, sent once there is a line"),
    "round_sent": mark("“{name}” sent"),
    # Receipts and queue.
    "waiting_title": mark("Waiting to be sent"),
    "sent_title": mark("Reported"),
    "no_receipts": mark("No reports yet."),
    "kind_report": mark("Report"),
    "kind_visit": mark("Check-in"),
    "kind_round": mark("Task from above"),
    "kind_move": mark("Work on a matter"),
    "state_waiting": mark("Waiting to be sent"),
    "state_again": mark("Try {n} failed, again in {time}"),
    "state_stopped": mark("The server did not take it"),
    "state_conflict": mark("In conflict with what is there"),
    "changed_meanwhile": mark("What happened meanwhile:"),
    "send_now": mark("Send now"),
    "send_again": mark("Send again"),
    "send_anew": mark("Send as a new report"),
    "edit": mark("Edit"),
    "discard": mark("Throw away"),
    "discard_really": mark("Really throw it away?"),
    "draft_in_way": mark(
        "Send or clear the report you are writing before you edit this one."
    ),
    "receipt": mark("Receipt"),
    "reported_at": mark("Reported at"),
    "accepted_at": mark("Accepted at"),
    "closed_at": mark("Closed at"),
    "status": mark("Status"),
    "with_office": mark("With"),
    # Me.
    "role": mark("Role"),
    "office": mark("Office"),
    "server_time": mark("Server time"),
    "clock_same": mark("the same as this phone's"),
    "clock_ahead": mark("{time} ahead of this phone"),
    "clock_behind": mark("{time} behind this phone"),
    "install": mark("Install on the home screen"),
    "install_ios": mark("In Safari tap Share, then Add to Home Screen."),
    "version": mark("Version"),
    "ready_offline": mark("Starts without a line"),
    "not_ready_offline": mark("Cannot start without a line yet"),
    # Durations.
    "days": mark("{n} d"),
    "hours": mark("{n} h"),
    "minutes": mark("{n} min"),
    "seconds": mark("{n} s"),
}
"""Texts of the catalogues by the key the scripts ask with; `{name}` is filled on the phone."""

TERMS = {
    "statuses": terms.STATUSES,
    "moves": terms.MOVES,
    "roles": terms.USER_ROLES,
    "fields": terms.ORDER_FIELDS,
}
"""Terms of the city, the tables that the pages speak from."""


def script() -> str:
    """The module `terms.js`: LANGUAGES, WORDS and TERMS by language, the states by number,
    and what each move needs.
    """
    speakers = {lang: Words(lang) for lang in LANGUAGES}
    constants = {
        "LANGUAGES": LANGUAGES,
        "WORDS": {lang: _spoken(WORDS, say) for lang, say in speakers.items()},
        "TERMS": {
            lang: {kind: _spoken(table, say) for kind, table in TERMS.items()}
            for lang, say in speakers.items()
        },
        "STATUS_BY_NUMBER": [status.name.lower() for status in sorted(Status)],
        "NEEDS": {act: sorted(move.needs) for act, move in MATTER.table.items()},
    }
    lines = (
        f"export const {name} = {json.dumps(value, ensure_ascii=False)};"
        for name, value in constants.items()
    )
    return "\n".join(
        ("// Made by worker_words.py from the catalogues of the pages.", *lines, "")
    )


def _spoken(table: Mapping[str, str], say: Words) -> dict[str, str]:
    return {key: say(text) for key, text in table.items()}
