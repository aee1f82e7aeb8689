"""Which bay this board serves: the file `bay.txt` on its flash, written by `scripts/flash`.

The first line is the bay's name; a second one may say how many load cells carry its pan:

    a
    cells 4
"""

from firmware.hal.hx711 import MOST_CELLS

PATH = "bay.txt"
LONGEST_NAME = 32
_ADVICE = "; load the board with: scripts/flash --bay NAME"


class SettingsError(Exception):
    """`bay.txt` is missing, or says what cannot be; the message says what to do."""


def read(path=PATH):
    """(bay name as bytes, number of load cells) of the file.

    Raises:
        SettingsError: There is no such file, or something in it is wrong.
    """
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError:
        raise SettingsError("there is no %s%s" % (path, _ADVICE)) from None
    return parse(text)


def parse(text):
    """(bay name as bytes, number of load cells) of the file's bytes.

    Raises:
        SettingsError: The name is missing, too long or not plain, or the cells are not 1 to 4.
    """
    lines = [line.strip() for line in text.split(b"\n")]
    name = lines[0]
    plain = all(33 <= byte < 127 for byte in name)
    if not 0 < len(name) <= LONGEST_NAME or not plain:
        raise SettingsError("bay.txt: the first line is no bay's name%s" % _ADVICE)
    cells = 1
    for line in lines[1:]:
        if line:
            cells = _cells(line)
    return name, cells


def _cells(line):
    words = line.split()
    if len(words) == 2 and words[0] == b"cells" and words[1] in (b"1", b"2", b"3", b"4"):
        return int(words[1])
    raise SettingsError("bay.txt: not 'cells 1' to 'cells %d'%s" % (MOST_CELLS, _ADVICE))
