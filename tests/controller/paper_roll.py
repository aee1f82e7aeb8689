"""A receipt printer at the other end of a real terminal: it answers, prints, and runs out."""

from __future__ import annotations

import os
import select
import threading
import tty
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import zxingcpp

from controller.adapters.escpos.encode import RASTER_DOUBLED

WELL, COVER_OPEN, STOPPED = 0x12, 0x16, 0x32
PAPER_OUT = 0x72


@dataclass
class PaperRoll:
    """What the printer says of itself, and what it was given; `answers` is what it knows to say.

    While `holds` is set it takes nothing; `runs_out` is after how many bytes the paper ends. It
    takes at most `sip` bytes every 20 ms, and says `talks` without an end, asked or not.
    """

    folder: Path
    offline: int = WELL
    paper: int = WELL
    answers: bool = True
    holds: threading.Event = field(default_factory=threading.Event)
    runs_out: int = 1 << 30
    sip: int = 4096
    talks: bytes = b""
    printed: bytes = b""
    questions: int = 0

    def __enter__(self) -> Self:
        self._printer, self._device = os.openpty()
        tty.setraw(self._device)
        os.set_blocking(self._printer, False)  # what nobody listens to holds nothing up
        self.port = os.ttyname(self._device)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        os.close(self._device)
        os.close(self._printer)

    def _run(self) -> None:
        while not self._over.is_set():
            tells = [self._printer] if self.talks else []
            ready, hears, _ = select.select([self._printer], tells, [], 0.02)
            if hears:
                self._say(self.talks)
            if ready and not self.holds.is_set():
                self._take(os.read(self._printer, self.sip))
            if self.sip < 4096:
                self._over.wait(0.02)

    def _take(self, data: bytes) -> None:
        for what, said in ((2, self.offline), (4, self.paper)):
            question = bytes((0x10, 0x04, what))
            if data.endswith(question):
                data = data.removesuffix(question)
                self.questions += 1
                self._add(data)
                if self.answers:
                    self._say(bytes((self._said(what, said),)))
                return
        self._add(data)

    def _say(self, data: bytes) -> None:
        with suppress(BlockingIOError):  # the line is full of what it said before
            os.write(self._printer, data)

    def _add(self, data: bytes) -> None:
        self.printed += data
        if len(self.printed) > self.runs_out:
            self.paper = PAPER_OUT

    def _said(self, what: int, said: int) -> int:
        return self.paper if what == 4 else said


def pictures(data: bytes) -> list[np.ndarray]:
    """Every raster picture among a printer's bytes, as it stands on white paper."""
    found = []
    while (at := data.find(RASTER_DOUBLED)) >= 0:
        data = data[at + len(RASTER_DOUBLED) :]
        across, down = int.from_bytes(data[:2], "little"), int.from_bytes(data[2:4], "little")
        body, data = data[4 : 4 + across * down], data[4 + across * down :]
        bits = np.unpackbits(np.frombuffer(body, np.uint8).reshape(down, across), axis=1)
        paper = np.where(bits, 0, 255).astype(np.uint8).repeat(2, axis=0).repeat(2, axis=1)
        found.append(cv2.copyMakeBorder(paper, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=[255]))
    return found


def read(data: bytes) -> list[str]:
    """What a phone reads of every code among a printer's bytes."""
    return [one.text for picture in pictures(data) for one in zxingcpp.read_barcodes(picture)]
