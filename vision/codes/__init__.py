"""Codes in pictures: QR codes of residents and barcodes of containers.

`scan` reads one picture, `read` and `agree` several of one thing, `Tracker` a camera's stream.
"""

from vision.codes.agreement import agree
from vision.codes.cascade import read, scan
from vision.codes.stillness import Stillness
from vision.codes.tracking import Tracker
from vision.decoders import FORMATS, Code

__all__ = ["FORMATS", "Code", "Stillness", "Tracker", "agree", "read", "scan"]
