"""The ledger's revisions, as Alembic runs them; `cloud.migrate` calls for them."""
