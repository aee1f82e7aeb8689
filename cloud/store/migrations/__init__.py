"""The ledger's revisions, as Alembic runs them; `cloud.store.migrate` calls for them."""
