// SPDX-License-Identifier: MIT
// live.js - while the lab runs: events as they come, and wishes as buttons.

const ACTIONS = ["renew", "rebind", "release", "decline", "inform", "reboot", "stop", "start"];

class Live {
	constructor(page, live) {
		this.page = page;
		this.live = live;
		this.waiting = [];
		this.buttons();
		this.listen();
	}

	url(path) {
		return path + "?token=" + this.live.token;
	}

	// Many at once become one change of the page.
	listen() {
		const events = this.page.story.events;
		const from = events.length ? events[events.length - 1].n : 0;
		const source = new EventSource(this.url("/events") + "&from=" + from);

		source.onmessage = m => {
			if (this.waiting.push(JSON.parse(m.data)) === 1)
				requestAnimationFrame(() => this.page.more(this.waiting.splice(0)));
		};
		source.onerror = () => {
			source.close();
			this.say("the lab is down, or " + "netlab web has ended");
		};
	}

	say(words) {
		this.words.textContent = words;
	}

	async wish(what) {
		this.say("");
		try {
			const reply = await fetch(this.url("/do"), { method: "POST", body: JSON.stringify(what) });
			const answer = await reply.json();
			if (answer.error)
				this.say(answer.error);
			else if (!answer.taken && what.op === "time")
				await this.wish({ op: "time", wish: "to", us: answer.to, speed: 1, moment: "T1", iface: 0 });
			else if (what.op === "step")
				await this.held(what, answer);
			else if (!answer.taken)
				this.say("it cannot do that now: the last line says why");
		} catch (e) {
			this.say("no answer: " + e.message);
		}
	}

	// Where time goes far before something is held, the same wish goes on.
	async held(what, answer) {
		const step = answer.step;

		if (!answer.taken)
			await this.wish(what);
		else if (!step)
			this.say("all goes on");
		else if (step.held.length === 0)
			this.say("nothing is held: let go lets time go on to the next message");
		else
			this.say("held: " + step.held.map(h => h.at + " → " + h.to + " " + h.message).join(", "));
	}

	step(command) {
		return this.wish({ op: "step", command });
	}

	time(wish, more) {
		const any = 4294967295;

		return this.wish({ op: "time", wish, speed: 1, us: 0, moment: "T1", iface: any, ...more });
	}

	// Numbers that are -1 or 0 are not said: any place, at once, as often as it comes.
	fault(what) {
		return this.wish({ op: "fault", clear: false, name: "page", type: "drop", direction: "both",
			node: -1, iface: -1, message: 0, count: 0, rate: 1000000, after: 0, delay: 0, ...what });
	}

	// A ping that nobody answers takes its second.
	async check(button) {
		button.disabled = true;
		button.textContent = "judging ...";
		try {
			showCheck(await (await fetch(this.url("/check"))).json());
		} catch (e) {
			this.say("no answer: " + e.message);
		}
		button.disabled = false;
		button.textContent = "check now";
	}

	button(words, fn) {
		const b = el("button", {}, words);

		b.addEventListener("click", fn);
		return b;
	}

	buttons() {
		const box = document.getElementById("actions");
		const who = el("select", { "aria-label": "which client", id: "client" });
		const row = () => el("div", { class: "row-of-buttons" });
		const clients = row(), clock = row(), faults = row(), steps = row();

		for (const [place, iface] of this.live.clients)
			who.append(el("option", { value: iface }, place));
		clients.append(who, ...ACTIONS.map(action => this.button(action, () =>
			this.wish({ op: "client", iface: Number(who.value), action }))));
		clock.append(this.button("pause", () => this.time("pause")),
			this.button("resume", () => this.time("resume")),
			...[1, 60, 3600].map(n => this.button("×" + n, () => this.time("speed", { speed: n }))),
			this.button("+30min", () => this.time("forward", { us: 1800e6 })),
			...["T1", "T2", "expiry"].map(m => this.button("until " + m, () => this.time("until", { moment: m }))));
		faults.append(...[["OFFER", 2], ["REQUEST", 3], ["ACK", 5]].map(([m, type]) =>
			this.button("lose next " + m, () => this.fault({ type: "drop", message: type, count: 1 }))),
			this.button("no more faults", () => this.fault({ clear: true })));
		steps.append(...[["hold every message", "hold"], ["let go", "n"], ["drop", "d"], ["copy", "c"],
			["back", "b"], ["all goes on", "q"]].map(([words, command]) =>
			this.button(words, () => this.step(command))));
		this.words = el("p", { role: "status" });
		box.hidden = false;
		if (this.live.clients.length > 0)
			box.append(clients);
		box.append(clock, faults, steps, this.words);
		if (this.live.check) {
			const check = document.getElementById("check");

			check.hidden = false;
			check.append(this.button("check now", e => this.check(e.target)));
		}
	}
}
