"""Who may say and hear what at NATS: an entry for each kiosk, as its configuration wants it.

mosquitto has one rule for all kiosks, by the name in each one's certificate. NATS 2.9 knows no such
rule, so each kiosk on file has an entry here (`deploy/nats/node.conf` includes the file). A kiosk
without one is not let in, and what is not allowed is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.certificates import check_name, platform_name

if TYPE_CHECKING:
    from collections.abc import Iterable

HEAD = """# Who may say and hear what, by the name in their certificate. `kiosk cloud nats-users`
# makes it out of the platform's kiosks/: what is changed by hand here goes with the next time.
users: [
"""

PLATFORM = '  {{ user: "CN={name}", allowed_connection_types: ["STANDARD"] }}\n'

KIOSK = """  {{ user: "CN={kiosk}", allowed_connection_types: ["MQTT"], permissions: {{
    publish: ["gr.v1.*.*.{kiosk}.up.>"]
    subscribe: ["gr.v1.*.*.{kiosk}.down", "gr.v1.*.*.{kiosk}.down.>", "$MQTT.sub.>"] }} }}
"""
"""City and district only route, as in mosquitto's rule. The last subject is the node's own: what it
hands a QoS 1 subscription comes by it. NATS lets no kiosk ask for it."""


def nats_users(kiosks: Iterable[str], workers: Iterable[str]) -> str:
    """The `users` of a node's `authorization`, the platform itself among them.

    Args:
        kiosks: Ids of the kiosks that are let in.
        workers: Names of the platform's workers besides `serve`, as in `a` and `b`.

    Raises:
        CertificateError: `name`: one of them cannot be a kiosk's or a worker's.
    """
    names = [platform_name(), *(platform_name(one) for one in sorted(set(workers) - {""}))]
    entries = [PLATFORM.format(name=check_name(one)) for one in names]
    entries += [KIOSK.format(kiosk=check_name(one)) for one in sorted(set(kiosks))]
    return f"{HEAD}{''.join(entries)}]\n"
