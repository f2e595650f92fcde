// SPDX-License-Identifier: MIT
// panels.js - beside the ladder: the machines at this moment, and the check's results.

const AT_ONCE = 30;

class Machines {
	constructor(box) {
		this.box = box;
	}

	// The first of them, where there are many; the select of a node has the others.
	show(known, t, only) {
		const all = [];

		for (const [node, machines] of known)
			for (const [place, m] of Object.entries(machines))
				if ((!only || node === only) && (m.state || (m.others || []).length))
					all.push([place, m]);
		this.box.replaceChildren(...all.slice(0, AT_ONCE).map(([place, m]) => this.machine(place, m, t)));
		if (all.length === 0)
			this.box.append(el("small", {}, "no client has begun"));
		if (all.length > AT_ONCE)
			this.box.append(el("small", {}, all.length - AT_ONCE + " more: choose a node above"));
	}

	machine(place, m, t) {
		const div = el("div", { class: "machine" }, place);

		if (m.state)
			div.append(el("b", { class: "state " + stateKind(m.state) }, m.state));
		if (m.address && m.expires)
			div.append(this.timer(m, t), el("small", {}, m.address + ", " + this.left(m, t)));
		else if (m.address)
			div.append(el("small", {}, m.address));
		for (const address of m.others || [])
			div.append(el("small", {}, address + ", not by netlab"));
		return div;
	}

	left(m, t) {
		if (t < m.t1 && m.state === "BOUND")
			return "renews in " + duration(m.t1 - t, true);
		if (t < m.t2 && m.state !== "REBINDING")
			return "past T1, rebinds in " + duration(m.t2 - t, true);
		return "past T2, expires in " + duration(Math.max(0, m.expires - t), true);
	}

	// The lease as a bar: how much is over, with marks at T1 and T2.
	timer(m, t) {
		const at = x => Math.max(0, Math.min(100, 100 * (x - m.since) / (m.expires - m.since))) + "%";
		const bar = el("div", { class: "timer", title: "the lease; marks: T1, T2, now" }, el("i"),
			el("u"), el("u"), el("s"));

		bar.children[0].style.width = at(t);
		bar.children[1].style.left = at(m.t1);
		bar.children[2].style.left = at(m.t2);
		bar.children[3].style.left = at(t);
		return bar;
	}
}

// What the lab was judged when the page was made, or when somebody asked last.
function showCheck(check) {
	const box = document.getElementById("check");

	if (!check || !check.results || check.results.length === 0)
		return;
	box.hidden = false;
	const table = el("table");
	for (const r of check.results) {
		const cls = r.result === "pass" ? "ok" : r.result;
		const words = el("td", {}, r.name + ": " + (r.evidence || ""));

		if (r.hint && r.result === "fail")
			words.append(el("div", { class: "hint" }, "hint: " + r.hint));
		table.append(el("tr", {}, el("td", { class: cls }, cls === "fail" ? "FAIL" : cls), words,
			el("td", { class: "points" }, r.points + "/" + r.of)));
	}
	const sum = check.passed + " passed, " + check.failed + " failed" +
		(check.skipped ? ", " + check.skipped + " skipped" : "") + "; " + check.points + " of " +
		check.of + (check.of === 1 ? " point" : " points");
	box.querySelector("div").replaceChildren(table, el("p", { class: "sum" }, sum));
}
