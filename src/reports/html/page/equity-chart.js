((page) => {
  const { equity, capital, intraday } = page.run;
  const chart = page.chart('equity', { intraday: () => intraday });
  if (!chart) return;
  const times = page.summed(equity.time).map(page.drawnTime);
  const paise = page.summed(equity.paise);
  const falls = equity.fall.map((hundredths) => hundredths / 100);
  const rupees = { type: 'custom', minMove: 1, formatter: (value) => page.grouped(value, 0) };
  const percent = {
    type: 'custom',
    minMove: 0.01,
    formatter: (value) => `${value.toFixed(1).replace('-', '−')}%`,
  };

  const value = chart.addSeries(
    LightweightCharts.LineSeries,
    { lineWidth: 1.5, priceFormat: rupees, priceLineVisible: false },
    0,
  );
  const fall = chart.addSeries(
    LightweightCharts.BaselineSeries,
    {
      baseValue: { type: 'price', price: 0 },
      lineWidth: 1,
      priceFormat: percent,
      priceLineVisible: false,
      lastValueVisible: false,
    },
    1,
  );
  value.setData(times.map((time, at) => ({ time, value: paise[at] / 100 })));
  fall.setData(times.map((time, at) => ({ time, value: falls[at] })));
  chart.panes()[0].setStretchFactor(3);
  chart.panes()[1].setStretchFactor(1.2);
  const start = value.createPriceLine({
    price: capital / 100,
    lineWidth: 1,
    lineStyle: LightweightCharts.LineStyle.Dashed,
    axisLabelVisible: false,
  });
  page.onColours((colours) => {
    value.applyOptions({ color: colours.ink });
    start.applyOptions({ color: colours.soft });
    fall.applyOptions({
      bottomLineColor: colours.loss,
      bottomFillColor1: colours.wash,
      bottomFillColor2: colours.wash,
      topLineColor: colours.loss,
      topFillColor1: 'transparent',
      topFillColor2: 'transparent',
    });
  });

  let cursor = times.length - 1;
  const tell = (at) => {
    cursor = at;
    page.legend('equity', [
      { text: page.timeText(times[at], intraday), strong: true },
      { text: page.rupees(paise[at] / 100, 2) },
      {
        text: `${page.rupees((paise[at] - capital) / 100, 2)} since the start`,
        style: paise[at] < capital ? 'loss' : 'gain',
      },
      { text: `drawdown ${falls[at].toFixed(2).replace('-', '−')}%` },
    ]);
  };
  chart.subscribeCrosshairMove(({ logical }) => {
    if (logical !== undefined) tell(Math.min(Math.max(Math.round(logical), 0), times.length - 1));
  });
  page.keys('equity', chart, {
    length: () => times.length,
    cursor: () => cursor,
    moveTo: (at) => {
      chart.setCrosshairPosition(paise[at] / 100, times[at], value);
      tell(at);
    },
  });
  chart.timeScale().fitContent();
  tell(cursor);
})(globalThis.reportPage);
