"""What kiosk and platform agree on: records, topics, payloads, codes, catalogue and points.

Pure: bytes in, typed objects out, every refusal an error with a code. Imports nothing of ours.
"""
