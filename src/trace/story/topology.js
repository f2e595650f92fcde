// SPDX-License-Identifier: MIT
// topology.js - nodes and cables, and the message that is on its way between them.

const BOX = { w: 104, h: 44 };
const MANY = 24;

class Topology {
	constructor(story) {
		this.story = story;
		this.place = new Map();
		this.boxes = new Map();
		this.lines = [];
		this.holder = document.getElementById("topology");
		this.build();
	}

	// Switches, and else the node with the most cables, in the middle row; the rest above and below.
	arrange() {
		const count = n => this.story.cables.filter(c => c.a === n.name || c.b === n.name).length;
		const nodes = [...this.story.nodes];
		const hubs = nodes.filter(n => n.kind === "switch" || count(n) > 1);
		const leaves = nodes.filter(n => !hubs.includes(n));
		const columns = Math.max(2, Math.min(4, Math.ceil(Math.sqrt(leaves.length)) || 1));
		const half = hubs.length ? Math.ceil(leaves.length / 2) : leaves.length;
		const rows = [...this.chunks(leaves.slice(0, half), columns), ...this.chunks(hubs, columns),
			...this.chunks(leaves.slice(half), columns)];
		const width = columns * (BOX.w + 46);

		rows.forEach((row, y) => row.forEach((n, x) => this.place.set(n.name, {
			x: width * (x + 0.5) / row.length, y: 34 + y * 96 })));
		return { width, height: Math.max(1, rows.length) * 96 };
	}

	chunks(list, n) {
		const out = [];

		for (let i = 0; i < list.length; i += n)
			out.push(list.slice(i, i + n));
		return out;
	}

	build() {
		if (this.story.nodes.length > MANY) {
			this.holder.append(el("p", {}, this.story.nodes.length + " nodes, " +
				this.story.cables.length + " cables"));
			return;
		}
		const size = this.arrange();
		this.svg = shape("svg", { viewBox: "0 0 " + size.width + " " + size.height, role: "img",
			"aria-label": "nodes and cables" });
		for (const c of this.story.cables)
			this.cable(c);
		for (const n of this.story.nodes)
			this.node(n);
		this.packet = shape("circle", { class: "packet", r: 8, visibility: "hidden" });
		this.svg.append(this.packet);
		this.holder.append(this.svg);
	}

	cable(c) {
		const a = this.place.get(c.a), b = this.place.get(c.b);

		if (!a || !b)
			return;
		const line = shape("line", { class: "cable", x1: a.x, y1: a.y, x2: b.x, y2: b.y });
		this.lines.push({ c, line });
		this.svg.append(line);
	}

	node(n) {
		const p = this.place.get(n.name);
		const box = shape("rect", { class: "box " + n.kind, x: p.x - BOX.w / 2, y: p.y - BOX.h / 2,
			width: BOX.w, height: BOX.h, rx: 8 });
		const under = n.kind === "switch" ? "switch" : this.under(this.addresses(n, new Map()));
		const words = shape("text", { class: "small", x: p.x, y: p.y + 15, "text-anchor": "middle" },
			under);

		this.boxes.set(n.name, { box, words, node: n });
		this.svg.append(box, shape("text", { x: p.x, y: p.y - 2, "text-anchor": "middle" },
			cut(n.name, 14)), words);
	}

	// Addresses as they are at this moment; the message at this moment is on its way.
	show(e, known) {
		if (!this.svg)
			return;
		for (const { box, words, node } of this.boxes.values()) {
			box.classList.toggle("active", [e.at, e.from, e.to].some(p => nodeOf(p) === node.name));
			if (node.kind !== "switch")
				words.textContent = this.under(this.addresses(node, known));
		}
		for (const { c, line } of this.lines)
			line.classList.toggle("active", e.kind === "message" && e.cable === c.name);
		this.fly(e);
	}

	// As much as there is room for.
	under(addresses) {
		const more = addresses.length > 1 ? " +" + (addresses.length - 1) : "";

		return addresses.length === 0 ? "" : cut(addresses[0], 18 - more.length) + more;
	}

	// The scenario's, and what came and went since.
	addresses(node, known) {
		const here = Object.values(known.get(node.name) || {});
		const gone = here.flatMap(m => m.gone || []);

		return [...node.addresses.split(" ").filter(a => a && !gone.includes(a)),
			...here.flatMap(m => m.address ? [m.address] : []), ...here.flatMap(m => m.others || [])];
	}

	// Along the cables, however many there are between the two.
	fly(e) {
		const path = this.path(e);

		this.packet.replaceChildren();
		this.packet.setAttribute("visibility", path.length > 1 ? "visible" : "hidden");
		if (path.length < 2)
			return;
		const d = "M" + path.map(p => p.x + " " + p.y).join("L");
		const move = shape("animateMotion", { path: d, dur: 0.4 + 0.3 * path.length + "s",
			begin: "indefinite", fill: "freeze" });
		const fade = shape("animate", { attributeName: "opacity", values: "1;1;0.25",
			keyTimes: "0;0.8;1", dur: 0.4 + 0.3 * path.length + "s", begin: "indefinite", fill: "freeze" });
		this.packet.append(move, fade);
		move.beginElement();
		fade.beginElement();
	}

	// The places between sender and receiver; of a broadcast, those on its own cable.
	path(e) {
		const from = nodeOf(e.from);

		if (e.kind !== "message" || !this.place.has(from))
			return [];
		const cable = this.story.cables.find(c => c.name === e.cable);
		const to = this.place.has(nodeOf(e.to)) ? nodeOf(e.to) :
			cable ? (cable.a.node === from ? cable.b.node : cable.a.node) : from;
		return this.search(from, to).map(n => this.place.get(n));
	}

	search(from, to) {
		const before = new Map([[from, null]]);

		for (const n of before.keys()) {
			for (const c of this.story.cables) {
				const next = c.a === n ? c.b : c.b === n ? c.a : null;
				if (next !== null && !before.has(next))
					before.set(next, n);
			}
		}
		const path = [];
		for (let n = before.has(to) ? to : null; n !== null; n = before.get(n))
			path.unshift(n);
		return path;
	}
}
