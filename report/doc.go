// Package report turns an analysed study into documents: text for the terminal, report.json, report.md and report.html.
//
// Its packages depend on each other in one direction:
//
//	words ← view ← figures, text, markdown, html ← report
//	words ← document                             ← report
//
// Package words turns facts and numbers into English. Package view is the study in words, the one value that the
// documents for people are written from, so that a figure reads the same wherever it stands; each of text, markdown and
// html sets it in its own way, and figures says which pictures there are and what their titles say (package chart draws
// them). Package document is report.json: figures, with words beside them. All of it is pure: the same study gives the
// same bytes.
//
// Rejected: a template engine for the terminal and Markdown (aligned columns and wrapped lines need widths, which
// templates do not know), and scripts in report.html (it is to open in ten years, on a plane, and in a viewer that
// blocks scripts).
package report
