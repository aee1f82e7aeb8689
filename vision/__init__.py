"""Seeing: codes in pictures, what lies on the pan, and whether a picture is any good.

Imports nothing of the kiosk; pictures come in as RGB arrays or files, answers leave as plain
frozen values.
"""
