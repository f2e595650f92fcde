// SPDX-License-Identifier: MIT
// detail.js - one event at length: what it says, why it came, and its bytes.

class Detail {
	constructor(story) {
		this.story = story;
		this.box = document.getElementById("detail");
	}

	show(e) {
		this.box.replaceChildren(el("h2", {}, "#" + e.n + "  at " + duration(e.t)));
		if (e.kind === "message")
			this.message(e);
		else
			this.other(e);
	}

	why(e) {
		if (!e.why)
			return;
		this.box.append(el("p", { class: "why" }, e.why + (e.rfc ? " (" + e.rfc + ")" : "")));
	}

	list(pairs) {
		const dl = el("dl");

		for (const [k, v] of pairs)
			if (v !== undefined && v !== null && v !== "")
				dl.append(el("dt", {}, k), el("dd", {}, String(v)));
		this.box.append(dl);
	}

	other(e) {
		const title = { state: e.from === e.to ? "decision" : e.from + " → " + e.to,
			drop: "ignored: " + (e.message || "a message"), address: "address", route: "route",
			fault: "fault", lab: "the lab" }[e.kind] || e.kind;

		this.box.append(el("h3", {}, title));
		this.why(e);
		this.list([["at", e.at], ["machine", e.machine], ["operation", e.op],
			["address", e.address], ["route", e.route], ["gateway", e.gateway],
			["metric", e.metric], ["protocol", e.protocol],
			["by", e.by === "others" ? "others: not by netlab" : e.by], ["what", e.what]]);
	}

	message(e) {
		this.box.append(el("h3", {}, (e.message || "BOOTP") + " — " + (e.means || "")));
		this.why(e);
		this.list([["from", e.from], ["to", e.to], ["cable", e.cable],
			["datagram", e.src_ip + ":" + e.src_port + " → " + e.dst_ip + ":" + e.dst_port],
			["frame to", e.dst_mac], ["xid", e.xid], ["length", e.length + " bytes"]]);
		if (e.hex)
			this.fields(e);
		else
			this.options(e);
	}

	options(e) {
		const table = el("table", {}, el("tr", {}, el("th", {}, "option"), el("th", {}, "value")));

		for (const [code, value] of Object.entries(e.says || e.options || {}))
			table.append(el("tr", {}, el("td", {}, code), el("td", {}, value)));
		this.box.append(table);
	}

	// Each field beside its bytes; a click on one shows the other.
	fields(e) {
		const table = el("table");
		const hex = el("div", { class: "hex", "aria-label": "bytes of the frame" });
		const marks = this.bytes(hex, e.hex);
		let layer = "";

		for (const f of fieldsOf(e, this.story.options)) {
			if (f.layer !== layer) {
				layer = f.layer;
				table.append(el("tr", { class: "layer" }, el("td", { colspan: 2 }, layer)));
			}
			const says = f.value + (f.rfc ? " (" + f.rfc + ")" : "");
			const tr = el("tr", { class: "field", tabindex: 0 }, el("td", {}, f.name), el("td", {}, says));
			const pick = () => this.pick(tr, marks, f);

			tr.addEventListener("click", pick);
			tr.addEventListener("keydown", k => k.key === "Enter" && pick());
			for (let i = f.at; i < f.at + f.length && i < marks.length; i++)
				marks[i].addEventListener("click", pick);
			table.append(tr);
		}
		this.box.append(table, hex);
	}

	bytes(holder, hex) {
		const marks = [];

		for (let i = 0; i * 2 < hex.length; i++) {
			if (i % 16 === 0)
				holder.append((i ? "\n" : "") + i.toString(16).padStart(4, "0") + "  ");
			const b = el("span", {}, hex.slice(2 * i, 2 * i + 2));
			marks.push(b);
			holder.append(b, i % 16 === 7 ? "  " : " ");
		}
		return marks;
	}

	pick(tr, marks, f) {
		for (const old of this.box.querySelectorAll(".picked"))
			old.classList.remove("picked");
		tr.classList.add("picked");
		for (let i = f.at; i < f.at + f.length && i < marks.length; i++)
			marks[i].classList.add("picked");
		if (marks[f.at])
			marks[f.at].scrollIntoView({ block: "nearest" });
	}
}
