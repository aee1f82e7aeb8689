"""A receipt printer that speaks ESC/POS, the language of nearly all of them."""
