"""The page of one account on a resident's phone: code to show, balance, deposits."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from nicegui import ui

from cloud.accounts.codes import RENEW_BEFORE_S
from cloud.accounts.square import square
from cloud.errors import SignInError
from cloud.screens.aside import Latest, look_aside
from cloud.screens.held import HeldList
from cloud.screens.texts import Language, local_time, mass, say, yuan

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.accounts.codes import CodeIssuer, IssuedCode
    from cloud.ledger.held.cases import Case
    from cloud.ledger.ledger import Ledger
    from cloud.ledger.statement import Balance, Receipt
    from cloud.screens.door import Stay

LOOK_EVERY_S = 0.5
"""How often the page looks for news: a credit shows within a second."""

WATCH = """
let asking = false;
setInterval(() => {
  const stale = Date.now() > window.codeUntil;
  document.querySelector(".card.code")?.classList.toggle("is-stale", stale);
  if (!stale || asking || !navigator.onLine || document.hidden) return;
  asking = true;
  fetch(location, {method: "HEAD"}).then(
    () => { if (Date.now() > window.codeUntil) location.reload(); }, () => {}
  ).finally(() => { asking = false; });
}, 1000);
"""
"""A phone that slept, or lost its network, shows no code that has expired: what renews it may be
gone by then, and then the page is loaded anew as soon as there is a network."""

SHOWN_RECEIPTS, SHOWN_CASES = 50, 10


class AccountPage:
    """One visitor's view of one account; its place is where it is made.

    Args:
        ledger: Says what the account has.
        issuer: Makes the codes.
        clock: Gives Unix seconds.
        account: 16 hex digits.
        language: Of all texts.
        stay: The resident, who must still be signed in before anything is drawn.
    """

    def __init__(
        self,
        ledger: Ledger,
        issuer: CodeIssuer,
        clock: Callable[[], int],
        account: str,
        language: Language,
        stay: Stay,
    ) -> None:
        self._ledger = ledger
        self._issuer = issuer
        self._clock = clock
        self._account = account
        self._language = language
        self._stay = stay
        self._client = ui.context.client
        self._latest = Latest(look_aside)
        self._code: IssuedCode | None = None
        self._shown: tuple[Balance, list[Receipt], list[Case]] | None = None
        with ui.element("section").classes("card code"):
            self._square = ui.html("", sanitize=False)
            self._square.props(f'role=img aria-label="{self._say("code-alt")}"')
            ui.label(self._say("code-hint")).classes("hint")
            self._time = ui.label().classes("time")
            ui.label(self._say("code-stale")).classes("stale").props("role=status")
        with ui.element("div").classes("news").props("aria-live=polite"):
            # Apart: a sentence that is being written stays when another deposit comes.
            self._sums, self._cases, self._receipts = (
                ui.element("div").classes("news") for _ in range(3)
            )

    async def draw(self) -> None:
        """Draw it, and follow what is new from then on.

        Raises:
            LedgerError: The database failed, and there is nothing to show.
        """
        await self.look()
        # Not before: who waits for a browser's connection has the page sent off as far as it is.
        ui.timer(LOOK_EVERY_S, self.look)

    async def look(self) -> None:
        """Renew the code when it is time, and draw the account anew where it changed.

        Raises:
            LedgerError: The database failed; what is drawn stays.
        """
        try:
            now = await self._latest(self._seen)
        except SignInError:
            self._stay.show_out()
            return
        if now is None:
            return
        self._look_at_code()
        before, self._shown = self._shown, now
        self._draw(before, *now)

    def _seen(self) -> tuple[Balance, list[Receipt], list[Case]]:
        self._stay.check()
        return (
            self._ledger.balance(self._account),
            self._ledger.statement(self._account, SHOWN_RECEIPTS),
            self._ledger.decisions.of_account(self._account, SHOWN_CASES),
        )

    def _look_at_code(self) -> None:
        left_s = 0 if self._code is None else self._code.expires_at - RENEW_BEFORE_S - self._clock()
        if self._code is None or left_s <= 0:
            first = self._code is None
            self._code = self._issuer.issue(self._account)
            self._square.set_content(square(self._code.text))
            holds_s = self._code.expires_at - self._clock()
            until = f"window.codeUntil = Date.now() + {holds_s * 1000};"
            if first:  # before there is a connection
                ui.add_body_html(f"<script>{until}{WATCH}</script>")
            else:
                self._client.run_javascript(until)
            left_s = self._code.expires_at - RENEW_BEFORE_S - self._code.issued_at
        self._time.set_text(self._say("code-time", seconds=left_s))

    def _draw(
        self,
        before: tuple[Balance, list[Receipt], list[Case]] | None,
        balance: Balance,
        receipts: list[Receipt],
        cases: list[Case],
    ) -> None:
        if before is None or balance != before[0]:
            self._draw_sums(balance)
        if before is None or cases != before[2]:
            self._draw_cases(cases)
        if before is None or receipts != before[1]:
            self._draw_receipts(receipts)

    def _draw_sums(self, balance: Balance) -> None:
        self._sums.clear()
        with self._sums:
            with ui.element("section").classes("sums"):
                worth = self._say("worth", yuan=yuan(balance.points))
                self._sum("points", f"{balance.points:,}", worth)
                self._sum("carbon", mass(balance.carbon_g), self._say("carbon-apart"))
            if balance.held:
                ui.label(self._say("held", count=balance.held)).classes("card held")

    def _draw_cases(self, cases: list[Case]) -> None:
        self._cases.clear()
        if cases:
            decisions, account = self._ledger.decisions, self._account
            with self._cases:
                HeldList(decisions, account, cases, self._language, self.look, self._stay)

    def _draw_receipts(self, receipts: list[Receipt]) -> None:
        self._receipts.clear()
        with self._receipts, ui.element("section").classes("card list"):
            ui.html(self._say("receipts"), tag="h2", sanitize=False)
            if not receipts:
                ui.label(self._say("none-yet")).classes("small")
            for receipt in receipts:
                self._row(receipt)

    def _sum(self, name: str, figure: str, remark: str) -> None:
        with ui.element("div").classes(f"card {name}"):
            ui.label(self._say(name)).classes("name")
            ui.label(figure).classes("figure")
            ui.label(remark).classes("small")

    def _row(self, receipt: Receipt) -> None:
        with ui.element("div").classes("deposit"):
            with ui.element("div"):
                ui.label(receipt.names[self._language]).classes("what")
                at = local_time(receipt.at, self._language)
                ui.label(f"{at} · {self._measure(receipt)}").classes("small")
                if receipt.priced_by == "none":
                    ui.label(self._say("below-min")).classes("small")
                if receipt.points != receipt.shown_points:
                    ui.label(self._say("corrected", shown=receipt.shown_points)).classes("small")
                proof = f"/receipt/{receipt.kiosk}/{quote(receipt.deposit_id, safe='')}"
                ui.link(self._say("receipt"), f"{proof}?lang={self._language}").classes("proof")
            points = 0 if receipt.refused else receipt.points
            ui.label(f"+{points}").classes("plus" if points else "plus zero")

    def _measure(self, receipt: Receipt) -> str:
        if receipt.priced_by == "piece":
            return f"{self._say('pieces', count=receipt.pieces)} · {mass(receipt.mass_g)}"
        return mass(receipt.mass_g)

    def _say(self, text: str, **figures: str | int) -> str:
        return say(self._language, text, **figures)
