// SPDX-License-Identifier: MIT
// model.js - the story as data: which lanes there are, which rows are shown, and what
// each machine is at each of them.

const CLIENT_MESSAGES = ["DISCOVER", "REQUEST", "DECLINE", "RELEASE", "INFORM"];
const HOLDING = ["BOUND", "RENEWING", "REBINDING"];
const ASKING = ["SELECTING", "REQUESTING", "REBOOTING", "PROBING"];

function nodeOf(place) {
	return (place || "").split(":")[0];
}

function stateKind(state) {
	return HOLDING.includes(state) ? "held" : ASKING.includes(state) ? "asking" : "idle";
}

// "1800.001" -> "30min 0.001s"; a length of time is told in whole seconds.
function duration(t, whole) {
	const units = [[86400, "d"], [3600, "h"], [60, "min"]];
	const words = [];

	t = whole ? Math.round(t) : t;
	for (const [size, name] of units) {
		if (t >= size)
			words.push(Math.floor(t / size) + name);
		t %= size;
	}
	if (!whole)
		words.push(t.toFixed(3) + "s");
	else if (t > 0 || words.length === 0)
		words.push(t + "s");
	return words.join(" ");
}

// "10.0.0.5/24", "default route via 10.0.0.1": what came to a kernel, or left it.
function changeWords(e) {
	const what = e.kind === "address" ? e.address :
		(e.route === "0.0.0.0/0" ? "default route" : "route to " + e.route) +
		(e.gateway ? " via " + e.gateway : "") + (e.metric ? " metric " + e.metric : "");

	return what + (e.op === "replace" ? ", in place of another" : "") +
		(e.by === "others" ? " (not by netlab)" : "");
}

const CHECKPOINT = 512;

class Story {
	constructor(data) {
		this.lab = data.lab;
		this.nodes = data.nodes;
		this.cables = data.cables;
		this.options = data.options;
		this.check = data.check;
		this.events = [];
		this.changes = [];
		this.checkpoints = [];
		this.current = new Map();
		this.used = new Set();
		this.heard = new Map();
		this.kinds = new Map(this.nodes.map(n => [n.name, n.kind]));
		this.cablesOf = new Map();
		for (const c of this.cables)
			for (const n of [c.a, c.b])
				this.cablesOf.set(n, [...this.cablesOf.get(n) || [], c]);
		for (const e of data.events)
			this.add(e);
		this.seen = { at: -1, known: new Map() };
	}

	// An event changes at most one machine. All of them are kept now and then, and
	// each change: a thousand machines at each of ten thousand events would not fit.
	add(e) {
		const place = e.kind === "message" ? e.to : e.at;
		const old = (this.current.get(nodeOf(place)) || {})[place] || {};
		let now = null;

		if (this.events.length % CHECKPOINT === 0)
			this.checkpoints.push(new Map(this.current));
		if (e.kind === "state" && e.machine === "client")
			now = { ...old, state: e.to, why: e.why };
		else if (e.kind === "address")
			now = this.changed(old, e);
		if (e.kind === "message" && e.message === "ACK")
			this.lastAck = e;
		if (e.kind === "state" && e.to === "BOUND" && now && now.address)
			now = { ...now, ...this.lease(place) };
		if (now)
			this.change(this.current, [place, now]);
		for (const p of e.kind === "message" ? [e.from, e.to] : [e.at])
			if (p && p !== "everyone")
				this.used.add(nodeOf(p));
		this.events.push(e);
		this.changes.push(now && [place, now]);
	}

	// Machines by their node, which a checkpoint may share: so it is a new object.
	change(known, [place, now]) {
		known.set(nodeOf(place), { ...known.get(nodeOf(place)), [place]: now });
	}

	// What is known of every machine after event @i: node -> place -> machine. It is
	// good until the next call, which is quick for who goes on from here.
	known(i) {
		const seen = this.seen, k = Math.floor(i / CHECKPOINT);

		if (i < seen.at || k * CHECKPOINT > seen.at + CHECKPOINT) {
			seen.known = new Map(this.checkpoints[k]);
			seen.at = k * CHECKPOINT - 1;
		}
		while (seen.at < i) {
			seen.at++;
			if (this.changes[seen.at])
				this.change(seen.known, this.changes[seen.at]);
		}
		return seen.known;
	}

	// What a machine holds, what others put beside it, and what they took of the scenario's.
	changed(old, e) {
		const others = (old.others || []).filter(a => a !== e.address);
		const gone = (old.gone || []).filter(a => a !== e.address);

		if (e.op === "add" && e.by === "others")
			return { ...old, gone, others: (old.gone || []).includes(e.address) ? others :
				[...others, e.address] };
		if (e.op === "add")
			return { ...old, others, address: e.address, ...this.lease(e.at) };
		if (old.address === e.address)
			return { ...old, address: null, expires: null };
		return (old.others || []).includes(e.address) ? { ...old, others } :
			{ ...old, gone: [...gone, e.address] };
	}

	// The times of the lease that the last ACK brought.
	lease(place) {
		const ack = this.lastAck;
		const o = ack && ack.options;

		if (!o || !o["51"] || (ack.to !== place && ack.to !== "everyone"))
			return {};
		const length = Number(o["51"]);
		if (!(length < 4294967295))
			return { since: ack.t, expires: null };
		return { since: ack.t, t1: ack.t + Number(o["58"] || length * 0.5),
			t2: ack.t + Number(o["59"] || length * 0.875), expires: ack.t + length };
	}

	// Nodes that have a part in what is shown, in the order of the scenario.
	lanes() {
		const known = this.nodes.filter(n => this.used.has(n.name)).map(n => n.name);
		const others = [...this.used].filter(n => !this.kinds.has(n));
		return known.concat(others);
	}

	// The nodes that hear a broadcast which @node sends on @cable; of a cable that is not
	// known, everybody.
	neighbours(node, cable) {
		const key = node + " " + cable;

		if (!this.heard.has(key))
			this.heard.set(key, this.listen(node, this.cables.find(c => c.name === cable)));
		return this.heard.get(key) || new Set(this.lanes());
	}

	// Switches pass on what they hear.
	listen(node, first) {
		const heard = new Set();
		const todo = [];

		if (!first)
			return null;
		const visit = n => {
			if (n === node || heard.has(n))
				return;
			heard.add(n);
			if (this.kinds.get(n) === "switch")
				todo.push(n);
		};
		visit(first.a === node ? first.b : first.a);
		for (const n of todo)
			for (const c of this.cablesOf.get(n))
				visit(c.a === n ? c.b : c.a);
		return heard;
	}

	// Indices of the events that the filters let through.
	rows(what, only) {
		const rows = [];

		this.events.forEach((e, i) => {
			if (what === "message" && e.kind !== "message")
				return;
			if (only && ![e.at, e.from, e.to].some(p => nodeOf(p) === only) && e.to !== "everyone")
				return;
			rows.push(i);
		});
		return rows;
	}
}
