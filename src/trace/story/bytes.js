// SPDX-License-Identifier: MIT
// bytes.js - where each field of a message lies in its frame. What the options say comes
// from netlab; here they are only found.

const ETHERNET = [[0, 6, "destination"], [6, 6, "source"], [12, 2, "type"]];
const IP = [[0, 1, "version, header length"], [1, 1, "type of service"], [2, 2, "total length"],
	[4, 2, "identification"], [6, 2, "fragment"], [8, 1, "time to live"], [9, 1, "protocol"],
	[10, 2, "checksum"], [12, 4, "source"], [16, 4, "destination"]];
const UDP = [[0, 2, "source port"], [2, 2, "destination port"], [4, 2, "length"], [6, 2, "checksum"]];
// RFC 2131 section 2, figure 1.
const DHCP = [[0, 1, "op"], [1, 1, "htype"], [2, 1, "hlen"], [3, 1, "hops"], [4, 4, "xid"],
	[8, 2, "secs"], [10, 2, "flags"], [12, 4, "ciaddr"], [16, 4, "yiaddr"], [20, 4, "siaddr"],
	[24, 4, "giaddr"], [28, 16, "chaddr"], [44, 64, "sname"], [108, 128, "file"],
	[236, 4, "magic cookie"]];
// What a value of the header means; of an address that is zero, and one that is not.
const MEANS = {
	op: { 1: "from a client", 2: "from a server" },
	htype: { 1: "Ethernet" },
	hlen: { 6: "bytes of chaddr" },
	hops: { 0: "no relay agent yet" },
	flags: { "0x0000": "a unicast can reach the client", "0x8000": "BROADCAST: no unicast can" },
	"magic cookie": { "0x63825363": "options follow" },
	ciaddr: ["none yet", "the client's own"], yiaddr: ["none", "for the client"],
	siaddr: ["none", "the server to boot from"], giaddr: ["no relay agent", "the relay agent"],
};
const ADDRESSES = ["ciaddr", "yiaddr", "siaddr", "giaddr"];
const OPTIONS_AT = 240;

function bytesOf(hex) {
	const bytes = [];

	for (let i = 0; i + 1 < hex.length; i += 2)
		bytes.push(parseInt(hex.slice(i, i + 2), 16));
	return bytes;
}

function hexOf(bytes, joint) {
	return bytes.map(b => b.toString(16).padStart(2, "0")).join(joint);
}

function valueOf(layer, name, bytes) {
	if (bytes.length > 16)
		return bytes.some(b => b) ? hexOf(bytes, " ") : bytes.length + " zero bytes";
	if (ADDRESSES.includes(name) || (layer === "IP" && bytes.length === 4))
		return bytes.join(".");
	if (layer === "Ethernet" && bytes.length === 6)
		return hexOf(bytes, ":");
	if (["chaddr", "xid", "type", "checksum", "magic cookie", "flags", "fragment",
	     "version, header length"].includes(name))
		return "0x" + hexOf(bytes, "");
	return String(bytes.reduce((n, b) => n * 256 + b, 0));
}

function meaningOf(layer, name, value) {
	const means = layer === "DHCP" && MEANS[name];

	if (!means)
		return value;
	const words = Array.isArray(means) ? means[value === "0.0.0.0" ? 0 : 1] : means[value];
	return words ? value + ", " + words : value;
}

function layerFields(layer, table, bytes, base) {
	return table.filter(([at]) => base + at < bytes.length).map(([at, length, name]) => ({
		at: base + at, length, layer, name,
		value: meaningOf(layer, name, valueOf(layer, name, bytes.slice(base + at, base + at + length))) }));
}

// One field of options; an option that is split (RFC 3396) is shown at each of its parts.
function optionFields(e, names, bytes, base, end) {
	const fields = [];

	for (let i = base; i < end;) {
		const code = bytes[i];

		if (code === 0) {
			i++;
			continue;
		}
		if (code === 255) {
			fields.push({ at: i, length: 1, layer: "options", name: "255 end", value: "" });
			break;
		}
		const [label, rfc] = names[code] || ["unassigned", ""];
		fields.push({ at: i, length: 2 + (bytes[i + 1] || 0), layer: "options",
			name: code + " " + label, value: (e.says || e.options || {})[code] || "", rfc });
		i += 2 + (bytes[i + 1] || 0);
	}
	return fields;
}

// Option 52, RFC 2132 section 9.3: 1: file holds options, 2: sname does.
function overloadOf(bytes, fields) {
	const found = fields.find(f => bytes[f.at] === 52);

	return found ? bytes[found.at + 2] : 0;
}

// All options, in the order of RFC 2131 section 4.1, and the fields that have texts then.
function allOptions(e, names, bytes, base) {
	const at = base + OPTIONS_AT, cookie = hexOf(bytes.slice(at - 4, at), "");
	const options = cookie === "63825363" ? optionFields(e, names, bytes, at, bytes.length) : [];
	const overload = overloadOf(bytes, options), taken = [];

	for (const [bit, name] of [[1, "file"], [2, "sname"]]) {
		if (!(overload & bit))
			continue;
		const [from, length] = DHCP.find(f => f[2] === name);
		options.push(...optionFields(e, names, bytes, base + from, base + from + length));
		taken.push(name);
	}
	// RFC 951: without the cookie these bytes are the vendor's.
	return [options, DHCP.filter(f => !taken.includes(f[2]))
		.map(f => f[2] === "magic cookie" && cookie !== "63825363" ?
			[f[0], Math.max(0, bytes.length - base - f[0]), "vendor area"] : f)];
}

function fieldsOf(e, names) {
	const bytes = bytesOf(e.hex || "");
	const ip = 14, udp = ip + 4 * (bytes[ip] & 15), dhcp = udp + 8;

	if (bytes.length === 0)
		return [];
	const end = Math.min(bytes.length, udp + 256 * bytes[udp + 4] + bytes[udp + 5]);
	const [options, header] = allOptions(e, names, bytes.slice(0, end), dhcp);
	// What is most worth reading first.
	return [...options, ...layerFields("DHCP", header, bytes.slice(0, end), dhcp),
		...layerFields("UDP", UDP, bytes, udp), ...layerFields("IP", IP, bytes, ip),
		...layerFields("Ethernet", ETHERNET, bytes, 0)];
}
