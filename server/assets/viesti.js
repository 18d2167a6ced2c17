// What pages do besides, where a browser runs scripts: everything works without. The words come
// from the page, in its language, in data- attributes.
'use strict';
{
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const byID = id => document.getElementById(id);
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // One place that tells screen readers what has changed.
  const live = make('p', {className: 'unseen'});
  live.setAttribute('role', 'status');
  byID('main').append(live);
  const announce = text => {
    live.textContent = '';
    setTimeout(() => { live.textContent = text; }, 100); // the same words twice are told twice
  };

  // Keeps what is entered while it is entered, and warns before what is not kept yet is left.
  const autosave = form => {
    const state = make('span', {className: 'state'});
    state.setAttribute('aria-hidden', 'true');
    document.querySelector('.progress')?.append(state);
    let dirty = false, leaving = false, told = '', timer, going;

    const show = saved => {
      const words = saved ? form.dataset.saved : form.dataset.failed;
      state.textContent = words;
      state.classList.toggle('failed', !saved);
      if (told !== words) announce(words); // once, not at every pause
      told = words;
    };
    const post = async () => {
      const body = new URLSearchParams(new FormData(form));
      body.set('go', 'autosave');
      let status = 0;
      try {
        const answer = await fetch(location.pathname, {
          method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(10000), keepalive: document.hidden,
        });
        status = answer.status;
        if (status === 204) form.elements.seen.value = answer.headers.get('Viesti-Seen') || '';
      } catch { /* no connection: status stays 0 */ }
      going = undefined;
      if (status !== 204) dirty = true;
      if (!dirty || status !== 204) show(status === 204);
      if (dirty) plan(status === 204 ? 1000 : 10000);
    };
    const save = () => {
      clearTimeout(timer);
      if (!dirty || going || leaving) return;
      dirty = false;
      going = post();
    };
    const plan = wait => { clearTimeout(timer); timer = setTimeout(save, wait); };

    form.addEventListener('input', event => {
      if (!event.target.name) return; // a filter is no answer
      own(event.target);
      dirty = true;
      if (!state.classList.contains('failed')) state.textContent = '';
      plan(1000);
    });
    form.addEventListener('submit', event => {
      clearTimeout(timer);
      leaving = true;
      if (!going) return;
      event.preventDefault(); // what was sent first has to arrive first
      going.then(() => form.requestSubmit(event.submitter));
    });
    addEventListener('pageshow', () => { leaving = false; });
    addEventListener('beforeunload', event => { if ((dirty || going) && !leaving) event.preventDefault(); });
    document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
  };

  // Words beside "other" choose it: whoever writes them means it.
  const own = field => {
    const box = field.closest('.other')?.previousElementSibling;
    if (!box || !field.value) return;
    if (box.matches('select')) box.value = box.querySelector('[data-other]')?.value ?? box.value;
    else box.querySelector('input').checked = true;
  };

  // Counts the characters that are left, aloud only when they run short.
  const count = field => {
    const note = byID(field.dataset.note), most = +field.dataset.max, usual = note.textContent;
    let timer;
    const update = () => {
      const left = most - [...field.value.trim()].length;
      note.textContent = left === most ? usual : fill(left < 0 ? note.dataset.over : note.dataset.left, {n: Math.abs(left)});
      note.classList.toggle('over', left < 0);
      clearTimeout(timer);
      if (left < most / 10) timer = setTimeout(() => announce(note.textContent), 1500);
    };
    field.addEventListener('input', update);
    if (field.value) { update(); clearTimeout(timer); }
  };

  // A field that shortens a long list. Options are taken out: not every browser hides them.
  const plainly = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const filter = list => {
    const options = [...list.options];
    const field = make('input', {type: 'search', autocomplete: 'off', id: list.id + '-filter'});
    list.before(make('label', {className: 'filter', htmlFor: field.id}, list.dataset.filter, field));
    const fits = option => option.value && plainly(option.text).includes(plainly(field.value.trim()));
    field.addEventListener('input', () => {
      const chosen = list.value, found = options.filter(fits);
      list.replaceChildren(...options.filter(o => !o.value || o.value === chosen || found.includes(o)));
      list.value = chosen;
      announce(fill(list.dataset.found, {n: found.length}));
    });
    field.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return;
      event.preventDefault(); // the form is not to be sent by it
      const found = options.filter(fits);
      if (found.length === 1) {
        list.value = found[0].value;
        list.dispatchEvent(new Event('input', {bubbles: true}));
      }
      list.focus();
    });
  };

  // Buttons that move a line of a ranking. The lists of places stay, and agree with them.
  const rank = list => {
    const words = list.dataset;
    const lines = all('li', list).map(line => {
      const select = line.querySelector('select');
      return {line, select, was: select.value, name: line.querySelector('label').textContent.trim()};
    });
    const places = lines[0].select.options.length - 1;
    const ranked = () => lines.filter(l => l.select.value).sort((a, b) => a.select.value - b.select.value);
    const settle = order => {
      lines.forEach(l => { l.was = l.select.value = order.includes(l) ? order.indexOf(l) + 1 : ''; });
      list.append(...order.map(l => l.line), ...lines.filter(l => !order.includes(l)).map(l => l.line));
    };
    const move = (l, by) => {
      const order = ranked(), at = order.indexOf(l);
      if (at < 0 ? by > 0 : at + by < 0) return;
      if (at < 0) order.splice(Math.min(order.length, places - 1), 1, l);
      else {
        order.splice(at, 1);
        if (at + by <= order.length) order.splice(at + by, 0, l);
      }
      settle(order);
      const place = order.indexOf(l) + 1;
      announce(fill(place ? words.placed : words.unplaced, {name: l.name, n: place, of: places}));
      l.select.dispatchEvent(new Event('input', {bubbles: true}));
    };
    const button = (l, sign, label, by) => {
      const b = make('button', {type: 'button', textContent: sign, title: label});
      b.setAttribute('aria-label', fill(label, {name: l.name}));
      b.addEventListener('click', () => { move(l, by); b.focus(); });
      return b;
    };
    for (const l of lines) {
      l.line.append(make('span', {className: 'move'}, button(l, '↑', words.up, -1), button(l, '↓', words.down, 1)));
      l.select.addEventListener('change', () => { // two cannot share a place: they change places
        const other = lines.find(o => o !== l && o.select.value && o.select.value === l.select.value);
        if (other) other.was = other.select.value = l.was;
        l.was = l.select.value;
      });
    }
  };

  const copy = button => {
    const from = byID(button.dataset.copy), usual = button.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(from.value || from.href || from.textContent);
      } catch { // on an insecure address there is no clipboard: what is selected can be copied
        getSelection().selectAllChildren(from);
        from.select?.();
        document.execCommand('copy');
      }
      button.textContent = button.dataset.done;
      announce(button.dataset.done);
      setTimeout(() => { button.textContent = usual; }, 3000);
    });
  };

  all('form[data-saved]').forEach(autosave);
  all('[data-max]').forEach(count);
  all('select[data-filter]').forEach(filter);
  all('.ranks').forEach(rank);
  all('.copy').forEach(copy);
  all('.print').forEach(b => { b.hidden = false; b.addEventListener('click', () => print()); });
  const fault = document.querySelector('.faults :is(h1, h2)');
  if (fault) { fault.tabIndex = -1; fault.focus(); }
}
