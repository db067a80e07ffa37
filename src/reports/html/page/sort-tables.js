((page) => {
  /** `1,23,456`, `−4.20%`: a number, or undefined for words. */
  const numberOf = (text) => {
    const value = Number(text.replace('−', '-').replace(/[,%₹\s]/g, ''));
    return text.trim() === '' || Number.isNaN(value) ? undefined : value;
  };

  /** Words and what is not known stand behind the numbers, whichever way these are sorted. */
  const compare = (one, other, down) => {
    const [a, b] = [numberOf(one), numberOf(other)];
    if (a !== undefined && b !== undefined) return down ? b - a : a - b;
    if (a !== undefined || b !== undefined) return a === undefined ? 1 : -1;
    return down ? other.localeCompare(one) : one.localeCompare(other);
  };

  for (const table of document.querySelectorAll('table.sortable')) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    if (body.rows.length < 2) continue;
    heads.forEach((head, at) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = head.textContent;
      if (head.textContent === '') button.setAttribute('aria-label', 'Sort by name');
      head.replaceChildren(button);
      button.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') !== 'descending';
        for (const each of heads) each.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const rows = [...body.rows].sort((a, b) =>
          compare(a.cells[at].textContent, b.cells[at].textContent, down),
        );
        body.append(...rows);
      });
    });
  }
  page.sorted = true;
})(globalThis.reportPage);
