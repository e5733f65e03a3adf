// Selects the next token from logits.

/** A function that returns random numbers from 0 to 1; the same seed gives the same ones. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The token with the highest logit; of equal logits, the lowest token. */
function highest(logits) {
  let best = 0;
  for (let token = 0; token < logits.length; token++) {
    if (Number.isNaN(logits[token])) {
      throw new Error(`the logit of token ${token} is not a number; the model does not work with this provider`);
    }
    if (logits[token] > logits[best]) {
      best = token;
    }
  }
  return best;
}

/** The tokens with the `count` highest logits; of equal logits, the lower tokens. */
function topTokens(logits, count) {
  const all = Array.from(logits.keys());
  if (count >= logits.length) {
    return all;
  }
  const limit = Float32Array.from(logits).sort().at(-count);
  let equal = count - all.filter((token) => logits[token] > limit).length;
  return all.filter((token) => logits[token] > limit || (logits[token] === limit && equal-- > 0));
}

/**
 * A function from logits to the next token. The temperature 0 selects the most likely token; any
 * other divides the logits of the `topK` most likely tokens, from whose softmax a token is drawn.
 */
export function selector({temperature, topK = Infinity, seed}) {
  if (temperature === 0) {
    return highest;
  }
  const random = randomNumbers(seed);
  return (logits) => {
    const top = logits[highest(logits)];
    const tokens = topTokens(logits, topK);
    const weights = tokens.map((token) => Math.exp((logits[token] - top) / temperature));
    let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
    const drawn = weights.findIndex((weight) => (rest -= weight) < 0);
    return tokens[drawn < 0 ? weights.findLastIndex((weight) => weight > 0) : drawn];
  };
}
