((page) => {
  const root = document.documentElement;
  const button = page.element('theme');
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const listeners = [];

  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches);

  /** Calls back now and whenever the colours change. */
  page.onColours = (listener) => {
    listeners.push(listener);
    listener(page.colours());
  };

  page.colours = () => {
    const style = getComputedStyle(root);
    const of = (name) => style.getPropertyValue(`--${name}`).trim();
    return {
      paper: of('paper'),
      ink: of('ink'),
      soft: of('soft'),
      rule: of('rule'),
      gain: of('gain'),
      loss: of('loss'),
      wash: of('wash'),
      lines: [1, 2, 3, 4, 5, 6].map((at) => of(`line${at}`)),
    };
  };

  const tell = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} colours`);
    for (const listener of listeners) listener(page.colours());
  };

  button.hidden = false;
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    tell();
  });
  dark.addEventListener('change', tell);

  // Paper is white, whatever the screen was.
  let before;
  window.addEventListener('beforeprint', () => {
    before = root.dataset.theme;
    root.dataset.theme = 'light';
    tell();
  });
  window.addEventListener('afterprint', () => {
    if (before) root.dataset.theme = before;
    else delete root.dataset.theme;
    tell();
  });
  tell();
})(globalThis.reportPage);
