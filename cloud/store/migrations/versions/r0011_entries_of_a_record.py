"""What was entered for one record is found without reading all that was ever entered."""

from __future__ import annotations

from typing import Any

from alembic import op

revision = "0011"
down_revision = "0010"

IN_ORDER: dict[str, Any] = {
    "postgresql_using": "brin",
    "postgresql_with": {"pages_per_range": 32, "autosummarize": "on"},
}


def upgrade() -> None:
    """Bounds for pages on PostgreSQL: rows are added in this order, or nearly."""
    multi = {"record_id": "int8_minmax_multi_ops"}
    op.create_index("entries_by_record", "entries", ["record_id"], postgresql_ops=multi, **IN_ORDER)
    op.create_index("transfers_by_entry", "transfers", ["entry_id"], **IN_ORDER)
    op.create_index("carbon_by_entry", "carbon", ["entry_id"], **IN_ORDER)


def downgrade() -> None:
    """Without them."""
    op.drop_index("carbon_by_entry", "carbon")
    op.drop_index("transfers_by_entry", "transfers")
    op.drop_index("entries_by_record", "entries")
