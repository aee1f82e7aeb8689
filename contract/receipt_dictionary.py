"""What every receipt `GRR1:` has in common, so that none needs to carry it.

The names of a deposit's fields in their order, and values that are often there: the preset
dictionary of the compression. It is never changed, or no receipt of before could be read; another
one needs another prefix. The page that checks receipts has it too.
"""

from __future__ import annotations

DICTIONARY = (
    b'"by":"card" "by":"phone" "by":"guest" newspaper cardboard plastic-mixed steel-can glass-'
    b'bottle textile "uncertain" "void" "reason":" "priced_by":"none" "priced_by":"mass" "empt'
    b'y_check":"pan+counters" "clock_quality":"unknown" "seen_before":true "barcodes":["69 pap'
    b'er metal glass aluminium {"after":1,"at":"2026-12-01T08:00:00Z","body":{"account":"","ba'
    b'rcodes":[],"bay":"a","bin_index":1,"by":"code","carbon_g":28,"catalogue_version":"2026-1'
    b'2-a","clock_quality":"synchronised","confidence_permille":970,"deposit_id":"-1","empty_c'
    b'heck":"pan+camera","gate_cycles":1,"hatch_openings":1,"intent":1,"item_code":"pet-bottle'
    b'","jti":"","label":"plastic","mass_g":24,"model_sha256":"","pieces":1,"points":4,"priced'
    b'_by":"piece","scale":{"calibrated_on":"2026-01-01","calibration_id":"factory","e_g":2,"m'
    b'ax_g":15000,"min_g":40,"raw":12345,"tare_g":0,"zero_raw":0},"seen_before":false,"session'
    b'":"","stream":"plastic"},"epoch":"","key":"","kind":"deposit","kiosk":"hz-xihu-0001","pr'
    b'ev":"","seq":2,"sig":"","v":1}'
)
