"""Any order of depositing, reserving, confirming, refunding and refusing, beside a plain model."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cloud.ledger.held.decisions import Decisions
from cloud.shop.means import LOOKED_AT_S, MOST_OPEN
from cloud.shop.redeeming import HOLDS_S, Reserved
from cloud.shop.refunds import REFUND_S
from cloud.staff.desk import Staff
from contract.fields import GUESTS
from tests.cloud.conftest import KIOSKS, Office
from tests.cloud.hearing import WHY, at
from tests.cloud.shop.market import CITY, Market, came_of
from tests.contract.samples import ALICE, BOB, SampleKiosk

PIECE, HEAVY = 4, 26
"""Points for one bottle, and for one that weighs 400 g, which is not plausible."""

PLAUSIBLE = 45
"""More deposits of one account in a day would be flagged."""

PRICES = {"match": 3, "candle": 8}
NAMES = ["'; DROP TABLE goods --", "<b>香皂</b>", "{points} %s \\", "🧼"]
REFEREE = Staff("wang", "decide", "*")


class Redeemed:
    """What the model knows of one redemption."""

    def __init__(self, owner: str, good: str, made: Reserved, at_s: int) -> None:
        self.owner, self.good, self.made = owner, good, made
        self.points = made.redeemed.points
        self.ends_at, self.state, self.confirmed_at = at_s + HOLDS_S, "reserved", 0


class Spending(RuleBasedStateMachine):
    """Two residents and all guests, a kiosk, staff who refuse, and a market."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(":memory:")
        self.kiosk = SampleKiosk(KIOSKS[0])
        self.market = Market(self.office)
        self.goods = {name: self.market.offer(name, price, 2) for name, price in PRICES.items()}
        self.brought: dict[int, tuple[str, bool]] = {}
        self.odd: dict[int, int] = {}
        self.looked_at: set[int] = set()
        self.all: list[Redeemed] = []
        self.stock = dict.fromkeys(PRICES, 2)
        self.prices = dict(PRICES)
        self.given = 0
        self.keys = 0
        self.called = ""
        self.decisions = Decisions(
            self.office.database, self.office.catalogues, self.office.keys, lambda: 1_795_500_000
        )
        for owner, bottles in ((ALICE, 1), (BOB, 3), (GUESTS, 3)):
            self.deposit(owner, bottles, odd=False)
        # She has enough for a candle, and most of it is looked at first.
        self.deposit(ALICE, 1, odd=True)

    def has(self, owner: str) -> int:
        """What the account has, by the model."""
        brought = sum(
            HEAVY if seq in self.odd else PIECE
            for seq, (who, counts) in self.brought.items()
            if who == owner and counts
        )
        spent = sum(
            one.points
            for one in self.all
            if one.owner == owner and one.state in ("reserved", "confirmed")
        )
        return brought - spent - (self.given if owner == GUESTS else 0)

    def open(self, owner: str) -> int:
        """How many are reserved."""
        return sum(one.owner == owner and one.state == "reserved" for one in self.all)

    def lapse(self) -> None:
        """What is due is given back: any call of the shop does that first."""
        for one in self.all:
            if one.state == "reserved" and one.ends_at <= self.office.now_s:
                one.state = "expired"
                self.stock[one.good] += 1

    def waiting(self, owner: str) -> int:
        """Points of odd deposits, while they are looked at."""
        return sum(
            HEAVY
            for seq, until_s in self.odd.items()
            if self.brought[seq][0] == owner
            and until_s > self.office.now_s
            and seq not in self.looked_at
        )

    @precondition(lambda self: len(self.brought) < PLAUSIBLE)
    @rule(owner=st.sampled_from([ALICE, BOB, GUESTS]), bottles=st.integers(1, 5), odd=st.booleans())
    def deposit(self, owner: str, bottles: int, odd: bool) -> None:
        """Somebody brings bottles, each to a bay of its own; odd ones are far too heavy."""
        sealed = []
        for _ in range(bottles):
            changes = {"account": owner, "bay": f"b{len(self.brought)}"}
            sealed.append(self.kiosk.deposit(**changes, mass_g=400 if odd else 24))
            self.brought[len(self.kiosk.lines)] = (owner, True)
            if odd:
                self.odd[len(self.kiosk.lines)] = self.office.now_s + LOOKED_AT_S
        self.office.post(*sealed)

    @precondition(lambda self: self.brought)
    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        """Staff refuse a deposit whose points may be spent, or release one again."""
        seq = data.draw(st.sampled_from(sorted(self.brought)))
        owner, counts = self.brought[seq]
        self.decisions.decide(REFEREE, at(seq), "refused" if counts else "released", WHY)
        self.brought[seq] = (owner, not counts)
        self.looked_at.add(seq)

    @rule(
        name=st.sampled_from(sorted(PRICES)),
        by=st.integers(-2, 4),
        price=st.integers(1, 9),
        called=st.sampled_from(NAMES),
    )
    def offer(self, name: str, by: int, price: int, called: str) -> None:
        """The shelf, the price and the market's name change; what is reserved keeps its price."""
        if called != self.called:
            self.market.shop.partners.admit(CITY, "market-1", called, called, "xihu")
            self.called = called
        self.lapse()
        self.market.shop.expiry.expire()
        if self.stock[name] + by < 0:
            assert came_of(lambda: self.market.offer(name, price, by)) == "stock"
            return
        self.goods[name] = self.market.offer(name, price, by)
        self.stock[name] += by
        self.prices[name] = price

    @rule(owner=st.sampled_from([ALICE, BOB]), name=st.sampled_from(sorted(PRICES)))
    def reserve(self, owner: str, name: str) -> None:
        """Somebody reserves something, if they have the points and it is there."""
        self.keys += 1
        key = f"wish-number-{self.keys:06}"
        self.lapse()
        reasons = {
            "too-many-open": self.open(owner) >= MOST_OPEN,
            "not-enough": self.has(owner) < self.prices[name],
            "looked-at": self.has(owner) - self.waiting(owner) < self.prices[name],
            "sold-out": self.stock[name] == 0,
        }
        came = came_of(lambda: self.market.reserve(owner, self.goods[name], key))
        assert reasons[came] if came != "done" else not any(reasons.values())
        if came != "done":
            return
        (latest,) = self.market.shop.redeeming.of_account(owner, 1)
        made = self.market.shop.redeeming.shown(owner, latest.id)
        self.stock[name] -= 1
        self.all.append(Redeemed(owner, name, made, self.office.now_s))
        if self.keys % 4 == 0:  # the answer was lost: the same again is the same
            assert self.market.reserve(owner, self.goods[name], key) == made

    @precondition(lambda self: self.all)
    @rule(data=st.data(), end=st.sampled_from(["confirmed", "cancelled", "turned down"]))
    def end(self, data: st.DataObject, end: str) -> None:
        """Somebody confirms or cancels, maybe again, maybe too late."""
        one = data.draw(st.sampled_from(self.all))
        self.lapse()
        redeeming, code = self.market.shop.redeeming, one.made.code
        ways: dict[str, Callable[[], object]] = {
            "confirmed": lambda: redeeming.confirm("market-1", code),
            "cancelled": lambda: redeeming.cancel(one.owner, one.made.redeemed.id),
            "turned down": lambda: redeeming.turn_down("market-1", code),
        }
        assert came_of(ways[end]) == ("done" if one.state == "reserved" else one.state)
        if one.state != "reserved":
            return
        one.state = "confirmed" if end == "confirmed" else "cancelled"
        one.confirmed_at = self.office.now_s
        self.stock[one.good] += end != "confirmed"

    @precondition(lambda self: self.all)
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        """The till takes something back, maybe again, maybe too late."""
        one = data.draw(st.sampled_from(self.all))
        late = one.confirmed_at + REFUND_S <= self.office.now_s
        expected = {"confirmed": "too-late" if late else "done", "refunded": "refunded"}
        refunds, partner = self.market.shop.refunds, self.market.partner
        came = came_of(lambda: refunds.by_partner(partner, one.made.redeemed.id, WHY))
        assert came == expected.get(one.state, "not-confirmed")
        if came == "done":
            one.state = "refunded"

    @rule(points=st.integers(1, 9))
    def give(self, points: int) -> None:
        """Staff give guests' points to a cause."""
        has = self.has(GUESTS)
        looked_at = has - self.waiting(GUESTS) < points
        expected = "not-enough" if has < points else "looked-at" if looked_at else "done"
        came = came_of(lambda: self.market.shop.giving.donate(CITY, "trees", points, WHY))
        assert came == expected
        self.given += points if came == "done" else 0

    @rule(seconds=st.sampled_from([60, HOLDS_S, REFUND_S]))
    def time(self, seconds: int) -> None:
        """It passes."""
        self.office.now_s += seconds
        self.market.shop.expiry.expire()
        self.lapse()

    @invariant()
    def books_and_shelf_are_the_models(self) -> None:
        """Nothing is spent twice or lost, and what is given up is on the shelf again."""
        sums = self.office.rows("SELECT account, sum(points) FROM postings GROUP BY account")
        has = {str(account): points for account, points in sums}
        for owner in (ALICE, BOB, GUESTS):
            assert has.get(f"resident:{owner}", 0) == self.has(owner)
        earned = sum(one.points for one in self.all if one.state == "confirmed")
        waiting = sum(one.points for one in self.all if one.state == "reserved")
        assert has.get("partner:market-1", 0) == earned
        assert has.get("partner-reserved:market-1", 0) == waiting
        assert has.get("cause:trees", 0) == self.given
        shelf = self.office.rows("SELECT code, stock FROM goods WHERE code != 'soap'")
        assert {str(code): stock for code, stock in shelf} == self.stock

    def teardown(self) -> None:
        """Each entry came to zero, and carbon is of deposits alone, whatever points did."""
        uneven = "SELECT entry_id FROM postings GROUP BY entry_id HAVING sum(points) != 0"
        kept = "SELECT coalesce(sum(carbon_g), 0) FROM deposits JOIN records ON id = record_id"
        counts = self.office.rows(f"{kept} WHERE code != 'refused'")
        carbon = self.office.rows("SELECT coalesce(sum(grams), 0) FROM carbon")
        odd = self.office.rows(uneven)
        self.office.database.dispose()
        assert (odd, carbon) == ([], counts)


TestSpending = Spending.TestCase
TestSpending.settings = settings(max_examples=10, stateful_step_count=25)
