"""Price lists: drafted by one member of staff, signed by another, begun on a day to come."""
