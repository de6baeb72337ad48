"""Where may be sent: the address that somebody types, and the host's numbers behind it. Pure.

An endpoint's address is named by a person and called by the server, which stands where
strangers do not (server-side request forgery). So what a name leads to is looked at each time,
and the very numbers that were looked at are called.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import urlsplit

from app.kit.errors import Invalid, Refusal

Network = IPv4Network | IPv6Network
URL_MOST: Final = 500
NAME_MOST: Final = 80
_HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?")
_PRINTED: Final = re.compile(r"[\x21-\x7e]+")
_GLOBAL_6: Final = ip_network("2000::/3")
_TUNNELS: Final = (ip_network("2001::/32"), ip_network("2002::/16"))
"""Teredo and 6to4: addresses of version 4 hide in them."""
_SERVED_4: Final = (
    ip_network("168.63.129.16/32"),  # tells secrets to machines in a cloud
    ip_network("192.88.99.0/24"),  # relays of 6to4
)

BAD_URL: Final = Invalid(
    "webhook.url",
    "ใส่ที่อยู่ที่ขึ้นต้นด้วย https:// เช่น https://register.example.go.th/gecc",
    "Give an address that begins with https://, such as https://register.example.go.th/gecc.",
)
NOT_SECURE: Final = Invalid(
    "webhook.not-https",
    "ที่อยู่ต้องขึ้นต้นด้วย https:// เพื่อไม่ให้ใครอ่านหรือแก้ระหว่างทาง",
    "The address must begin with https://, so that nobody reads along on the way.",
)
WITH_PASSWORD: Final = Invalid(
    "webhook.password-in-url",
    "อย่าใส่ชื่อผู้ใช้หรือรหัสผ่านไว้ในที่อยู่ ปลายทางตรวจลายเซ็นแทน",
    "Put no user or password into the address: the receiver checks the signature instead.",
)
INSIDE: Final = Invalid(
    "webhook.inside",
    "ที่อยู่นี้เป็นเครื่องในเครือข่ายภายใน ผู้ดูแลเซิร์ฟเวอร์ต้องอนุญาตเครือข่ายนั้นก่อน (GECC_WEBHOOK_NETWORKS)",
    "This is a machine of an internal network, which whoever runs the server has to allow "
    "first (GECC_WEBHOOK_NETWORKS).",
)
NAMELESS: Final = Invalid(
    "webhook.name",
    f"ตั้งชื่อปลายทาง ไม่เกิน {NAME_MOST} ตัวอักษร",
    f"Name the endpoint, in at most {NAME_MOST} letters.",
)


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: how to call it."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header (RFC 9110, 7.2)."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.secure else 80) else f"{name}:{self.port}"


def target_of(url: str) -> Target | None:
    """The address taken apart; None: it is none that could be called."""
    if len(url) > URL_MOST:
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode().lower()
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    known = parts.scheme in {"http", "https"} and port != 0 and not parts.fragment
    if not known or not _PRINTED.fullmatch(path) or not _is_host(host):
        return None
    secure = parts.scheme == "https"
    return Target(secure, host, port or (443 if secure else 80), path)


def refusal_of_url(url: str, *, networks: Collection[Network]) -> Refusal | None:
    """Why an endpoint cannot have this address.

    A name's numbers are looked at when it is called. Without TLS only this very machine is
    called, where its networks are allowed.
    """
    target = target_of(url)
    if target is None:
        return BAD_URL
    if "@" in urlsplit(url).netloc:
        return WITH_PASSWORD
    try:
        number = ip_address(target.host)
    except ValueError:
        number = None
    if not target.secure and not may_be_plain(target, number, networks=networks):
        return NOT_SECURE
    if number is not None and not may_call(str(number), networks=networks):
        return INSIDE
    return None


def refusal_of_name(name: str) -> Refusal | None:
    """Why an endpoint cannot be called this."""
    return None if 1 <= len(name) <= NAME_MOST else NAMELESS


def may_be_plain(
    target: Target,
    number: IPv4Address | IPv6Address | None,
    *,
    networks: Collection[Network],
) -> bool:
    """Whether this host may be called without TLS: this machine alone, where it is allowed."""
    if number is None:
        own = target.host == "localhost"
        return own and any(network.is_loopback for network in networks)
    return number.is_loopback and _is_in(number, networks)


def may_call(number: str, *, networks: Collection[Network]) -> bool:
    """Whether a request may go to this IP address: a public one, or of an allowed network."""
    try:
        address = ip_address(number)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if _is_in(address, networks):
        return True
    if isinstance(address, IPv6Address):
        if address not in _GLOBAL_6 or _is_in(address, _TUNNELS):
            return False
    elif _is_in(address, _SERVED_4):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_in(address: IPv4Address | IPv6Address, networks: Collection[Network]) -> bool:
    return any(address in network for network in networks)


def _is_host(host: str) -> bool:
    if ":" not in host:
        return _HOST.fullmatch(host) is not None
    try:
        return not IPv6Address(host).scope_id
    except ValueError:
        return False


def shown_host(url: str) -> str:
    """The part of an address that holds no secret: the rest may carry a relay's token."""
    target = target_of(url)
    return target.authority if target else ""
