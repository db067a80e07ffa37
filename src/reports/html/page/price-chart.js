((page) => {
  const { charts, trades } = page.run;
  let shown;
  const chart = page.chart('price', { intraday: () => shown?.intraday ?? true });
  if (!chart || charts.length === 0) return;
  const { CandlestickSeries, LineSeries } = LightweightCharts;
  const ownPanesMost = 3;

  const priceFormat = { type: 'custom', minMove: 0.01, formatter: page.price };
  const candles = chart.addSeries(CandlestickSeries, { priceLineVisible: false, priceFormat });
  const marks = page.tradeMarks();
  candles.attachPrimitive(marks);
  page.onColours(({ paper, gain, loss }) =>
    candles.applyOptions({
      upColor: paper,
      downColor: loss,
      borderUpColor: gain,
      borderDownColor: loss,
      wickUpColor: gain,
      wickDownColor: loss,
    }),
  );

  const entryTimes = page.summed(trades.entryTime);
  let lines = [];
  let cursor = 0;
  let chosen = -1;

  /** Columns as the page's data packs them, as what the library takes. Done when an instrument is first looked at. */
  const unpacked = (packed) => {
    if (packed.data) return packed.data;
    const { scale } = packed;
    const times = page.summed(packed.time).map(page.drawnTime);
    const closes = page.summed(packed.close);
    const bars = times.map((time, at) => {
      const open = closes[at] + packed.open[at];
      return {
        time,
        open: open / scale,
        high: (Math.max(open, closes[at]) + packed.high[at]) / scale,
        low: (Math.min(open, closes[at]) - packed.low[at]) / scale,
        close: closes[at] / scale,
      };
    });
    const indicators = packed.lines.map((line) => {
      let sum = 0;
      const values = line.values.map((step) => {
        if (step === null) return undefined;
        sum += step;
        return sum / line.scale;
      });
      return { ...line, values };
    });
    packed.data = { times, bars, indicators, ...marksOf(packed, times) };
    return packed.data;
  };

  /** The candle in which an instant falls. */
  const candleAt = (times, drawn) => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle] <= drawn) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  };

  const marksOf = ({ key, strategies, protections, scale }, times) => {
    const own = [];
    trades.key.forEach((word, at) => {
      if (trades.words[word] !== key || !strategies.includes(trades.words[trades.strategy[at]])) return;
      own.push({
        at,
        from: candleAt(times, page.drawnTime(entryTimes[at])),
        to: candleAt(times, page.drawnTime(entryTimes[at] + trades.seconds[at])),
        entryPrice: trades.entryPrice[at],
        exitPrice: trades.exitPrice[at],
        short: trades.short[at] === 1,
        gain: trades.gross[at] >= trades.charges[at],
      });
    });
    const levels = page.summed(protections.from).map((from, at) => ({
      from: candleAt(times, page.drawnTime(from)),
      to: candleAt(times, page.drawnTime(from + protections.seconds[at])),
      price: protections.price[at] / scale,
      target: protections.target[at] === 1,
    }));
    return { marks: own, levels };
  };

  const lineColour = (at) => {
    const { lines: colours } = page.colours();
    return colours[at % colours.length];
  };

  const drawLines = ({ times, indicators }) => {
    for (const { series } of lines) chart.removeSeries(series);
    let pane = 0;
    lines = indicators.flatMap(({ name, onPrice, values }, at) => {
      if (!onPrice && pane === ownPanesMost) return [];
      if (!onPrice) pane++;
      const series = chart.addSeries(
        LineSeries,
        {
          lineWidth: 1.5,
          priceLineVisible: false,
          lastValueVisible: !onPrice,
          crosshairMarkerVisible: false,
          priceFormat: onPrice
            ? priceFormat
            : { ...priceFormat, formatter: (value) => page.grouped(value, 2) },
        },
        onPrice ? 0 : pane,
      );
      series.setData(
        times.map((time, row) => (values[row] === undefined ? { time } : { time, value: values[row] })),
      );
      return [{ name, at, values, series }];
    });
    chart.panes().forEach((each, at) => {
      each.setStretchFactor(at === 0 ? 4 : 1);
    });
    page.element('price-key').replaceChildren(
      ...lines.map(({ name, at }) => {
        const item = document.createElement('li');
        item.className = `line${(at % 6) + 1}`;
        item.textContent = name;
        return item;
      }),
    );
  };

  const tell = (at) => {
    cursor = at;
    const { bars, times } = unpacked(shown);
    const { open, high, low, close } = bars[at];
    page.legend('price', [
      { text: shown.key, strong: true },
      { text: page.timeText(times[at], shown.intraday) },
      ...Object.entries({ O: open, H: high, L: low, C: close }).map(([name, value]) => ({
        text: `${name} ${page.price(value)}`,
      })),
      ...lines
        .filter(({ values }) => values[at] !== undefined)
        .map(({ name, values, at: place }) => ({
          text: `${name} ${page.grouped(values[at], 2)}`,
          style: `line${(place % 6) + 1}`,
        })),
      ...(chosen >= 0 ? [{ text: page.tradeText(chosen) }] : []),
    ]);
  };

  /** Shows an instrument; without a range its last fifty days or so of candles. */
  const choose = (at, range) => {
    shown = charts[at];
    page.element('instrument').value = String(at);
    const data = unpacked(shown);
    chart.applyOptions({ timeScale: { timeVisible: shown.intraday } });
    candles.setData(data.bars);
    drawLines(data);
    colourLines();
    marks.set(data);
    marks.choose(chosen);
    page.show(chart, range ?? { from: data.times.length - 250, to: data.times.length }, data.times.length);
    tell(data.times.length - 1);
  };

  const colourLines = () => {
    for (const { series, at } of lines) series.applyOptions({ color: lineColour(at) });
  };

  /** Shows a trade by its place in the list; answers whether its instrument is drawn. */
  page.showTrade = (at) => {
    const place = charts.findIndex(
      ({ key, strategies }) =>
        key === trades.words[trades.key[at]] && strategies.includes(trades.words[trades.strategy[at]]),
    );
    if (place < 0) return false;
    chosen = at;
    const mark = unpacked(charts[place]).marks.find((each) => each.at === at);
    const around = Math.max(30, (mark.to - mark.from) * 0.6);
    choose(place, { from: mark.from - around, to: mark.to + around });
    tell(mark.from);
    return true;
  };

  const stepTrade = (step) => {
    const { marks: own } = unpacked(shown);
    if (own.length === 0) return;
    const now = own.findIndex(({ at }) => at === chosen);
    const next =
      now < 0 ? (step > 0 ? 0 : own.length - 1) : Math.min(Math.max(now + step, 0), own.length - 1);
    page.showTrade(own[next].at);
  };

  page.onColours(colourLines);
  chart.subscribeCrosshairMove(({ logical }) => {
    if (logical !== undefined && shown)
      tell(Math.min(Math.max(Math.round(logical), 0), shown.time.length - 1));
  });
  page.keys('price', chart, {
    length: () => shown.time.length,
    cursor: () => cursor,
    moveTo: (at) => {
      const { bars, times } = unpacked(shown);
      chart.setCrosshairPosition(bars[at].close, times[at], candles);
      tell(at);
    },
  });
  const on = (id, act) => page.element(id).addEventListener('click', act);
  const zoom = (factor) => page.zoom(chart, factor, { length: shown.time.length, centre: cursor });
  on('trade-before', () => stepTrade(-1));
  on('trade-after', () => stepTrade(1));
  on('zoom-in', () => zoom(0.5));
  on('zoom-out', () => zoom(2));
  on('zoom-all', () => page.show(chart, { from: -0.5, to: shown.time.length - 0.5 }, shown.time.length));
  page.element('instrument').addEventListener('change', (event) => {
    chosen = -1;
    choose(Number(event.target.value));
  });
  choose(0);
})(globalThis.reportPage);
