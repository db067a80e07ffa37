import { engineContenders } from './engine.ts';
import { minuteBars } from './minute-bars.ts';
import { outcomeText } from './rounds.ts';

// W2 once, in a process of its own: what it held at most is what the system says of the whole process.
const [root = '', width = '50'] = process.argv.slice(2);
const symbols = Array.from({ length: Number(width) }, (_, index) => minuteBars(index + 1));
const outcome = engineContenders(root)?.portfolio(symbols);
const kilobytes = process.resourceUsage().maxRSS;
process.stdout.write(JSON.stringify({ kilobytes, outcome: outcome && outcomeText(outcome) }));
