import { describe, expect, test } from '@jest/globals';
import { findCommand } from '../../src/cli.ts';

const ids = ['backtest', 'backtest:list', 'data:import', 'data:list'];

describe('findCommand', () => {
  test.each([
    ['data import file.csv --as NSE', 'data:import', ['file.csv', '--as', 'NSE']],
    ['data list', 'data:list', []],
    ['backtest list', 'backtest:list', []],
    ['backtest LIST', 'backtest', ['LIST']],
    ['backtest NSE:INFY list', 'backtest', ['NSE:INFY', 'list']],
    ['backtest data list', 'backtest', ['data', 'list']],
    ['data', undefined, ['data']],
    ['data --json import', undefined, ['data', '--json', 'import']],
    ['--json backtest', undefined, ['--json', 'backtest']],
  ])('%s', (line, id, rest) => {
    expect(findCommand(line.split(' '), ids)).toEqual({ id, rest });
  });
});
