"""Keys on disk and in simulations."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from contract.errors import KeyFileError
from contract.keys import FileSigner, SeedSigner, is_signed, load_public, verify_key


def test_a_new_key_signs_after_it_was_read_again(tmp_path: Path) -> None:
    """What `new` writes is what `load` signs with, and only its owner may read it."""
    path = tmp_path / "kiosk.pem"
    made, loaded = FileSigner.new(path), FileSigner.load(path)
    assert is_signed(made.public, loaded.sign(b"data"), b"data")
    assert not is_signed(made.public, loaded.sign(b"data"), b"Data")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    """A second `new` at the same place would make a kiosk's history unverifiable."""
    FileSigner.new(tmp_path / "kiosk.pem")
    with pytest.raises(KeyFileError, match="exists already"):
        FileSigner.new(tmp_path / "kiosk.pem")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """By its group or by anybody: a copy may be anywhere, and signs as well as the original."""
    path = tmp_path / "kiosk.pem"
    FileSigner.new(path)
    for mode in (0o640, 0o604, 0o660):
        path.chmod(mode)
        with pytest.raises(KeyFileError, match=r"chmod 600 .*kiosk\.pem") as error:
            FileSigner.load(path)
        assert error.value.code == "exposed"
    path.chmod(0o400)
    FileSigner.load(path)


def test_the_same_seed_is_the_same_key() -> None:
    """Simulations repeat to the bit."""
    assert SeedSigner(b"s" * 32).sign(b"x") == SeedSigner(b"s" * 32).sign(b"x")
    with pytest.raises(KeyFileError, match="31 bytes"):
        SeedSigner(b"s" * 31)


def test_a_public_key_is_read_from_hex_file_or_pem(tmp_path: Path) -> None:
    """Staff may type it, keep it in a file, or have it from openssl."""
    public = SeedSigner(b"s" * 32).public
    (tmp_path / "hex.pub").write_text(public.hex() + "\n")
    pem = verify_key(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "pem.pub").write_bytes(pem)
    sources: list[str | Path] = [public.hex(), tmp_path / "hex.pub", tmp_path / "pem.pub"]
    assert [load_public(source) for source in sources] == [public] * 3
    assert isinstance(verify_key(public), Ed25519PublicKey)


def test_other_files_are_refused_by_name(tmp_path: Path) -> None:
    """Each mistake with a key file has its own code."""
    elliptic = generate_private_key(SECP256R1())
    (tmp_path / "ec.pem").write_bytes(
        elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (tmp_path / "ec.pub").write_bytes(
        elliptic.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    (tmp_path / "noise").write_bytes(b"\xff\x00")
    found = []
    for read, name in [
        (FileSigner.load, "ec.pem"),
        (load_public, "ec.pub"),
        (FileSigner.load, "noise"),
        (load_public, "noise"),
        (FileSigner.load, "absent"),
        (load_public, "absent"),
    ]:
        with pytest.raises(KeyFileError, match=name) as error:
            read(tmp_path / name)
        found.append(error.value.code)
    assert found == ["wrong-key-type"] * 2 + ["not-a-key"] * 2 + ["unreadable"] * 2
