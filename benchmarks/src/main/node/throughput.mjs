// Measures llama.cpp as ServingThroughput measures a scheduler:
//   node throughput.mjs FILE.gguf [CLIENTS=1,4,16,64] [SECONDS=10] [PROMPT=32] [LENGTH=64] [THREADS=2]
// Needs the npm package node-llama-cpp 3. A client is a sequence of one context, whose tokens are computed in common
// batches. Each repeats a request of random tokens that new ones continue. Prints rows of a table: tokens per second, and
// the median and 95th percentile of the milliseconds to the first token and between two tokens.
import {getLlama} from 'node-llama-cpp';

const WARM_UP = 5000;
const VOCABULARY = 20000;
const FIRST_PLAIN = 300; // the tokens before it are special, or single bytes
const [file, clients = '1,4,16,64', seconds = '10', prompt = '32', length = '64', threads = '2'] =
  process.argv.slice(2);

const llama = await getLlama({gpu: false, build: 'never', maxThreads: +threads, logLevel: 'error'});
const model = await llama.loadModel({modelPath: file});

const quantiles = values => {
  const sorted = values.sort((a, b) => a - b);
  const at = share => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  return `${at(0.5)} (${at(0.95)})`;
};

for (const count of clients.split(',').map(Number)) {
  const contextSize = Number(prompt) + Number(length) + 8;
  const context = await model.createContext({sequences: count, contextSize, threads: +threads, batchSize: 512});
  const begin = performance.now() + WARM_UP;
  const end = begin + 1000 * Number(seconds);
  const first = [];
  const between = [];
  let tokens = 0;
  const client = async sequence => {
    while (performance.now() < end) {
      await sequence.clearHistory();
      const text = Array.from(
        {length: +prompt}, () => FIRST_PLAIN + Math.floor(Math.random() * (VOCABULARY - FIRST_PLAIN)));
      let last = performance.now();
      let n = 0;
      for await (const token of sequence.evaluate(text, {temperature: 0, yieldEogToken: true})) {
        const now = performance.now();
        if (now >= begin && now <= end) {
          tokens++;
          (n === 0 ? first : between).push(now - last);
        }
        last = now;
        if (++n >= +length) break;
      }
    }
  };
  await Promise.all(Array.from({length: count}, () => client(context.getSequence())));
  const row = [count, 'llama.cpp', (tokens / seconds).toFixed(1), quantiles(first), quantiles(between)];
  console.log(`| ${row.join(' | ')} |`);
  await context.dispose();
}
await model.dispose();
process.exit(0);
