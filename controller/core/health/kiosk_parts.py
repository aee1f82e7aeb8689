"""What can fail of a kiosk besides its bays, and what staff do about each."""

from __future__ import annotations

from enum import StrEnum


class KioskPart(StrEnum):
    """Something that is mended or replaced as one; the value is the word for logs and screens."""

    NETWORK = "network"
    BROKER = "broker"
    CERTIFICATE = "certificate"
    LEDGER = "ledger"
    ROOM = "disk-room"
    DISK = "disk"
    MIRROR = "mirror"
    CLOCK = "clock"
    READER = "code-reader"
    PRINTER = "printer"
    CONTROLLER = "controller"
    COMPUTER = "computer"
    MAINS = "mains"


DO_AT_KIOSK = {
    KioskPart.NETWORK: "nothing outside is reached: check router, SIM card, antenna and cable",
    KioskPart.BROKER: "the network is there and no broker answers: tell the platform's operator",
    KioskPart.CERTIFICATE: "the broker and this kiosk do not believe each other: check the clock "
    "and the authority's file, enrol again",
    KioskPart.LEDGER: "the broker takes records and the ledger is silent: tell the operator",
    KioskPart.ROOM: "the journal's disk is full: see what fills it and make room",
    KioskPart.DISK: "the journal's disk refuses, fails or is slow: back it up and replace the card",
    KioskPart.MIRROR: "the journal's copy is behind: plug the stick in, or replace it",
    KioskPart.CLOCK: "nobody vouches for the time, or it jumped: check time service and RTC cell",
    KioskPart.READER: "the reader at the front gives no picture: check its cable, replace it",
    KioskPart.PRINTER: "the receipt printer prints nothing: see to its paper, cover and cable",
    KioskPart.CONTROLLER: "the controller starts again and again: look at its log, update it",
    KioskPart.COMPUTER: "the computer starts again and again: check its supply, cable and card",
    KioskPart.MAINS: "the kiosk runs on its battery: check mains, fuse and plug",
}
"""What staff do about each part."""
