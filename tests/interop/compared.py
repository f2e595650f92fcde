# SPDX-License-Identifier: MIT
"""Which of tshark's fields is which of netlab's, and which have none there, and why."""
import re

# In --json; the name in tshark, and how its text becomes netlab's.
JSON = {
    "xid": ("dhcp.id", lambda s: s[2:]), "secs": ("dhcp.secs", int),
    "flags": ("dhcp.flags", lambda s: int(s, 16)), "ciaddr": ("dhcp.ip.client", str),
    "yiaddr": ("dhcp.ip.your", str), "siaddr": ("dhcp.ip.server", str), "giaddr": ("dhcp.ip.relay", str),
    "op": ("dhcp.type", int), "htype": ("dhcp.hw.type", lambda s: int(s, 16)), "hlen": ("dhcp.hw.len", int),
    "hops": ("dhcp.hops", int), "src_ip": ("ip.src", str), "dst_ip": ("ip.dst", str),
    "src_port": ("udp.srcport", int), "dst_port": ("udp.dstport", int),
    "length": ("udp.length", lambda s: int(s) - 8),
}
# Keys of --json that are compared otherwise (tshark.py), or are netlab's alone.
JSON_OTHERS = {
    "message", "options", "chaddr", "sname", "file", "src_mac", "dst_mac", "from", "to", "t", "frame", "n",
    "vlan",
}
JSON_ALONE = {
    "schema": "the line's own", "kind": "the line's own", "cable": "of a lab; empty for other captures",
    "breaches": "tshark judges no rules",
}
# In -x: the caption of a field of the header, with tshark's name. What is missing there tshark
# shows under another (chaddr is two fields), or does not see in BOOTP without a cookie.
HEX = {"op": "dhcp.type", "ht": "dhcp.hw.type", "hl": "dhcp.hw.len", "ho": "dhcp.hops", "xid": "dhcp.id",
       "secs": "dhcp.secs", "flags": "dhcp.flags", "ciaddr": "dhcp.ip.client", "yiaddr": "dhcp.ip.your",
       "siaddr": "dhcp.ip.server", "giaddr": "dhcp.ip.relay"}
# On the page: layer and name; ranges of bytes are compared.
PAGE = {
    ("Ethernet", "destination"): "eth.dst", ("Ethernet", "source"): "eth.src", ("Ethernet", "type"): "eth.type",
    ("IP", "type of service"): "ip.dsfield", ("IP", "total length"): "ip.len", ("IP", "identification"): "ip.id",
    ("IP", "time to live"): "ip.ttl", ("IP", "protocol"): "ip.proto", ("IP", "checksum"): "ip.checksum",
    ("IP", "source"): "ip.src", ("IP", "destination"): "ip.dst", ("UDP", "source port"): "udp.srcport",
    ("UDP", "destination port"): "udp.dstport", ("UDP", "length"): "udp.length",
    ("UDP", "checksum"): "udp.checksum", ("DHCP", "op"): "dhcp.type", ("DHCP", "htype"): "dhcp.hw.type",
    ("DHCP", "hlen"): "dhcp.hw.len", ("DHCP", "hops"): "dhcp.hops", ("DHCP", "xid"): "dhcp.id",
    ("DHCP", "secs"): "dhcp.secs", ("DHCP", "flags"): "dhcp.flags", ("DHCP", "ciaddr"): "dhcp.ip.client",
    ("DHCP", "yiaddr"): "dhcp.ip.your", ("DHCP", "siaddr"): "dhcp.ip.server",
    ("DHCP", "giaddr"): "dhcp.ip.relay", ("DHCP", "magic cookie"): "dhcp.cookie",
}
# Half a field each on the page: one range that starts with tshark's first and ends with its last.
PAGE_RANGES = {("IP", "version, header length"): ("ip.version", "ip.hdr_len"), ("IP", "fragment"): ("ip.flags", "ip.frag_offset")}

# Compared by code of its own in tshark.py.
BY_HAND = {
    "dhcp.hw.mac_addr", "dhcp.hw.addr", "dhcp.hw.addr_padding", "dhcp.client_address_not_given", "dhcp.server",
    "dhcp.file", "dhcp.option.type", "dhcp.option.length", "dhcp.option.value", "dhcp.option.end",
    "dhcp.option.padding", "dhcp.option.dhcp", "eth.src", "eth.dst", "sll.src.eth", "udp.payload", "dhcp.cookie",
    "vlan.id", "ieee8021ad.id",
}

# Examples of `explain` that tshark calls wrong, and why they are not.
ILL_FORMED = {
    "option 90": "as in a DISCOVER, without a key and a MAC (RFC 3118 section 5.2)",
    "option 242": "any bytes: it is each site's own, not only Avaya's",
}

# Not compared: tshark's name by a pattern, and why.
UNKNOWN = (
    (r"", "a heading of tshark's"),
    (r"_ws\..*|dhcp\.(bad_length|missing_subopt_value|server_name_overloaded_by_dhcp|suboption_invalid|"
     r"boot_filename_overloaded_by_dhcp|option\.option_overload\..*|option\.client_architecture\.ambiguous)|"
     r"ip\.ttl\.too_small|ip\.ttl\.lncb|udp\.checksum\.bad|ip\.opt\.len_invalid",
     "tshark's opinion in words; netlab has its own (breaches)"),
    (r"(eth|ip|udp|sll|vlan)\..*(_resolved|_host|\.oui|\.lg|\.ig)|(eth|ip)\.(addr|host|lg|ig)|udp\.port",
     "the same bytes under a second name"),
    (r"(ip|udp)\.checksum\.status|udp\.(stream|time_.*)|eth\.fcs.*|eth\.padding", "tshark's own reckoning"),
    (r"ip\.(flags|dsfield)\..*|dhcp\.flags\.(bc|reserved)", "bits of a field that is compared"),
    (r"ip\.opt.*|eth\.trailer", "no view of netlab's shows IP options or what follows the datagram"),
    (r"(vlan|ieee8021ad)\.(priority|dei)", "of a VLAN tag netlab shows the number alone"),
    (r"(vlan|ieee8021ah)\.etype", "what follows the tag: another one, or IP"),
    (r"sll\.(pkttype|hatype|halen|etype|unused|ifindex|reserved|trailer)",
     "of a cooked capture netlab shows the sender's address alone"),
    (r"dhcp\..*(\.length|suboption_length|data_length|ca_length|list_length)",
     "the length of a part of an option, which is compared itself"),
    (r"dhcp\.fqdn\.(mbz|rcode[12])", "bits and bytes that mean nothing any more (RFC 4702 section 2)"),
    (r"dhcp\.option\.vendor\.value", "all of it at once; its parts are compared in --json"),
    (r"dhcp\.option\.user_class", "tshark counts the classes"),
    (r"dhcp\.option\.sip_server\.encoding", "names or addresses follow, which are compared"),
    (r"dhcp\.option\.agent_information_option\.vi\.(enterprise|.*suboption)", "netlab shows these bytes in hex"),
    (r"dhcp\.option\.isns\..*\.reserved", "bits that mean nothing"),
    (r"dhcp\.option\.bulk_lease\.(base_time|query_(start|end)_time)",
     "tshark takes seconds since 1970 for those of NTP; netlab gives the number"),
    (r"dhcp\.option\.bulk_lease\.data_source", "a bit of it; netlab gives the byte"),
    (r"dhcp\.option\.rdnss\.reserved", "bits that mean nothing"),
    (r"dhcp\.vendor_specific_options", "BOOTP without a cookie: what stands there only -x shows"),
    (r"dhcp\.bootp", "that there is no option 53: the type BOOTP in netlab"),
)


def reason(name):
    return next((why for pattern, why in UNKNOWN if re.fullmatch(pattern, name)), None)


# What an option's field says in tshark, and where netlab says it in other words; each takes the field and
# netlab's words. True: it is the same.
def seconds(field, words):
    """Of a duration as people read it, "1d2h3m4s"."""
    if field.value == b"\xff" * 4:
        return "ever" in words
    units = {"w": 604800, "d": 86400, "h": 3600, "min": 60, "m": 60, "s": 1}
    found = re.findall(r"(\d+) ?(min|w|d|h|m|s)", words)
    return int.from_bytes(field.value, "big") == sum(int(n) * units[u] for n, u in found)


def yes_or_no(field, words):
    return field.value == {"yes": b"\1", "no": b"\0"}.get(words)


def fqdn_flags(field, words):
    letters = re.search(r"\(([SOEN]+)\)$", words)
    bits = {"S": 1, "O": 2, "E": 4, "N": 8}
    said = sum(bits[c] for c in letters.group(1)) if letters else 0
    flags = field if field.name == "dhcp.fqdn.flags" else field.above
    return said == flags.value[0] & 15


def route(field, words):
    """One route of several: "10.1.0.0/16 via 10.0.0.1"."""
    bits, net = field.value[0], field.value[1:-4].ljust(4, b"\0")
    gateway = ".".join(map(str, field.value[-4:]))
    route = "%s/%d %s" % (".".join(map(str, net)), bits,
                          "on link" if gateway == "0.0.0.0" else "via " + gateway)
    return route in words.split(", ")


def domains(field, words):
    """Names as in the DNS, without compression."""
    names, name, at = [], [], 0
    while at < len(field.value):
        size = field.value[at]
        name += [field.value[at + 1:at + 1 + size].decode()] if size else []
        at += 1 + size
        if size == 0 or at >= len(field.value):
            names, name = names + [".".join(name)], []
    return words == ", ".join(names)


def auth_protocol(field, words):
    names = ("configuration token", "delayed authentication", "obsolete protocol 2", "reconfigure key")
    return words.startswith(names[field.value[0]] + ",")


def relay_suboption(field, words):
    names = {1: "circuit id", 2: "remote id", 4: "device class", 5: "link selection", 6: "subscriber id",
             9: "vendor specific", 10: "relay flags", 11: "server id override", 12: "relay id"}
    name = names.get(int(field.show), "")
    return (name != "" and name + " " in words) or is_written(field.above.value[2:], words)


def overload(field, words):
    return words == ("", "file", "sname", "file and sname")[field.value[0]]


def classes(field, words):
    """Each with its length in front (RFC 3925 section 3)."""
    said, at = [], 0
    while at < len(field.value):
        said.append('"%s"' % field.value[at + 1:at + 1 + field.value[at]].decode())
        at += 1 + field.value[at]
    return ": " + ", ".join(said) in words


def accuracy(field, words):
    """Six bits, which tshark makes a fraction of (RFC 6225 section 2.2.1)."""
    bits = field.value[0] >> 2 if field.size == 1 else int.from_bytes(field.value, "big") >> 6 & 63
    return "%d bits of %s" % (bits, field.name.split(".")[-1].removesuffix("_res")) in words


def name_service(field, words):
    """The numbers of the options that name their servers (RFC 2937)."""
    return str(int.from_bytes(field.value, "big")) in words.split(", ")


WORDS = (
    (r"dhcp\.option\.option_overload", overload),
    (r"dhcp\.option\.agent_information_option\.suboption", relay_suboption),
    (r"dhcp\.option\.dhcp_authentication\.protocol", auth_protocol), (r"dhcp\.option\.vi_class\.data", classes),
    (r"dhcp\.fqdn\.(flags|[soen])", fqdn_flags), (r"dhcp\.option\.classless_static_route", route),
    (r"dhcp\.option\.lost_server_domain_name", domains),
    (r"dhcp\.option\.dhcp_name_service_search_option", name_service),
    (r"dhcp\.option\.rfc3825\..*_res", accuracy),
)


def octets(field, words):
    return field.value == b"" or is_written(field.value, words)


def is_written(value, words):
    """In hex, as text in quotes, or an address."""
    flat = re.sub(r"\s", "", words)
    text = re.sub(r"\s", "", value.decode("latin-1"))
    return (value.hex(":") in flat or value.hex() in flat or '"' + text + '"' in flat or
            (len(value) == 4 and ".".join(map(str, value)) in words))
