"""`sessions`: joint judgement at the headquarters: matters judged together, tasks given,
followed up, recorded.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.cases.lifecycle import Order, decide
from gridmap.cases.moves import Act
from gridmap.cases.texts import text_faults
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.limits import Limits
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.headquarters.sessionrecords import SessionRecords
from gridmap.city.headquarters.wording import LONGEST, NOT_UNIT, refuse, written
from gridmap.city.people.people import People
from gridmap.errors import Fault, ForbiddenError, InputError, RefusedError, StaleError
from gridmap.store.flow import cases as store_cases
from gridmap.store.headquarters import sessions as rows
from gridmap.store.headquarters.sessions import ADJOURNED, CLOSED, OPEN, Session
from gridmap.words import mark

MOST_ROLES = 60
MOST_MATTERS = 200

NOT_LEADING = mark("Sessions are held by the commander, or by the chief of the place.")
IS_CLOSED = mark("This session is closed; its record stays as it is.")
NOT_OPEN = mark("This session is adjourned. Resume it first.")
IS_OPEN = mark("This session is open already.")
NO_DECISION = mark("a session is not closed without a decision")
GIVE_DECISION = mark("Write down what was decided, or adjourn the session.")
NO_ROLES = mark("nobody is present")
NAME_ROLES = mark("Name who is present, by role.")
NOT_ON_LIST = mark("this matter is not on the list of the session")
PICK_IT = mark("Put it on the list first.")
HAS_TASKS = mark("Something has been given to do about this matter; it stays on the list.")
NO_GROUP = mark("there is no such working group")
CHOOSE_GROUP = mark("Choose one of the working groups, or none.")
NO_MATTER = mark("there is no such matter in this place")
LEAVE_OUT = mark("Leave it out.")
PAST = mark("this time is over already")
LATER = mark("Give a time to come.")
NO_OFFICE = mark("a matter of this place is not given to this unit")
CHOOSE = mark("Choose a unit that answers for the place of the matter.")
ANSWERED = mark("This has been answered; the headquarters judges the answer.")
NOT_ANSWERED = mark("This has not been answered yet.")
JUDGED = mark("Somebody else judged this matter meanwhile. Look again.")
IS_DONE = mark("This is done already.")


class Sessions(SessionRecords):
    """Joint-judgement sessions."""

    def __init__(
        self, desk: Desk, *, people: People, matters: Matters, limits: Limits
    ) -> None:
        super().__init__(desk, people)
        self._matters = matters
        self._limits = limits

    def units_for(self, matter: int, lang: Lang = "zh") -> dict[int, str]:
        """The units a task about `matter` may be given to, by number: those over its place.
        Raises NotFoundError.
        """
        grid = self._matters.case(matter).grid
        found = self._people.directory.around(grid)
        return {office.id: self._people.office_name(office.id, lang) for office in found}

    # holding

    def open(self, actor: Actor, *, title: str, area: int, roles: Sequence[str]) -> int:
        """Begin a session for `area`, `roles` being present; its number. Raises
        ForbiddenError, InputError.
        """
        self._check_leads(actor, area)
        present = [role.strip() for role in roles if role.strip()]
        faults = [
            *written("title", title, 200),
            *(fault for role in present for fault in text_faults("roles", role, 100)),
        ]
        if not present or len(present) > MOST_ROLES:
            faults.append(
                Fault(
                    rule=NO_ROLES, field="roles", value=str(len(present)), cure=NAME_ROLES
                )
            )
        refuse(faults)
        with self._desk.store.write() as connection:
            return rows.open_session(
                connection,
                title=title.strip(),
                area=area,
                roles=present,
                at=self._desk.now_s,
                by=actor.user,
            )

    def pick(
        self, actor: Actor, session: int, matters: Sequence[int], *, number: str = ""
    ) -> int:
        """Put matters of the session's place, and the one with the case `number`, on its
        list; how many were new.

        Raises as `open`, and RefusedError.
        """
        with self._desk.store.write() as connection:
            head = self._held(connection, actor, session)
            wanted = list(dict.fromkeys(int(matter) for matter in matters))
            found = self._matters.find(
                MatterFilter(area=head.area, ids=tuple(wanted)), limit=MOST_MATTERS
            )
            known = set(found["matter"].tolist())
            faults = [
                Fault(rule=NO_MATTER, field="matters", value=str(one), cure=LEAVE_OUT)
                for one in wanted
                if one not in known
            ]
            if name := number.strip():
                named = self._named_matter(name, head.area)
                wanted += [named] if named and named not in wanted else []
                faults += (
                    []
                    if named
                    else [Fault(rule=NO_MATTER, field="number", value=name, cure=LEAVE_OUT)]
                )
            refuse(faults)
            new = rows.pick(connection, session, wanted)
            if new:
                self._line(connection, session, actor, "picked", matters=new)
            return len(new)

    def drop(self, actor: Actor, session: int, matter: int) -> None:
        """Take a matter off the list; the record keeps that it was on it. Raises as `pick`.

        One about which something was given to do stays: tasks are followed up by the list.
        """
        with self._desk.store.write() as connection:
            self._held(connection, actor, session)
            if matter in rows.read_tasks(connection, session=session)["matter"].tolist():
                raise RefusedError(HAS_TASKS)
            if not rows.drop(connection, session, matter):
                raise InputError(
                    Fault(
                        rule=NOT_ON_LIST, field="matters", value=str(matter), cure=PICK_IT
                    )
                )
            self._line(connection, session, actor, "dropped", matter=matter)

    def judge(
        self, actor: Actor, session: int, matter: int, words: str, *, seen: str = ""
    ) -> None:
        """Note the joint judgement on a matter of the list, whose judgement the actor has
        `seen` ("": none yet).

        Raises as `pick`, StaleError when somebody has judged it otherwise meanwhile.
        """
        refuse(written("judgement", words, LONGEST))
        with self._desk.store.write() as connection:
            self._held(connection, actor, session)
            listed = rows.read_matters(connection, session)
            if not set(listed.loc[listed["matter"] == matter, "judgement"]) <= {
                seen,
                words,
            }:
                raise StaleError(JUDGED)
            if not rows.judge(connection, session, matter, words):
                raise InputError(
                    Fault(
                        rule=NOT_ON_LIST, field="matters", value=str(matter), cure=PICK_IT
                    )
                )
            self._line(connection, session, actor, "judged", matter=matter, words=words)

    def assign(
        self,
        actor: Actor,
        session: int,
        matter: int,
        *,
        office: int,
        task: str,
        due_at: int,
        group: int = 0,
    ) -> int:
        """Give a unit, called by a working group or directly, something to do about a
        matter of the list; the task's number.

        The journal of an open matter is told in the same transaction. Raises as `pick`.
        """
        faults = written("task", task, LONGEST)
        if due_at <= self._desk.now_s:
            faults.append(Fault(rule=PAST, field="until", value=str(due_at), cure=LATER))
        if office not in self.units_for(matter):
            faults.append(
                Fault(rule=NO_OFFICE, field="office", value=str(office), cure=CHOOSE)
            )
        with self._desk.store.write() as connection:
            self._held(connection, actor, session)
            if group and group not in rows.read_groups(connection)["id"].tolist():
                faults.append(
                    Fault(rule=NO_GROUP, field="group", value=str(group), cure=CHOOSE_GROUP)
                )
            if matter not in set(rows.read_matters(connection, session)["matter"].tolist()):
                faults.append(
                    Fault(
                        rule=NOT_ON_LIST, field="matters", value=str(matter), cure=PICK_IT
                    )
                )
            refuse(faults)
            number = rows.add_task(
                connection,
                session=session,
                matter=matter,
                group=group,
                office=office,
                task=task,
                due_at=due_at,
            )
            self._line(
                connection,
                session,
                actor,
                "assigned",
                matter=matter,
                office=office,
                group=group,
                task=task,
                due_at=due_at,
            )
            self._tell(
                connection, actor, matter, f"{self._people.office_name(office)}：{task}"
            )
            return number

    def adjourn(
        self, actor: Actor, session: int, *, resumes_at: int, reason: str = ""
    ) -> None:
        """Break the session off until another time; list, judgements and tasks stay. Raises
        as `pick`.
        """
        faults = list(text_faults("reason", reason, LONGEST))
        if resumes_at <= self._desk.now_s:
            faults.append(
                Fault(rule=PAST, field="until", value=str(resumes_at), cure=LATER)
            )
        refuse(faults)
        with self._desk.store.write() as connection:
            self._held(connection, actor, session)
            rows.change(connection, session, state=ADJOURNED, resumes_at=resumes_at)
            self._line(
                connection, session, actor, "adjourned", until=resumes_at, reason=reason
            )

    def resume(self, actor: Actor, session: int) -> None:
        """Go on with an adjourned session. Raises ForbiddenError, NotFoundError, RefusedError."""
        with self._desk.store.write() as connection:
            head = self._led(connection, actor, session)
            if head.state != ADJOURNED:
                raise RefusedError(IS_OPEN)
            rows.change(connection, session, state=OPEN, resumes_at=0)
            self._line(connection, session, actor, "resumed")

    def close(self, actor: Actor, session: int, *, decision: str) -> None:
        """End the session with its decision; nothing of it changes any more, tasks are
        followed up still.

        Raises InputError without a decision, and as `pick`.
        """
        with self._desk.store.write() as connection:
            self._held(connection, actor, session)
            faults = list(text_faults("decision", decision, LONGEST))
            if not faults and not decision.strip():
                faults = [Fault(rule=NO_DECISION, field="decision", cure=GIVE_DECISION)]
            refuse(faults)
            now = self._desk.now_s
            rows.change(
                connection,
                session,
                state=CLOSED,
                decision=decision.strip(),
                closed_at=now,
                closed_by=actor.user,
            )
            self._line(connection, session, actor, "closed", decision=decision.strip())

    # following up

    def answer(self, actor: Actor, task: int, words: str) -> None:
        """Report to the headquarters what the unit has done. Raises ForbiddenError,
        NotFoundError, RefusedError, InputError.
        """
        refuse(written("answer", words, LONGEST))
        with self._desk.store.write() as connection:
            found = rows.load_task(connection, task)
            if not actor.office or actor.office != found["office"]:
                raise ForbiddenError(NOT_UNIT)
            if found["done_at"] or found["answered_at"]:
                raise RefusedError(IS_DONE if found["done_at"] else ANSWERED)
            rows.change_task(
                connection,
                task,
                answer=words,
                answered_at=self._desk.now_s,
                answered_by=actor.user,
            )
            self._line(
                connection, found["session"], actor, "answered", task=task, words=words
            )

    def accept(self, actor: Actor, task: int) -> None:
        """Take the answer as done. Raises as `answer`."""
        self._judged(actor, task, "done", done_at=self._desk.now_s, done_by=actor.user)

    def reject(self, actor: Actor, task: int, words: str) -> None:
        """Ask again: the answer stays in the record, the task is open as before. Raises as
        `answer`.
        """
        refuse(written("reason", words, LONGEST))
        self._judged(
            actor, task, "asked_again", words=words, answer="", answered_at=0, answered_by=0
        )

    def _judged(
        self, actor: Actor, task: int, kind: str, *, words: str = "", **values: int | str
    ) -> None:
        with self._desk.store.write() as connection:
            found = rows.load_task(connection, task)
            self._led(connection, actor, found["session"])
            if found["done_at"] or not found["answered_at"]:
                raise RefusedError(IS_DONE if found["done_at"] else NOT_ANSWERED)
            rows.change_task(connection, task, **values)
            self._line(connection, found["session"], actor, kind, task=task, words=words)

    def _named_matter(self, name: str, area: int) -> int:
        """The matter of `area` with the case number `name`; 0: none."""
        found = self._matters.find(MatterFilter(area=area, text=name), limit=MOST_MATTERS)
        return int(
            next(
                iter(found[found["number"].str.casefold() == name.casefold()]["matter"]), 0
            )
        )

    def _led(self, connection: Connection, actor: Actor, session: int) -> Session:
        head = rows.load(connection, session)
        self._check_leads(actor, head.area)
        return head

    def _held(self, connection: Connection, actor: Actor, session: int) -> Session:
        """The session, which the actor leads and which is open."""
        head = self._led(connection, actor, session)
        if head.state != OPEN:
            raise RefusedError(IS_CLOSED if head.state == CLOSED else NOT_OPEN)
        return head

    def _check_leads(self, actor: Actor, area: int) -> None:
        if not self.may_lead(actor, area):
            raise ForbiddenError(NOT_LEADING)

    def _line(
        self, connection: Connection, session: int, actor: Actor, kind: str, **data: object
    ) -> None:
        kept = {name: value for name, value in data.items() if value}
        rows.add_line(
            connection, session, kind, at=self._desk.now_s, by=actor.user, data=kept
        )

    def _tell(self, connection: Connection, actor: Actor, matter: int, words: str) -> None:
        case = store_cases.load(connection, matter)
        if case.is_open:
            order = Order(Act.NOTE, reason=f"联合研判：{words}"[:LONGEST])
            step = decide(
                case, actor, order, now=self._desk.now_s, clocks=self._limits.deadlines
            )
            store_cases.append(connection, case, step)
