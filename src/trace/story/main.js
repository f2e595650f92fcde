// SPDX-License-Identifier: MIT
// main.js - the steps: one position in the story, shown by every part of the page.

class Page {
	constructor(story) {
		this.story = story;
		this.now = 0;
		this.ladder = new Ladder(story, r => this.go(r));
		this.topology = new Topology(story);
		this.machines = new Machines(document.querySelector("#machines > div"));
		this.detail = new Detail(story);
		this.paper = new Paper(this);
		this.header();
		this.controls();
		this.filter();
		this.theme(matchMedia("(prefers-color-scheme: dark)").matches);
		this.go(0);
	}

	header() {
		const lab = this.story.lab;

		document.getElementById("title").textContent = lab.title ? lab.name + ": " + lab.title : lab.name;
		document.getElementById("objective").textContent = lab.objective || "";
		this.nodes();
		showCheck(this.story.check);
	}

	controls() {
		const on = (id, fn) => document.getElementById(id).addEventListener("click", fn);

		on("first", () => this.go(0));
		on("back", () => this.go(this.now - 1));
		on("next", () => this.go(this.now + 1));
		on("last", () => this.go(this.rows.length - 1));
		on("play", () => this.play());
		on("theme", () => this.theme(!this.dark));
		on("help-button", () => document.getElementById("help").showModal());
		document.getElementById("where").addEventListener("input", e => this.go(Number(e.target.value)));
		for (const id of ["only", "what"])
			document.getElementById(id).addEventListener("change", () => this.filter());
		document.addEventListener("keydown", e => this.key(e));
	}

	key(e) {
		const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity,
			End: Infinity };

		if (e.ctrlKey || e.altKey || e.metaKey || ["SELECT", "INPUT"].includes(e.target.tagName))
			return;
		if (e.key in moves)
			this.go(this.now + moves[e.key]);
		else if (e.key === " " && e.target.tagName !== "BUTTON")
			this.play();
		else if (e.key === "m")
			this.toggleMessages();
		else if (e.key === "t")
			this.theme(!this.dark);
		else if (e.key === "?")
			document.getElementById("help").showModal();
		else
			return;
		e.preventDefault();
	}

	toggleMessages() {
		const what = document.getElementById("what");

		what.value = what.value === "all" ? "message" : "all";
		this.filter();
	}

	// What has happened since; who looks at the last line goes on doing so.
	more(events) {
		const atEnd = this.now >= this.rows.length - 1;

		for (const e of events)
			this.story.add(e);
		this.nodes();
		this.filter();
		if (atEnd)
			this.go(this.rows.length - 1);
	}

	nodes() {
		const only = document.getElementById("only");
		const known = new Set([...only.options].map(o => o.value));

		for (const n of this.story.lanes())
			if (!known.has(n))
				only.append(el("option", { value: n }, n));
	}

	// The same event stays the one that is looked at.
	filter() {
		const only = document.getElementById("only").value;
		const looked = this.rows && this.rows.length ? this.rows[this.now] : 0;

		this.rows = this.story.rows(document.getElementById("what").value, only);
		this.ladder.show(this.rows, only);
		const r = this.rows.findIndex(i => i >= looked);
		this.go(r < 0 ? this.rows.length - 1 : r);
	}

	go(r) {
		r = Math.max(0, Math.min(this.rows.length - 1, r));
		this.now = r;
		const where = document.getElementById("where");
		where.max = Math.max(0, this.rows.length - 1);
		where.value = r;
		document.getElementById("back").disabled = document.getElementById("first").disabled = r <= 0;
		document.getElementById("next").disabled = document.getElementById("last").disabled =
			r >= this.rows.length - 1;
		if (this.rows.length === 0)
			return;
		const i = this.rows[r], e = this.story.events[i];
		document.getElementById("clock").textContent = (r + 1) + " of " + this.rows.length + ", " +
			duration(e.t);
		this.ladder.go(r, !this.timer);
		this.topology.show(e, this.story.known(i));
		this.machines.show(this.story.known(i), e.t, document.getElementById("only").value);
		this.detail.show(e);
	}

	play() {
		const button = document.getElementById("play");

		if (this.timer) {
			clearInterval(this.timer);
			this.timer = null;
		} else {
			if (this.now >= this.rows.length - 1)
				this.go(0);
			this.timer = setInterval(() => this.now < this.rows.length - 1 ? this.go(this.now + 1) :
				this.play(), 1100);
		}
		button.textContent = this.timer ? "stop" : "play";
	}

	theme(dark) {
		this.dark = dark;
		document.documentElement.dataset.theme = dark ? "dark" : "light";
	}
}

const data = JSON.parse(document.getElementById("story").textContent);
const page = new Page(new Story(data));

if (data.live) {
	page.go(page.rows.length - 1);
	new Live(page, data.live);
}
