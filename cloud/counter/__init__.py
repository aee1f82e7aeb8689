"""The counter: cards for people without a phone, made and replaced by staff."""
