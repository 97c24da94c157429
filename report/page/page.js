// Everything here adds to a page that is whole without it: controls are made by the script that serves them.
(() => {
  'use strict';
  const make = (tag, attributes, text) => {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(attributes || {})) e.setAttribute(k, v);
    if (text) e.textContent = text;
    return e;
  };
  const all = (of, what) => Array.from(of.querySelectorAll(what));

  // Of many workloads, each is folded away, and gets its controls when it is first unfolded: a part is the page, or one of
  // them.
  const part = (e) => e.closest('.workload') || document.body;
  const own = (of, what) => all(of, what).filter((e) => part(e) === of);
  const controls = [], ready = new Set();
  const prepare = (of) => {
    if (ready.has(of)) return;
    ready.add(of);
    for (const add of controls) add(of);
  };

  // A link into a folded part unfolds it, and one to a mark of a picture leads on to the mark.
  let wanted = null;
  const unfold = () => {
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!target) return;
    for (let e = target; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
    prepare(part(target));
    target.scrollIntoView();
    const marks = wanted ? all(target, '[aria-roledescription=mark]') : [];
    const mark = marks.find((m) => m.getAttribute('aria-label').startsWith(wanted) && m.getClientRects().length);
    if (mark) mark.focus({preventScroll: true});
    wanted = null;
  };
  addEventListener('hashchange', unfold);
  document.addEventListener('click', (e) => {
    const a = e.target.closest && e.target.closest('a[href^="#"]');
    wanted = a ? a.dataset.mark : null;
    if (a && a.getAttribute('href') === location.hash) setTimeout(unfold);
  });

  // Tables: sorted by a button in the head, and copied. Regions that need no scrolling need no focus.
  const sortBy = (table, column, button) => {
    const body = table.tBodies[0], head = button.parentElement;
    const order = {none: 'ascending', ascending: 'descending', descending: 'none'}[head.getAttribute('aria-sort') || 'none'];
    for (const th of all(table.tHead, '[aria-sort]')) th.removeAttribute('aria-sort');
    if (order !== 'none') head.setAttribute('aria-sort', order);
    const sign = order === 'descending' ? -1 : 1;
    const rows = Array.from(body.rows);
    const value = (row) => row.cells[column].dataset.v;
    rows.sort((a, b) => {
      if (order === 'none') return a.dataset.at - b.dataset.at;
      const x = value(a), y = value(b);
      if (x !== undefined && y !== undefined) return sign * (x - y) || a.dataset.at - b.dataset.at;
      const s = a.cells[column].textContent, t = b.cells[column].textContent;
      const none = (x === undefined && (y !== undefined || !s || s === '–')) - (y === undefined && (x !== undefined || !t || t === '–'));
      if (none) return none; // what has no value stands last
      return sign * s.localeCompare(t, 'en', {numeric: true}) || a.dataset.at - b.dataset.at;
    });
    body.append(...rows);
  };
  const csv = (table) => Array.from(table.rows, (row) => Array.from(row.cells, (c) => {
    const text = c.textContent.replace(/\s+/g, ' ').trim(); // as it is shown: data-v has other units than the head says
    return /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }).join(',')).join('\n') + '\n';
  const copy = async (text, button) => {
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      const area = make('textarea', {class: 'hint', 'aria-hidden': 'true'});
      area.value = text;
      document.body.append(area);
      area.select();
      done = document.execCommand('copy');
      area.remove();
      button.focus();
    }
    const was = button.textContent;
    button.textContent = done ? 'Copied' : 'The browser does not allow it';
    setTimeout(() => { button.textContent = was; }, 1500);
  };
  controls.push((of) => own(of, '.scroll table').forEach((table) => {
    if (table.hasAttribute('data-sort')) {
      Array.from(table.tBodies[0].rows, (row, i) => { row.dataset.at = i; });
      Array.from(table.tHead.rows[0].cells, (th, i) => {
        const button = make('button', {type: 'button'});
        button.append(...th.childNodes);
        if (!button.textContent.trim()) return;
        th.append(button);
        button.addEventListener('click', () => sortBy(table, i, button));
      });
    }
    const tools = make('p', {class: 'tools'}), button = make('button', {type: 'button'}, 'Copy as CSV');
    button.addEventListener('click', () => copy(csv(table), button));
    tools.append(button);
    table.closest('.scroll').after(tools);
  }));
  const regions = (of) => {
    const seen = all(of, '.scroll').filter((s) => !s.closest('details:not([open])')); // to ask for the width of others lays them out
    const wide = seen.map((s) => s.scrollWidth > s.clientWidth);
    seen.forEach((s, i) => { if (wide[i]) s.tabIndex = 0; else s.removeAttribute('tabindex'); });
  };
  controls.push((of) => { if (of === document.body) regions(of); });
  addEventListener('resize', () => regions(document));
  document.addEventListener('toggle', (e) => {
    if (!e.target.open) return;
    prepare(part(e.target));
    regions(e.target);
  }, true);

  // Pictures: what a mark says is shown beside it, for the pointer and for the keyboard.
  const tip = make('div', {class: 'hint', role: 'tooltip', hidden: ''});
  document.body.append(tip);
  const middle = (e) => {
    const r = e.getBoundingClientRect();
    return {x: (r.left + r.right) / 2, y: (r.top + r.bottom) / 2, top: r.top, bottom: r.bottom};
  };
  let place = {}; // of the mark when it was last shown
  const show = (mark, x, y) => {
    tip.textContent = mark.getAttribute('aria-label');
    tip.hidden = false;
    const at = place = {mark, ...middle(mark)}, w = tip.offsetWidth, h = tip.offsetHeight;
    const above = (y === undefined ? at.top : y) - h - 10;
    tip.style.setProperty('left', Math.max(4, Math.min((x === undefined ? at.x : x) - w / 2, innerWidth - w - 4)) + 'px');
    tip.style.setProperty('top', (above > 4 ? above : Math.min((y === undefined ? at.bottom : y) + 16, innerHeight - h - 4)) + 'px');
  };
  const hide = () => { tip.hidden = true; };
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape') hide(); });
  document.addEventListener('scroll', () => { // it stays with the mark that has the focus, and with no other
    if (tip.hidden || middle(place.mark).y === place.y && middle(place.mark).x === place.x) return;
    if (place.mark === document.activeElement) show(place.mark);
    else hide();
  }, {capture: true, passive: true});
  const seriesOf = (e) => {
    const g = e.closest('[data-series]');
    return g ? g.getAttribute('data-series') : '';
  };
  // The next mark: to the left and right along the series, and up and down the nearest of the next series, so that all of
  // them are reached.
  const next = (marks, mark, key) => {
    const shown = marks.filter((m) => !m.closest('[display=none]')).map((m) => ({m, series: seriesOf(m), ...middle(m)}));
    const here = shown.find((s) => s.m === mark), sign = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
    if (!here) return shown.length ? shown[0].m : null;
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const along = shown.filter((s) => s.series === here.series).sort((a, b) => a.x - b.x);
      const to = along[along.indexOf(here) + sign];
      return to ? to.m : null;
    }
    const names = [...new Set(shown.map((s) => s.series))];
    const name = names[(names.indexOf(here.series) + sign + names.length) % names.length];
    const far = (s) => Math.abs(s.x - here.x) + 0.01 * Math.abs(s.y - here.y);
    return shown.filter((s) => s.series === name).sort((a, b) => far(a) - far(b))[0].m;
  };
  const walk = (svg, marks) => {
    svg.setAttribute('role', 'group');
    const count = new Map();
    for (const m of marks) count.set(seriesOf(m), (count.get(seriesOf(m)) || 0) + 1);
    const first = marks.reduce((best, m) => (count.get(seriesOf(m)) > count.get(seriesOf(best)) ? m : best)); // of what is measured
    first.setAttribute('tabindex', '0');
    svg.addEventListener('keydown', (e) => {
      const mark = document.activeElement;
      if (!marks.includes(mark)) return;
      const to = e.key === 'Home' ? marks[0] : e.key === 'End' ? marks[marks.length - 1] : e.key.startsWith('Arrow') ? next(marks, mark, e.key) : null;
      if (e.key.startsWith('Arrow') || to) e.preventDefault();
      if (!to) return;
      mark.setAttribute('tabindex', '-1');
      to.setAttribute('tabindex', '0');
      to.focus();
    });
    // Not at the SVG itself: one that listens to these is a stop of the Tab key for Chromium.
    svg.parentElement.addEventListener('focusin', (e) => { if (marks.includes(e.target)) show(e.target); });
    svg.parentElement.addEventListener('focusout', hide);
    svg.addEventListener('pointermove', (e) => {
      const mark = e.target.closest('[aria-roledescription=mark]');
      if (mark) show(mark, e.clientX, e.clientY);
      else hide();
    });
    svg.addEventListener('pointerleave', hide);
  };
  const legend = (svg, keys) => {
    svg.setAttribute('role', 'group');
    for (const key of keys) {
      const name = key.getAttribute('data-series');
      const of = all(svg, '[data-series]').filter((e) => e.getAttribute('data-series') === name && !e.classList.contains('key') && !e.closest('.key'));
      if (!of.length) continue;
      const text = all(key, 'text').map((t) => t.textContent).join(' '); // what is called must be called as it reads
      const label = text.includes(name) ? text : name + ': ' + text;
      for (const [k, v] of Object.entries({role: 'button', tabindex: '0', 'aria-pressed': 'true', 'aria-label': 'Show ' + label})) key.setAttribute(k, v);
      const toggle = () => {
        const on = key.getAttribute('aria-pressed') !== 'true';
        for (const other of keys) if (other.getAttribute('data-series') === name) other.setAttribute('aria-pressed', on);
        for (const e of of) if (on) e.removeAttribute('display'); else e.setAttribute('display', 'none');
      };
      key.addEventListener('click', toggle);
      key.addEventListener('keydown', (e) => {
        if (e.key !== 'Enter' && e.key !== ' ') return;
        e.preventDefault();
        toggle();
      });
    }
  };
  controls.push((of) => own(of, '.drawing svg').forEach((svg) => {
    const marks = [];
    for (const title of all(svg, 'g > title')) { // the browser would show it as well, later and unreachable for keys
      const g = title.parentElement;
      g.setAttribute('aria-label', title.textContent);
      title.remove();
      if (g.classList.contains('key')) continue;
      for (const [k, v] of Object.entries({role: 'img', tabindex: '-1', 'aria-roledescription': 'mark'})) g.setAttribute(k, v);
      marks.push(g);
    }
    if (marks.length) walk(svg, marks);
    legend(svg, all(svg, '.key[data-series]'));
  }));

  // A picture that has another drawing, on other axes, gets a switch.
  controls.push((of) => own(of, '.second').forEach((second) => {
    const first = second.previousElementSibling, drawing = second.firstElementChild;
    const tools = make('p', {class: 'tools'}), button = make('button', {type: 'button', 'aria-pressed': 'false'}, drawing.dataset.label + ' axes');
    button.addEventListener('click', () => {
      second.hidden = !second.hidden;
      first.hidden = !second.hidden;
      button.setAttribute('aria-pressed', !second.hidden);
    });
    tools.append(button);
    second.after(tools);
  }));

  prepare(document.body);
  for (const open of all(document, '.workload[open]')) prepare(open);
  if (location.hash) unfold();
})();
