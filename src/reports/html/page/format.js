// The page's scripts share one object; each file adds its part. They run in the order of their names in the reader.
globalThis.reportPage = {};

((page) => {
  const istSeconds = 19_800;
  const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

  /** The chart library draws times as UTC, so a time in India is drawn as the UTC time that reads the same. */
  page.drawnTime = (seconds) => seconds + istSeconds;

  const parts = (drawn) => {
    const date = new Date(drawn * 1000);
    const two = (value) => String(value).padStart(2, '0');
    return {
      year: date.getUTCFullYear(),
      month: months[date.getUTCMonth()],
      day: date.getUTCDate(),
      weekday: weekdays[date.getUTCDay()],
      iso: date.toISOString().slice(0, 10),
      clock: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
    };
  };

  /** `Wed 1 Oct 2025 09:15 IST`, without the clock where bars are days. */
  page.timeText = (drawn, intraday) => {
    const { weekday, day, month, year, clock } = parts(drawn);
    return `${weekday} ${day} ${month} ${year}${intraday ? ` ${clock} IST` : ''}`;
  };

  /** `2025-10-01 09:15`, of seconds since 1970 in UTC. */
  page.istText = (seconds) => {
    const { iso, clock } = parts(seconds + istSeconds);
    return `${iso} ${clock}`;
  };

  /** Labels below a chart, by the library's kinds: year, month, day, time. */
  page.tickText = (drawn, kind) => {
    const { year, month, day, clock } = parts(drawn);
    if (kind === 0) return String(year);
    if (kind === 1) return `${month} ${String(year).slice(2)}`;
    return kind === 2 ? `${day} ${month}` : clock;
  };

  /** Lakh and crore grouping with a true minus: `−12,34,567.50`. */
  page.grouped = (value, decimals) => {
    const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.');
    const rest = whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',');
    const text = `${rest ? `${rest},` : ''}${whole.slice(-3)}${fraction ? `.${fraction}` : ''}`;
    return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
  };

  page.rupees = (value, decimals) => page.grouped(value, decimals).replace(/^(−?)/, '$1₹');

  /** A price with two decimals, more where it has them: up to four, as Kite shows a mean of fills, or six below ten rupees. */
  page.price = (value) => {
    const decimals = value
      .toFixed(Math.abs(value) < 10 ? 6 : 4)
      .replace(/0+$/, '')
      .split('.')[1].length;
    return page.grouped(value, Math.max(2, decimals));
  };

  /** Undoes a column of differences. */
  page.summed = (steps) => {
    let sum = 0;
    return steps.map((step) => {
      sum += step;
      return sum;
    });
  };

  page.element = (id) => document.getElementById(id);

  page.run = JSON.parse(page.element('page-data').textContent);
  page.stillness = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
})(globalThis.reportPage);
