// SPDX-License-Identifier: MIT
// paper.js - the story as it is printed: nothing to click, so nothing is cut short.

const PRINTED = 500;	// lines; of a longer story so many around the moment that is looked at

class Paper {
	constructor(page) {
		this.page = page;
		this.story = page.story;
		this.ladder = page.ladder;
		this.box = document.getElementById("paper");
		addEventListener("beforeprint", () => this.fill());
		addEventListener("afterprint", () => this.clear());
	}

	fill() {
		this.dark = this.page.dark;
		this.page.theme(false);
		this.box.replaceChildren(this.lab(), this.table(), ...this.opened());
	}

	clear() {
		this.box.replaceChildren();
		this.page.theme(this.dark);
	}

	rows() {
		const rows = this.page.rows, now = this.page.now;
		const first = Math.max(0, Math.min(now - PRINTED / 2, rows.length - PRINTED));

		return rows.slice(first, first + PRINTED);
	}

	// Topology, the machines at the last of the lines, and how the lab was judged.
	lab() {
		const copy = id => document.getElementById(id).cloneNode(true);
		const machines = copy("machines"), rows = this.rows();

		if (rows.length > 0) {
			const i = rows[rows.length - 1];

			machines.querySelector("h2").textContent = "Machines at the end";
			new Machines(machines.querySelector("div")).show(this.story.known(i), this.story.events[i].t);
		}
		const lab = el("div", { class: "lab" }, el("div", {}, copy("topology"), machines), copy("check"));
		for (const e of lab.querySelectorAll("[id]"))
			e.removeAttribute("id");
		return lab;
	}

	// A table, whose head comes again on every page.
	table() {
		const n = this.ladder.lanes.length;
		const heads = el("th", { class: "lanes" }, el("div", {}, ...this.ladder.lanes.map(l => el("span", {}, l))));

		heads.firstChild.style.width = Math.min(22, 7 * n) + "rem";
		return el("table", { class: "ladder" },
			el("thead", {}, el("tr", {}, el("th", {}, "time"), heads, el("th", {}, "what"))),
			el("tbody", {}, ...this.rows().map(i => this.row(i))));
	}

	row(i) {
		const e = this.story.events[i];

		return el("tr", {}, el("td", { class: "time" }, duration(e.t)),
			el("td", { class: "lanes" }, this.lanes(e, i)), this.words(e));
	}

	percent(lane) {
		return 100 * (lane + 0.5) / this.ladder.lanes.length + "%";
	}

	// Shapes in pixels, at a place in per cent.
	at(lane, y, ...shapes) {
		const g = shape("svg", { x: this.percent(lane), y, overflow: "visible" });

		g.append(...shapes);
		return g;
	}

	lanes(e, i) {
		const svg = shape("svg", { width: "100%", height: "100%" });
		const known = this.story.known(i);

		this.ladder.lanes.forEach((n, lane) => {
			const m = Object.values(known.get(n) || {}).find(m => m.state);

			svg.append(this.at(lane, 0,
				...(m ? [shape("rect", { class: "span " + stateKind(m.state), x: -6, width: 12, height: "100%" })] : []),
				shape("line", { class: "lane", y2: "100%" })));
		});
		if (e.kind === "message")
			this.arrow(svg, e);
		else if (this.ladder.laneOf(e.at) >= 0)
			svg.append(this.at(this.ladder.laneOf(e.at), "50%", shape("circle", { class: "event", r: 4 })));
		return svg;
	}

	arrow(svg, e) {
		const from = this.ladder.laneOf(e.from), ends = this.ladder.ends(e);
		const side = sideOf(e);

		if (from < 0)
			return;
		for (const to of ends) {
			const way = to > from ? 1 : -1;

			svg.append(shape("line", { class: "arrow " + side, x1: this.percent(from), x2: this.percent(to),
				y1: "50%", y2: "50%", ...(e.to === "everyone" ? { "stroke-dasharray": "7 4" } : {}) }));
			svg.append(this.at(to, "50%", shape("polygon", { class: side + "-fill",
				points: "0,0 " + -10 * way + ",-5 " + -10 * way + ",5" })));
		}
		svg.append(this.at(from, "50%", shape("circle", { class: side + "-fill", r: 4 })));
	}

	words(e) {
		const td = el("td");

		if (e.kind === "message") {
			td.append(el("b", { class: sideOf(e) + "-ink" }, e.message || "BOOTP"), " " + (e.means || ""));
		} else {
			const [mark, words] = this.ladder.words(e);

			td.append(mark + " " + (e.at ? e.at + ": " : "") + words);
		}
		if (e.rfc)
			td.append(el("small", {}, " " + e.rfc));
		return td;
	}

	// The message that is looked at, whole.
	opened() {
		const e = this.story.events[this.page.rows[this.page.now]];

		if (!e || e.kind !== "message")
			return [];
		const detail = document.getElementById("detail").cloneNode(true);
		detail.removeAttribute("id");
		detail.className = "opened";
		return [detail];
	}
}
