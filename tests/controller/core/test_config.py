"""A broken configuration is refused by file and key."""

from __future__ import annotations

import pytest

from controller.core.config import ConfigError, parse_config
from controller.core.scale import Scale

GOOD = """
kiosk = "hz-xihu-0001"
city = "hz"
district = "xihu"
[[bays]]
name = "a"
bins = [{ index = 0, stream = "paper" }, { index = 1, stream = "plastic" }]
"""


def test_a_small_file_is_enough() -> None:
    """Every figure has the default of the machine's design."""
    config = parse_config(GOOD)
    assert config.bays[0].scale.min_g == 40
    assert config.bays[0].load_limit_g == 8000
    assert config.session.idle_s == 60


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("kiosk =", "kisok ="), "'kiosk': Field required"),
        (('city = "hz"', 'city = "hz"\ncolour = "blue"'), "'colour': Extra inputs"),
        (('"hz-xihu-0001"', '"Kiosk One"'), "'kiosk': String should match"),
        (("index = 1", "index = 9"), "'bays.0.bins.1.index'"),
        (('name = "a"', 'name = "a"\nrefuse_bin = 4'), "'bays.0.refuse_bin'"),
        (('city = "hz"', 'city = "hz"\nsite = { sign = "x" }'), "'site.sign': Extra inputs"),
        (('city = "hz"', 'city = "hz"\nsite = { rules_until = "soon" }'), "'site.rules_until'"),
        (('city = "hz"', 'city = "hz"\nsite = { round_days = 0 }'), "'site.round_days'"),
        (("index = 1", "index = 0"), "share an index"),
        (('name = "a"', 'name = "a"\nscale = { min_g = 9000 }'), "min_g < interval_g"),
        (('name = "a"', 'name = "a"\nscale = { min_g = 30 }'), "min_g must be at least 20 e, 40 g"),
        (('name = "a"', 'name = "a"\nscale = { e_g = 3, min_g = 60 }'), "times a power of ten"),
        (('name = "a"', 'name = "a"\nscale = { counts_per_kg = 900 }'), "5 are needed"),
        (('name = "a"', 'name = "a"\nscale = { points = [[1, 2, 3]] }'), "'bays.0.scale.points.0'"),
        (
            ('name = "a"', 'name = "a"\nscale = { points = [[9000, 5000], [8000, 9000]] }'),
            "not monotonic",
        ),
        (
            ('name = "a"', 'name = "a"\nscale = { counts_per_kg = 2, points = [[9, 9]] }'),
            "give points or counts_per_kg, not both",
        ),
        (
            ('name = "a"', 'name = "a"\nscale = { calibrated_on = "2026-02-30" }'),
            "which is no day",
        ),
        (
            ('name = "a"', 'name = "a"\nscale = { noise_g = 3.0 }'),
            "noise_g 3 must be at most e_g, 2",
        ),
        (('name = "a"', 'name = "a"\nscale = { noise_g = 0.0 }'), "'bays.0.scale.noise_g'"),
        (('name = "a"', 'name = "a"\nscale = { noise_g = nan }'), "'bays.0.scale.noise_g'"),
        (('name = "a"', 'name = "a"\nscale = { noise_g = inf }'), "'bays.0.scale.noise_g'"),
        (('name = "a"', 'name = "a"\nscale = { warm_up_s = inf }'), "'bays.0.scale.warm_up_s'"),
        (('name = "a"', 'name = "a"\nscale = { warm_up_s = -1 }'), "'bays.0.scale.warm_up_s'"),
        (('name = "a"', 'name = "a"\nload_limit_g = "heavy"'), "'bays.0.load_limit_g'"),
        (('name = "a"', 'name = "a"\nload_limit_g = 80000'), "load_limit_g 80000 of bay a"),
        (("[[bays]]", "[[bays]"), "is not TOML"),
    ],
)
def test_what_is_wrong_is_named(change: tuple[str, str], named: str) -> None:
    """File, key and reason stand in the one line that the installer reads."""
    with pytest.raises(ConfigError) as caught:
        parse_config(GOOD.replace(*change), "kiosk.toml")
    assert "kiosk.toml" in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize("noise_g", [0.001, 2.0])
def test_a_noise_that_the_configuration_takes_the_scale_takes_too(noise_g: float) -> None:
    """Up to e itself; a bay is made of whatever was let through."""
    table = f'name = "a"\nscale = {{ noise_g = {noise_g} }}'
    config = parse_config(GOOD.replace('name = "a"', table))
    assert Scale(config.bays[0].scale).fault == ""


def test_two_bays_may_not_share_a_name() -> None:
    """A name is how a node is told from another."""
    with pytest.raises(ConfigError, match="two bays share a name"):
        parse_config(GOOD + GOOD[GOOD.index("[[bays]]") :])


def test_no_receipt_is_sent_to_a_node() -> None:
    """Whose hatch and scale would hear it."""
    printer = '[printer]\nport = "/dev/ttyACM0"\nwidth_mm = 58\n'
    with pytest.raises(ConfigError, match="port /dev/ttyACM0 is the node's of bay a"):
        parse_config(GOOD + printer)
    assert parse_config(GOOD + printer.replace("ttyACM0", "ttyUSB0")).printer is not None


def test_the_port_follows_tls_unless_it_is_named() -> None:
    """An empty table asks for TLS; without it the broker is spoken to in the clear."""
    assert parse_config(GOOD).uplink.tls is None
    secure = GOOD + "[uplink.tls]\n"
    uplink = parse_config(secure).uplink
    assert (uplink.port, uplink.tls and uplink.tls.key) == (8883, "tls.key")
    named = GOOD + "[uplink]\nport = 443\nversion = '5'\n[uplink.tls]\n"
    assert (parse_config(named).uplink.port, parse_config(named).uplink.version) == (443, "5")
