// What is looked for in an open page. Each function returns the faults that it finds, a text each.
const audit = (() => {
  'use strict';
  const seen = (e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true});
  const where = (e) => {
    const id = e.closest('[id]');
    return '<' + e.tagName.toLowerCase() + (e.getAttribute('class') ? ' .' + e.getAttribute('class') : '') + '>' + (id ? ' in #' + id.id : '');
  };
  const short = (s) => JSON.stringify(s.trim().replace(/\s+/g, ' ').slice(0, 60));

  // texts are the visible text nodes of the page. What is there for screen readers alone takes a pixel at most.
  const texts = () => {
    const out = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let t; (t = walker.nextNode());) {
      const e = t.parentElement;
      if (!t.data.trim() || e.closest('script, style, title') || !seen(e)) continue;
      if (e.closest('caption') && e.getBoundingClientRect().width <= 1) continue;
      const range = document.createRange();
      range.selectNodeContents(t);
      const rects = Array.from(range.getClientRects()).filter((r) => r.width > 0.5 && r.height > 0.5);
      if (rects.length) out.push({text: t.data, e, rects});
    }
    return out;
  };

  // Colours are [red, green, blue, alpha], of 255 and of 1.
  const colour = (s) => {
    const m = s.match(/^rgba?\(([^)]*)\)$/);
    if (!m) return [0, 0, 0, 0];
    const n = m[1].split(/[ ,/]+/).map(Number);
    return [n[0], n[1], n[2], n.length > 3 ? n[3] : 1];
  };
  const over = (top, under, opacity = 1) => {
    const a = top[3] * opacity;
    return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a)).concat(1);
  };
  const luminance = (c) => {
    const [r, g, b] = c.map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };
  // The ground of an element of HTML, and how opaque the element is.
  const ground = (e) => {
    const chain = [];
    for (let at = e; at; at = at.parentElement) chain.unshift(getComputedStyle(at));
    const dark = matchMedia('(prefers-color-scheme: dark)').matches && /dark/.test(getComputedStyle(document.documentElement).colorScheme);
    let c = dark ? [18, 18, 18, 1] : [255, 255, 255, 1], opacity = 1;
    for (const s of chain) {
      opacity *= Number(s.opacity);
      c = over(colour(s.backgroundColor), c, opacity);
    }
    return {c, opacity};
  };
  const opacity = (e) => {
    let o = 1;
    for (let at = e; at; at = at.parentElement) o *= Number(getComputedStyle(at).opacity);
    return o;
  };
  // pixels are the data of the images of a page's drawings, by their address.
  const pixels = async () => {
    const out = new Map();
    await Promise.all(Array.from(document.querySelectorAll('svg image'), async (e) => {
      const img = new Image();
      img.src = e.getAttribute('href');
      await img.decode();
      const c = document.createElement('canvas');
      [c.width, c.height] = [img.naturalWidth, img.naturalHeight];
      const context = c.getContext('2d');
      context.drawImage(img, 0, 0);
      out.set(e, context.getImageData(0, 0, c.width, c.height));
    }));
    return out;
  };
  // The shapes of a drawing that are filled, in the order in which they are painted.
  const shapesOf = (svg) => Array.from(svg.querySelectorAll('path, rect, circle, ellipse, polygon, image')).filter(seen).map((e) => {
    const s = getComputedStyle(e);
    return {e, fill: colour(s.fill), alpha: Number(s.fillOpacity) * opacity(e), box: e.getBBox(), to: e.getScreenCTM().inverse()};
  }).filter((s) => s.e.tagName === 'image' || s.fill[3] * s.alpha > 0);
  // under is what is painted at a point of the window before an element is, over c.
  const under = (shapes, images, text, x, y, c) => {
    for (const s of shapes) {
      if (!(s.e.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      const p = new DOMPoint(x, y).matrixTransform(s.to), b = s.box;
      if (p.x < b.x || p.y < b.y || p.x > b.x + b.width || p.y > b.y + b.height) continue;
      if (s.e.tagName !== 'image') {
        if (s.e.isPointInFill(p)) c = over(s.fill, c, s.alpha);
        continue;
      }
      const d = images.get(s.e), px = Math.min(d.width - 1, Math.floor((p.x - b.x) / b.width * d.width)),
        py = Math.min(d.height - 1, Math.floor((p.y - b.y) / b.height * d.height)), at = 4 * (py * d.width + px);
      c = over([d.data[at], d.data[at + 1], d.data[at + 2], d.data[at + 3] / 255], c, opacity(s.e));
    }
    return c;
  };

  // pale returns texts whose contrast with what lies under them is below least.
  const pale = async (least) => {
    const out = [], images = await pixels(), shapes = new Map();
    const check = (text, e, front, back, o) => {
      const got = contrast(over(front, back, o), back);
      if (got < least) out.push(`${got.toFixed(2)}: ${short(text)} ${front.slice(0, 3)} on ${back.slice(0, 3).map(Math.round)}, ${where(e)}`);
      return got < least;
    };
    for (const {text, e, rects} of texts()) {
      const svg = e.closest('svg'), style = getComputedStyle(e);
      if (!svg) {
        const g = ground(e);
        check(text, e, colour(style.color), g.c, g.opacity);
        continue;
      }
      if (!shapes.has(svg)) shapes.set(svg, shapesOf(svg));
      const base = ground(svg).c, to = e.getScreenCTM(), b = e.getBBox();
      points: for (const fx of [0.02, 0.26, 0.5, 0.74, 0.98]) {
        for (const fy of [0.35, 0.65]) {
          const p = new DOMPoint(b.x + fx * b.width, b.y + fy * b.height).matrixTransform(to);
          const back = under(shapes.get(svg), images, e, p.x, p.y, base);
          if (check(text, e, colour(style.fill), back, Number(style.fillOpacity) * opacity(e))) break points;
        }
      }
    }
    for (const e of document.body.querySelectorAll('*')) {
      for (const which of ['::before', '::after']) {
        const s = getComputedStyle(e, which);
        if (!/[^"\s]/.test(s.content.replace(/^none$|^normal$/, '')) || s.visibility !== 'visible' || !seen(e)) continue;
        const g = ground(e);
        check(s.content, e, colour(s.color), g.c, g.opacity * Number(s.opacity));
      }
    }
    return out;
  };

  // labelled reports whether what is in e is scrolled within a part of the page that has a name and that keys reach.
  const labelled = (e) => {
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      if (!/auto|scroll/.test(getComputedStyle(at).overflowX) || at.scrollWidth <= at.clientWidth) continue;
      return Boolean(at.closest('[aria-label], [aria-labelledby]')) && (at.tabIndex >= 0 || Boolean(at.querySelector('a[href], button')));
    }
    return false;
  };
  // cut returns what is not whole to be seen: beyond the window, or beyond an element that cuts it off.
  const cut = () => {
    const out = [], width = document.documentElement.clientWidth;
    for (const e of document.body.querySelectorAll('*')) {
      if (e.closest('svg, caption, .skip') || !seen(e)) continue;
      const r = e.getBoundingClientRect();
      if (r.width && (r.right > width + 1 || r.left < -1) && !labelled(e.parentElement)) {
        out.push(`${where(e)} goes from ${r.left.toFixed()} to ${r.right.toFixed()} of ${width}`);
      }
    }
    for (const {text, e, rects} of texts()) {
      if (e.closest('.skip')) continue;
      const svg = e.closest('svg');
      for (const r of rects) {
        if ((r.right > width + 1 || r.left < -1) && !labelled(e)) out.push(`${short(text)} ends at ${r.right.toFixed()} of ${width}, ${where(e)}`);
        for (let at = svg || e; at; at = at.parentElement) {
          if (at !== svg && (at === document.body || !/hidden|clip/.test(getComputedStyle(at).overflow))) continue;
          const b = at.getBoundingClientRect();
          if (r.left < b.left - 2 || r.right > b.right + 2 || r.top < b.top - 3 || r.bottom > b.bottom + 3) {
            out.push(`${short(text)} is cut by ${where(at)}`);
          }
        }
      }
    }
    return out;
  };

  // small returns texts that are less than least pixels high.
  const small = (least) => texts().map(({text, e}) => {
    const size = parseFloat(getComputedStyle(e).fontSize), m = e.closest('svg') ? e.getScreenCTM() : null;
    return {text, e, size: m ? size * Math.sqrt(Math.abs(m.a * m.d - m.b * m.c)) : size};
  }).filter((t) => t.size < least).map((t) => `${t.size.toFixed(1)} px: ${short(t.text)}, ${where(t.e)}`);

  // stops are the elements to which the Tab key leads.
  const stops = () => Array.from(document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]'))
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}));
  // watch notes where the focus goes from now on, in order; watched returns that.
  let went = [];
  const watch = () => {
    went = [];
    const all = stops();
    document.addEventListener('focusin', ({target: e}) => {
      const s = getComputedStyle(e), r = e.getBoundingClientRect(), bar = document.querySelector('.contents');
      const edge = bar && !bar.contains(e) && getComputedStyle(bar).position === 'sticky' ? Math.max(0, bar.getBoundingClientRect().bottom) : 0;
      const faults = [];
      if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) faults.push('has no outline');
      else if (contrast(colour(s.outlineColor), ground(e.closest('svg') || e).c) < 3) faults.push('has a pale outline');
      if (r.bottom <= edge || r.top >= innerHeight || r.right <= 0 || r.left >= innerWidth) faults.push('is out of view');
      went.push({at: all.indexOf(e), what: where(e) + ' ' + short(e.getAttribute('aria-label') || e.textContent), faults});
    });
    return all.length;
  };
  return {pale, cut, small, watch, watched: () => went};
})();
