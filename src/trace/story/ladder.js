// SPDX-License-Identifier: MIT
// ladder.js - the sequence diagram. Only the rows in sight are in the document, so that
// ten thousand of them are as quick as ten.

const ROW = 44;
const HEAD = 34;
const LEFT = 120;
const LANES_AT_ONCE = 12;
const CELL = 6.9;	// width of a letter, so that text is cut and not cut off

function sideOf(e) {
	return CLIENT_MESSAGES.includes(e.message) ? "client" : "server";
}

class Ladder {
	constructor(story, onPick) {
		this.story = story;
		this.onPick = onPick;
		this.box = document.getElementById("ladder-box");
		this.heads = document.getElementById("heads");
		this.svg = document.getElementById("rows");
		this.tall = document.getElementById("tall");
		this.now = 0;
		this.box.addEventListener("scroll", () => this.draw());
		new ResizeObserver(() => requestAnimationFrame(() => this.layout())).observe(this.box);
	}

	show(rows, only) {
		const all = this.story.lanes();
		const wanted = only ? this.around(only, all) : all;

		this.rows = rows;
		this.lanes = wanted.slice(0, LANES_AT_ONCE);
		this.hidden = wanted.length - this.lanes.length;
		this.layout();
	}

	// The node and those that it talked to.
	around(only, all) {
		const near = new Set([only]);

		for (const e of this.story.events)
			if (e.kind === "message" && e.to !== "everyone" &&
			    [nodeOf(e.from), nodeOf(e.to)].includes(only)) {
				near.add(nodeOf(e.from));
				near.add(nodeOf(e.to));
			}
		return all.filter(n => near.has(n));
	}

	layout() {
		if (!this.rows)
			return;
		this.width = Math.max(this.box.clientWidth, LEFT + this.lanes.length * 84);
		this.heads.setAttribute("width", this.width);
		this.heads.setAttribute("height", HEAD);
		this.heads.replaceChildren();
		this.lanes.forEach((n, i) => this.heads.append(shape("text",
			{ x: this.x(i), y: 22, "text-anchor": "middle" }, cut(n, 16))));
		if (this.hidden > 0)
			this.heads.append(shape("text", { x: 6, y: 22, class: "small" },
				"+" + this.hidden + " nodes"));
		this.tall.style.height = this.rows.length * ROW + 20 + "px";
		this.draw();
	}

	x(lane) {
		return LEFT + (this.width - LEFT) * (lane + 0.5) / this.lanes.length;
	}

	laneOf(place) {
		return this.lanes.indexOf(nodeOf(place));
	}

	draw() {
		const [first, last] = this.inSight();

		this.svg.setAttribute("width", this.width);
		this.svg.setAttribute("height", (last - first) * ROW);
		this.svg.style.top = HEAD + first * ROW + "px";
		this.svg.replaceChildren();
		for (let r = first; r < last; r++)
			this.svg.append(this.row(r, (r - first) * ROW));
	}

	inSight() {
		const top = this.box.scrollTop, bottom = top + this.box.clientHeight;

		// Fewer rows than before: the browser scrolls back after this.
		return [Math.max(0, Math.min(Math.floor(top / ROW) - 5, this.rows.length - 1)),
			Math.min(this.rows.length, Math.ceil(bottom / ROW) + 5)];
	}

	row(r, y) {
		const i = this.rows[r];
		const e = this.story.events[i];
		const g = shape("g", { class: "row" + (r === this.now ? " now" : r > this.now ? " later" : ""),
			"data-n": e.n, transform: "translate(0," + y + ")" });

		g.append(shape("rect", { class: "hit", x: 0, y: 0, width: this.width, height: ROW }));
		this.spans(g, i);
		g.append(shape("text", { class: "time", x: 8, y: ROW / 2 + 4 }, duration(e.t)));
		if (e.kind === "message")
			this.arrow(g, e);
		else
			this.note(g, e);
		g.addEventListener("click", () => this.onPick(r));
		return g;
	}

	// The lifelines, shaded by what the node's client is.
	spans(g, i) {
		const known = this.story.known(i);

		this.lanes.forEach((n, lane) => {
			const m = Object.values(known.get(n) || {}).find(m => m.state);

			if (m)
				g.append(shape("rect", { class: "span " + stateKind(m.state),
					x: this.x(lane) - 7, y: 0, width: 14, height: ROW }));
			g.append(shape("line", { class: "lane", x1: this.x(lane), x2: this.x(lane), y1: 0, y2: ROW }));
		});
	}

	arrow(g, e) {
		const from = this.laneOf(e.from), ends = this.ends(e);
		const side = sideOf(e);
		const y = ROW - 12;

		if (from < 0)
			return;
		const xs = ends.map(i => this.x(i)).concat(this.x(from));
		g.append(shape("line", { class: "arrow " + side, x1: Math.min(...xs), x2: Math.max(...xs), y1: y, y2: y,
			...(e.to === "everyone" ? { "stroke-dasharray": "7 4" } : {}) }));
		g.append(shape("circle", { class: side + "-fill", cx: this.x(from), cy: y, r: 4 }));
		for (const lane of ends)
			this.tip(g, this.x(lane), y, this.x(lane) > this.x(from) ? 1 : -1, side);
		this.label(g, e, Math.min(...xs), Math.max(...xs), side);
	}

	// The lanes where it arrives.
	ends(e) {
		const from = this.laneOf(e.from), to = this.laneOf(e.to);

		if (e.to === "everyone")
			return this.hearers(e, from);
		return to >= 0 && to !== from ? [to] : [];
	}

	// Who is on the sender's wire: switches pass a broadcast on, nobody else does.
	hearers(e, from) {
		const near = this.story.neighbours(nodeOf(e.from), e.cable);

		return this.lanes.map((n, i) => i).filter(i => i !== from && near.has(this.lanes[i]));
	}

	tip(g, x, y, way, side) {
		const points = [[x, y], [x - way * 10, y - 5], [x - way * 10, y + 5]];

		g.append(shape("polygon", { class: side + "-fill", points: points.join(" ") }));
	}

	// From the arrow's left end on, or up to its right end, where there is more room.
	label(g, e, x1, x2, side) {
		const name = e.message || "BOOTP", words = e.means || "";
		const left = x2 - LEFT > this.width - x1 && (name.length + words.length + 2) * CELL > this.width - x1 - 24;
		const room = Math.floor((left ? x2 - LEFT : this.width - x1) - 24) / CELL - name.length - 2;
		const t = shape("text", { x: left ? x2 - 12 : x1 + 12, y: ROW - 19, "text-anchor": left ? "end" : "start" });

		t.append(shape("tspan", { class: "name " + side + "-fill" }, name));
		t.append(shape("tspan", { class: "words", dx: 8 }, cut(words, Math.floor(room))));
		g.append(t);
	}

	note(g, e) {
		const lane = this.laneOf(e.at);
		const x = lane < 0 ? LEFT : this.x(lane);
		const left = lane >= 0 && x > this.width * 0.6;
		const [mark, words, cls] = this.words(e);
		const room = Math.floor((left ? x - LEFT : this.width - x) / CELL) - 4;

		g.append(shape("text", { class: "words " + cls, x: left ? x - 14 : x + 14, y: ROW / 2 + 4,
			"text-anchor": left ? "end" : "start" }, cut(mark + " " + words, room)));
	}

	words(e) {
		switch (e.kind) {
		case "state":
			return ["◆", e.from === e.to ? e.why : e.from + " → " + e.to + ": " + e.why, ""];
		case "drop":
			return ["✕", "ignores " + (e.message || "a message") + ": " + e.why, "bad-fill"];
		case "address":
		case "route":
			return [e.op === "remove" ? "−" : "+", changeWords(e), e.op === "remove" ? "bad-fill" : "good-fill"];
		case "fault":
			return ["⚡", e.what, "bad-fill"];
		default:
			return ["•", e.what || e.why || e.kind, ""];
		}
	}

	go(r, smooth) {
		this.now = r;
		const y = r * ROW, box = this.box;

		// Far away, a jump: nobody follows a hundred lines that fly past.
		if (y < box.scrollTop + ROW || y > box.scrollTop + box.clientHeight - HEAD - 2 * ROW)
			box.scrollTo({ top: Math.max(0, y - box.clientHeight / 2),
				behavior: smooth && Math.abs(y - box.scrollTop) < 2 * box.clientHeight ? "smooth" : "auto" });
		this.draw();
	}
}
