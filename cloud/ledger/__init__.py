"""The books: what is posted, flagged and told of deposits, and how far it is proved."""
