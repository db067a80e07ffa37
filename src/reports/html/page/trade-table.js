((page) => {
  const { trades } = page.run;
  const { words } = trades;
  const ids = page.summed(trades.id);
  const entries = page.summed(trades.entryTime);
  const exitOf = (at) => entries[at] + trades.seconds[at];
  const netOf = (at) => trades.gross[at] - trades.charges[at];
  const sideOf = (at) => (trades.short[at] ? 'SHORT' : 'LONG');
  const noteOf = (at) => (trades.note[at] < 0 ? '' : ` · ${words[trades.note[at]]}`);
  const money = (paise) => page.grouped(paise / 100, 2);

  /** A trade in a line, for the chart's legend. */
  page.tradeText = (at) =>
    `#${ids[at]} ${sideOf(at)} ${page.grouped(trades.quantity[at], 0)} · net ${page.rupees(netOf(at) / 100, 2)} · ${words[trades.reason[at]]}`;

  const table = page.element('trades');
  if (!table) return;
  const severalStrategies = new Set(trades.strategy).size > 1;
  // What one looks for first comes first, since a phone shows the rest only after a swipe.
  const columns = [
    { title: '#', value: (at) => ids[at], text: (at) => String(ids[at]), opens: true },
    { title: 'Instrument', value: (at) => words[trades.key[at]], words: true },
    { title: 'Side', value: sideOf, words: true },
    { title: 'Net ₹', value: netOf, text: (at) => money(netOf(at)), signed: true },
    {
      title: 'Net %',
      value: (at) => trades.percent[at] ?? Number.NEGATIVE_INFINITY,
      text: (at) => (trades.percent[at] === null ? 'n/a' : page.grouped(trades.percent[at] / 10_000, 2)),
      signed: true,
    },
    { title: 'Exit', value: (at) => words[trades.reason[at]] + noteOf(at), words: true },
    {
      title: 'Quantity',
      value: (at) => trades.quantity[at],
      text: (at) => page.grouped(trades.quantity[at], 0),
    },
    { title: 'Entry, IST', value: (at) => entries[at], text: (at) => page.istText(entries[at]) },
    {
      title: 'Entry ₹',
      value: (at) => trades.entryPrice[at],
      text: (at) => page.price(trades.entryPrice[at]),
    },
    { title: 'Exit, IST', value: exitOf, text: (at) => page.istText(exitOf(at)) },
    { title: 'Exit ₹', value: (at) => trades.exitPrice[at], text: (at) => page.price(trades.exitPrice[at]) },
    { title: 'Bars', value: (at) => trades.bars[at], text: (at) => page.grouped(trades.bars[at], 0) },
    {
      title: 'Gross ₹',
      value: (at) => trades.gross[at],
      text: (at) => money(trades.gross[at]),
      signed: true,
    },
    { title: 'Charges ₹', value: (at) => trades.charges[at], text: (at) => money(trades.charges[at]) },
    ...(severalStrategies
      ? [{ title: 'Strategy', value: (at) => words[trades.strategy[at]], words: true }]
      : []),
    { title: 'Product', value: (at) => words[trades.product[at]], words: true },
  ];

  const rowsOnPage = 50;
  const printedMost = 1_000;
  const all = ids.map((_, at) => at);
  let order = all;
  let sorted = { column: 0, direction: 1 };
  let first = 0;
  let rowsShown = rowsOnPage;

  const compare = (column) => {
    const { value, words: isWords } = columns[column];
    return isWords
      ? (one, other) => (value(one) < value(other) ? -1 : value(one) > value(other) ? 1 : 0)
      : (one, other) => value(one) - value(other);
  };

  const searchText = (at) =>
    `${ids[at]} ${words[trades.key[at]]} ${words[trades.strategy[at]]} ${sideOf(at)} ${words[trades.product[at]]} ${words[trades.reason[at]]}${noteOf(at)} ${page.istText(entries[at])}`.toLowerCase();

  const arrange = () => {
    const wanted = page.element('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    const kept =
      wanted.length === 0 ? all : all.filter((at) => wanted.every((word) => searchText(at).includes(word)));
    const inOrder = compare(sorted.column);
    order = [...kept].sort((one, other) => inOrder(one, other) * sorted.direction || one - other);
    first = 0;
    draw();
  };

  const cellOf = (column, at) => {
    const cell = document.createElement('td');
    const text = column.text ? column.text(at) : column.value(at);
    if (!column.words) cell.className = 'number';
    if (column.signed && column.value(at) < 0) cell.classList.add('loss');
    if (!column.opens) {
      cell.textContent = text;
      return cell;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.setAttribute('aria-label', `Show trade ${text} in the price chart`);
    button.addEventListener('click', () => {
      if (page.showTrade?.(at))
        page.element('price').scrollIntoView({ behavior: page.stillness ? 'auto' : 'smooth' });
    });
    cell.append(button);
    return cell;
  };

  const draw = () => {
    const part = order.slice(first, first + rowsShown);
    table.tBodies[0].replaceChildren(
      ...part.map((at) => {
        const row = document.createElement('tr');
        row.append(...columns.map((column) => cellOf(column, at)));
        return row;
      }),
    );
    heads.forEach((head, column) => {
      const direction = sorted.direction > 0 ? 'ascending' : 'descending';
      head.setAttribute('aria-sort', column === sorted.column ? direction : 'none');
    });
    const last = first + part.length;
    page.element('page-state').textContent =
      order.length === 0
        ? 'No trade matches'
        : `${page.grouped(first + 1, 0)}–${page.grouped(last, 0)} of ${page.grouped(order.length, 0)}`;
    page.element('page-before').disabled = first === 0;
    page.element('page-after').disabled = last >= order.length;
  };

  const heads = columns.map((column, at) => {
    const head = document.createElement('th');
    const button = document.createElement('button');
    head.scope = 'col';
    if (!column.words) head.className = 'number';
    button.type = 'button';
    button.textContent = column.title;
    button.addEventListener('click', () => {
      sorted = { column: at, direction: sorted.column === at ? -sorted.direction : 1 };
      arrange();
    });
    head.append(button);
    return head;
  });
  const headRow = document.createElement('tr');
  headRow.append(...heads);
  table.tHead.append(headRow);

  page.element('filter').addEventListener('input', arrange);
  page.element('page-before').addEventListener('click', () => {
    first = Math.max(0, first - rowsShown);
    draw();
  });
  page.element('page-after').addEventListener('click', () => {
    first += rowsShown;
    draw();
  });
  window.addEventListener('beforeprint', () => {
    [first, rowsShown] = [0, printedMost];
    draw();
  });
  window.addEventListener('afterprint', () => {
    rowsShown = rowsOnPage;
    draw();
  });
  arrange();
})(globalThis.reportPage);
