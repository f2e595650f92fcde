// SPDX-License-Identifier: MIT
// draw.js - elements and SVG shapes. Text from packets only ever goes in as text.

const SVG = "http://www.w3.org/2000/svg";

function el(name, attributes, ...children) {
	const e = document.createElement(name);

	for (const [k, v] of Object.entries(attributes || {}))
		e.setAttribute(k, v);
	e.append(...children);
	return e;
}

function shape(name, attributes, text) {
	const e = document.createElementNS(SVG, name);

	for (const [k, v] of Object.entries(attributes || {}))
		e.setAttribute(k, v);
	if (text !== undefined)
		e.textContent = text;
	return e;
}

function cut(text, max) {
	return text.length > max ? text.slice(0, Math.max(1, max - 1)) + "…" : text;
}
