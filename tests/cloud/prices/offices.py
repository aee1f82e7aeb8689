"""A price office over one database: its folder, its desk, and staff of both roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, text

from cloud.keys.shelf import Shelf
from cloud.prices.desk import PriceDesk
from cloud.prices.edits import PriceEdit
from cloud.prices.filing import Filing
from cloud.staff.desk import Staff
from contract.catalogue import Catalogue, example, sign
from contract.districts import District
from contract.keys import FileSigner
from tests.cloud.conftest import KIOSKS

NOW = 1_795_500_000
TODAY, TOMORROW, LATER = "2026-11-24", "2026-11-25", "2026-12-01"
ANN = Staff("ann", "prices", "*")
BEN = Staff("ben", "sign", "*")
XIA = Staff("xia", "prices", "xihu")
XU = Staff("xu", "sign", "xihu")
YU = Staff("yu", "sign", "yuhang")
DEARER = PriceEdit(item="can", points_per_kg=90, points_per_piece=5)
IN_XIHU = PriceEdit(item="can", district="xihu", points_per_kg=80, points_per_piece=4)


def in_districts(catalogue: Catalogue) -> Catalogue:
    """With the first kiosk in Xihu, the second in Yuhang."""
    districts = tuple(
        District(district=name, kiosks=(kiosk,))
        for name, kiosk in zip(("xihu", "yuhang"), KIOSKS, strict=True)
    )
    return catalogue.model_copy(update={"districts": districts})


@dataclass
class PriceOffice:
    """The desk over a database and a folder of its own; a restart is a verb.

    With `has_key` the operator's key lies in the folder.
    """

    database: Engine
    folder: Path
    has_key: bool = True
    now_s: int = NOW
    settled: int = 0
    settles: Callable[[], object] = lambda: None
    operator: FileSigner = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        where = self.folder if self.has_key else self.folder.parent
        self.operator = FileSigner.new(where / "operator.pem")
        (self.folder / "operator.pub").write_text(self.operator.public.hex())
        base = in_districts(example())
        (self.folder / "catalogue.json").write_bytes(sign(base, self.operator))
        self.restart()

    def restart(self) -> None:
        """The process ends and starts again."""
        self.shelf = Shelf(self.folder)
        self.filing = Filing(
            self.database, self.folder, self.shelf, self._settle, lambda: self.now_s
        )
        self.desk = PriceDesk(self.database, self.shelf, self.filing, lambda: self.now_s)

    def log(self) -> list[tuple[str, str, str, str]]:
        """The audit log, oldest first."""
        with self.database.connect() as connection:
            query = text("SELECT actor, action, district, detail FROM audit ORDER BY id")
            return [tuple(row) for row in connection.execute(query)]

    def files(self) -> list[str]:
        """What lies in the folder under names of catalogues, and what waits for a key."""
        paths = [*self.folder.glob("catalogue*"), *self.folder.glob("to-sign/*")]
        return sorted(str(path.relative_to(self.folder)) for path in paths)

    def _settle(self) -> None:
        self.settled += 1
        self.settles()
